"""Observation stars: the triples about one variable that only observations of published cubes can match."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from service.cube.catalogue import DATA_SET, OBSERVATION, RDF_TYPE, Cube
from service.cube.duck import table_of
from service.cube.errors import NotUnderstood
from service.cube.kinds import constant_kind
from service.cube.question import Desk
from service.cube.relation import Column, Domain, Relation, column_name, union
from service.cube.sql import conjunction, quoted
from service.cube.sql import union as union_all
from service.cube.syntax import Node, Triple
from service.release import Component


@dataclass(frozen=True)
class Star:
    """`required` and `optional` are properties of the subject with their objects."""

    subject: ox.Variable
    cubes: tuple[Cube, ...]
    required: tuple[tuple[str, Node], ...]
    optional: tuple[tuple[str, ox.Variable], ...] = ()


def split(triples: Sequence[Triple], cubes: Sequence[Cube]) -> tuple[list[Star], list[Triple]]:
    """The stars among the triples, and the other triples."""
    stars, rest = [], list(triples)
    for subject in dict.fromkeys(each.subject for each in triples if isinstance(each.subject, ox.Variable)):
        own = [each for each in rest if each.subject == subject and _describes(each, cubes)]
        if any(_exclusive(each, cubes) for each in own):
            required = tuple(
                (each.predicate.value, each.object) for each in own if isinstance(each.predicate, ox.NamedNode)
            )
            stars.append(Star(subject, _matching(required, cubes), required))
            rest = [each for each in rest if each not in own]
    return stars, rest


def has_star(triples: Sequence[Triple], cubes: Sequence[Cube]) -> bool:
    return any(isinstance(each.subject, ox.Variable) and _exclusive(each, cubes) for each in triples)


def _describes(triple: Triple, cubes: Sequence[Cube]) -> bool:
    """Whether it says what a row of a cube says."""
    if not isinstance(triple.predicate, ox.NamedNode):
        return False
    property_ = triple.predicate.value
    if property_ == RDF_TYPE:
        every = all(RDF_TYPE in cube.exclusive for cube in cubes)
        return every and triple.object == ox.NamedNode(OBSERVATION)
    return property_ == DATA_SET or any(cube.component(property_) for cube in cubes)


def _exclusive(triple: Triple, cubes: Sequence[Cube]) -> bool:
    """Whether only observations of the cubes can match it."""
    if not _describes(triple, cubes) or not isinstance(triple.predicate, ox.NamedNode):
        return False
    if triple.predicate.value == DATA_SET and any(triple.object == ox.NamedNode(cube.iri) for cube in cubes):
        return True
    return any(triple.predicate.value in cube.exclusive for cube in cubes)


def _matching(required: Iterable[tuple[str, Node]], cubes: Sequence[Cube]) -> tuple[Cube, ...]:
    found = tuple(cube for cube in cubes if all(_has(cube, property_, value) for property_, value in required))
    if not found:
        raise NotUnderstood("a star that no cube has all the properties of")
    return found


def _has(cube: Cube, property_: str, value: Node) -> bool:
    if property_ == RDF_TYPE:
        return True
    if property_ == DATA_SET:
        return isinstance(value, ox.Variable) or value == ox.NamedNode(cube.iri)
    return cube.component(property_) is not None


def scan(desk: Desk, star: Star) -> Relation:
    """The observations that match, from the Parquet of each cube."""
    return union([_scan(desk, star, cube) for cube in star.cubes], union_all)


def _scan(desk: Desk, star: Star, cube: Cube) -> Relation:
    table = _Scan(desk, cube)
    table.bind(star.subject, "observation", Column(constant_kind(ox.NamedNode(cube.iri))[0]))
    for property_, node in star.required:
        table.require(property_, node)
    for property_, variable in star.optional:
        table.offer(property_, variable)
    return table.relation()


class _Scan:
    """A SELECT over one Parquet file in the making."""

    def __init__(self, desk: Desk, cube: Cube) -> None:
        self._desk, self._cube = desk, cube
        self._sql: dict[ox.Variable, str] = {}
        self._columns: dict[ox.Variable, Column] = {}
        self._conditions: list[str] = []

    def bind(self, variable: ox.Variable, name: str, column: Column) -> None:
        self._put(variable, quoted(name), column)

    def require(self, property_: str, node: Node) -> None:
        if property_ == DATA_SET and isinstance(node, ox.Variable):
            sql = self._desk.parameters.add(self._cube.iri, "VARCHAR")
            self._put(node, sql, Column(constant_kind(ox.NamedNode(self._cube.iri))[0], domain=_only(self._cube.iri)))
        component = self._cube.component(property_)
        if component is None:
            return
        column = self._column(component)
        if isinstance(node, ox.Variable):
            self._conditions.append(f"{quoted(component.name)} IS NOT NULL")
            self._put(node, quoted(component.name), column)
            return
        kind, value = constant_kind(node)
        if kind.name != column.kind.name:
            raise NotUnderstood(f"{node} as value of {property_}, which is {column.kind.name}")
        value = str(value) if kind.name == "decimal" else value
        self._conditions.append(f"{quoted(component.name)} = {self._desk.parameters.add(value, kind.sql)}")

    def offer(self, property_: str, variable: ox.Variable) -> None:
        component = self._cube.component(property_)
        if component is None:
            return
        column = self._column(component)
        self._put(variable, quoted(component.name), Column(column.kind, nullable=True, domain=column.domain))

    def relation(self) -> Relation:
        picked = ", ".join(f"{sql} AS {column_name(variable)}" for variable, sql in self._sql.items())
        sql = f"SELECT {picked} FROM {table_of(self._cube)} WHERE {conjunction(self._conditions)}"
        return Relation(sql, self._columns, self._cube.rows, steady=True)

    def _put(self, variable: ox.Variable, sql: str, column: Column) -> None:
        """A variable that stands twice in a star must have the same value in both places."""
        if variable not in self._columns:
            self._sql[variable], self._columns[variable] = sql, column
            return
        if self._columns[variable].kind.name != column.kind.name:
            raise NotUnderstood(f"{variable} as {self._columns[variable].kind.name} and {column.kind.name}")
        self._conditions.append(f"{self._sql[variable]} = {sql}")

    def _column(self, component: Component) -> Column:
        return Column(self._desk.duck.kind(self._cube, component), domain=self._domain(component))

    def _domain(self, component: Component) -> Domain:
        return lambda: self._desk.duck.domain(self._cube, component)


def _only(iri: str) -> Domain:
    return lambda: (f"<{iri}>",)
