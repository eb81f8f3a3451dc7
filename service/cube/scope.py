"""Expressions over a relation: SPARQL's value semantics in SQL, where an error or an unbound variable is NULL.

SQL's three values are those of section 17.2 of SPARQL 1.1: true, false, error. What SQL is not certain to do alike,
Oxigraph does for every value that the variable can have, and the results are looked up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from service.cube.errors import NotUnderstood
from service.cube.kinds import NOTHING, OTHER, Kind, constant_kind
from service.cube.question import Desk
from service.cube.relation import Domain, Relation, column_name
from service.cube.syntax import Call, Exists, Expression, variables


@dataclass(frozen=True)
class Value:
    """SQL for the value of an expression."""

    sql: str
    kind: Kind
    nullable: bool
    domain: Domain | None = None


@dataclass
class Scope:
    """A relation under the name `t`, and the lookups that expressions over it have needed."""

    desk: Desk
    relation: Relation
    lookups: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The FROM clause: call it when all expressions have been compiled."""
        joins = (
            f" LEFT JOIN {table} AS {alias} ON t.{key} = {alias}.k" for (table, key), alias in self.lookups.items()
        )
        return f"({self.relation.sql}) AS t" + "".join(joins)

    def steady(self, expressions: Iterable[Expression]) -> bool:
        """Whether rows of `source` come in the same order each time, if these expressions are worked out for them."""
        return self.relation.steady and not self.lookups and not any(map(_joins, expressions))

    def variable(self, variable: ox.Variable) -> Value:
        column = self.relation.columns.get(variable)
        if column is None:
            return Value("NULL", NOTHING, nullable=True)
        return Value(f"t.{column_name(variable)}", column.kind, column.nullable, column.domain)

    def constant(self, term: ox.NamedNode | ox.Literal) -> Value:
        kind, value = constant_kind(term)
        if kind == OTHER and not (isinstance(term, ox.Literal) and term.language):
            raise NotUnderstood(f"the constant {term}, which Oxigraph may write otherwise")
        if kind.name == "decimal":
            value = str(value)
        return Value(self.desk.parameters.add(value, kind.sql), kind, nullable=False)

    def looked_up(self, expression: Expression) -> Value:
        """The value of an expression of one variable, from Oxigraph."""
        found = variables(expression)
        if len(found) != 1 or _has_exists(expression):
            raise NotUnderstood("an expression that only Oxigraph knows, of more than one variable")
        (variable,) = found
        column = self.relation.columns.get(variable)
        terms = column.domain() if column and column.domain else None
        if column is None or terms is None:
            raise NotUnderstood(f"an expression that only Oxigraph knows, of {variable}")
        mapping = self.desk.mapping(variable, terms, expression)
        key = f"t.{column_name(variable)}"
        result = f"{self._alias(mapping.table, column_name(variable))}.r"
        if not column.nullable:
            return Value(result, mapping.kind, not mapping.complete, mapping.results)
        if mapping.unbound is None:
            return Value(result, mapping.kind, nullable=True, domain=mapping.results)
        unbound = self.desk.parameters.add(_plain(mapping.unbound), mapping.kind.sql)
        either = f"CASE WHEN {key} IS NULL THEN {unbound} ELSE {result} END"
        return Value(either, mapping.kind, not mapping.complete, mapping.results)

    def rank(self, variable: ox.Variable) -> Value:
        """What to sort by, so that terms of a column stand in SPARQL's order."""
        column = self.relation.columns[variable]
        terms = column.domain() if column.domain else None
        if terms is None:
            raise NotUnderstood(f"the order of {variable}")
        mapping = self.desk.ranks(terms)
        return Value(f"{self._alias(mapping.table, column_name(variable))}.r", mapping.kind, column.nullable)

    def _alias(self, table: str, key: str) -> str:
        return self.lookups.setdefault((table, key), f"m{len(self.lookups)}")


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float | str) else str(value)


def _joins(expression: Expression) -> bool:
    """Whether DuckDB may make a join of it: also of IN, if the list is long."""
    if isinstance(expression, Call):
        return expression.name == "IN" or any(map(_joins, expression.arguments))
    return isinstance(expression, Exists)


def _has_exists(expression: Expression) -> bool:
    if isinstance(expression, Call):
        return any(map(_has_exists, expression.arguments))
    return isinstance(expression, Exists)
