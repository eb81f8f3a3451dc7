"""横浜市将来人口推計: one area and one year a file, as JSON, with a row for each single year of age.

Two editions lie under the same pattern of file names and are told apart by their shape: that of 2023 is an object, that
of 2017 a list whose first items are a title.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loaders.dates import ERAS
from loaders.errors import Problem, Refused, Text, Unexpected
from loaders.layouts.codes import SEXES, age_up_to
from loaders.layouts.grid import Grid, of_rows, parsed, read_json
from loaders.layouts.spread import Figure, Key, Spread, figures
from loaders.text import folded

AGE, TITLE = "年齢", "将来推計人口"
KEYS = ("last_modified", "kijunbi", "shiku", "source_url", "kakusai_betsu")
EDITIONS = ("2023", "2017")


@dataclass(frozen=True)
class Projection:
    """The figures of one area and year."""

    edition: str
    area: str
    year: int
    figures: tuple[Figure, ...]


def read(path: Path) -> Projection:
    """The projection in a file of either edition; Refused when it has neither shape."""
    content = read_json(path)
    if isinstance(content, dict) and tuple(content) == KEYS and _are_rows(content["kakusai_betsu"]):
        return _projection(path, "2023", content["shiku"], content["kijunbi"], content["kakusai_betsu"], 0)
    if isinstance(content, list) and _are_rows(content[4:]) and str(content[1]).endswith(TITLE):
        return _projection(path, "2017", content[1], content[2], content, 4)
    found = list(content) if isinstance(content, dict) else content
    expected = Text(
        f"項目 {', '.join(KEYS)}（令和5年推計）、または表題・年・出典・各歳の並び（平成29年推計）",
        f"the members {', '.join(KEYS)} (edition of 2023), or a list of title, year, source and rows (edition of 2017)",
    )
    raise Refused([Problem(path.name, expected, str(found)[:100])])


def _are_rows(rows: Any) -> bool:
    """Whether it is a list of rows, each an age and a figure for each of three sexes, as text."""
    return bool(rows) and all(
        isinstance(row, list) and len(row) == 1 + len(SEXES) and all(isinstance(cell, str) for cell in row)
        for row in rows
    )


def _projection(path: Path, edition: str, title: str, year: str, rows: list[Any], start: int) -> Projection:
    last = 105 if rows[-1][0].startswith("105") else 100
    spread = Spread(
        keys={AGE: Key("age", age_up_to(last))}, figures={name: {"sex": code} for name, code in SEXES.items()}
    )
    grid = of_rows(path.name, (AGE, *SEXES), rows[start:])
    at = parsed(path.name, year, projected_year)
    return Projection(edition, title.removesuffix(TITLE), at, _shifted(grid, spread, start))


def _shifted(grid: Grid, spread: Spread, start: int) -> tuple[Figure, ...]:
    """The figures with the indexes of their row in the file's list and of their cell in it, as JSON Pointer counts."""
    return tuple(Figure(each.codes, each.text, each.row - 2 + start, each.column - 1) for each in figures(grid, spread))


def projected_year(text: str) -> int:
    """The Gregorian year of `令和12年`, `令和22(2040)年` or `平成37(2025)年`, which was written before the era ended.

    >>> projected_year("令和12年"), projected_year("平成37(2025)年")
    (2030, 2025)
    """
    match = re.fullmatch(r"(\D\D)([0-9]+)(?:\(([0-9]{4})\))?年", folded(text))
    era = next((era for era in ERAS if match and era.name == match[1]), None)
    if match is None or era is None or (match[3] and int(match[3]) != era.first.year + int(match[2]) - 1):
        raise Unexpected("元号の年と同じ西暦年（例: 令和22(2040)年）", "an era year and the same Gregorian year")
    return era.first.year + int(match[2]) - 1
