"""Tables of ages laid out for print: two blocks side by side, subtotals of five years between single years.

横浜市「年齢（各歳・５歳階級）別・男女別人口」: a sheet for the city and each ward. One block has the ages up to 54, the
other those above and age not stated; below 【再掲】 stand groups, shares and means that follow from the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from loaders.errors import Problem, Refused, Text
from loaders.layouts.codes import SEXES, age
from loaders.layouts.grid import Grid, squeezed
from loaders.layouts.spread import Figure, Key, Spread, figures

AGE = "年齢(歳)"
REPEATED = "【再掲】"
BLOCK = Spread(
    keys={AGE: Key("age", age)},
    figures={column: {"sex": code} for column, code in SEXES.items()},
    skips=lambda cells: not any(cells),
    ends=lambda cells: any(squeezed(cell) == REPEATED for cell in cells),
)
WIDTH = 1 + len(SEXES)


@dataclass(frozen=True)
class AgeSheet:
    """One area at one date. `figures` are all ages, the single years and age not stated, without the groups."""

    area: str
    date: str
    figures: tuple[Figure, ...]


def read(grid: Grid) -> AgeSheet:
    """The figures of a sheet; Refused when it is laid out in another way or a group is not the sum of its years."""
    found = [figure for left in _lefts(grid) for figure in figures(grid.only(left, left + WIDTH - 1), BLOCK)]
    groups = [figure for figure in found if "T" in figure.codes["age"].removeprefix("TOTAL") and not _is_open(figure)]
    single = [figure for figure in found if figure not in groups]
    _check_groups(grid, groups, single)
    return AgeSheet(_area(grid), _only(grid, "現在"), tuple(single))


def _lefts(grid: Grid) -> list[int]:
    """The first column of each block."""
    for cells in grid.rows:
        lefts = [column for column, cell in enumerate(cells, start=1) if squeezed(cell) == AGE]
        if lefts:
            return lefts
    return [1]


def _is_open(figure: Figure) -> bool:
    return figure.codes["age"].endswith("T")


def _check_groups(grid: Grid, groups: Sequence[Figure], single: Sequence[Figure]) -> None:
    values = {(figure.codes["age"], figure.codes["sex"]): int(figure.text) for figure in single}
    problems = []
    for group in groups:
        first, last = (int(part) for part in group.codes["age"].removeprefix("Y").split("T"))
        found = sum(values[f"Y{years}", group.codes["sex"]] for years in range(first, last + 1))
        if found != int(group.text):
            expected = Text(f"各歳の合計 {found}", f"{found}, the sum of the single years")
            problems.append(grid.problem(group.row, group.column, expected))
    if problems:
        raise Refused(problems)


def _area(grid: Grid) -> str:
    """The area that the sheet is named for; its name also stands in the title or beside it."""
    area = grid.sheet.lstrip("0123456789")
    if not any(squeezed(cell).endswith(area) for cells in grid.rows[:4] for cell in cells):
        expected = Text(f"シート名と同じ「{area}」の見出し", f"a title for “{area}”, as the sheet is named")
        raise Refused([Problem(grid.name, expected, row=1)])
    return area


def _only(grid: Grid, end: str) -> str:
    """The one cell above the header that ends so."""
    cells = [cell for row in grid.rows[:6] for cell in row if cell.endswith(end)]
    if len(cells) != 1:
        expected = Text(f"「{end}」で終わる日付のセル1つ", f"one cell with a date that ends in {end}")
        raise Refused([Problem(grid.name, expected, "; ".join(cells), row=1)])
    return cells[0]
