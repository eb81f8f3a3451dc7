"""What a cube's tidy table must satisfy before it becomes a Frame, for all its rows at once.

Each fault is a Problem that names file, row and column of the publisher's file, not of the tidy table.
"""

from collections.abc import Iterator

from loaders.columns import Tidy, code_iri, key, keys_of, name, sql_type, string
from loaders.errors import Problem, Refused, Text, Unexpected
from loaders.statistics import Cube, Sum
from loaders.structures import Component

DIGITS = {"integer": "-?[0-9]+", "decimal": r"-?[0-9]+(\.[0-9]+)?", "double": r"-?[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?"}
NUMBERS = {
    "integer": Text("整数", "a whole number"),
    "decimal": Text("10進数", "a decimal number"),
    "double": Text("数", "a number"),
}


def check(tidy: Tidy) -> None:
    """Raises Refused with every fault of the first kind there is: codes, then figures, then keys, then sums."""
    for find in (_wrong_codes, _wrong_figures, _duplicates, _wrong_sums):
        problems = list(find(tidy))
        if problems:
            raise Refused(problems)


def _wrong_codes(tidy: Tidy) -> Iterator[Problem]:
    """Empty dimensions and attributes that the structure requires, and codes that are not in the list."""
    for component in tidy.cube.structure.on_observation:
        if component.required and component.kind != "measure":
            expected = Text(f"空でない {component.name}", f"a {component.name}, not an empty cell")
            yield from _at(tidy, f"cell.{name(component.name)} IS NULL", expected, component.name)
        if component.type == "iri":
            yield from _unknown(tidy, component)


def _unknown(tidy: Tidy, component: Component) -> Iterator[Problem]:
    for text in keys_of(tidy, component):
        try:
            code_iri(component, text, tidy.base)
        except Unexpected as error:
            yield from _at(tidy, f"{key(component)} = {string(text)}", error.expected, component.name)


def _wrong_figures(tidy: Tidy) -> Iterator[Problem]:
    """Figures that are no number of the measure's type, nor a marker."""
    for component in tidy.cube.structure.on_observation:
        if component.type in DIGITS:
            cell = f"cell.{name(component.name)}"
            pattern = f"regexp_full_match({cell}, {string(DIGITS[component.type])})"
            # a figure that is too long is no number either; the type is asked for only if all figures are numbers
            wrong = f"NOT {pattern}"
            if not tidy.select(f"SELECT 1 WHERE {wrong} LIMIT 1"):
                wrong = f"try_cast({cell} AS {sql_type(tidy, component)}) IS NULL AND {cell} IS NOT NULL"
            yield from _at(tidy, wrong, _number(component, tidy.cube), component.name)


def _number(component: Component, cube: Cube) -> Text:
    expected = NUMBERS[component.type]
    if not cube.markers:
        return expected
    signs = "、".join(f"「{sign}」" for sign in cube.markers)
    return Text(f"{expected.ja}または{signs}", f"{expected.en} or one of {list(cube.markers)}")


def _duplicates(tidy: Tidy) -> Iterator[Problem]:
    """QB IC-12: no two observations with the same dimension values."""
    listed = ", ".join(map(name, tidy.cube.structure.dimensions))
    twice = f"FROM {tidy.table} SELECT {listed} GROUP BY {listed} HAVING count(*) > 1"
    found = tidy.select(
        f"SEMI JOIN ({twice}) AS twice USING ({listed}) "
        f'SELECT {listed}, source, row, "column" ORDER BY {listed}, row, "column"'
    )
    first: dict[tuple[str, ...], int] = {}
    for *values, source, row, column in found:
        dimension_values = tuple(values)
        if dimension_values in first:
            place = first[dimension_values]
            expected = Text(
                f"{'・'.join(dimension_values)} の値が1つだけ（{place}行目にもある）",
                f"one value for {', '.join(dimension_values)} (row {place} has it too)",
            )
            yield _place(tidy.cube, source, row, column, expected, "")
        first.setdefault(dimension_values, row)


def _wrong_sums(tidy: Tidy) -> Iterator[Problem]:
    """Totals that differ from the sum of their parts."""
    for rule in tidy.cube.sums:
        for *values, parts, members, total, source, row, column in tidy.select(_differences(tidy, rule)):
            expected = Text(
                f"内訳の合計 {parts} に等しい値（{'・'.join(values)}）",
                f"{parts}, the sum of its {members} parts ({', '.join(values)})",
            )
            yield _place(tidy.cube, source, row, column, expected, str(total))


def _differences(tidy: Tidy, rule: Sum) -> str:
    """In SQL: the dimensions of a group, sum and number of the parts, the total and its place."""
    others = ", ".join(name(each) for each in tidy.cube.structure.dimensions if each != rule.dimension)
    component = next(each for each in tidy.cube.structure.components if each.name == rule.measure)
    measure = name(rule.measure)
    figure = f"{measure}::{sql_type(tidy, component)}"
    is_total = f"{name(rule.dimension)} = {string(rule.total)}"
    listed = ", ".join(map(string, rule.parts))
    is_part = f"{name(rule.dimension)} IN ({listed})" if rule.parts else f"NOT ({is_total})"
    place = ", ".join(f"any_value({each}) FILTER ({is_total})" for each in ("source", "row", '"column"'))
    return (
        f"SELECT {others}, sum({figure}) FILTER ({is_part}) AS parts, count(*) FILTER ({is_part}) AS members, "
        f"any_value({figure}) FILTER ({is_total}) AS total, {place} GROUP BY {others} "
        f"HAVING members = count({measure}) FILTER ({is_part}) AND total <> parts ORDER BY {others}"
    )


def _at(tidy: Tidy, condition: str, expected: Text, column: str) -> Iterator[Problem]:
    """A Problem for each row of the tidy table that the condition holds for."""
    rows = tidy.select(f'SELECT source, row, "column", {name(column)} WHERE {condition} ORDER BY source, row, "column"')
    for source, row, place, found in rows:
        yield _place(tidy.cube, source, row, place, expected, found or "")


def _place(cube: Cube, source: str, row: int, column: int, expected: Text, found: str) -> Problem:
    """The place in the publisher's file that a cell was read from."""
    header = cube.source_header
    named = header[column - 1] if 0 < column <= len(header) else str(column)
    return Problem(source, expected, found, row, named)
