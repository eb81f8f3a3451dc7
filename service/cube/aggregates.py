"""Aggregates (SPARQL 1.1, section 18.5.1) as Oxigraph computes them.

One failing value makes SUM, AVG, MIN, MAX and GROUP_CONCAT unbound; SQL would skip it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox

from service.cube import arithmetic
from service.cube.errors import NotUnderstood
from service.cube.expressions import compiled
from service.cube.kinds import MAX_INTEGER, NOTHING, STRING, decimal, integer
from service.cube.relation import column_name
from service.cube.scope import Scope, Value
from service.cube.sql import Parameters
from service.cube.syntax import Call

# How large a sum may become that is watched while the statement runs.
_GUARDED = 10**15
# The function of SQL by which a statement gives up.
FAILURE = "error"


@dataclass(frozen=True)
class _Group:
    """An aggregate to be made: its value in each row, and how many rows a group has at most.

    `implicit` is true without GROUP BY, where the one group may be empty.
    """

    call: Call
    value: Value
    rows: int
    implicit: bool
    parameters: Parameters

    @property
    def argument(self) -> str:
        return f"DISTINCT {self.value.sql}" if self.call.distinct else self.value.sql


def aggregate(scope: Scope, call: Call, implicit: bool) -> Value:
    """SQL for one aggregate; `implicit` if there is no GROUP BY."""
    rows = scope.relation.rows
    if not call.arguments:
        if call.name != "COUNT":
            raise NotUnderstood(f"{call.name}(*)")
        whole = ", ".join(f"t.{column_name(each)}" for each in scope.relation.columns)
        counted = f"COUNT(DISTINCT row({whole}))" if call.distinct else "COUNT(*)"
        return Value(counted, integer(rows), nullable=False)
    value = compiled(scope, call.arguments[0])
    if value.kind == NOTHING:
        raise NotUnderstood(f"{call.name} of what is never bound")
    return _AGGREGATES[call.name](_Group(call, value, rows, implicit, scope.desk.parameters))


def _count(group: _Group) -> Value:
    """COUNT(?v) skips what is unbound; COUNT of an expression that fails once is unbound, IF and COALESCE excepted."""
    simple = not group.call.distinct and not group.value.nullable
    counted = Value("COUNT(*)" if simple else f"COUNT({group.argument})", integer(group.rows), nullable=False)
    (argument,) = group.call.arguments
    if isinstance(argument, Call) and argument.name in {"IF", "COALESCE"} and group.value.nullable:
        raise NotUnderstood(f"COUNT of {argument.name} that may fail")
    return counted if isinstance(argument, ox.Variable) else _unless_failed(group, counted)


def _sum(group: _Group) -> Value:
    """Nothing sums up to the integer 0, whatever the values would have been."""
    total = _total(group)
    if not group.implicit:
        return _unless_failed(group, total)
    if total.kind.name == "integer":
        return _unless_failed(group, Value(f"COALESCE({total.sql}, 0)", total.kind, nullable=False))
    return _unless_failed(group, _refuse_empty(total))


def _total(group: _Group) -> Value:
    """The sum, with a guard if it could grow too large: no partial sum may, since Oxigraph's would be unbound."""
    kind, rows = group.value.kind, group.rows
    if not kind.exact:
        raise NotUnderstood(f"{group.call.name} of {kind.name}, which depends on the order of the rows")
    limit = kind.limit * max(rows, 1)
    sure = limit <= (MAX_INTEGER if kind.name == "integer" else _GUARDED)
    limit = limit if sure else _GUARDED
    total = integer(limit) if kind.name == "integer" else decimal(kind.scale, limit)
    sql = f"CAST(SUM({group.argument}) AS {total.sql})"
    if not sure:
        sql = f"CASE WHEN COUNT(*) > {_GUARDED // kind.limit} THEN {_failure('sum', total.sql)} ELSE {sql} END"
    return Value(sql, total, nullable=False)


def _average(group: _Group) -> Value:
    counted = Value(f"COUNT({group.argument})", integer(max(group.rows, 1)), nullable=False)
    mean = arithmetic.divide(_total(group), counted)
    return _unless_failed(group, _refuse_empty(mean) if group.implicit else mean)


def _least(group: _Group) -> Value:
    return _extreme(group, "MIN")


def _most(group: _Group) -> Value:
    return _extreme(group, "MAX")


def _extreme(group: _Group, function: str) -> Value:
    if group.value.kind.name == "other":
        raise NotUnderstood(f"{function} of a mixture of terms")
    return _unless_failed(group, Value(f"{function}({group.value.sql})", group.value.kind, group.implicit))


def _sample(group: _Group) -> Value:
    """Any value would do, but the same one each time (DuckDB's any_value takes the first that a thread finds)."""
    value = group.value
    return Value(f"MIN({value.sql})", value.kind, value.nullable or group.implicit, value.domain)


def _concatenation(group: _Group) -> Value:
    """The order of the parts is the engine's choice (section 18.5.1.7): here they are sorted."""
    if group.value.kind != STRING:
        raise NotUnderstood(f"GROUP_CONCAT of {group.value.kind.name}")
    separator = group.parameters.add(group.call.separator, "VARCHAR")
    sql = f"string_agg({group.argument}, {separator} ORDER BY {group.value.sql})"
    return _unless_failed(group, Value(f"COALESCE({sql}, '')" if group.implicit else sql, STRING, nullable=False))


def _unless_failed(group: _Group, found: Value) -> Value:
    if not group.value.nullable:
        return found
    sql = f"CASE WHEN COUNT({group.value.sql}) = COUNT(*) THEN {found.sql} END"
    return Value(sql, found.kind, nullable=True)


def _refuse_empty(found: Value) -> Value:
    """Of an empty group Oxigraph gives an integer where any other gives a decimal."""
    sql = f"CASE WHEN COUNT(*) = 0 THEN {_failure('empty', found.kind.sql)} ELSE {found.sql} END"
    return Value(sql, found.kind, found.nullable)


def _failure(reason: str, type_: str) -> str:
    """Ends the statement, so that Oxigraph answers. Made of a count, so that it is not evaluated in advance."""
    return f"CAST({FAILURE}('{reason} of ' || COUNT(*)) AS {type_})"


_AGGREGATES: dict[str, Callable[[_Group], Value]] = {
    "COUNT": _count,
    "SUM": _sum,
    "AVG": _average,
    "MIN": _least,
    "MAX": _most,
    "SAMPLE": _sample,
    "GROUP_CONCAT": _concatenation,
}
