"""Bytes → rows that remember where they came from. No meaning is given to any cell here."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

from loaders.errors import Problem, Refused, Text, Unexpected

T = TypeVar("T")

# Japanese public files come in these; CP932 is what spreadsheets call Shift_JIS. Order matters: almost any
# bytes are some CP932 text, but hardly any CP932 text is valid UTF-8.
ENCODINGS = ("utf-8-sig", "cp932")
# Beyond so many columns a message names only the first and the last.
MOST_NAMED = 12


@dataclass(frozen=True)
class Table:
    """The cells of one file. `rows[i]` is the file's row i + `first`: a header is row 1 (RFC 7111)."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: int = 2

    def __iter__(self) -> "RowIterator":
        return RowIterator(self)


class BadCell(Exception):
    """A cell that cannot be read; carries the Problem with its place."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence("en"))
        self.problem = problem


@dataclass(frozen=True)
class Row:
    """One row: cells by column name."""

    table: Table
    number: int
    cells: tuple[str, ...]

    def __getitem__(self, column: str) -> str:
        return self.cells[self.table.header.index(column)]

    def read(self, column: str, parse: Callable[[str], T]) -> T:
        """The parsed cell; BadCell names file, row and column when `parse` raises Unexpected."""
        try:
            return parse(self[column])
        except Unexpected as error:
            raise BadCell(self.problem(column, error.expected)) from error

    def problem(self, column: str | None, expected: Text) -> Problem:
        found = self[column] if column else ""
        return Problem(self.table.file, expected, found, self.number, column)


class RowIterator:
    def __init__(self, table: Table) -> None:
        self._rows = enumerate(table.rows, start=table.first)
        self._table = table

    def __iter__(self) -> "RowIterator":
        return self

    def __next__(self) -> Row:
        number, cells = next(self._rows)
        return Row(self._table, number, cells)


def read_csv(path: Path, expected_header: Sequence[str]) -> Table:
    """The CSV at `path`, which must have exactly this header.

    Raises Refused when the file is empty, in no known encoding, has another header, or is cut off.
    """
    return parse_csv(path.name, path.read_bytes(), expected_header)


def parse_csv(name: str, content: bytes, expected_header: Sequence[str]) -> Table:
    rows = _cells(name, content)
    header = tuple(cell.strip() for cell in rows[0])
    if header != tuple(expected_header):
        raise Refused([other_header(name, header, tuple(expected_header))])
    _complete(name, header, rows)
    return Table(name, header, tuple(tuple(cells) for cells in rows[1:]))


def read_titled_csv(path: Path, title: str, expected_header: Sequence[str]) -> Table:
    """The CSV at `path` with a row above its header that contains `title` in its first cell."""
    name = path.name
    rows = _cells(name, path.read_bytes())
    if title not in rows[0][0]:
        raise Refused(
            [Problem(name, Text(f"「{title}」を含む表題", f"a title that contains “{title}”"), rows[0][0], row=1)]
        )
    header = tuple(cell.strip() for cell in rows[1]) if len(rows) > 1 else ()
    if header != tuple(expected_header):
        raise Refused([other_header(name, header, tuple(expected_header), row=2)])
    _complete(name, header, rows)
    return Table(name, header, tuple(tuple(cells) for cells in rows[2:]), first=3)


def read_header(path: Path) -> tuple[str, ...]:
    """The first row of the file, to find out which layout it has."""
    return tuple(cell.strip() for cell in _cells(path.name, path.read_bytes())[0])


def write_csv(path: Path, table: Table) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.header)
        writer.writerows(table.rows)


def _cells(name: str, content: bytes) -> list[list[str]]:
    text = _decoded(name, content)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        expected = Text("正しいCSV（途中で切れていないファイル）", f"well-formed CSV ({error})")
        raise Refused([Problem(name, expected)]) from error
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise Refused(
            [Problem(name, Text("空でないファイル（見出し行とデータ）", "a header row and data, not an empty file"))]
        )
    return rows


def _decoded(name: str, content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused([Problem(name, Text("UTF-8またはShift_JIS(CP932)の文字", "text in UTF-8 or CP932"))])


def other_header(
    name: str, found: Sequence[str], expected: Sequence[str], row: int = 1, also: Sequence[str] = ()
) -> Problem:
    """The problem of a file whose header is not the expected one: both headers, and how they differ. `also` are the
    columns that may be there."""
    missing = [column for column in expected if column not in found]
    unknown = [column for column in found if column and column not in {*expected, *also}]
    differences = [
        Text(f"{ja}: {_shortened(columns)}", f"{en}: {_shortened(columns)}")
        for ja, en, columns in (("ない列", "missing", missing), ("知らない列", "unknown", unknown))
        if columns
    ] or [_parting(expected, found)]
    expectation = Text(
        f"見出しが「{_shortened(expected)}」（{'、'.join(each.ja for each in differences)}）",
        f"the header “{_shortened(expected)}” ({'; '.join(each.en for each in differences)})",
    )
    return Problem(name, expectation, _shortened(found), row=row)


def _parting(expected: Sequence[str], found: Sequence[str]) -> Text:
    """Where two headers with the same columns begin to differ in their order or number."""
    pairs = zip_longest(expected, found, fillvalue="")
    place, wanted, there = next((at, *pair) for at, pair in enumerate(pairs, start=1) if pair[0] != pair[1])
    return Text(f"{place}列目が「{wanted}」でなく「{there}」", f"column {place} is “{there}” instead of “{wanted}”")


def _shortened(columns: Sequence[str]) -> str:
    """The names of columns; of very many the first and the last.

    >>> _shortened(["町名", "総数"]), _shortened([f"{age}歳" for age in range(101)])
    ('町名, 総数', '0歳, 1歳, 2歳, 3歳, 4歳, 5歳, …, 99歳, 100歳 (101)')
    """
    if len(columns) <= MOST_NAMED:
        return ", ".join(columns)
    return f"{', '.join(columns[:6])}, …, {', '.join(columns[-2:])} ({len(columns)})"


def _complete(name: str, header: tuple[str, ...], rows: list[list[str]]) -> None:
    """A row with another number of cells means a file that was cut off or edited by hand."""
    expected = Text(f"{len(header)}個のセル", f"{len(header)} cells")
    problems = [
        Problem(name, expected, f"{len(cells)}: {','.join(cells)}", row=number)
        for number, cells in enumerate(rows, start=1)
        if len(cells) != len(header)
    ]
    if len(rows) == 1:
        problems.append(Problem(name, Text("1行以上のデータ", "at least one row of data"), row=2))
    if problems:
        raise Refused(problems)


def read_rows(tables: Sequence[Table], read: Callable[[Row], Iterable[T]]) -> list[T]:
    """What `read` makes of every row; Refused with every bad cell there is, so that all can be mended at once."""
    found: list[T] = []
    problems: list[Problem] = []
    for table in tables:
        for row in table:
            try:
                found += read(row)
            except BadCell as error:
                problems.append(error.problem)
    if problems:
        raise Refused(problems)
    return found
