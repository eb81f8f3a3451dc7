"""The queries that the planner can read, as a tree (SPARQL 1.1, section 19.8, in part).

Terms are those of pyoxigraph; blank nodes of a query are variables whose names no query can write.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

import pyoxigraph as ox

XSD = "http://www.w3.org/2001/XMLSchema#"

Constant = ox.NamedNode | ox.Literal
Node = ox.Variable | Constant


@dataclass(frozen=True)
class Path:
    """A property path, with its names in full. `text` is SPARQL again."""

    text: str


@dataclass(frozen=True)
class Triple:
    subject: Node
    predicate: ox.NamedNode | Path
    object: Node


@dataclass(frozen=True)
class Call:
    """An operator, function or aggregate. `name` is its symbol, its name in capitals or its IRI."""

    name: str
    arguments: tuple["Expression", ...]
    distinct: bool = False
    separator: str | None = None


@dataclass(frozen=True)
class Exists:
    group: "Group"
    negated: bool


Expression = Node | Call | Exists


@dataclass(frozen=True)
class Triples:
    """A basic graph pattern: adjacent triples."""

    triples: tuple[Triple, ...]


@dataclass(frozen=True)
class Filter:
    condition: Expression


@dataclass(frozen=True)
class Bind:
    expression: Expression
    variable: ox.Variable


@dataclass(frozen=True)
class Optional:
    group: "Group"


@dataclass(frozen=True)
class Minus:
    group: "Group"


@dataclass(frozen=True)
class Union:
    groups: tuple["Group", ...]


@dataclass(frozen=True)
class Values:
    """`None` in a row is UNDEF."""

    variables: tuple[ox.Variable, ...]
    rows: tuple[tuple[Constant | None, ...], ...]


@dataclass(frozen=True)
class Graph:
    """A pattern about named graphs, where no cube is."""

    name: ox.NamedNode | ox.Variable
    group: "Group"


Element = Triples | Filter | Bind | Optional | Minus | Union | Values | Graph


@dataclass(frozen=True)
class Group:
    """A group graph pattern; a sub-select or a nested group is an element of its own."""

    elements: tuple["Element | Group | Select", ...]


@dataclass(frozen=True)
class Order:
    expression: Expression
    descending: bool


@dataclass(frozen=True)
class Select:
    """`projection` is variables, each with the expression that it is an alias of, if it is one."""

    where: Group
    projection: tuple[tuple[ox.Variable, Expression | None], ...]
    distinct: bool = False
    group_by: tuple[tuple[ox.Variable | None, Expression], ...] = ()
    having: tuple[Expression, ...] = ()
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    values: Values | None = None


@dataclass(frozen=True)
class Ask:
    where: Group


Query = Select | Ask
Part = Element | Group | Select
AGGREGATES = frozenset({"COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"})


def variables(part: object) -> frozenset[ox.Variable]:
    """Every variable that occurs in a part of a query, in scope or not."""
    return frozenset(each for each in _leaves(part) if isinstance(each, ox.Variable))


def aggregates(part: object) -> tuple[Call, ...]:
    """The aggregates in an expression."""
    if isinstance(part, Call):
        if part.name in AGGREGATES:
            return (part,)
        return tuple(found for each in part.arguments for found in aggregates(each))
    return ()


def _leaves(part: object) -> Iterator[object]:
    if isinstance(part, tuple):
        for each in part:
            yield from _leaves(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _leaves(getattr(part, field.name))
    else:
        yield part


def in_scope(part: "Element | Group | Select") -> frozenset[ox.Variable]:
    """The variables that a pattern may bind (SPARQL 1.1, section 18.2.1)."""
    match part:
        case Triples(triples):
            return variables(triples)
        case Filter() | Minus():
            return frozenset()
        case Bind(variable=variable):
            return frozenset({variable})
        case Values(variables=names):
            return frozenset(names)
        case Select(projection=projection):
            return frozenset(variable for variable, _ in projection)
        case Group(parts) | Union(parts):
            return frozenset[ox.Variable]().union(*(in_scope(each) for each in parts))
        case Optional(group):
            return in_scope(group)
    return in_scope(part.group) | variables(part.name)
