"""What answers are put together from: the JSON-LD and the GeoJSON of each thing of the lists, written once.

A build writes them into lists.sqlite with the code that is here, and notes which edition of it that was. A service of
another edition does not use them and writes each thing when it is first asked for.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import zstandard

from service.lists.tables import unpacked
from service.things import context_document, frames, geojson, graph, jsonld
from service.things.graph import Graph, told
from service.things.jsonld import Writer, dumps

TABLES = """
CREATE TABLE piece(thing INTEGER PRIMARY KEY, node BLOB NOT NULL, feature BLOB NOT NULL);
CREATE TABLE piece_edition(edition TEXT NOT NULL);
"""
# Of the compression: twice as fast to write as 9, and a fiftieth larger.
LEVEL = 6
_SOURCES: Sequence[Path] = (context_document.FILE, *(Path(str(each.__file__)) for each in (
    context_document, frames, geojson, graph, jsonld,
)))  # fmt: skip


def edition() -> str:
    """Changes when what the pieces are written with does."""
    return hashlib.sha256(b"\0".join(each.read_bytes() for each in _SOURCES)).hexdigest()


def graph_of(description: bytes) -> Graph:
    """What a row of `thing` says."""
    return Graph(told(unpacked(description)))


def node(writer: Writer, about: Graph, iri: str) -> bytes:
    """The thing as an item of a list."""
    return dumps(writer.node(about, iri))


def feature(writer: Writer, about: Graph, iri: str) -> bytes:
    """The thing as a feature of a collection."""
    return dumps(geojson.feature(writer.node(about, iri), geojson.shape(about, iri)))


def write(writer: Writer, about: Graph, iri: str) -> tuple[bytes, bytes]:
    """Both: node and feature."""
    content = writer.node(about, iri)
    return dumps(content), dumps(geojson.feature(content, geojson.shape(about, iri)))


def pressed(piece: bytes) -> bytes:
    return zstandard.compress(piece, LEVEL)


def expanded(piece: bytes) -> bytes:
    return zstandard.decompress(piece)
