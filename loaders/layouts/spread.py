"""Tables whose columns are spread over a dimension: a header row, keys that tell what a row is about, and figures.

One declaration reads one kind of table, whichever city publishes it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from loaders.errors import Problem, Refused, Unexpected
from loaders.layouts.grid import Grid, letters, squeezed
from loaders.table import BadCell, other_header

T = TypeVar("T")
Codes = Mapping[str, str]


@dataclass(frozen=True)
class Key:
    """A column that says what its rows are about: the dimension and how its code is read from the cell."""

    dimension: str
    parse: Callable[[str], str]


@dataclass(frozen=True)
class Spread:
    """`keys` and `figures` name columns by their header cells; spaces and widths of print make no difference.

    `figures` gives the codes that a figure has by its column. `left_out` are columns that are known and not read: a
    column that is nowhere named stops the load. Rows end at the first one for which `ends` holds, and those for which
    `skips` holds (notes, subtotals) are passed over.
    """

    keys: Mapping[str, Key]
    figures: Mapping[str, Codes]
    left_out: tuple[str, ...] = ()
    skips: Callable[[tuple[str, ...]], bool] = field(default=lambda cells: not any(cells))
    ends: Callable[[tuple[str, ...]], bool] = field(default=lambda _cells: False)


@dataclass(frozen=True)
class Figure:
    """One figure as published, what it is about, and where it stands."""

    codes: Codes
    text: str
    row: int
    column: int

    def read(self, file: str, parse: Callable[[str], T]) -> T:
        """The parsed figure; BadCell names its place in the file when `parse` raises Unexpected."""
        try:
            return parse(self.text)
        except Unexpected as error:
            problem = Problem(file, error.expected, self.text, self.row, letters(self.column))
            raise BadCell(problem) from error


def figures(grid: Grid, spread: Spread) -> Iterator[Figure]:
    """The figures of a grid, row by row; Refused when the header is another, BadCell when a key cannot be read."""
    top, columns = header(grid, spread)
    for row in range(top + 1, len(grid.rows) + 1):
        cells = grid.rows[row - 1]
        if spread.ends(cells):
            return
        if not spread.skips(cells):
            yield from _row(grid, spread, columns, row)


def by_row(found: Iterable[Figure]) -> Iterator[list[Figure]]:
    """The figures of each row together, in the order in which they were read."""
    for _, row in groupby(found, key=lambda each: each.row):
        yield list(row)


def side_by_side(
    found: Sequence[Figure], dimension: str, file: str, parse: Callable[[str], object]
) -> dict[str, object]:
    """The figures of a row as cells of a tidy table that is spread along a dimension, each under its code.

    With them goes where the first of them stands.
    """
    cells = {each.codes[dimension]: each.read(file, parse) for each in found}
    return {"row": found[0].row, "column": found[0].column, **cells}


def _row(grid: Grid, spread: Spread, columns: Mapping[str, int], row: int) -> Iterator[Figure]:
    keys = {key.dimension: grid.read(row, columns[name], key.parse) for name, key in spread.keys.items()}
    for name, codes in spread.figures.items():
        column = columns[name]
        yield Figure({**keys, **codes}, grid.cell(row, column).strip(), row, column)


def header(grid: Grid, spread: Spread) -> tuple[int, dict[str, int]]:
    """The row of the header and the column of each key and figure; Refused with both headers if there is none."""
    wanted = {name: squeezed(name) for name in (*spread.keys, *spread.figures)}
    known = {*wanted.values(), *map(squeezed, spread.left_out)}
    for row, cells in enumerate(grid.rows, start=1):
        columns = {squeezed(cell): column for column, cell in reversed(list(enumerate(cells, start=1))) if cell}
        if columns.keys() >= set(wanted.values()):
            if not columns.keys() <= known:
                raise Refused([_other_header(grid, spread, row)])
            return row, {name: columns[cell] for name, cell in wanted.items()}
    raise Refused([_other_header(grid, spread, _likeliest(grid, known))])


def _likeliest(grid: Grid, known: set[str]) -> int:
    """The row that has most of the known cells: the one that people would call the header."""
    alike = [sum(squeezed(cell) in known for cell in cells if cell) for cells in grid.rows] or [0]
    return alike.index(max(alike)) + 1


def _other_header(grid: Grid, spread: Spread, row: int) -> Problem:
    expected = [squeezed(name) for name in (*spread.keys, *spread.figures)]
    found = [squeezed(cell) for cell in grid.rows[row - 1]] if grid.rows else []
    return other_header(grid.name, found, expected, row, [squeezed(name) for name in spread.left_out])
