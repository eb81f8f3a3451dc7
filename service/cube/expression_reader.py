"""Expressions (SPARQL 1.1, section 19.8, rules 110 to 128)."""

from collections.abc import Callable

import pyoxigraph as ox

from service.cube.errors import NotUnderstood
from service.cube.reader import Reader
from service.cube.syntax import AGGREGATES, Call, Exists, Expression

_COMPARISONS = ("=", "!=", "<", ">", "<=", ">=")
# Functions that depend on the moment, on chance or on the base IRI, or that make blank nodes, are not read.
_FUNCTIONS = frozenset(
    [
        "STR",
        "LANG",
        "LANGMATCHES",
        "DATATYPE",
        "BOUND",
        "ABS",
        "CEIL",
        "FLOOR",
        "ROUND",
        "CONCAT",
        "STRLEN",
        "UCASE",
        "LCASE",
        "ENCODE_FOR_URI",
        "CONTAINS",
        "STRSTARTS",
        "STRENDS",
        "STRBEFORE",
        "STRAFTER",
        "YEAR",
        "MONTH",
        "DAY",
        "HOURS",
        "MINUTES",
        "SECONDS",
        "TIMEZONE",
        "TZ",
        "COALESCE",
        "IF",
        "STRLANG",
        "STRDT",
        "SAMETERM",
        "ISIRI",
        "ISURI",
        "ISBLANK",
        "ISLITERAL",
        "ISNUMERIC",
        "REGEX",
        "SUBSTR",
        "REPLACE",
    ]
)


def expression(reader: Reader) -> Expression:
    reader.enter()
    found = _left(reader, _and, "||")
    reader.leave()
    return found


def _and(reader: Reader) -> Expression:
    return _left(reader, _relation, "&&")


def _left(reader: Reader, operand: Callable[[Reader], Expression], *signs: str) -> Expression:
    """Operators of one rank, grouped from the left."""
    found = operand(reader)
    while reader.at(*signs):
        sign = reader.take().text
        found = Call(sign, (found, operand(reader)))
    return found


def _relation(reader: Reader) -> Expression:
    left = _sum(reader)
    if reader.at(*_COMPARISONS):
        return Call(reader.take().text, (left, _sum(reader)))
    if reader.skip("NOT"):
        reader.expect("IN")
        return Call("!", (Call("IN", (left, *_arguments(reader))),))
    if reader.skip("IN"):
        return Call("IN", (left, *_arguments(reader)))
    return left


def _sum(reader: Reader) -> Expression:
    return _left(reader, _product, "+", "-")


def _product(reader: Reader) -> Expression:
    return _left(reader, _unary, "*", "/")


def _unary(reader: Reader) -> Expression:
    if reader.skip("!"):
        return Call("!", (_unary_operand(reader),))
    if reader.skip("-"):
        return Call("negate", (_unary_operand(reader),))
    if reader.at("+"):
        raise NotUnderstood("a plus sign before an expression")
    return _primary(reader)


def _unary_operand(reader: Reader) -> Expression:
    if reader.at("!", "-", "+"):
        raise NotUnderstood("two signs in a row")
    return _primary(reader)


def _primary(reader: Reader) -> Expression:
    if reader.skip("("):
        found = expression(reader)
        reader.expect(")")
        return found
    if reader.next.kind == "word" and not reader.at("TRUE", "FALSE"):
        return _called(reader)
    found = reader.node()
    if isinstance(found, ox.NamedNode) and reader.at("("):
        return Call(found.value, tuple(_arguments(reader)))
    return found


def _called(reader: Reader) -> Expression:
    name = reader.take().text
    if name == "NOT":
        reader.expect("EXISTS")
        return Exists(reader.group(reader), negated=True)
    if name == "EXISTS":
        return Exists(reader.group(reader), negated=False)
    if name in AGGREGATES:
        return _aggregate(reader, name)
    if name not in _FUNCTIONS:
        raise NotUnderstood(f"the function {name}")
    return Call(name, tuple(_arguments(reader)))


def _aggregate(reader: Reader, name: str) -> Call:
    reader.expect("(")
    distinct = reader.skip("DISTINCT")
    if reader.skip("*"):
        reader.expect(")")
        return Call(name, (), distinct)
    argument = expression(reader)
    separator = " " if name == "GROUP_CONCAT" else None
    if reader.skip(";"):
        reader.expect("SEPARATOR")
        reader.expect("=")
        separator = reader.constant().value
    reader.expect(")")
    return Call(name, (argument,), distinct, separator)


def _arguments(reader: Reader) -> list[Expression]:
    reader.expect("(")
    found: list[Expression] = []
    while not reader.skip(")"):
        if found:
            reader.expect(",")
        found.append(expression(reader))
    return found
