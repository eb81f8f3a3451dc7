"""Where a rule looks: focus nodes and property paths (SHACL 2.1.3, 2.3.1) as SQL over the tables."""

from dataclasses import dataclass
from typing import ClassVar

import rdflib
from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from loaders.gate.shapes import members, targets
from loaders.gate.tables import OBSERVATION, Data, View
from loaders.rdf import absolute, term


def sql(node: Node) -> str:
    """A term as an SQL string."""
    return "'" + term(node, "/").replace("'", "''") + "'"


def relation(data: Data, shapes: rdflib.Graph, path: Node, *, rows: bool) -> str:
    """SQL of the distinct pairs (s, o) that the path connects; `rows` as for Data.predicate."""
    if isinstance(path, URIRef):
        return f"SELECT s, o FROM {data.predicate(path, rows=rows)}"
    if inverse := shapes.value(path, SH.inversePath):
        if not rows:
            raise ValueError("a property path from an observation back to observations: the gate follows none")
        return f"SELECT o AS s, s AS o FROM ({relation(data, shapes, inverse, rows=rows)})"
    if alternatives := shapes.value(path, SH.alternativePath):
        return " UNION ".join(relation(data, shapes, each, rows=rows) for each in members(shapes, alternatives))
    if (path, RDF.first, None) not in shapes:
        raise ValueError("a property path that the gate does not know: use predicates, ^, | and /")
    first, *rest = members(shapes, path)
    found = relation(data, shapes, first, rows=rows)
    for step in rest:
        found = (
            f"SELECT DISTINCT a.s, b.o FROM ({found}) a JOIN ({relation(data, shapes, step, rows=rows)}) b ON a.o = b.s"
        )
    return found


@dataclass(frozen=True)
class Nodes:
    """Focus nodes given by SQL with one column, `node`. `rows`: whether a path from them may lead to observations."""

    data: Data
    shapes: rdflib.Graph
    sql: str
    rows: bool = True

    @property
    def found(self) -> bool:
        return bool(self.data.rows(f"{self.sql} LIMIT 1"))

    def pairs(self, path: Node) -> str:
        """SQL of (focus, value) for the value nodes of the path."""
        found = relation(self.data, self.shapes, path, rows=self.rows)
        return f"SELECT f.node AS focus, r.o AS value FROM ({self.sql}) f JOIN ({found}) r ON r.s = f.node"

    def fewer_than(self, path: Node, number: int) -> str:
        """SQL of the nodes with fewer values than the number."""
        found = relation(self.data, self.shapes, path, rows=self.rows)
        return (
            f"SELECT f.node FROM ({self.sql}) f LEFT JOIN ({found}) r ON r.s = f.node "
            f"GROUP BY f.node HAVING count(r.o) < {number}"
        )

    def more_than(self, path: Node, number: int) -> str:
        return f"SELECT focus AS node FROM ({self.pairs(path)}) GROUP BY focus HAVING count(*) > {number}"


