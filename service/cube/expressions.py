"""Operators and functions that SQL does as SPARQL does (SPARQL 1.1, section 17.4); the rest is looked up."""

from collections.abc import Callable, Sequence

import pyoxigraph as ox

from service.cube import arithmetic
from service.cube.errors import NotUnderstood
from service.cube.kinds import BOOLEAN, NOTHING, STRING, Kind, common
from service.cube.scope import Scope, Value
from service.cube.syntax import XSD, Call, Exists, Expression

_TRUE, _FALSE = (ox.Literal(each, datatype=ox.NamedNode(XSD + "boolean")) for each in ("true", "false"))


def compiled(scope: Scope, expression: Expression) -> Value:
    """SQL for the value, NULL where SPARQL has an error or nothing."""
    if isinstance(expression, ox.Variable):
        return scope.variable(expression)
    if isinstance(expression, ox.NamedNode | ox.Literal):
        return scope.constant(expression)
    ways = [lambda: _native(scope, expression), lambda: scope.looked_up(expression)]
    return _first(scope, *(ways if _quick(expression) else reversed(ways)))


def _quick(expression: Call | Exists) -> bool:
    """Whether SQL works it out for each row sooner than it looks it up."""
    if isinstance(expression, Exists) or expression.name not in _QUICK:
        return False
    return not any(isinstance(each, Call | Exists) for each in expression.arguments)


def condition(scope: Scope, expression: Expression) -> Value:
    """SQL for the effective boolean value (section 17.2.2)."""
    asked = Call("IF", (expression, _TRUE, _FALSE))
    return _first(scope, lambda: _truth(compiled(scope, expression)), lambda: scope.looked_up(asked))


def _first(scope: Scope, one: Callable[[], Value], other: Callable[[], Value]) -> Value:
    """The one, or the other if the planner does not understand the one."""
    before = dict(scope.lookups)
    try:
        return one()
    except NotUnderstood as reason:
        scope.lookups = before
        try:
            return other()
        except NotUnderstood:
            raise reason from None


def _native(scope: Scope, expression: Call | Exists) -> Value:
    if isinstance(expression, Exists):
        raise NotUnderstood("EXISTS inside an expression")
    if expression.name in _LOGIC:
        return _LOGIC[expression.name]([condition(scope, each) for each in expression.arguments])
    if expression.name == "IF":
        return _if(scope, *expression.arguments)
    if expression.name not in _FUNCTIONS:
        raise NotUnderstood(f"the function {expression.name}")
    arguments = [compiled(scope, each) for each in expression.arguments]
    return _FUNCTIONS[expression.name](arguments)


def _truth(value: Value) -> Value:
    if value.kind == NOTHING:
        return Value("CAST(NULL AS BOOLEAN)", BOOLEAN, nullable=True)
    if value.kind == BOOLEAN:
        return value
    if value.kind.exact:
        return Value(f"({value.sql} <> 0)", BOOLEAN, value.nullable)
    if value.kind == STRING:
        return Value(f"({value.sql} <> '')", BOOLEAN, value.nullable)
    raise NotUnderstood(f"the truth of {value.kind.name}")


def _logical(sign: str) -> Callable[[Sequence[Value]], Value]:
    def function(values: Sequence[Value]) -> Value:
        return Value(f"({f' {sign} '.join(each.sql for each in values)})", BOOLEAN, _any_nullable(values))

    return function


def _not(values: Sequence[Value]) -> Value:
    (value,) = values
    return Value(f"(NOT {value.sql})", BOOLEAN, value.nullable)


def _if(scope: Scope, test: Expression, yes: Expression, no: Expression) -> Value:
    """An error in the test is an error of the whole, not the other branch."""
    asked, one, other = condition(scope, test), compiled(scope, yes), compiled(scope, no)
    kind = common(one.kind, other.kind)
    sql = f"CASE WHEN {asked.sql} THEN {_cast(one, kind)} WHEN NOT {asked.sql} THEN {_cast(other, kind)} END"
    return Value(f"({sql})", kind, _any_nullable([asked, one, other]))


def _cast(value: Value, kind: Kind) -> str:
    return value.sql if value.kind.sql == kind.sql and value.kind != NOTHING else f"CAST({value.sql} AS {kind.sql})"


def _compare(sign: str) -> Callable[[Sequence[Value]], Value]:
    """The operators of section 17.3 between values of kinds that both languages order alike."""

    def function(values: Sequence[Value]) -> Value:
        left, right = values
        if NOTHING in (left.kind, right.kind):
            return Value("CAST(NULL AS BOOLEAN)", BOOLEAN, nullable=True)
        return Value(f"({_sides(left, right, sign)})", BOOLEAN, _any_nullable(values))

    return function


