"""横浜市「町丁別の年齢（各歳）別・男女別人口」: a file for each ward, a row for each town and sex.

A column for each age. The first two rows are the ward. Rows that begin with # are parts of the town in the row above
("うち数"). The last row may be a note. Older editions end at 100 years and over, newer ones at 120.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loaders.errors import Text, Unexpected
from loaders.layouts.codes import sex
from loaders.layouts.grid import Grid, of_table
from loaders.layouts.spread import Figure, Key, Spread, by_row, figures
from loaders.table import BadCell, read_csv, read_header
from loaders.text import katakana, required
from loaders.towns import town_name

TOWN, KANA, SEX, TOTAL = "町名", "フリガナ", "性別", "総数"
# The oldest age of an edition, given as "and over".
EDITIONS = (120, 100)
_PART = re.compile(r"\s*#\s*(.+)")
_NOTE = "#はうち数"


def columns(last: int) -> dict[str, str]:
    """The columns of figures of an edition → the notation of their age."""
    return {TOTAL: "TOTAL", **{f"{years}歳": f"Y{years}" for years in range(last)}, f"{last}歳以上": f"Y{last}T"}


def header(last: int) -> tuple[str, ...]:
    return (TOWN, KANA, SEX, *columns(last))


@dataclass(frozen=True)
class TownRow:
    """A row of figures: of the ward as a whole (`level` "ward"), a town, or a part of the town above it ("part")."""

    level: str
    town: str
    whole: str
    kana: str
    sex: str
    row: int
    figures: tuple[Figure, ...]


def read(path: Path, ward: str) -> Iterator[TownRow]:
    """The rows of a file of the ward; Refused when its header is of no edition, BadCell for a row out of place."""
    found = read_header(path)
    last = next((last for last in EDITIONS if len(header(last)) == len(found)), EDITIONS[0])
    grid = of_table(read_csv(path, header(last)))
    whole = ""
    for cells in by_row(figures(grid, _spread(last))):
        row = _town_row(grid, ward, whole, cells[0].row, cells)
        whole = row.town if row.level == "town" else row.whole
        yield row


def _spread(last: int) -> Spread:
    keys = {
        TOWN: Key("town", required),
        KANA: Key("kana", lambda text: katakana(text.replace("_", " "))),
        SEX: Key("sex", sex),
    }
    spread = {column: {"age": age} for column, age in columns(last).items()}
    return Spread(keys, spread, skips=lambda cells: cells[0].startswith(_NOTE))


def _town_row(grid: Grid, ward: str, whole: str, row: int, cells: list[Figure]) -> TownRow:
    about = cells[0].codes
    part = _PART.fullmatch(grid.cell(row, 1))
    if part:
        town = grid.read(row, 1, lambda _: _within(part[1], whole))
        return TownRow("part", town, whole, about["kana"], about["sex"], row, tuple(cells))
    if about["town"] == f"{ward}合計":
        return TownRow("ward", ward, "", about["kana"], about["sex"], row, tuple(cells))
    if about["town"].endswith("合計"):
        expected = Text(f"「{ward}合計」", f"“{ward}合計”, the total of the ward of this file")
        raise BadCell(grid.problem(row, 1, expected))
    return TownRow("town", town_name(about["town"]), "", about["kana"], about["sex"], row, tuple(cells))


def _within(text: str, whole: str) -> str:
    town = town_name(text)
    if not whole or not town.startswith(whole):
        raise Unexpected(f"上の行の町「{whole}」の一部", f"a part of “{whole}”, the town in the row above")
    return town
