"""Bytes → cells that know their place: a grid for each sheet of a workbook, for a CSV file, for a list in JSON."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from loaders.errors import Problem, Refused, Text, Unexpected
from loaders.table import BadCell, Table
from loaders.text import folded

T = TypeVar("T")


@dataclass(frozen=True)
class Grid:
    """The cells of one table as text. Rows and columns count from 1, as in the publisher's file.

    `sheet` is the name of the sheet of a workbook and `number` its place in it, from 1.
    """

    file: str
    rows: tuple[tuple[str, ...], ...]
    sheet: str = ""
    number: int = 0

    def cell(self, row: int, column: int) -> str:
        """The text of a cell; empty where the file has none."""
        cells = self.rows[row - 1] if 0 < row <= len(self.rows) else ()
        return cells[column - 1] if 0 < column <= len(cells) else ""

    def read(self, row: int, column: int, parse: Callable[[str], T]) -> T:
        """The parsed cell; BadCell names its place when `parse` raises Unexpected."""
        try:
            return parse(self.cell(row, column))
        except Unexpected as error:
            raise BadCell(self.problem(row, column, error.expected)) from error

    def problem(self, row: int, column: int | None, expected: Text) -> Problem:
        found = self.cell(row, column) if column else ""
        return Problem(self.name, expected, found, row, letters(column) if column else None)

    def only(self, first: int, last: int) -> "Grid":
        """One of several blocks that stand side by side: the cells of other columns are taken as empty."""
        rows = (("",) * (first - 1) + cells[first - 1 : last] for cells in self.rows)
        return replace(self, rows=tuple(rows))

    @property
    def name(self) -> str:
        """The file, with its sheet, for people."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file

    @property
    def source(self) -> str:
        """The file, with the number of its sheet, as the provenance of an observation names it."""
        return f"{self.file}#sheet={self.number}" if self.number else self.file


def letters(column: int) -> str:
    """The column as a spreadsheet names it.

    >>> letters(1), letters(26), letters(27)
    ('A', 'Z', 'AA')
    """
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def of_table(table: Table) -> Grid:
    """A CSV file whose header was checked when it was read."""
    return Grid(table.file, (table.header, *table.rows))


def of_workbook(path: Path) -> list[Grid]:
    """The sheets of an .xlsx or .xls file; Refused if it is neither."""
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = {name: workbook.get_sheet_by_name(name) for name in workbook.sheet_names}
        values = {name: sheet.to_python(skip_empty_area=False) for name, sheet in sheets.items()}
    except CalamineError as error:
        expected = Text("Excelのブック（.xlsxまたは.xls）", f"an Excel workbook, .xlsx or .xls ({error})")
        raise Refused([Problem(path.name, expected)]) from error
    return [
        Grid(path.name, tuple(tuple(map(_text, row)) for row in rows), name, number)
        for number, (name, rows) in enumerate(values.items(), start=1)
    ]


def _text(value: Any) -> str:
    """A cell's value as its text. Workbooks keep every number as a float: 12.0 stands for the whole number 12."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def of_rows(file: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Grid:
    """Lists taken from JSON, below a header of our own: list n is row n + 2."""
    return Grid(file, (tuple(header), *(tuple(map(str, row)) for row in rows)))


def read_json(path: Path) -> Any:
    """The content of a JSON file; Refused if it is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise Refused([Problem(path.name, Text("UTF-8のJSON", f"JSON in UTF-8 ({error})"))]) from error


def squeezed(text: str) -> str:
    """The text without the spaces and widths that print layouts are padded with.

    >>> squeezed("  ０   ～  ４ 歳"), squeezed("総　　数")
    ('0~4歳', '総数')
    """
    return "".join(folded(text).split())


def parsed(file: str, text: str, parse: Callable[[str], T]) -> T:
    """A text of the file as a whole, such as its title; BadCell names the file when `parse` raises Unexpected."""
    try:
        return parse(text)
    except Unexpected as error:
        raise BadCell(Problem(file, error.expected, text)) from error


def refusing(items: Iterable[T]) -> list[T]:
    """All of the items; Refused in place of the BadCell that stops them."""
    try:
        return list(items)
    except BadCell as error:
        raise Refused([error.problem]) from error
