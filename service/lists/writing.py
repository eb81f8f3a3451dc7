"""A page of a list → its bytes in one format. Every format says the same of each thing; CSV leaves the nesting out."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service import texts
from service.engine.lookup import serialise
from service.formats import GEOJSON, JSONLD, PLAIN_JSON, TURTLE, Format
from service.http.caching import Memory
from service.lists import pieces
from service.lists.database import Code, Page, Thing
from service.lists.kinds import Column, Kind
from service.things.graph import SCHEMA, TYPE, XSD, Graph, Term
from service.things.jsonld import Node, Writer, dumps

HYDRA = "http://www.w3.org/ns/hydra/core#"
MEMORY = 16 * 1024 * 1024
BOM = "\ufeff"
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Addresses:
    """Absolute URLs: the whole list as selected, this page, the first and the next; `next` is empty on the last."""

    list: str
    page: str
    first: str
    next: str


class Writing:
    """Writes pages of the lists of one release."""

    def __init__(self, writer: Writer, prefixes: Mapping[str, str], codes: Mapping[str, Mapping[str, Code]]) -> None:
        self._writer = writer
        self._prefixes = prefixes
        self.codes = codes
        self._nodes: Memory[bytes] = Memory(MEMORY)
        self._features: Memory[bytes] = Memory(MEMORY)
        self._formats: Mapping[Format, Callable[[Page, Addresses], bytes]] = {
            JSONLD: self._jsonld,
            PLAIN_JSON: self._jsonld,
            GEOJSON: self._geojson,
            TURTLE: self._turtle,
        }

    def write(self, page: Page, addresses: Addresses, format_: Format) -> bytes:
        """In any format but CSV."""
        return self._formats[format_](page, addresses)

    # --- JSON -----------------------------------------------------------------------------------

    def _jsonld(self, page: Page, addresses: Addresses) -> bytes:
        """A Hydra collection (Hydra Core Vocabulary, 5.1). `facets` and `unknown` are for plain JSON."""
        head: dict[str, Any] = {
            "id": addresses.list,
            "type": ["Collection"],
            "totalItems": page.total,
            "credit": {"ja": _credits(page)},
            "license": [{"id": each} for each in _licenses(page)],
            "view": {
                "id": addresses.page,
                "type": ["View"],
                "first": {"id": addresses.first},
                "next": {"id": addresses.next} if addresses.next else None,
            },
        }
        head |= self._aside(page)
        return _with_items(self._writer.whole(head), b"items", [self._node(each) for each in page.things])

    def _geojson(self, page: Page, addresses: Addresses) -> bytes:
        """A feature collection with the members and links of OGC API Features, Part 1, 7.15 and 7.16."""
        links = [_link(addresses.page, "self"), _link(addresses.first, "first")]
        head: dict[str, Any] = {
            "type": "FeatureCollection",
            "numberReturned": len(page.things),
            "links": [*links, _link(addresses.next, "next")] if addresses.next else links,
            "attribution": _credits(page),
            "license": _licenses(page),
        }
        if page.total is not None:
            head["numberMatched"] = page.total
        head |= self._aside(page)
        return _with_items(dumps(head), b"features", [self._feature(each) for each in page.things])

    def _aside(self, page: Page) -> dict[str, Any]:
        """What programs that read plain JSON may want to know besides: counts by value, and of what is not known."""
        found: dict[str, Any] = {}
        if page.facets:
            found["facets"] = {name: self._facet(name, counts) for name, counts in page.facets.items()}
        if page.unknown:
            found["unknown"] = [_unknown(name, count) for name, count in page.unknown.items()]
        return found

    def nodes(self, page: Page) -> list[Node]:
        """The things as our JSON-LD has them."""
        return [json.loads(self._node(each)) for each in page.things]

    def _facet(self, name: str, counts: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
        codes = self.codes.get(name, {})
        return [
            {
                "value": value,
                "id": codes[value].iri,
                "label": {"ja": codes[value].ja, "en": codes[value].en},
                "count": n,
            }
            for value, n in counts
            if value in codes
        ]

    def _node(self, thing: Thing) -> bytes:
        if thing.node:
            return pieces.expanded(thing.node)
        known = self._nodes.get(thing.iri)
        if known is None:
            known = pieces.node(self._writer, pieces.graph_of(thing.description), thing.iri)
            self._nodes.put(thing.iri, known, len(known) + 200)
        return known

    def _feature(self, thing: Thing) -> bytes:
        if thing.feature:
            return pieces.expanded(thing.feature)
        known = self._features.get(thing.iri)
        if known is None:
            known = pieces.feature(self._writer, pieces.graph_of(thing.description), thing.iri)
            self._features.put(thing.iri, known, len(known) + 200)
        return known

    # --- Turtle ---------------------------------------------------------------------------------

    def _turtle(self, page: Page, addresses: Addresses) -> bytes:
        """The graph of the JSON-LD."""
        merged: dict[str, Mapping[str, tuple[Term, ...]]] = {}
        for thing in page.things:
            for subject, said in pieces.graph_of(thing.description).subjects.items():
                # What one thing refers to by name may be another thing of the page.
                merged[subject] = {**merged.get(subject, {}), **said}
        merged |= _collection(page, addresses)
        return serialise(Graph(merged), TURTLE, {**self._prefixes, "hydra": HYDRA})

    # --- CSV ------------------------------------------------------------------------------------

    def csv(self, kind: Kind, page: Page, language: str) -> bytes:
        """A row a thing, after a header row (RFC 4180); in no language, headings are for programs."""
        cells = _Cells(page.notations, language or texts.DEFAULT)
        rows = ([cells.cell(node, column) for column in kind.columns] for node in self.nodes(page))
        return table([_heading(each, language) for each in kind.columns], rows).encode()


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def for_spreadsheets(content: bytes) -> bytes:
    """With the mark by which Excel knows UTF-8, and with no cell that it would run as a formula.

    >>> for_spreadsheets(b"name\\r\\n=1+1\\r\\n-5\\r\\n").decode("utf-8-sig").split()
    ['name', "'=1+1", '-5']
    """
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    safe = ([_neutral(cell) for cell in row] for row in rows)
    return (BOM + table(header, safe)).encode()


def _neutral(cell: str) -> str:
    if not cell.startswith(FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def _heading(column: Column, language: str) -> str:
    return column.heading[texts.LANGUAGES.index(language)] if language else column.name


@dataclass(frozen=True)
class _Cells:
    """What stands in the cells of a CSV. `notations` are those of codes whose IRIs do not end in them."""

    notations: Mapping[str, str]
    language: str

    def cell(self, node: Node, column: Column) -> str:
        value: Any = node
        for step in column.path:
            value = [each.get(step) for each in value] if isinstance(value, list) else (value or {}).get(step)
        values = value if isinstance(value, list) else [value]
        found = [self._text(each, column.how) for each in values if each is not None]
        return (" " if column.how == "code" else "、").join(found)

    def _text(self, value: Any, how: str) -> str:
        if not isinstance(value, dict):
            return str(value)
        if how == "words":
            return self._words(value)
        if "id" not in value:
            return str(value["@value"])
        return self._words(value.get("label") or {}) if how == "label" else self._code(value["id"])

    def _words(self, said: Mapping[str, str]) -> str:
        return str(said.get(self.language) or said.get(texts.DEFAULT) or next(iter(said.values()), ""))

    def _code(self, iri: str) -> str:
        return self.notations.get(iri) or iri.rpartition("/")[2]


# --- the collection itself ----------------------------------------------------------------------


def _collection(page: Page, addresses: Addresses) -> dict[str, Mapping[str, tuple[Term, ...]]]:
    def iris(*values: str) -> tuple[Term, ...]:
        return tuple(Term(each, "iri") for each in values if each)

    about = {
        TYPE: iris(f"{HYDRA}Collection"),
        f"{HYDRA}member": iris(*(each.iri for each in page.things)),
        f"{HYDRA}view": iris(addresses.page),
        f"{SCHEMA}creditText": tuple(Term(each, "literal", "ja") for each in _credits(page)),
        "http://purl.org/dc/terms/license": iris(*_licenses(page)),
    }
    if page.total is not None:
        about[f"{HYDRA}totalItems"] = (Term(str(page.total), "literal", "", f"{XSD}integer"),)
    view = {
        TYPE: iris(f"{HYDRA}PartialCollectionView"),
        f"{HYDRA}first": iris(addresses.first),
        f"{HYDRA}next": iris(addresses.next),
    }
    together = {addresses.list: about}
    together[addresses.page] = {**together.get(addresses.page, {}), **view}
    return {subject: {name: terms for name, terms in said.items() if terms} for subject, said in together.items()}


def _unknown(name: str, count: int) -> dict[str, Any]:
    return {
        "parameter": name,
        "count": count,
        "note": {
            "ja": f"ほかの条件に合う{count:,}件は、{name}について何も述べていません（一覧に含まれません）。",
            "en": f"{count:,} things that meet the other conditions say nothing of {name}; they are not listed.",
        },
    }


def _credits(page: Page) -> list[str]:
    return list(dict.fromkeys(each.credit for each in page.things if each.credit))


def _licenses(page: Page) -> list[str]:
    return list(dict.fromkeys(each.license for each in page.things if each.license))


def _link(url: str, rel: str) -> dict[str, str]:
    return {"href": url, "rel": rel, "type": GEOJSON.media_type}


def _with_items(head: bytes, name: bytes, items: Iterable[bytes]) -> bytes:
    """The items are JSON already: they are put in as they are."""
    return head[:-1] + b',"' + name + b'":[' + b",".join(items) + b"]}"