def _sides(left: Value, right: Value, sign: str) -> str:
    if arithmetic.number(left.kind) and arithmetic.number(right.kind):
        return f" {sign} ".join(arithmetic.comparable(left, right))
    ordered = left.kind in {STRING, BOOLEAN} or sign in {"=", "<>"}
    if left.kind != right.kind or not ordered or left.kind.name == "other":
        raise NotUnderstood(f"{left.kind.name} {sign} {right.kind.name}")
    return f"{left.sql} {sign} {right.sql}"


def _in(values: Sequence[Value]) -> Value:
    """True if one is equal, else an error if one is an error (section 17.4.1.9), as in SQL."""
    value, *others = values
    if not others:
        raise NotUnderstood("IN ()")
    if all(each.kind == value.kind and each.kind.sql == "VARCHAR" for each in others) and value.kind.name != "other":
        sql = f"({value.sql} IN ({', '.join(each.sql for each in others)}))"
        return Value(sql, BOOLEAN, _any_nullable(values))
    equal = [_compare("=")([value, each]).sql for each in others]
    return Value(f"({' OR '.join(equal)})", BOOLEAN, _any_nullable(values))


def _same_term(values: Sequence[Value]) -> Value:
    left, right = values
    if left.kind.name != right.kind.name or left.kind == NOTHING:
        raise NotUnderstood(f"sameTerm of {left.kind.name} and {right.kind.name}")
    return Value(f"({left.sql} = {right.sql})", BOOLEAN, _any_nullable(values))


def _coalesce(values: Sequence[Value]) -> Value:
    kind = NOTHING
    for each in values:
        kind = common(kind, each.kind)
    sql = f"COALESCE({', '.join(_cast(each, kind) for each in values)})"
    return Value(sql, kind, all(each.nullable for each in values))


def _bound(values: Sequence[Value]) -> Value:
    return Value(f"({values[0].sql} IS NOT NULL)", BOOLEAN, nullable=False)


def _str(values: Sequence[Value]) -> Value:
    (value,) = values
    if value.kind.name not in {"iri", "string", "integer", "boolean", "nothing"}:
        raise NotUnderstood(f"the text of {value.kind.name}")
    return Value(f"CAST({value.sql} AS VARCHAR)", STRING, value.nullable)


def _concat(values: Sequence[Value]) -> Value:
    if not values or any(each.kind != STRING for each in values):
        raise NotUnderstood("CONCAT of other than plain text")
    return Value(f"({' || '.join(each.sql for each in values)})", STRING, _any_nullable(values))


def _to_integer(values: Sequence[Value]) -> Value:
    (value,) = values
    if value.kind.name != "integer":
        raise NotUnderstood(f"xsd:integer of {value.kind.name}")
    return value


def _of_one(function: Callable[[Value], Value]) -> Callable[[Sequence[Value]], Value]:
    return lambda values: function(*values)


def _of_two(function: Callable[[Value, Value], Value]) -> Callable[[Sequence[Value]], Value]:
    return lambda values: function(*values)


def _any_nullable(values: Sequence[Value]) -> bool:
    return any(each.nullable for each in values)


_QUICK = frozenset({"=", "!=", "<", ">", "<=", ">=", "IN", "STR", "BOUND", "SAMETERM"})
_LOGIC = {"&&": _logical("AND"), "||": _logical("OR"), "!": _not}

_FUNCTIONS: dict[str, Callable[[Sequence[Value]], Value]] = {
    **{sign: _compare("<>" if sign == "!=" else sign) for sign in ("=", "!=", "<", ">", "<=", ">=")},
    "IN": _in,
    "+": _of_two(lambda left, right: arithmetic.add(left, right, "+")),
    "-": _of_two(lambda left, right: arithmetic.add(left, right, "-")),
    "*": _of_two(arithmetic.multiply),
    "/": _of_two(arithmetic.divide),
    "negate": _of_one(arithmetic.negate),
    "ABS": _of_one(arithmetic.absolute),
    "CEIL": _of_one(arithmetic.whole("ceil({})")),
    "FLOOR": _of_one(arithmetic.whole("floor({})")),
    "ROUND": _of_one(arithmetic.whole("floor({} + CAST(0.5 AS DECIMAL(2, 1)))")),
    XSD + "decimal": _of_one(arithmetic.to_decimal),
    XSD + "integer": _to_integer,
    "SAMETERM": _same_term,
    "COALESCE": _coalesce,
    "BOUND": _bound,
    "STR": _str,
    "CONCAT": _concat,
}
