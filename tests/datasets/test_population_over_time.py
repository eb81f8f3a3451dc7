"""Figures over time: eras, two dates in one year, wards that did not exist yet, breaks, people of unknown age."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from loaders.dataset import Tables
from loaders.datasets import population_city_age as by_age
from loaders.datasets import population_ward_age as ward_age
from loaders.datasets import population_ward_history as history
from loaders.datasets import population_ward_month as month
from loaders.errors import Refused, Unexpected
from loaders.table import Row, read_csv

Read = Callable[..., Tables]


def rows(tables: Tables, name: str) -> list[Row]:
    return list(tables[name])


# --- monthly estimates ------------------------------------------------------------------------


@pytest.fixture
def months(shared_data: Path, tidy: Read) -> Tables:
    files = sorted((shared_data / "yokohama-stats").glob("e1yokohama*.csv"))
    return tidy(month.SOURCE, *files)


def test_dates_of_both_spellings_are_months(months: Tables) -> None:
    found = rows(months, month.POPULATION_CUBE.table)
    assert sorted({row["refPeriod"] for row in found}) == ["2024-01", "2025-09", "2025-10", "2026-08"]


def test_the_rebasing_is_a_break_in_both_series(months: Tables) -> None:
    for cube in (month.POPULATION_CUBE, month.HOUSEHOLDS_CUBE):
        status = {(row["refPeriod"], row["obsStatus"]) for row in rows(months, cube.table)}
        assert status == {("2024-01", "P"), ("2025-09", "P"), ("2025-10", "B"), ("2026-08", "P")}
    total = {row["refPeriod"]: row["population"] for row in rows(months, month.POPULATION_CUBE.table) if is_city(row)}
    assert (total["2025-09"], total["2025-10"]) == ("3772320", "3754840")


def is_city(row: Row) -> bool:
    return row["refArea"] == "141003" and row["sex"] == "T"


def test_areas_and_ratios_of_the_monthly_file_are_not_figures_of_people(months: Tables) -> None:
    assert {int(row["column"]) for row in rows(months, month.POPULATION_CUBE.table)} == {6, 7, 8}


def test_changed_header_of_the_monthly_file_stops_with_both_headers(
    shared_data: Path, tmp_path: Path, tidy: Read
) -> None:
    path = tmp_path / "e1yokohama2608.csv"
    text = (shared_data / "yokohama-stats" / "e1yokohama2608.csv").read_text(encoding="utf-8-sig")
    path.write_text(text.replace("人口総数［人］", "総人口［人］"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        tidy(month.SOURCE, path)
    sentence = refused.value.problems[0].sentence("ja")
    assert "ない列: 人口総数［人］、知らない列: 総人口［人］" in sentence


# --- wards since 1920 -------------------------------------------------------------------------


@pytest.fixture
def since_1920(shared_data: Path, tidy: Read) -> list[Row]:
    tables = tidy(history.SOURCE, shared_data / "yokohama-stats" / "t020100.csv")
    return rows(tables, history.POPULATION_CUBE.table)


def test_ward_has_no_figure_before_it_existed(since_1920: list[Row]) -> None:
    first = {row["refArea"]: int(row["refPeriod"]) for row in reversed(since_1920)}
    assert (first["141003"], first["141011"], first["141054"]) == (1920, 1930, 1947)
    assert (first["141151"], first["141178"]) == (1990, 1995)
    assert all(int(row["population"]) > 0 for row in since_1920)
    assert "1991" not in {row["refPeriod"] for row in since_1920}, "a year that the source leaves out is not made up"


def test_one_name_over_different_areas_is_told_apart_by_version(since_1920: list[Row]) -> None:
    totsuka = {row["refPeriod"]: row["refAreaVersion"] for row in since_1920 if row["refArea"] == "141101"}
    assert (totsuka["1965"], totsuka["1980"], totsuka["1990"]) == ("1939-04-01", "1969-10-01", "1986-11-03")


# --- the city by age --------------------------------------------------------------------------


@pytest.fixture
def ayumi(shared_data: Path, tidy: Read) -> list[Row]:
    return rows(tidy(by_age.SOURCE, shared_data / "yokohama-stats" / "ayumi.csv"), by_age.CUBE.table)


def test_census_and_estimate_of_one_year_have_their_own_dates(ayumi: list[Row]) -> None:
    dates = Counter(row["refPeriod"][:4] for row in ayumi if row["sex"] == "T")
    assert [year for year, count in dates.items() if count == 2] == ["1980", "1985", "1990"]
    of_1980 = {row["refPeriod"]: row["populationBasis"] for row in ayumi if row["refPeriod"].startswith("1980")}
    assert of_1980 == {"1980-01": "estimate", "1980-10": "census"}
    assert by_age.dated("昭和64年")[0].isoformat() == "1989-01-01"


def test_census_totals_are_those_of_the_table_of_censuses(ayumi: list[Row], since_1920: list[Row]) -> None:
    censuses = {
        row["refPeriod"]: row["population"]
        for row in since_1920
        if row["refArea"] == "141003" and row["populationBasis"] == "census"
    }
    found = {
        row["refPeriod"][:4]: row["TOTAL"] for row in ayumi if row["populationBasis"] == "census" and row["sex"] == "T"
    }
    assert len(found) == 14
    assert {year: censuses[year] for year in found} == found


def test_people_of_unknown_age_are_not_made_up(ayumi: list[Row]) -> None:
    ages = [age for age in by_age.CUBE.header if age.startswith("Y")]
    unknown = {
        row["refPeriod"]: int(row["TOTAL"]) - sum(int(row[age]) for age in ages) for row in ayumi if row["sex"] == "T"
    }
    assert (unknown["1920-10"], unknown["1950-10"], unknown["1955-10"]) == (0, 62, 25)
    assert (unknown["1976-01"], unknown["1990-10"]) == (1_876, 17_136)
    assert "UNKNOWN" not in by_age.CUBE.header


@pytest.mark.parametrize("label", ["昭和65年", "昭和", "1980年", "昭和55年住民基本台帳"])
def test_label_that_is_no_year_is_refused(label: str) -> None:
    with pytest.raises(Unexpected):
        by_age.dated(label)


def test_changed_header_of_the_ages_stops_with_both_headers(shared_data: Path, tmp_path: Path, tidy: Read) -> None:
    path = tmp_path / "ayumi.csv"
    text = (shared_data / "yokohama-stats" / "ayumi.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("100歳以上", "100+"), encoding="utf-8")
    with pytest.raises(Refused, match="1 problem") as refused:
        tidy(by_age.SOURCE, path)
    assert "unknown: 100+" in refused.value.problems[0].sentence("en")


# --- wards by age -----------------------------------------------------------------------------


def test_embedded_ages_by_ward_are_what_the_workbooks_give(shared_data: Path, tidy: Read) -> None:
    files = sorted((shared_data / "yokohama-stats" / "age-by-ward").glob("*.xlsx"))
    embedded = read_csv(ward_age.SOURCE.folder / ward_age.CUBE.table, ward_age.CUBE.header)
    assert tidy(ward_age.SOURCE, *files)[ward_age.CUBE.table].rows == embedded.rows


def test_workbook_without_a_ward_is_refused(shared_data: Path, tidy: Read) -> None:
    with pytest.raises(Refused) as refused:
        tidy(ward_age.SOURCE, shared_data / "other-city-facilities" / "takamatsu" / "aed.xlsx")
    assert "19 sheets" in refused.value.problems[0].sentence("en")
