"""Tables of ages laid out for print: two blocks side by side, subtotals of five years between single years.

横浜市「年齢（各歳・５歳階級）別・男女別人口」: a sheet for the city and each ward. One block has the ages up to 54, the
other those above and age not stated; below 【再掲】 stand groups, shares and means that follow from the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from loaders.dates import era_day
from loaders.errors import Problem, Refused, Text
from loaders.layouts.codes import SEXES, age
from loaders.layouts.grid import Grid, squeezed
from loaders.layouts.spread import Figure, Key, Spread, figures
from loaders.text import count

AGE = "年齢(歳)"
REPEATED = "【再掲】"
TITLE_ROWS = 5
BLOCK = Spread(
    keys={AGE: Key("age", age)},
    figures={column: {"sex": code} for column, code in SEXES.items()},
    skips=lambda cells: not any(cells),
    ends=lambda cells: any(squeezed(cell) == REPEATED for cell in cells),
)
WIDTH = 1 + len(SEXES)


@dataclass(frozen=True)
class AgeSheet:
    """One area on one day. `figures` are all ages, the single years and age not stated, without the groups."""

    area: str
    day: date
    figures: tuple[Figure, ...]


def read(grid: Grid) -> AgeSheet:
    """The figures of a sheet; Refused when it is laid out in another way or a group is not the sum of its years."""
    found = [figure for left in _lefts(grid) for figure in figures(grid.only(left, left + WIDTH - 1), BLOCK)]
    groups = [figure for figure in found if "T" in figure.codes["age"].removeprefix("TOTAL") and not _is_open(figure)]
    single = [figure for figure in found if figure not in groups]
    _check_groups(grid, groups, single)
    return AgeSheet(_area(grid), _day(grid), tuple(single))


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
    values = {(figure.codes["age"], figure.codes["sex"]): figure.read(grid.name, count) for figure in single}
    problems = []
    for group in groups:
        first, last = (int(part) for part in group.codes["age"].removeprefix("Y").split("T"))
        found = sum(values[f"Y{years}", group.codes["sex"]] for years in range(first, last + 1))
        if found != group.read(grid.name, count):
            expected = Text(f"各歳の合計 {found}", f"{found}, the sum of the single years")
            problems.append(grid.problem(group.row, group.column, expected))
    if problems:
        raise Refused(problems)


def _area(grid: Grid) -> str:
    """The area that the sheet is named for; its name also stands in the title or beside it."""
    area = grid.sheet.lstrip("0123456789")
    if not any(squeezed(cell).endswith(area) for cells in grid.rows[:TITLE_ROWS] for cell in cells):
        expected = Text(f"シート名と同じ「{area}」の見出し", f"a title for “{area}”, as the sheet is named")
        raise Refused([Problem(grid.name, expected, row=1)])
    return area


def _day(grid: Grid) -> date:
    """The day in the one cell above the header that ends in 現在."""
    places = [
        (row, column)
        for row, cells in enumerate(grid.rows[:TITLE_ROWS], start=1)
        for column, cell in enumerate(cells, start=1)
        if cell.endswith("現在")
    ]
    if len(places) != 1:
        expected = Text("「現在」で終わる日付のセル1つ", "one cell with a date that ends in 現在")
        raise Refused([Problem(grid.name, expected, str(len(places)), row=1)])
    return grid.read(*places[0], era_day)
