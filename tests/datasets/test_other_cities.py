"""The next city's tables are read by the same code, with a few lines that declare their columns."""

from collections import Counter
from pathlib import Path

import pytest

from loaders.dates import calendar_date, gregorian_year
from loaders.errors import Refused
from loaders.layouts.grid import Grid, of_workbook, squeezed
from loaders.layouts.spread import Figure, Key, Spread, figures
from loaders.text import required

GROUPS = [f"Y{first}T{first + 4}" for first in range(0, 85, 5)] + ["Y85T"]

TAKAMATSU_AGES = Spread(
    keys={
        "surveyDate": Key("refPeriod", lambda text: str(calendar_date(text))),
        "regionName": Key("refArea", required),
    },
    figures={
        "totalPopulation": {"sex": "T", "age": "TOTAL"},
        "male": {"sex": "M", "age": "TOTAL"},
        "woman": {"sex": "F", "age": "TOTAL"},
        **{f"man{number}": {"sex": "M", "age": age} for number, age in enumerate(GROUPS, start=1)},
        **{f"woman{number}": {"sex": "F", "age": age} for number, age in enumerate(GROUPS, start=1)},
    },
    left_out=("#property", "prefCode", "regionCode", "prefName", "cityName", "numberOfHouseholds", "note", "location"),
)

TAKAMATSU_PROJECTION = Spread(
    keys={"era": Key("refPeriod", lambda text: str(gregorian_year(text)))},
    figures={
        "headCount": {"age": "TOTAL", "variant": "national-institute"},
        "youthPopulation": {"age": "Y0T14", "variant": "national-institute"},
        "middlePopulation": {"age": "Y15T64", "variant": "national-institute"},
        "oldPopulation": {"age": "Y65T", "variant": "national-institute"},
        "headCountTakamatsu": {"age": "TOTAL", "variant": "city"},
        "youthPopulationTakamatsu": {"age": "Y0T14", "variant": "city"},
        "middlePopulationTakamatsu": {"age": "Y15T64", "variant": "city"},
        "oldPopulationTakamatsu": {"age": "Y65T", "variant": "city"},
    },
    left_out=("#property",),
)

KOBE_WARDS = Spread(
    keys={'区別 Ward ("ku")': Key("refArea", squeezed)},
    figures={
        "Households": {"measure": "households"},
        "総数 Total": {"sex": "T"},
        "男 Males": {"sex": "M"},
        "女 Females": {"sex": "F"},
        "対前月 Change from Previous Month": {"measure": "change"},
    },
    left_out=(
        "Area(k㎡)",
        "対前年同月 Change from Previous Year",
        "Population Density per k㎡",
        "Males per 100females",
    ),
    skips=lambda cells: cells[0].startswith("   "),  # parts of the ward in the row above
    ends=lambda cells: not any(cells),
)


KOBE_CHANGES = Spread(
    keys={'区別 Ward ("ku")': Key("refArea", squeezed)},
    figures={"Births": {"measure": "births"}, "Deaths": {"measure": "deaths"}},
    left_out=(
        "Net Change",
        "Natural Change",
        "Net Migration",
        "In-migrants",
        "From areas outside the city",
        "Out-migrants",
        "To areas outside the city",
    ),
    ends=lambda cells: cells[0].startswith("本年累計"),
)


@pytest.fixture(scope="module")
def takamatsu(shared_data: Path) -> Path:
    return shared_data / "other-city-facilities" / "takamatsu"


@pytest.fixture(scope="module")
def kobe(shared_data: Path) -> list[Figure]:
    return list(figures(of_workbook(shared_data / "messy" / "kobe_jinkou2410.xls")[0], KOBE_WARDS))


def test_takamatsu_population_by_town_and_age_is_read(takamatsu: Path) -> None:
    grid = of_workbook(takamatsu / "0066_202602.xlsx")[0]
    found = list(figures(grid, TAKAMATSU_AGES))
    assert len(found) == 235 * 39
    assert found[3] == Figure(
        {"refPeriod": "2026-02-01", "refArea": "塩屋町", "sex": "M", "age": "Y0T4"}, "16", row=2, column=11
    )
    totals = Counter[tuple[str, bool]]()
    for each in found:
        totals[each.codes["sex"], each.codes["age"] == "TOTAL"] += int(each.text)
    assert totals["M", True] == totals["M", False]
    assert totals["F", True] == totals["F", False]
    assert totals["T", True] == totals["M", True] + totals["F", True]


def test_takamatsu_projection_written_as_text_is_read(takamatsu: Path) -> None:
    found = list(figures(of_workbook(takamatsu / "future_population_0068.xlsx")[0], TAKAMATSU_PROJECTION))
    assert len(found) == 11 * 8
    assert found[0] == Figure(
        {"refPeriod": "2015", "age": "TOTAL", "variant": "national-institute"}, "420748", row=2, column=3
    )


def test_kobe_wards_add_up_without_their_parts(kobe: list[Figure]) -> None:
    people = {each.codes["refArea"]: int(each.text) for each in kobe if each.codes.get("sex") == "T"}
    wards = {area: number for area, number in people.items() if area.endswith("区")}
    assert len(wards) == 9
    assert sum(wards.values()) == people["平成24年10月"] == 1_542_128


def test_second_table_of_the_kobe_sheet_is_found_by_its_header(shared_data: Path) -> None:
    found = list(figures(of_workbook(shared_data / "messy" / "kobe_jinkou2410.xls")[0], KOBE_CHANGES))
    births = {each.codes["refArea"]: int(each.text) for each in found if each.codes["measure"] == "births"}
    assert sum(number for area, number in births.items() if area.endswith("区")) == births["平成24年9月"] == 995


def test_kobe_missing_figures_stay_marked(kobe: list[Figure]) -> None:
    changes = {each.codes["refArea"]: each.text for each in kobe if each.codes.get("measure") == "change"}
    assert changes["平成20年a)"] == "…"
    assert changes["平成24年10月"] == "-36"


def test_changed_header_is_refused_with_both_headers(takamatsu: Path) -> None:
    grid = of_workbook(takamatsu / "0066_202602.xlsx")[0]
    header = tuple(cell.replace("man18", "man85plus") for cell in grid.rows[0])
    with pytest.raises(Refused) as refused:
        list(figures(Grid(grid.file, (header, *grid.rows[1:])), TAKAMATSU_AGES))
    sentence = refused.value.problems[0].sentence("en")
    assert "missing: man18, woman18; unknown: man85plus, woman85plus" in sentence
    assert "expected the header “surveyDate, regionName, totalPopulation, male, woman, man1, …, " in sentence
    assert "found “#property, prefCode, regionCode, prefName, cityName, surveyDate, …, note, location (49)”" in sentence
