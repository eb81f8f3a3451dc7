"""A table as CSV (RFC 4180): codes for programs, labels for people, one value a row or one period a column."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from service.cubes.model import Code, Component, Names
from service.cubes.parameters import LABELS, Presentation
from service.cubes.table import COMPARABILITY, COUNTS, STATES, Table, marked, plain

Line = Sequence[object]
BOM = "\ufeff"
# What makes a spreadsheet read a text as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNSTATED = Names("記載なし", "not stated")
HEADINGS = {
    "cells": Names("使用した値の数", "cells used"),
    "missing": Names("欠測の数", "cells missing"),
    "suppressed": Names("秘匿の数", "cells suppressed"),
    "absent": Names("存在しない値の数", "cells absent"),
    "state": Names("集計値の状態", "state"),
    "comparability": Names("比較可能性", "comparability"),
    "method": Names("方法", "method"),
}


def write_csv(table: Table, how: Presentation) -> bytes:
    """UTF-8; with a BOM and harmless cells where a spreadsheet is to open it."""
    lines: Iterable[Line] = pivoted(table, how) if how.pivot else chain([_head(table, how)], _rows(table, how))
    return (BOM if how.bom else "").encode() + _encoded(lines, how)


def write_rest(table: Table, how: Presentation) -> bytes:
    """The rows of a later piece of what `write_csv` has begun."""
    return _encoded(_rows(table, how), how)


def _encoded(lines: Iterable[Line], how: Presentation) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows(map(_harmless, lines) if how.bom else lines)
    return text.getvalue().encode()


def _head(table: Table, how: Presentation) -> Line:
    return [*_headings(table, how), *(_heading(name, how) for name in _extra(table, how))]


def _rows(table: Table, how: Presentation) -> Iterable[Line]:
    """Made column by column, which takes a third of the time that row by row does."""
    return zip(*_columns(table, how), strict=True)


def _columns(table: Table, how: Presentation) -> Iterable[Sequence[object]]:
    rows = table.rows
    for place, each in enumerate(table.keys):
        names = {code.notation: _text(each, code, how.labels) for code in each.codes}
        yield [names.get(row.key[place], row.key[place]) for row in rows]
    yield [row.value if row.value is None or type(row.value) is int else plain(row.value) for row in rows]
    for place, each in enumerate(table.attributes):
        texts: dict[object, str] = {code.iri: _text(each, code, how.labels) for code in each.codes}
        yield [texts.get(row.attributes[place], row.attributes[place]) for row in rows]
    if table.sums:
        yield from _notes(table, how)
    elif how.labels == LABELS[0]:
        yield [row.iri for row in rows]


def _text(component: Component, code: Code, labels: str) -> str:
    return code.notation if labels == LABELS[0] else component.name_of(code, labels)


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


def _notes(table: Table, how: Presentation) -> Iterable[Sequence[object]]:
    """How many cells a sum is of, what is to be known of it, and how it compares."""
    for name in COUNTS:
        yield [getattr(row, name) for row in table.rows]
    yield _named((row.state for row in table.rows), STATES, how.labels)
    if table.as_of:
        yield _named((row.comparability for row in table.rows), COMPARABILITY, how.labels)
        yield [row.method.text(how.labels) for row in table.rows]


def _named(values: Iterable[str], names: Mapping[str, Names], labels: str) -> Sequence[str]:
    if labels == LABELS[0]:
        return list(values)
    return [names[each].text(labels) if each in names else each for each in values]


def pivoted(table: Table, how: Presentation) -> Iterable[Sequence[str]]:
    """One column a code of the pivoted dimension. Marks stand where a value has something to say (table.py)."""
    place = table.place(how.pivot)
    across = list(table.used(how.pivot))
    rest = [each for index, each in enumerate(table.keys) if index != place]
    headings = [each.name if how.labels == LABELS[0] else each.label(how.labels) for each in rest]
    yield [*headings, *(axis_text(table.keys[place], each, how.labels) for each in across)]
    grouped: dict[tuple[str, ...], dict[str, str]] = {}
    for row in table.rows:
        key = (*row.key[:place], *row.key[place + 1 :])
        grouped.setdefault(key, {})[row.key[place]] = marked(table, row)
    for key, cells in grouped.items():
        named = [key_text(each, name, how.labels) for each, name in zip(rest, key, strict=True)]
        yield [*named, *(cells.get(each, "") for each in across)]


def key_text(component: Component, notation: str, labels: str) -> str:
    """A code by its notation or by its label in a language."""
    code = component.by_notation.get(notation)
    return notation if code is None else _text(component, code, labels)


def axis_text(component: Component, notation: str, labels: str) -> str:
    """The same where it heads a column, which needs a name also if nothing is stated."""
    return key_text(component, notation, labels) or UNSTATED.text("ja" if labels == "ja" else "en")


def fact_text(component: Component, value: object, labels: str) -> str:
    """The value of an attribute, which comes as the IRI of a code or as a literal."""
    if value is None:
        return ""
    code = component.by_iri.get(str(value))
    return str(value) if code is None else _text(component, code, labels)


def _harmless(line: Line) -> Line:
    """No text that a spreadsheet would read as a formula.

    >>> _harmless(["=1+1", "-5", -5, "港北区"])
    ["'=1+1", '-5', -5, '港北区']
    >>> _harmless(["-5*", "--5"])
    ['-5*', "'--5"]
    """
    return [f"'{cell}" if isinstance(cell, str) and _is_formula(cell) else cell for cell in line]


def _is_formula(cell: str) -> bool:
    number = cell.removeprefix("-").removesuffix("*").replace(".", "", 1).isdecimal()
    return cell.startswith(FORMULA) and not number
