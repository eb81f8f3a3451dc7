"""Statistics: tidy columns → observations of an RDF Data Cube, checked against its structure.

The structure (`ontology/structures.ttl`) says which columns there are: a component's local name is its column.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import rdflib
from rdflib import Literal, URIRef
from rdflib.term import Node

from loaders.errors import Problem, Refused, Text
from loaders.fetch import source_iri
from loaders.rdf import Triple
from loaders.table import Row, Table
from loaders.terms import PROV, QB, RDF, SKOS, YK, vocabulary_files

TRACE_COLUMNS = ("source", "row", "column")
_BASE = "http://base.invalid"


@dataclass(frozen=True)
class Component:
    """A dimension, measure or attribute of a structure. `codes` is None where the value is a number."""

    name: str
    property: URIRef
    kind: str
    codes: URIRef | None
    on_observation: bool
    required: bool


@dataclass(frozen=True)
class Structure:
    """A qb:DataStructureDefinition: its components in the order of their keys in an observation's IRI."""

    iri: URIRef
    components: tuple[Component, ...]

    def of_kind(self, kind: str) -> tuple[Component, ...]:
        return tuple(component for component in self.components if component.kind == kind)

    @property
    def columns(self) -> tuple[str, ...]:
        """The header of a tidy table of this structure."""
        named = tuple(each.name for each in self.components if each.on_observation)
        return named + TRACE_COLUMNS


@dataclass(frozen=True)
class Sum:
    """In each group of observations alike in all other dimensions, `parts` add up to `total`.

    `parts` empty means every value of the dimension but the total. Groups without the total or without any part
    are not compared: in 1920 there were no wards.
    """

    dimension: str
    total: str
    parts: tuple[str, ...] = ()
    measure: str = "population"


@dataclass(frozen=True)
class Cube:
    """The observations of one qb:DataSet.

    `attributes` hold for all of them (attached to the data set). `source_header` is the header of the publisher's file,
    so that a cell's column number has a name in reports.
    """

    id: str
    source_id: str
    source_header: tuple[str, ...]
    attributes: Mapping[URIRef, Node]
    sums: tuple[Sum, ...] = ()

    @property
    def structure(self) -> Structure:
        return structure(self.id)

    @property
    def table(self) -> str:
        """The name of the tidy table that holds the observations."""
        return f"{self.id}.csv"

    def triples(self, tables: Mapping[str, Table]) -> Iterator[Triple]:
        table = tables[self.table]
        check_keys(self, table)
        check_sums(self, table)
        yield from self._about()
        for row in table:
            yield from observation(self, row)

    def periods(self, tables: Mapping[str, Table]) -> set[str]:
        return {row["refPeriod"] for row in tables[self.table]}

    def _about(self) -> Iterator[Triple]:
        iri = URIRef(f"/id/dataset/{self.id}")
        yield iri, RDF.type, QB.DataSet
        yield iri, QB.structure, self.structure.iri
        for attribute, value in self.attributes.items():
            yield iri, attribute, value


def observation(cube: Cube, row: Row) -> Iterator[Triple]:
    """One observation with its dimensions, measures, attributes and the cell it was read from."""
    key = "/".join(row[each.name] for each in cube.structure.of_kind("dimension"))
    iri = URIRef(f"/id/obs/{cube.id}/{key}")
    yield iri, RDF.type, QB.Observation
    yield iri, QB.dataSet, URIRef(f"/id/dataset/{cube.id}")
    for component in cube.structure.components:
        if component.on_observation and row[component.name]:
            yield iri, component.property, value(component, row)
    cell = f"cell={row['row']},{row['column']}"
    yield iri, PROV.wasDerivedFrom, source_iri(cube.source_id, row["source"], cell)


def value(component: Component, row: Row) -> Node:
    """The term of a cell: a number for a measure, an area, a period, an area's version or a code."""
    text = row[component.name]
    if component.codes is None:
        return Literal(int(text)) if component.kind == "measure" else Literal(text)
    for prefix, mint in _MINTED.items():
        if component.codes.startswith(prefix):
            return mint(text, row)
    codes = notations(component.codes)
    if text not in codes:
        expected = Text(f"コード {sorted(codes)} のいずれか", f"one of the codes {sorted(codes)}")
        raise Refused([row.problem(component.name, expected)])
    return codes[text]


# Areas and periods are too many to list in Turtle: their IRIs follow from the notation.
_MINTED: dict[str, Callable[[str, Row], URIRef]] = {
    "/code/area/collection/versions": lambda text, row: URIRef(f"/id/area/{row['refArea']}/version/{text}"),
    "/code/area": lambda text, _row: URIRef(f"/id/area/{text}"),
    "/code/period": lambda text, _row: URIRef(f"/id/period/{text}"),
}