@dataclass(frozen=True)
class Rows:
    """Focus nodes that are the observations of a frame: what is a column is read, not joined.

    A row is about one observation and a cell holds one value or none, so counting is a test for NULL. What is found
    depends on the frame and on the records that its cells lead to: `gate/settled.py` counts on it.
    """

    data: Data
    shapes: rdflib.Graph
    view: View
    where: str = "true"
    rows: ClassVar[bool] = False

    @property
    def sql(self) -> str:
        return f"SELECT observation AS node FROM {self.view.name} WHERE {self.where}"

    @property
    def found(self) -> bool:
        return bool(self.data.rows(f"{self.sql} LIMIT 1"))

    def column(self, path: Node) -> str | None:
        return self.view.columns.get(str(absolute(path, self.data.base))) if isinstance(path, URIRef) else None

    def pairs(self, path: Node) -> str:
        first, rest = self._split(path)
        column = self.column(first)
        if column is None:
            found = relation(self.data, self.shapes, path, rows=self.rows)
            return f"SELECT f.node AS focus, r.o AS value FROM ({self.sql}) f JOIN ({found}) r ON r.s = f.node"
        found = (
            f"SELECT observation AS focus, {column} AS value FROM {self.view.name} "
            f"WHERE {self.where} AND {column} IS NOT NULL"
        )
        for step in rest:
            further = relation(self.data, self.shapes, step, rows=self.rows)
            found = f"SELECT DISTINCT a.focus, b.o AS value FROM ({found}) a JOIN ({further}) b ON a.value = b.s"
        return found

    def fewer_than(self, path: Node, number: int) -> str:
        column = self.column(path)
        if column and number == 1:
            return f"{self.sql} AND {column} IS NULL"
        found = f"SELECT focus FROM ({self.pairs(path)}) GROUP BY focus HAVING count(*) >= {number}"
        return f"{self.sql} AND observation NOT IN ({found})"

    def more_than(self, path: Node, number: int) -> str:
        if self.column(path) and number >= 1:
            return f"{self.sql} AND false"
        return f"SELECT focus AS node FROM ({self.pairs(path)}) GROUP BY focus HAVING count(*) > {number}"

    def _split(self, path: Node) -> tuple[Node, list[Node]]:
        if isinstance(path, URIRef) or (path, RDF.first, None) not in self.shapes:
            return path, []
        first, *rest = members(self.shapes, path)
        return first, rest


Focus = Nodes | Rows


def focuses(data: Data, shapes: rdflib.Graph, shape: Node) -> list[Focus]:
    """What the shape applies to: one set of nodes for the triples, one of rows for each frame that is not settled."""
    queries, found = [], list[Focus]()
    for property_, value in targets(shapes, shape):
        queries.append(_nodes(data, property_, value))
        found += _rows(data, shapes, property_, value)
    name = data.keep(f"SELECT DISTINCT node FROM ({' UNION ALL '.join(queries)})")
    return [Nodes(data, shapes, f"SELECT node FROM {name}"), *_once(found)]


def _nodes(data: Data, property_: URIRef, value: Node) -> str:
    if property_ == SH.targetNode:
        return f"SELECT {sql(value)} AS node"
    if property_ == SH.targetClass:
        types = data.predicate(str(RDF.type))
        return f"SELECT s AS node FROM {types} WHERE o IN ({classes(data, value)})"
    column = "s" if property_ == SH.targetSubjectsOf else "o"
    return f"SELECT {column} AS node FROM {data.predicate(str(value), rows=column == 'o')}"


def _rows(data: Data, shapes: rdflib.Graph, property_: URIRef, value: Node) -> list[Rows]:
    if property_ == SH.targetClass:
        every = data.rows(f"SELECT {sql(URIRef(OBSERVATION[1:-1]))} IN ({classes(data, value)})")[0][0]
        return [Rows(data, shapes, view) for view in data.unsettled] if every else []
    if property_ == SH.targetSubjectsOf:
        return [
            Rows(data, shapes, view, f"{view.columns[str(value)]} IS NOT NULL")
            for view in data.unsettled
            if str(value) in view.columns
        ]
    return []


def _once(found: list[Focus]) -> list[Focus]:
    """Several targets in one frame are one set of rows: those that any of them names."""
    conditions: dict[str, list[Rows]] = {}
    for each in found:
        if isinstance(each, Rows):
            conditions.setdefault(each.view.name, []).append(each)
    return [
        Rows(group[0].data, group[0].shapes, group[0].view, "(" + " OR ".join(each.where for each in group) + ")")
        for group in conditions.values()
    ]


def classes(data: Data, class_: Node) -> str:
    """SQL of the class and its subclasses, as the data know them (SHACL 1.1)."""
    subclass = data.predicate(str(RDFS.subClassOf))
    return (
        f"WITH RECURSIVE below(o) AS (SELECT {sql(class_)} UNION SELECT s FROM {subclass}, below "
        f"WHERE {subclass}.o = below.o) SELECT o FROM below"
    )
