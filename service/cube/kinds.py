"""What the values of a column are, known before a query runs. Only then is SQL certain to mean what SPARQL means."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from service.cube.errors import NotUnderstood
from service.cube.syntax import XSD, Constant

MAX_INTEGER = 2**63 - 1
MAX_DECIMAL = 10**20
SCALE = 18


@dataclass(frozen=True)
class Kind:
    """`iri` and `string` are text, `other` is any mixture of terms as N-Triples, `nothing` is always unbound.

    No number of the column lies beyond `limit` on either side of zero; a decimal has at most `scale` digits after the
    point.
    """

    name: str
    limit: int = 0
    scale: int = 0

    @property
    def sql(self) -> str:
        return _SQL_TYPES[self.name].format(scale=self.scale)

    @property
    def exact(self) -> bool:
        """An integer or a decimal."""
        return self.name in {"integer", "decimal"}


_SQL_TYPES = {
    "iri": "VARCHAR",
    "string": "VARCHAR",
    "other": "VARCHAR",
    "nothing": "VARCHAR",
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "decimal": "DECIMAL(38, {scale})",
    "double": "DOUBLE",
}
IRI, STRING, OTHER, NOTHING = Kind("iri"), Kind("string"), Kind("other"), Kind("nothing")
BOOLEAN, DOUBLE = Kind("boolean"), Kind("double")


def integer(limit: int) -> Kind:
    if limit > MAX_INTEGER:
        raise NotUnderstood("integers that may leave 64 bits")
    return Kind("integer", limit)


def decimal(scale: int, limit: int) -> Kind:
    if scale > SCALE or limit >= MAX_DECIMAL:
        raise NotUnderstood("decimals that may leave 20 digits before the point or 18 after it")
    return Kind("decimal", limit, scale)


def common(left: Kind, right: Kind) -> Kind:
    """The kind of a column that holds values of both."""
    if NOTHING in (left, right):
        return right if left == NOTHING else left
    if left.name != right.name:
        raise NotUnderstood(f"a variable that is {left.name} here and {right.name} there")
    return Kind(left.name, max(left.limit, right.limit), max(left.scale, right.scale))


Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def name_of(term: Term) -> str:
    """The kind of one term. Numbers that Oxigraph does not count as numbers are `other`."""
    if isinstance(term, ox.NamedNode):
        return "iri"
    if not isinstance(term, ox.Literal) or term.language is not None:
        return "other"
    reads = _READS.get(term.datatype.value)
    return reads[0] if reads and reads[2](term.value) else "other"


def _is_integer(text: str) -> bool:
    return text.lstrip("+-").isdecimal() and abs(int(text)) <= MAX_INTEGER


def _is_decimal(text: str) -> bool:
    digits = text.lstrip("+-")
    whole, _, part = digits.partition(".")
    return (whole + part).isdecimal() and len(whole.lstrip("0")) <= 19 and len(part) <= SCALE


def _is_double(text: str) -> bool:
    """NaN, infinity and minus zero are left out: as groups and in comparisons they differ in SQL."""
    return not any(each in text.lower() for each in "infa") and not (float(text) == 0 and text.startswith("-"))


_READS: dict[str, tuple[str, Callable[[str], Any], Callable[[str], bool]]] = {
    XSD + "string": ("string", str, lambda _: True),
    XSD + "boolean": ("boolean", lambda text: text in {"true", "1"}, lambda text: text in {"true", "false", "1", "0"}),
    XSD + "integer": ("integer", int, _is_integer),
    XSD + "decimal": ("decimal", Decimal, _is_decimal),
    XSD + "double": ("double", float, _is_double),
}


def read(term: Term, name: str) -> Any:
    """The value in SQL of a term in a column of this kind."""
    if name == "other":
        return str(term)
    if isinstance(term, ox.Literal):
        return _READS[term.datatype.value][1](term.value)
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def column_of(terms: Iterable[Term | None]) -> tuple[Kind, list[Any]]:
    """The kind that holds all the terms, and their values in SQL (None: unbound)."""
    given = list(terms)
    names = {name_of(each) for each in given if each is not None}
    if not names:
        return NOTHING, given
    name = names.pop() if len(names) == 1 else "other"
    values = [None if each is None else read(each, name) for each in given]
    return _fitting(name, [each for each in values if each is not None]), values


def _fitting(name: str, values: list[Any]) -> Kind:
    if name == "integer":
        return integer(max(abs(each) for each in values))
    if name == "decimal":
        return decimal(max(scale_of(each) for each in values), max(int(abs(each)) + 1 for each in values))
    return Kind(name)


def scale_of(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def constant_kind(term: Constant) -> tuple[Kind, Any]:
    kind, values = column_of([term])
    return kind, values[0]