def check_keys(cube: Cube, table: Table) -> None:
    """QB IC-12: no two observations with the same dimension values."""
    names = [component.name for component in cube.structure.of_kind("dimension")]
    first: dict[tuple[str, ...], Row] = {}
    problems = []
    for row in table:
        key = tuple(row[name] for name in names)
        if key in first:
            earlier = first[key]
            expected = Text(
                f"{'・'.join(key)} の値が1つだけ（{earlier['row']}行目にもある）",
                f"one value for {', '.join(key)} (row {earlier['row']} has it too)",
            )
            problems.append(_at_source(cube, row, expected, ""))
        first.setdefault(key, row)
    if problems:
        raise Refused(problems)


def check_sums(cube: Cube, table: Table) -> None:
    """The parts that a source gives beside their total add up to it; a difference is a fault in the file."""
    problems = [problem for rule in cube.sums for problem in _wrong_sums(cube, rule, table)]
    if problems:
        raise Refused(problems)


def _wrong_sums(cube: Cube, rule: Sum, table: Table) -> Iterator[Problem]:
    others = [each.name for each in cube.structure.of_kind("dimension") if each.name != rule.dimension]
    groups: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in table:
        groups.setdefault(tuple(row[name] for name in others), {})[row[rule.dimension]] = row
    for key, rows in groups.items():
        total = rows.get(rule.total)
        parts = [row for code, row in rows.items() if code != rule.total and code in (rule.parts or rows)]
        if total is None or not parts:
            continue
        found = sum(int(row[rule.measure]) for row in parts)
        if found != int(total[rule.measure]):
            expected = Text(
                f"内訳の合計 {found} に等しい値（{'・'.join(key)}）",
                f"{found}, the sum of its {len(parts)} parts ({', '.join(key)})",
            )
            yield _at_source(cube, total, expected, total[rule.measure])


def _at_source(cube: Cube, row: Row, expected: Text, found: str) -> Problem:
    """The place in the publisher's file that a tidy row was read from."""
    column = cube.source_header[int(row["column"]) - 1]
    return Problem(row["source"], expected, found, int(row["row"]), column)


def tidy_table(cube_id: str, rows: Iterable[Mapping[str, object]]) -> Table:
    """Rows given by column name as the tidy table of the cube; a missing column is an empty cell."""
    header = structure(cube_id).columns
    cells = tuple(tuple(str(row.get(column, "")) for column in header) for row in rows)
    return Table(f"{cube_id}.csv", header, cells)


@cache
def structure(cube_id: str) -> Structure:
    """The structure that `ontology/` gives for the cube."""
    graph = _ontology()
    iri = URIRef(f"{_BASE}/id/dsd/{cube_id}")
    nodes = list(graph.objects(iri, _absolute(QB.component)))
    order = {node: graph.value(node, _absolute(QB.order)) for node in nodes}
    components = [_component(graph, node) for node in sorted(nodes, key=lambda node: _rank(order[node]))]
    kinds: Sequence[str] = ("dimension", "measure", "attribute")
    return Structure(
        URIRef(f"/id/dsd/{cube_id}"),
        tuple(sorted(components, key=lambda component: kinds.index(component.kind))),
    )


def _rank(order: Node | None) -> int:
    return int(str(order)) if order is not None else 99


def _component(graph: rdflib.Graph, node: Node) -> Component:
    kinds = {"dimension": QB.dimension, "measure": QB.measure, "attribute": QB.attribute}
    kind, property_ = next(
        (kind, found) for kind, link in kinds.items() if (found := graph.value(node, _absolute(link))) is not None
    )
    codes = graph.value(node, _absolute(YK.codeCollection))
    attachment = graph.value(node, _absolute(QB.componentAttachment))
    required = graph.value(node, _absolute(QB.componentRequired))
    iri = str(property_).removeprefix(_BASE)
    return Component(
        name=iri.replace("#", "/").rsplit("/", 1)[-1],
        property=URIRef(iri),
        kind=kind,
        codes=None if codes is None else URIRef(str(codes).removeprefix(_BASE)),
        on_observation=attachment != _absolute(QB.DataSet),
        required=kind != "attribute" or str(required) == "true",
    )


@cache
def notations(codes: URIRef) -> dict[str, URIRef]:
    """Notation → code, for the members of a collection or the concepts of a scheme."""
    graph = _ontology()
    scheme = _absolute(codes)
    members = [
        *graph.subjects(_absolute(SKOS.inScheme), scheme),
        *graph.objects(scheme, _absolute(SKOS.member)),
    ]
    return {str(graph.value(code, _absolute(SKOS.notation))): URIRef(str(code).removeprefix(_BASE)) for code in members}


@cache
def _ontology() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in vocabulary_files():
        graph.parse(path, publicID=f"{_BASE}/")
    return graph


def _absolute(iri: URIRef) -> URIRef:
    return URIRef(_BASE + iri) if iri.startswith("/") else iri
