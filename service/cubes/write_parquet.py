"""A table of sums as a SELECT, from which DuckDB writes the file: columns as in the cube's own, then those of sums."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from service.cubes.columns import quoted
from service.cubes.model import Code, Component, Dimension
from service.cubes.table import COUNTS, Table

TEXT, WHOLE, PLACE = "VARCHAR", "BIGINT", "INTEGER"
TYPES: Mapping[str, str] = MappingProxyType({"integer": WHOLE, "double": "DOUBLE", "boolean": "BOOLEAN"})
# The columns of a dimension, by what follows its name.
NAMED: Mapping[str, Callable[[Code], str]] = MappingProxyType(
    {"_code": lambda code: code.notation, "_ja": lambda code: code.names.ja, "_en": lambda code: code.names.en}
)


@dataclass(frozen=True)
class _Column:
    """One value a row; or, with `texts`, the place (from 1) that the row's text has there."""

    name: str
    type: str
    values: Sequence[object]
    texts: Sequence[str | None] | None = None


def as_select(table: Table) -> tuple[str, list[object]]:
    """SQL and its parameters. There may be a hundred thousand rows of a few hundred codes: each text is given once."""
    columns = list(_columns(table))
    shown, given = list[str](), list[str]()
    for at, each in enumerate(columns):
        type_ = each.type if each.texts is None else PLACE
        given.append(f"unnest(CAST(? AS {type_}[])) AS column{at}")
        value = f"column{at}" if each.texts is None else f"CAST(CAST(? AS {TEXT}[])[column{at}] AS {each.type})"
        shown.append(f"{value} AS {quoted(each.name)}")
    sql = f"SELECT {', '.join(shown)} FROM (SELECT {', '.join(given)})"  # noqa: S608 - our own names
    texts = [each.texts for each in columns if each.texts is not None]
    return sql, [*texts, *(each.values for each in columns)]


def _columns(table: Table) -> Iterable[_Column]:
    for at, each in enumerate(table.keys):
        yield from _coded(each, [code.notation for code in each.codes], [row.key[at] for row in table.rows])
    yield _Column(table.measure.name, _number(table), [row.value for row in table.rows])
    for at, each in enumerate(table.attributes):
        yield from _coded(each, [code.iri for code in each.codes], [row.attributes[at] for row in table.rows])
    for name in COUNTS:
        yield _Column(name, WHOLE, [getattr(row, name) for row in table.rows])
    yield _Column("state", TEXT, [row.state for row in table.rows])


def _coded(component: Component, known: Sequence[object], values: Iterable[object]) -> Iterable[_Column]:
    """The columns of a dimension or attribute. `known` is what stands for each of its codes in the values."""
    places = {each: place for place, each in enumerate(known, 1)}
    found = [places.get(value) for value in values]
    yield _Column(component.name, TYPES.get(component.type, TEXT), found, [code.iri for code in component.codes])
    if isinstance(component, Dimension):
        for suffix, text in NAMED.items():
            yield _Column(component.name + suffix, TEXT, found, [text(code) or None for code in component.codes])


def _number(table: Table) -> str:
    """The type of the measure; decimals with as many places as they have."""
    values = (row.value for row in table.rows)
    exponents = [int(value.as_tuple().exponent) for value in values if isinstance(value, Decimal)]
    return TYPES.get(table.measure.number) or f"DECIMAL(38, {max((-each for each in exponents), default=0)})"
