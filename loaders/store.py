"""Parts → store and dumps. Observations go in bounded pieces: memory does not grow with them."""

import gzip
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from loaders.release import Draft

PIECE = 128 * 2**20
DUMP_LEVEL = 3  # N-Triples repeat themselves: level 6 takes three times as long to save a sixth of the size


def fill(draft: Draft, observations: Mapping[str, Iterable[bytes]], dumped: Collection[str]) -> Iterator[int]:
    """Loads the parts of the draft into its store; the number of triples of each piece as it is loaded.

    `observations` are what a cube adds to the part of its name. Parts in `dumped` are kept in `dumps/` too.
    """
    store = ox.Store(draft.path / "store")
    for path, graph in draft.graphs:
        to_graph = None if graph is None else ox.NamedNode(graph)
        with _dump(draft, path.stem, wanted=path.stem in dumped) as dump:
            for piece in _ahead(_kept(chain(_whole(path), _pieces(observations.get(path.stem, ()))), dump)):
                # lenient: the IRIs were checked when they were made into terms
                store.bulk_load(input=piece, format=ox.RdfFormat.N_TRIPLES, to_graph=to_graph, lenient=True)
                yield piece.count(b"\n")
    store.optimize()
    store.flush()


def count(directory: Path) -> tuple[int, int]:
    """The triples of the default graph and all quads of the store."""
    store = ox.Store.read_only(str(directory))
    quads = len(store)
    [solution] = store.query("SELECT (COUNT(*) AS ?named) { GRAPH ?graph { ?s ?p ?o } }")  # type: ignore[misc]
    return quads - int(solution["named"].value), quads


def dump_name(part: str) -> str:
    """The path of a part's dump inside the release."""
    return f"dumps/{part}.nt.gz"


def _whole(path: Path) -> Iterator[bytes]:
    """The file in one piece: a blank node has its name within one piece only."""
    if content := path.read_bytes():
        yield content


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks joined to pieces of about the same size."""
    waiting = io.BytesIO()
    for block in blocks:
        waiting.write(block)
        if waiting.tell() >= PIECE:
            yield waiting.getvalue()
            waiting = io.BytesIO()
    if waiting.tell():
        yield waiting.getvalue()


@contextmanager
def _dump(draft: Draft, part: str, *, wanted: bool) -> Iterator[gzip.GzipFile | None]:
    """The compressed dump, the same bytes for the same triples; None if nobody wants it."""
    if not wanted:
        yield None
        return
    target = draft.path / dump_name(part)
    target.parent.mkdir(exist_ok=True)
    with target.open("wb") as raw, _packed(raw) as packed:
        yield packed


def _packed(raw: BinaryIO) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=DUMP_LEVEL)


def _kept(pieces: Iterable[bytes], dump: gzip.GzipFile | None) -> Iterator[bytes]:
    for piece in pieces:
        if dump is not None:
            dump.write(piece)
        yield piece


def _ahead(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, the next one being made while the store takes in the last."""
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, pieces, b"")
        while piece := waiting.result():
            waiting = pool.submit(next, pieces, b"")
            yield piece
