"""A page of a list for people: the form, how many there are of what, a table, a map. Works without script."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from service import texts
from service.errors import BadRequestError
from service.lists.database import Code, Page
from service.lists.form import Field, Pairs, fields
from service.lists.kinds import Kind, Shown
from service.lists.parameters import Parameter
from service.lists.selection import DISTANCE
from service.pages.maps import Drawing, Shape, draw, read_wkt
from service.pages.reading import Reader, with_query
from service.pages.shown import Label, Value, label_of
from service.things.graph import Term
from service.things.jsonld import Node
from service.uris import UrlSpace

Codes = Mapping[str, Mapping[str, Code]]
# What says how a page looks or goes on, and is not repeated as something that was chosen.
NOT_CHOSEN = frozenset({"sort", "limit", "after", "count", "facets", "format", "bom", "lang"})


@dataclass(frozen=True)
class Row:
    """A thing. `reading` is how its name is read aloud, in kana."""

    name: Value
    reading: str
    cells: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Count:
    """How many things have a value, and the address of the list with that value alone; empty if it is chosen."""

    label: str
    count: int
    href: str


@dataclass(frozen=True)
class Facet:
    """A filter with the counts of its values."""

    label: str
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Chosen:
    """A value that was asked for, and the address of the list without it; empty if the list needs one."""

    label: str
    text: str
    href: str


@dataclass(frozen=True)
class Result:
    """The things found. `unknown` are names of parameters with the number of things that say nothing of them, `located`
    is how many of this page are on the map."""

    total: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    facets: tuple[Facet, ...]
    unknown: tuple[tuple[str, int], ...]
    map: Drawing | None
    located: int
    first: str
    next: str
    credits: tuple[str, ...]
    licenses: tuple[Value, ...]


@dataclass(frozen=True)
class ListPage:
    """All that the template shows. `error` says what was wrong, `wrong` with which field; then there is no result."""

    fields: tuple[Field, ...]
    chosen: tuple[Chosen, ...]
    error: str
    wrong: str
    result: Result | None


@dataclass(frozen=True)
class Asked:
    """What was asked for on a page, and how its addresses are made: `at` gives the list with other parameters."""

    kind: Kind
    parameters: Mapping[str, Parameter]
    given: Pairs
    language: str
    at: Callable[[Pairs], str]

    def without(self, *names: str) -> list[tuple[str, str]]:
        return [each for each in self.given if each[0] not in names]


def refused(asked: Asked, problem: BadRequestError) -> ListPage:
    """The form with what was wrong beside the field."""
    shown = fields(asked.parameters, asked.given, problem, asked.language)
    wrong = next((each.name for each in shown if each.error), "")
    return ListPage(shown, (), problem.ja if asked.language == "ja" else problem.en, wrong, None)


def asking(asked: Asked) -> ListPage:
    """The form alone."""
    return ListPage(fields(asked.parameters, asked.given, None, asked.language), (), "", "", None)


class Leaves:
    """Makes pages of what was found. `outlines` are drawn faintly around what has a place."""

    def __init__(self, urls: UrlSpace, codes: Codes, outlines: Sequence[str]) -> None:
        self._urls = urls
        self._codes = codes
        self._outlines = [shape for each in outlines if (shape := read_wkt(each))]

    def found(self, asked: Asked, page: Page, nodes: Sequence[Node], next_: str, reader: Reader) -> ListPage:
        cells = _Cells(self._urls, asked.language, reader)
        kind, at = asked.kind, texts.LANGUAGES.index(asked.language)
        shapes = [shape for each in nodes if (shape := shape_of(each))]
        result = Result(
            total=page.total or 0,
            header=tuple(each.heading[at] for each in _columns(kind)),
            rows=tuple(cells.row(each, kind) for each in nodes),
            facets=tuple(self._facets(asked, page)),
            unknown=tuple((_label(asked, name), count) for name, count in page.unknown.items()),
            map=draw(shapes, self._outlines, fit=True) if kind.located else None,
            located=len(shapes),
            first=asked.at(asked.without("after")) if "after" in dict(asked.given) else "",
            next=asked.at([*asked.without("after"), ("after", next_)]) if next_ else "",
            credits=tuple(dict.fromkeys(each.credit for each in page.things if each.credit)),
            licenses=tuple(
                reader.value(Term(each, "iri")) for each in dict.fromkeys(each.license for each in page.things) if each
            ),
        )
        shown = fields(asked.parameters, asked.given, None, asked.language)
        return ListPage(shown, tuple(self._chosen(asked)), "", "", result)

    def _facets(self, asked: Asked, page: Page) -> Iterable[Facet]:
        for name, counts in page.facets.items():
            codes = self._codes.get(name, {})
            shown = tuple(self._count(asked, name, codes[value], n) for value, n in counts if value in codes)
            if shown:
                yield Facet(_label(asked, name), shown)

    def _count(self, asked: Asked, name: str, code: Code, count: int) -> Count:
        chosen = any(code.is_called(text) for each, text in asked.given if each == name)
        href = "" if chosen else asked.at([*asked.without(name, "after"), (name, code.value)])
        return Count(_named(code, asked.language), count, href)

    def _chosen(self, asked: Asked) -> Iterable[Chosen]:
        for name, text in asked.given:
            if name in NOT_CHOSEN or name not in asked.parameters:
                continue
            code = next((each for each in self._codes.get(name, {}).values() if each.is_called(text)), None)
            choice = next((each for each in asked.parameters[name].choices if each.value == text), None)
            said = _named(code, asked.language) if code else text
            if choice:
                said = choice.names[texts.LANGUAGES.index(asked.language)]
            yield Chosen(
                _label(asked, name), said, "" if asked.parameters[name].required else _without(asked, name, text)
            )


def _without(asked: Asked, name: str, text: str) -> str:
    """The address of the list without a condition, and without what makes no sense when that is gone."""
    left = [each for each in asked.without("after") if each != (name, text)]
    if name == "near":
        left = [each for each in left if each[0] != "within" and not (each[0] == "sort" and DISTANCE in each[1])]
    return asked.at(left)


def shape_of(node: Node) -> Shape | None:
    """Where a thing is, as its JSON says."""
    wkt = (node.get("geometry") or {}).get("wkt")
    if isinstance(wkt, dict):
        wkt = wkt.get("@value")
    if not wkt and node.get("lat") and node.get("long"):
        wkt = f"POINT({node['long']} {node['lat']})"
    return read_wkt(wkt) if isinstance(wkt, str) else None


def references(nodes: Iterable[Node]) -> set[str]:
    """The IRIs that the things name without saying what they are called."""
    values = [
        value for node in nodes for each in node.values() for value in (each if isinstance(each, list) else [each])
    ]
    return {value["id"] for value in values if isinstance(value, dict) and "id" in value and not _name(value)}


def address(href: str, pairs: Pairs) -> str:
    """The address of a list with parameters; commas and slashes may be read as they are."""
    query = urlencode(pairs, safe=",/:")
    return f"{href}?{query}" if query else href


@dataclass(frozen=True)
class _Cells:
    """What stands in the cells, in one language."""

    urls: UrlSpace
    language: str
    reader: Reader

    def row(self, node: Node, kind: Kind) -> Row:
        names = _name(node)
        figure = self._figure(node, kind.figure) if kind.figure and not names else None
        label = figure or self._best(names or {"": node["id"].rpartition("/")[2]})
        kana = names.get("ja-hrkt", "") if self.language == "ja" and label.lang == "ja" else ""
        link = with_query(self.urls.link(node["id"]) or "", f"?lang={self.language}")
        cells = tuple(tuple(self.values(node, each)) for each in kind.shown)
        return Row(Value(label, link), kana if isinstance(kana, str) else "", cells)

    def _figure(self, node: Node, column: Shown) -> Label:
        """What stands for the name of an observation."""
        found = self.values(node, column)[0].label
        return found if found.text else Label(texts.text("no_figure", self.language))

    def values(self, node: Node, column: Shown) -> list[Value]:
        value: Any = node
        for step in column.path:
            value = value.get(step) if isinstance(value, dict) else None
        found = value if isinstance(value, list) else [value]
        return [self._value(each) for each in found if each not in (None, {})] or [Value(Label(""))]

    def _value(self, value: Any) -> Value:
        if isinstance(value, dict):
            if "id" in value:
                return self._reference(value)
            return Value(Label(str(value["@value"])) if "@value" in value else self._best(value))
        if isinstance(value, int) and not isinstance(value, bool):
            return Value(Label(f"{value:,}"), kind="number")
        return Value(Label(str(value)))

    def _reference(self, value: Node) -> Value:
        known = self.reader.value(Term(value["id"], "iri"))
        names = _name(value)
        return Value(self._best(names), known.href, known.external, known.kind) if names else known

    def _best(self, names: Mapping[str, Any]) -> Label:
        terms = [
            Term(str(text), "literal", "" if language == "@none" else language)
            for language, said in names.items()
            for text in (said if isinstance(said, list) else [said])
        ]
        return label_of(texts.best(terms, self.language))


def _columns(kind: Kind) -> tuple[Shown, ...]:
    return (kind.figure or Shown(("名称", "Name"), ()), *kind.shown)


def _name(node: Node) -> Mapping[str, Any]:
    """Language → name."""
    found: Any = next((node[key] for key in ("label", "title", "prefLabel") if node.get(key)), {})
    return found if isinstance(found, dict) else {"": found}


def _named(code: Code, language: str) -> str:
    return (code.ja if language == "ja" else code.en) or code.ja or code.en or code.value


def _label(asked: Asked, name: str) -> str:
    parameter = asked.parameters.get(name)
    return (parameter.label[texts.LANGUAGES.index(asked.language)] if parameter else "") or name
