"""A thousand random figures of the release are found again in the cells of the publishers' files that they name."""

import csv
import json
import random
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from loaders.datasets.disaster_shelters import HEADER, TYPE, TYPES

SAMPLE = 1_000
Row = Mapping[str, Any]


@pytest.fixture(scope="module")
def cubes(releases: Path) -> list[dict[str, Any]]:
    about = json.loads((releases / "current" / "release.json").read_text(encoding="utf-8"))
    return list(about["cubes"])


def test_a_thousand_random_figures_are_found_in_their_source_cells(
    releases: Path, cubes: list[dict[str, Any]], shared_data: Path
) -> None:
    seed = random.randrange(2**32)
    print(f"random seed {seed}")
    random.seed(seed)
    share = {cube["id"]: max(20, SAMPLE * cube["rows"] // sum(each["rows"] for each in cubes)) for cube in cubes}
    wrong = []
    checked = 0
    for cube in cubes:
        for row in sample(releases / "current" / cube["parquet"], share[cube["id"]]):
            checked += 1
            measure = next(each["name"] for each in cube["components"] if each["kind"] == "measure")
            if not agrees(cube["id"], row, row[measure], shared_data):
                wrong.append((row["observation"], row[measure], row["wasDerivedFrom"]))
    assert checked >= SAMPLE
    assert not wrong, f"seed {seed}: {wrong[:5]}"


def test_the_comparison_can_fail(releases: Path, cubes: list[dict[str, Any]], shared_data: Path) -> None:
    cube = next(each for each in cubes if each["id"] == "population-town-age")
    row = sample(releases / "current" / cube["parquet"], 1)[0]
    assert not agrees(cube["id"], row, 987_654_321, shared_data)


def sample(parquet: Path, size: int) -> list[Row]:
    """Some rows of the file, the same for the same seed."""
    seed = random.randrange(2**31)
    with duckdb.connect(config={"threads": 1}) as db:
        found = db.execute(
            f"FROM read_parquet(?) USING SAMPLE reservoir({size} ROWS) REPEATABLE ({seed})", [str(parquet)]
        )
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, cells, strict=True)) for cells in found.fetchall()]


def agrees(cube: str, row: Row, figure: object, shared: Path) -> bool:
    """Whether the cell that the row names holds the figure, or a marker where there is none."""
    address, _, place = row["wasDerivedFrom"].partition("#")
    name = unquote(address.rsplit("/", 1)[1])
    if cube == "facility-count":
        return counted(shared, name, row) == figure
    read = next(read for pattern, read in PLACES.items() if re.fullmatch(pattern, place))
    cell = read(shared, name, place)
    return cell.strip(" 　") == "X" if figure is None else holds(cell, str(figure), exact=not place.startswith("line"))


def holds(cell: str, figure: str, *, exact: bool) -> bool:
    numbers = [text.replace(",", "") for text in re.findall(r"[0-9][0-9,]*(?:\.[0-9]+)?", cell)]
    if exact:
        return [float(number) for number in numbers] == [float(figure)]
    return float(figure) in {value for number in numbers for value in (float(number), float(number) * 10_000)}


def counted(shared: Path, name: str, row: Row) -> int:
    """Facilities of the row's area and type, counted anew."""
    ward, type_ = HEADER.index("Ward"), HEADER.index(TYPE)
    names = {code: published for published, (code, _prefix) in TYPES.items()}
    facilities = table(source(shared, name))[1:]
    return sum(
        cells[type_] == names[row["facilityType_code"]] and row["refArea_ja"] in {"横浜市", cells[ward]}
        for cells in facilities
    )


def csv_cell(shared: Path, name: str, place: str) -> str:
    row, column = map(int, place.removeprefix("cell=").split(","))
    return table(source(shared, name))[row - 1][column - 1]


def sheet_cell(shared: Path, name: str, place: str) -> str:
    sheet, row, column = map(int, re.findall("[0-9]+", place))
    return str(sheets(source(shared, name))[sheet - 1][row - 1][column - 1])


def json_value(shared: Path, name: str, place: str) -> str:
    value = content(source(shared, name))
    for token in unquote(place).split("/")[1:]:
        value = value[int(token)] if isinstance(value, list) else value[token]
    return str(value)


def text_line(shared: Path, name: str, place: str) -> str:
    return source(shared.parent / "seeds", name).read_text(encoding="utf-8").split("\n")[int(place.split(",")[1]) - 1]


PLACES: dict[str, Callable[[Path, str, str], str]] = {
    "cell=[0-9]+,[0-9]+": csv_cell,
    "sheet=[0-9]+&cell=[0-9]+,[0-9]+": sheet_cell,
    "/.+": json_value,
    "line=[0-9]+,[0-9]+": text_line,
}


@cache
def source(folder: Path, name: str) -> Path:
    return next(folder.rglob(name))


@cache
def table(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


@cache
def sheets(path: Path) -> list[list[list[Any]]]:
    workbook = CalamineWorkbook.from_path(path)
    return [workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names]


@cache
def content(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
