"""Each constraint component of SHACL as SQL that finds what breaks it: rows (focus, value), value NULL for none.

`CONSTRAINTS` is the table of what the gate knows; a shape that uses another parameter is an error, not a pass.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import rdflib
from rdflib import RDF, XSD
from rdflib.namespace import SH
from rdflib.term import Node

from loaders.gate.paths import Focus, Nodes, classes, sql
from loaders.gate.shapes import members
from loaders.gate.tables import Data

# The lexical forms of XSD, part 2. What the calendar does not have (30 February) is found by a cast.
_INTEGER, _DECIMAL = "[+-]?[0-9]+", "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)"
_DOUBLE = f"{_DECIMAL}([eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_ZONE = "(Z|[+-][0-9]{2}:[0-9]{2})?"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?"
_LEXICAL: Mapping[Node, str] = {
    XSD.integer: _INTEGER,
    XSD.nonNegativeInteger: "[+]?[0-9]+|-0+",
    XSD.decimal: _DECIMAL,
    XSD.double: _DOUBLE,
    XSD.float: _DOUBLE,
    XSD.boolean: "true|false|0|1",
    XSD.date: _DAY + _ZONE,
    XSD.dateTime: f"{_DAY}T{_CLOCK}{_ZONE}",
    XSD.time: _CLOCK + _ZONE,
    XSD.gYear: "-?[0-9]{4,}" + _ZONE,
    XSD.gYearMonth: "-?[0-9]{4,}-(0[1-9]|1[0-2])" + _ZONE,
}
_CAST: Mapping[Node, str] = {
    XSD.date: "try_cast(substr(lexical({term}), 1, 10) AS DATE)",
    XSD.dateTime: "try_cast(lexical({term}) AS TIMESTAMPTZ)",
}
_KINDS: Mapping[Node, str] = {
    SH.IRI: "is_iri(value)",
    SH.Literal: "is_literal(value)",
    SH.BlankNode: "is_blank(value)",
    SH.BlankNodeOrIRI: "NOT is_literal(value)",
    SH.IRIOrLiteral: "NOT is_blank(value)",
    SH.BlankNodeOrLiteral: "NOT is_iri(value)",
}


@dataclass(frozen=True)
class Rule:
    """One constraint of a shape: the SQL of the focus nodes and values that break it."""

    shape: Node
    path: Node | None
    sql: str


@dataclass(frozen=True)
class Applied:
    """A shape applied to focus nodes. `pairs` is the SQL of (focus, value): the value nodes of SHACL 2.3.1."""

    data: Data
    shapes: rdflib.Graph
    shape: Node
    focus: Focus

    @property
    def path(self) -> Node | None:
        return self.shapes.value(self.shape, SH.path)

    @property
    def pairs(self) -> str:
        if self.path is None:
            return f"SELECT node AS focus, node AS value FROM ({self.focus.sql})"
        return self.focus.pairs(self.path)

    @property
    def values(self) -> str:
        return f"SELECT DISTINCT value FROM ({self.pairs})"

    def where_value(self, bad: str) -> str:
        """The pairs whose value is bad; each distinct value is tested once."""
        return f"SELECT focus, value FROM ({self.pairs}) WHERE value IN (SELECT value FROM ({self.values}) WHERE {bad})"

    def failing(self, shape: Node) -> str:
        """SQL of the value nodes that do not conform to another shape."""
        nodes = Nodes(self.data, self.shapes, f"SELECT value AS node FROM ({self.values})", self.focus.rows)
        found = [f"SELECT focus AS value FROM ({rule.sql})" for rule in rules(self.data, self.shapes, shape, nodes)]
        return " UNION ".join(found) if found else "SELECT NULL WHERE false"

    def against(self, property_: Node) -> str:
        """SQL of (focus, value, other): each value node beside each value of another property."""
        other = self.focus.pairs(property_)
        return f"SELECT p.focus, p.value, o.value AS other FROM ({self.pairs}) p JOIN ({other}) o ON o.focus = p.focus"


def rules(data: Data, shapes: rdflib.Graph, shape: Node, focus: Focus) -> Iterator[Rule]:
    """The constraints of the shape and of its property shapes, applied to the focus nodes."""
    applied = Applied(data, shapes, shape, focus)
    for parameter, value in sorted(shapes.predicate_objects(shape), key=str):
        if parameter == SH.property:
            if applied.path is not None:
                raise ValueError(f"{shape}: sh:property inside a property shape; use a path in parts")
            yield from rules(data, shapes, value, focus)
        elif (find := CONSTRAINTS.get(parameter)) is not None:
            yield Rule(shape, applied.path, find(applied, value))
        elif str(parameter).startswith(str(SH)) and parameter not in _NO_CONSTRAINTS:
            raise ValueError(f"{shape}: the gate does not know {parameter}")


_NO_CONSTRAINTS = {
    SH.path, SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.severity, SH.message, SH.name,
    SH.description, SH.order, SH.group, SH.sparql, SH.qualifiedMinCount, SH.qualifiedMaxCount,
}  # fmt: skip


# --- one function a component, in the order of SHACL 4 --------------------------------------------


def _class(applied: Applied, class_: Node) -> str:
    types = applied.data.predicate(str(RDF.type), rows=applied.focus.rows)
    return applied.where_value(f"value NOT IN (SELECT s FROM {types} WHERE o IN ({classes(applied.data, class_)}))")


def _datatype(applied: Applied, datatype: Node) -> str:
    good = f"datatype(value) = '{datatype}'"
    if form := _LEXICAL.get(datatype):
        good += f" AND regexp_full_match(lexical(value), '{form}')"
    if cast := _CAST.get(datatype):
        good += f" AND {cast.format(term='value')} IS NOT NULL"
    return applied.where_value(f"({good}) IS NOT TRUE")


def _node_kind(applied: Applied, kind: Node) -> str:
    return applied.where_value(f"NOT ({_KINDS[kind]})")


def _min_count(applied: Applied, number: Node) -> str:
    return f"SELECT node AS focus, NULL AS value FROM ({applied.focus.fewer_than(_path(applied), _int(number))})"


def _max_count(applied: Applied, number: Node) -> str:
    return f"SELECT node AS focus, NULL AS value FROM ({applied.focus.more_than(_path(applied), _int(number))})"


def _range(operator: str) -> Callable[[Applied, Node], str]:
    """Numbers compare as numbers; what is no number does not lie in the range."""

    def find(applied: Applied, bound: Node) -> str:
        return applied.where_value(f"(number(value) {operator} {bound}) IS NOT TRUE")

    return find


def _pattern(applied: Applied, pattern: Node) -> str:
    quoted = str(pattern).replace("'", "''")
    return applied.where_value(f"is_blank(value) OR NOT regexp_matches(lexical(value), '{quoted}')")


def _language_in(applied: Applied, head: Node) -> str:
    ranges = [str(each).lower() for each in members(applied.shapes, head)]
    good = " OR ".join(f"language(value) = '{each}' OR starts_with(language(value), '{each}-')" for each in ranges)
    return applied.where_value(f"NOT ({good or 'false'})")


def _unique_language(applied: Applied, _: Node) -> str:
    """One finding for each language that is used twice."""
    return (
        f"SELECT p.focus, NULL AS value FROM ({applied.pairs}) p WHERE language(p.value) <> '' "
        "GROUP BY p.focus, language(p.value) HAVING count(*) > 1"
    )


def _equals(applied: Applied, property_: Node) -> str:
    own, other = f"SELECT focus, value FROM ({applied.pairs})", applied.focus.pairs(property_)
    return f"({own} EXCEPT {other}) UNION ALL ({other} EXCEPT {own})"


def _disjoint(applied: Applied, property_: Node) -> str:
    return f"SELECT focus, value FROM ({applied.pairs}) INTERSECT {applied.focus.pairs(property_)}"


def _less_than(operator: str) -> Callable[[Applied, Node], str]:
    """Numbers, dates and times compare by value; what cannot be compared is not less (SHACL 4.5.3)."""

    def find(applied: Applied, property_: Node) -> str:
        cases = " ".join(
            f"WHEN datatype(value) = '{kind}' AND datatype(other) = '{kind}' "
            f"THEN {cast.format(term='value')} {operator} {cast.format(term='other')}"
            for kind, cast in _CAST.items()
        )
        less = f"CASE {cases} ELSE number(value) {operator} number(other) END"
        return f"SELECT focus, value FROM ({applied.against(property_)}) WHERE ({less}) IS NOT TRUE"

    return find


def _not(applied: Applied, shape: Node) -> str:
    return applied.where_value(f"value NOT IN ({applied.failing(shape)})")


def _and(applied: Applied, head: Node) -> str:
    failing = " UNION ".join(f"({applied.failing(shape)})" for shape in members(applied.shapes, head))
    return applied.where_value(f"value IN ({failing})")


def _or(applied: Applied, head: Node) -> str:
    failing = " AND ".join(f"value IN ({applied.failing(shape)})" for shape in members(applied.shapes, head))
    return applied.where_value(failing)


def _node(applied: Applied, shape: Node) -> str:
    return applied.where_value(f"value IN ({applied.failing(shape)})")


def _qualified(applied: Applied, shape: Node) -> str:
    """sh:qualifiedMinCount and sh:qualifiedMaxCount: how many values conform to the shape."""
    least = applied.shapes.value(applied.shape, SH.qualifiedMinCount)
    most = applied.shapes.value(applied.shape, SH.qualifiedMaxCount)
    tests = [f"count(p.value) < {least}"] * (least is not None) + [f"count(p.value) > {most}"] * (most is not None)
    good = f"SELECT focus, value FROM ({applied.pairs}) WHERE value NOT IN ({applied.failing(shape)})"
    return (
        f"SELECT f.node AS focus, NULL AS value FROM ({applied.focus.sql}) f LEFT JOIN ({good}) p "
        f"ON p.focus = f.node GROUP BY f.node HAVING {' OR '.join(tests)}"
    )


def _has_value(applied: Applied, value: Node) -> str:
    having = f"SELECT focus FROM ({applied.pairs}) WHERE value = {sql(value)}"
    return f"SELECT node AS focus, NULL AS value FROM ({applied.focus.sql}) WHERE node NOT IN ({having})"


def _in(applied: Applied, head: Node) -> str:
    listed = ", ".join(sql(each) for each in members(applied.shapes, head))
    return applied.where_value(f"value NOT IN ({listed})" if listed else "true")


def _path(applied: Applied) -> Node:
    if applied.path is None:
        raise ValueError(f"{applied.shape}: counts need a path")
    return applied.path


def _int(number: Node) -> int:
    return int(str(number))


CONSTRAINTS: Mapping[Node, Callable[[Applied, Node], str]] = {
    SH["class"]: _class,
    SH.datatype: _datatype,
    SH.nodeKind: _node_kind,
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    SH.minExclusive: _range(">"),
    SH.minInclusive: _range(">="),
    SH.maxExclusive: _range("<"),
    SH.maxInclusive: _range("<="),
    SH.pattern: _pattern,
    SH.languageIn: _language_in,
    SH.uniqueLang: _unique_language,
    SH.equals: _equals,
    SH.disjoint: _disjoint,
    SH.lessThan: _less_than("<"),
    SH.lessThanOrEquals: _less_than("<="),
    SH["not"]: _not,
    SH["and"]: _and,
    SH["or"]: _or,
    SH.node: _node,
    SH.qualifiedValueShape: _qualified,
    SH.hasValue: _has_value,
    SH["in"]: _in,
}
