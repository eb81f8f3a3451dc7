"""Numbers as Oxigraph counts: 64-bit integers, decimals of 18 digits after the point that are cut off, not rounded.

Floating-point numbers are compared and carried, never added up: their sums depend on the order of the rows.
"""

from collections.abc import Callable

from service.cube.errors import NotUnderstood
from service.cube.kinds import MAX_DECIMAL, SCALE, Kind, decimal, integer
from service.cube.scope import Value

_UNIT = f"CAST('{10**-SCALE:.{SCALE}f}' AS DECIMAL({SCALE}, {SCALE}))"
_HUGE = 10**38


def as_decimal(sql: str, scale: int) -> str:
    return f"CAST({sql} AS DECIMAL(38, {scale}))"


def add(left: Value, right: Value, sign: str) -> Value:
    _exact(left, right)
    limit = left.kind.limit + right.kind.limit
    nullable = left.nullable or right.nullable
    if left.kind.name == right.kind.name == "integer":
        return Value(f"({left.sql} {sign} {right.sql})", integer(limit), nullable)
    scale = max(left.kind.scale, right.kind.scale)
    sql = f"({as_decimal(left.sql, scale)} {sign} {as_decimal(right.sql, scale)})"
    return Value(as_decimal(sql, scale), decimal(scale, limit), nullable)


def multiply(left: Value, right: Value) -> Value:
    _exact(left, right)
    limit = left.kind.limit * right.kind.limit
    nullable = left.nullable or right.nullable
    if left.kind.name == right.kind.name == "integer":
        return Value(f"({left.sql} * {right.sql})", integer(limit), nullable)
    kind = decimal(left.kind.scale + right.kind.scale, limit)
    sql = f"({as_decimal(left.sql, left.kind.scale)} * {as_decimal(right.sql, right.kind.scale)})"
    return Value(as_decimal(sql, kind.scale), kind, nullable)


def divide(left: Value, right: Value) -> Value:
    """A decimal, also of integers (SPARQL 1.1, section 17.3); division by zero is an error."""
    _exact(left, right)
    shift = SCALE - left.kind.scale + right.kind.scale
    limit = left.kind.limit * 10**right.kind.scale
    if left.kind.limit * 10 ** (SCALE + right.kind.scale) >= _HUGE or right.kind.scale > 19 - len(str(left.kind.limit)):
        raise NotUnderstood("a division that may leave 128 bits")
    quotient = f"({_unscaled(left)} * CAST('{10**shift}' AS HUGEINT)) // {_unscaled(right)}"
    # Oxigraph cannot divide 0 by a number with digits after its point: the error is its own.
    whole_zero = f" AND ({left.sql} <> 0 OR {right.sql} = trunc({right.sql}))" if right.kind.scale else ""
    sql = f"CASE WHEN {right.sql} <> 0{whole_zero} THEN CAST({quotient} AS DECIMAL(38, 0)) * {_UNIT} END"
    return Value(f"({sql})", decimal(SCALE, limit), nullable=True)


def _unscaled(value: Value) -> str:
    """The digits of a number as an integer, without its point."""
    if value.kind.scale == 0:
        return f"CAST({value.sql} AS HUGEINT)"
    if value.kind.limit * 100**value.kind.scale >= _HUGE:
        raise NotUnderstood("a division that may leave 128 bits")
    return f"CAST({value.sql} * CAST('{10**value.kind.scale}' AS DECIMAL(38, 0)) AS HUGEINT)"


def negate(value: Value) -> Value:
    _exact(value)
    return Value(f"(-{value.sql})", value.kind, value.nullable)


def absolute(value: Value) -> Value:
    _exact(value)
    return Value(f"abs({value.sql})", value.kind, value.nullable)


def whole(form: str) -> Callable[[Value], Value]:
    """CEIL, FLOOR and ROUND; the last one takes the greater of two whole numbers that are equally near."""

    def rounded(value: Value) -> Value:
        _exact(value)
        if value.kind.name == "integer":
            return value
        if value.kind.limit + 1 >= MAX_DECIMAL // 10:
            raise NotUnderstood("rounding of a very large decimal")
        sql = form.format(as_decimal(value.sql, value.kind.scale))
        return Value(as_decimal(sql, 0), decimal(0, value.kind.limit + 1), value.nullable)

    return rounded


def to_decimal(value: Value) -> Value:
    _exact(value)
    kind = decimal(value.kind.scale, value.kind.limit)
    return Value(as_decimal(value.sql, kind.scale), kind, value.nullable)


def comparable(left: Value, right: Value) -> tuple[str, str]:
    """Two numbers in the type that they are compared in."""
    names = {left.kind.name, right.kind.name}
    if names == {"integer", "decimal"} or names == {"decimal"}:
        scale = max(left.kind.scale, right.kind.scale)
        return as_decimal(left.sql, scale), as_decimal(right.sql, scale)
    if names == {"integer", "double"}:
        return f"CAST({left.sql} AS DOUBLE)", f"CAST({right.sql} AS DOUBLE)"
    if names <= {"integer"} or names <= {"double"}:
        return left.sql, right.sql
    raise NotUnderstood(f"{left.kind.name} against {right.kind.name}")


def number(kind: Kind) -> bool:
    return kind.exact or kind.name == "double"


def _exact(*values: Value) -> None:
    for each in values:
        if not each.kind.exact:
            raise NotUnderstood(f"arithmetic with {each.kind.name}")
