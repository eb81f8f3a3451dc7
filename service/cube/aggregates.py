"""Aggregates (SPARQL 1.1, section 18.5.1) as Oxigraph computes them.

One failing value makes SUM, AVG, MIN, MAX and GROUP_CONCAT unbound; SQL would skip it.
"""

from collections.abc import Callable

import pyoxigraph as ox

from service.cube import arithmetic
from service.cube.errors import NotUnderstood
from service.cube.expressions import compiled
from service.cube.kinds import MAX_INTEGER, NOTHING, STRING, decimal, integer
from service.cube.scope import Scope, Value
from service.cube.syntax import Call

# The function of SQL by which a statement gives up.
FAILURE = "error"


def aggregate(scope: Scope, call: Call, implicit: bool) -> Value:
    """SQL for one aggregate over a group; `implicit` if there is no GROUP BY, so that the group may be empty."""
    rows = scope.relation.rows
    if not call.arguments:
        if call.name != "COUNT":
            raise NotUnderstood(f"{call.name}(*)")
        return Value("COUNT(*)", integer(rows), nullable=False)
    value = compiled(scope, call.arguments[0])
    if value.kind == NOTHING:
        raise NotUnderstood(f"{call.name} of what is never bound")
    return _AGGREGATES[call.name](value, call, rows, implicit)


def _count(value: Value, call: Call, rows: int, _implicit: bool) -> Value:
    """COUNT(?v) skips what is unbound; COUNT of an expression that fails once is unbound, IF and COALESCE excepted."""
    simple = not call.distinct and not value.nullable
    sql = "COUNT(*)" if simple else f"COUNT({_distinct(call)}{value.sql})"
    counted = Value(sql, integer(rows), nullable=False)
    (argument,) = call.arguments
    if isinstance(argument, Call) and argument.name in {"IF", "COALESCE"} and value.nullable:
        raise NotUnderstood(f"COUNT of {argument.name} that may fail")
    return counted if isinstance(argument, ox.Variable) else _unless_failed(value, counted)


def _sum(value: Value, call: Call, rows: int, implicit: bool) -> Value:
    """Nothing sums up to the integer 0, whatever the values would have been."""
    if not value.kind.exact:
        raise NotUnderstood(f"{call.name} of {value.kind.name}, which depends on the order of the rows")
    total = _total(value, call, rows)
    if implicit and value.kind.name == "integer":
        total = Value(f"COALESCE({total.sql}, 0)", total.kind, nullable=False)
    return _unless_failed(value, _refuse_empty(total) if implicit and value.kind.name != "integer" else total)


def _total(value: Value, call: Call, rows: int) -> Value:
    """The sum, with a guard if it could grow too large: no partial sum may, since Oxigraph's would be unbound."""
    is_integer = value.kind.name == "integer"
    allowed = MAX_INTEGER if is_integer else 10**19
    limit = min(value.kind.limit * max(rows, 1), allowed)
    kind = integer(limit) if is_integer else decimal(value.kind.scale, limit)
    sql = f"CAST(SUM({_distinct(call)}{value.sql}) AS {kind.sql})"
    if value.kind.limit * rows > allowed:
        most = allowed // max(value.kind.limit, 1)
        sql = f"CASE WHEN COUNT(*) > {most} THEN {_failure('sum', kind.sql)} ELSE {sql} END"
    return Value(sql, kind, nullable=False)


def _average(value: Value, call: Call, rows: int, implicit: bool) -> Value:
    if not value.kind.exact:
        raise NotUnderstood(f"{call.name} of {value.kind.name}, which depends on the order of the rows")
    counted = Value(f"COUNT({_distinct(call)}{value.sql})", integer(max(rows, 1)), nullable=False)
    mean = arithmetic.divide(_total(value, call, rows), counted)
    return _unless_failed(value, _refuse_empty(mean) if implicit else mean)


def _extreme(name: str) -> Callable[[Value, Call, int, bool], Value]:
    def function(value: Value, _call: Call, _rows: int, implicit: bool) -> Value:
        if value.kind.name == "other":
            raise NotUnderstood(f"{name} of a mixture of terms")
        return _unless_failed(value, Value(f"{name}({value.sql})", value.kind, implicit))

    return function


def _sample(value: Value, _call: Call, _rows: int, implicit: bool) -> Value:
    return Value(f"any_value({value.sql})", value.kind, value.nullable or implicit, value.domain)


def _concatenation(value: Value, call: Call, _rows: int, implicit: bool) -> Value:
    """The order of the parts is the engine's choice (section 18.5.1.7): here they are sorted."""
    if value.kind != STRING:
        raise NotUnderstood(f"GROUP_CONCAT of {value.kind.name}")
    separator = "'" + (call.separator or "").replace("'", "''") + "'"
    sql = f"string_agg({_distinct(call)}{value.sql}, {separator} ORDER BY {value.sql})"
    return _unless_failed(value, Value(f"COALESCE({sql}, '')" if implicit else sql, STRING, nullable=False))


def _distinct(call: Call) -> str:
    return "DISTINCT " if call.distinct else ""


def _unless_failed(value: Value, found: Value) -> Value:
    if not value.nullable:
        return found
    return Value(f"CASE WHEN COUNT({value.sql}) = COUNT(*) THEN {found.sql} END", found.kind, nullable=True)


def _refuse_empty(found: Value) -> Value:
    """Of an empty group Oxigraph gives an integer where any other gives a decimal."""
    return Value(
        f"CASE WHEN COUNT(*) = 0 THEN {_failure('empty', found.kind.sql)} ELSE {found.sql} END",
        found.kind,
        found.nullable,
    )


def _failure(reason: str, type_: str) -> str:
    """Ends the statement, so that Oxigraph answers. Made of a count, so that it is not evaluated in advance."""
    return f"CAST({FAILURE}('{reason} of ' || COUNT(*)) AS {type_})"


_AGGREGATES: dict[str, Callable[[Value, Call, int, bool], Value]] = {
    "COUNT": _count,
    "SUM": _sum,
    "AVG": _average,
    "MIN": _extreme("MIN"),
    "MAX": _extreme("MAX"),
    "SAMPLE": _sample,
    "GROUP_CONCAT": _concatenation,
}
