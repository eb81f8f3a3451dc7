"""A table as CSV (RFC 4180): codes for programs, labels for people, one value a row or one period a column."""

import csv
import io
from collections.abc import Iterable, Sequence

from service.cubes.model import Component, Names
from service.cubes.parameters import LABELS, Presentation
from service.cubes.table import COUNTS, STATES, Row, Table, marked, plain

BOM = "\ufeff"
# What makes a spreadsheet read a text as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEADINGS = {
    "cells": Names("使用した値の数", "cells used"),
    "missing": Names("欠測の数", "cells missing"),
    "suppressed": Names("秘匿の数", "cells suppressed"),
    "absent": Names("存在しない値の数", "cells absent"),
    "state": Names("値の状態", "state"),
    "comparability": Names("比較可能性", "comparability"),
    "method": Names("方法", "method"),
}


def write_csv(table: Table, how: Presentation) -> bytes:
    """UTF-8; with a BOM and harmless cells where a spreadsheet is to open it."""
    lines = pivoted(table, how) if how.pivot else _lines(table, how)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([_harmless(cell) for cell in line] if how.bom else line for line in lines)
    return ((BOM if how.bom else "") + text.getvalue()).encode()


def _lines(table: Table, how: Presentation) -> Iterable[Sequence[str]]:
    yield [*_headings(table, how), *(_heading(name, how) for name in _extra(table, how))]
    for row in table.rows:
        keys = [key_text(each, name, how.labels) for each, name in zip(table.keys, row.key, strict=True)]
        facts = [fact_text(each, value, how.labels) for each, value in zip(table.attributes, row.attributes)]  # noqa: B905
        yield [*keys, "" if row.value is None else plain(row.value), *facts, *_notes(table, row, how)]


def _headings(table: Table, how: Presentation) -> list[str]:
    if how.labels == LABELS[0]:
        return [*(each.name for each in table.keys), table.measure.name, *(each.name for each in table.attributes)]
    named = [each.label(how.labels) for each in table.keys]
    return [*named, table.measure.label(how.labels), *(each.label(how.labels) for each in table.attributes)]


def _extra(table: Table, how: Presentation) -> list[str]:
    if not table.sums:
        return ["observation"] if how.labels == LABELS[0] else []
    return [*COUNTS, "state", *(["comparability", "method"] if table.as_of else [])]


def _heading(name: str, how: Presentation) -> str:
    return name if how.labels == LABELS[0] else HEADINGS[name].text(how.labels)


def _notes(table: Table, row: Row, how: Presentation) -> list[str]:
    if not table.sums:
        return [row.iri] if how.labels == LABELS[0] else []
    counts = [str(row.cells), str(row.missing), str(row.suppressed), "" if row.absent is None else str(row.absent)]
    labelled = how.labels != LABELS[0] and row.state
    state = STATES[row.state].text(how.labels) if labelled else row.state
    compared = [row.comparability, row.method.text(how.labels)] if table.as_of else []
    return [*counts, state, *compared]


def pivoted(table: Table, how: Presentation) -> Iterable[Sequence[str]]:
    """One column a code of the pivoted dimension. Marks stand where a value has something to say (table.MARKS)."""
    place = table.place(how.pivot)
    across = list(table.used(how.pivot))
    rest = [each for index, each in enumerate(table.keys) if index != place]
    headings = [each.name if how.labels == LABELS[0] else each.label(how.labels) for each in rest]
    yield [*headings, *(key_text(table.keys[place], each, how.labels) for each in across)]
    grouped: dict[tuple[str, ...], dict[str, str]] = {}
    for row in table.rows:
        key = (*row.key[:place], *row.key[place + 1 :])
        grouped.setdefault(key, {})[row.key[place]] = marked(row)
    for key, cells in grouped.items():
        named = [key_text(each, name, how.labels) for each, name in zip(rest, key, strict=True)]
        yield [*named, *(cells.get(each, "") for each in across)]


def key_text(component: Component, notation: str, labels: str) -> str:
    """A code by its notation or by its label in a language."""
    code = component.by_notation.get(notation)
    return notation if labels == LABELS[0] or code is None else code.label(labels)


def fact_text(component: Component, value: object, labels: str) -> str:
    """The value of an attribute, which comes as the IRI of a code or as a literal."""
    if value is None:
        return ""
    code = component.by_iri.get(str(value))
    if code is None:
        return str(value)
    return code.notation if labels == LABELS[0] else code.label(labels)


def _harmless(cell: str) -> str:
    """
    >>> _harmless("=1+1"), _harmless("-5"), _harmless("港北区")
    ("'=1+1", '-5', '港北区')
    """
    number = cell.lstrip("-").replace(".", "", 1).isdecimal()
    return f"'{cell}" if cell.startswith(FORMULA) and not number else cell
