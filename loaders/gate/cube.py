"""The cubes in the tables: components, observations, and a row for each observation with its dimensions and figure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.term import Node

from loaders.gate.paths import Focus, Nodes, Rows, sql
from loaders.gate.tables import NUMBER, Data
from loaders.terms import QB, YK, prefixes

MISSING = URIRef(f"{prefixes()['sdmx-code']}obsStatus-M")

Row = Mapping[str, str | None]
Form = Callable[[Data, Sequence[Focus]], Iterator[Row]]


@dataclass(frozen=True)
class Component:
    """A component of the structure of a data set; terms as the tables write them."""

    data_set: str
    kind: str
    property: URIRef
    required: bool
    on_data_set: bool
    codes: str | None


def components(data: Data, kinds: Iterable[str] = ("dimension", "measure", "attribute")) -> list[Component]:
    """The components of all data sets, in the order of their structures."""
    parts = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, s, o FROM {data.predicate(getattr(QB, kind))}" for kind in kinds
    )
    rows = data.rows(
        f"SELECT DISTINCT d.s, k.kind, k.o, r.o LIKE '\"true\"%', a.o = {sql(QB.DataSet)}, l.o, "
        f"try_cast(lexical(n.o) AS INTEGER) AS place FROM {data.predicate(QB.structure)} d "
        f"JOIN {data.predicate(QB.component)} c ON c.s = d.o JOIN ({parts}) k ON k.s = c.o "
        f"LEFT JOIN {data.predicate(QB.order)} n ON n.s = c.o "
        f"LEFT JOIN {data.predicate(QB.componentRequired)} r ON r.s = c.o "
        f"LEFT JOIN {data.predicate(QB.componentAttachment)} a ON a.s = c.o "
        f"LEFT JOIN {data.predicate(YK.codeCollection)} l ON l.s = c.o ORDER BY d.s, place"
    )
    return [
        Component(data_set, kind, URIRef(property_[1:-1]), bool(required), bool(on_data_set), codes)
        for data_set, kind, property_, required, on_data_set, codes, _ in rows
    ]


def observations(data: Data, focuses: Sequence[Focus], data_set: str) -> list[Focus]:
    """The observations of a data set, as triples and as rows of its frame unless it is settled.

    Of a data set that has a frame, ask no more than what its rows, its structure and their values lead to.
    """
    shapes = focuses[0].shapes
    links = data.predicate(QB.dataSet)
    nodes: Focus = Nodes(data, shapes, f"SELECT s AS node FROM {links} WHERE o = '{data_set}'")
    rows = [Rows(data, shapes, view) for view in data.unsettled if f"<{view.data_set}>" == data_set]
    return [each for each in (nodes, *rows) if each.found]


def wide(focus: Focus, properties: Sequence[Node], measure: Node | None = None) -> str:
    """SQL of a row for each node, with the values of the properties in columns k0, k1, … and the measure as `figure`.

    NULL stands where there is none.
    """
    if isinstance(focus, Rows):
        cells = [f"{focus.column(each) or 'NULL'} AS k{number}" for number, each in enumerate(properties)]
        if measure is not None:
            column = focus.column(measure)
            cells.append(f"try_cast({column}_raw AS {NUMBER}) AS figure" if column else "NULL AS figure")
        return f"SELECT observation AS node, {', '.join(cells)} FROM {focus.view.name} WHERE {focus.where}"
    joined = [*properties, *([] if measure is None else [measure])]
    joins = " ".join(
        f"LEFT JOIN ({focus.pairs(each)}) j{number} ON j{number}.focus = f.node" for number, each in enumerate(joined)
    )
    cells = [f"j{number}.value AS k{number}" for number in range(len(properties))]
    if measure is not None:
        cells.append(f"number(j{len(properties)}.value) AS figure")
    return f"SELECT f.node, {', '.join(cells)} FROM ({focus.sql}) f {joins}"
