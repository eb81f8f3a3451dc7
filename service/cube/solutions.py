"""Rows of DuckDB as solutions of Oxigraph, so that everything behind sees one kind of answer.

They pass as SPARQL TSV, which Oxigraph reads as fast as it comes; each term is written out in full.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

import pyoxigraph as ox

from service.cube.relation import Column
from service.cube.syntax import XSD

Rows = Sequence[tuple[Any, ...]]


def solutions(
    variables: Sequence[str], columns: Mapping[ox.Variable, Column], rows: Iterator[Rows]
) -> ox.QuerySolutions:
    """`rows` has the variables' values in their order, in pieces."""
    writers = [_WRITERS[columns[ox.Variable(name)].kind.name] for name in variables]
    header = "\t".join(f"?{name}" for name in variables) + "\n"
    lines = io.BufferedReader(_Lines(header, writers, rows), 1 << 16)
    return cast("ox.QuerySolutions", ox.parse_query_results(lines, format=ox.QueryResultsFormat.TSV))


def boolean(value: bool) -> ox.QueryBoolean:
    text = f'{{"head":{{}},"boolean":{"true" if value else "false"}}}'
    return cast("ox.QueryBoolean", ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON))


class _Lines(io.RawIOBase):
    """The TSV, written when it is read."""

    def __init__(self, header: str, writers: Sequence[Callable[[Any], str]], rows: Iterator[Rows]) -> None:
        super().__init__()
        self._rest = header.encode()
        self._writers = writers
        self._rows = rows

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = self._encoded(next(self._rows, ()))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _encoded(self, rows: Rows) -> bytes:
        if not rows:
            return b""
        columns = [
            ["" if value is None else write(value) for value in column]
            for write, column in zip(self._writers, zip(*rows, strict=True), strict=True)
        ]
        return "".join("\t".join(line) + "\n" for line in zip(*columns, strict=True)).encode()


def _decimal(value: Decimal) -> str:
    """Without zeros at the end, as Oxigraph writes it; never with an exponent."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f'"{"0" if text == "-0" else text}"^^<{XSD}decimal>'


def _double(value: float) -> str:
    text = f"{Decimal(repr(value)):f}".removesuffix(".0")
    return f'"{text}"^^<{XSD}double>'


_WRITERS: dict[str, Callable[[Any], str]] = {
    "iri": lambda value: f"<{value}>",
    "string": lambda value: str(ox.Literal(value)),
    "other": str,
    "nothing": str,
    "integer": str,
    "decimal": _decimal,
    "double": _double,
    "boolean": lambda value: "true" if value else "false",
}
