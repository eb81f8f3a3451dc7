"""What is odd about the publishers' files (../shared/data/PROVENANCE.md), met on the real files.

Oddities that have tests of their own beside their layout or data set are not repeated here.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from loaders.__main__ import main as loaders
from loaders.dataset import Source, Tables
from loaders.datasets import (
    all_data_sets,
    childcare_places,
    disaster_shelters,
    elementary_schools,
    gsi_evacuation,
    one_person_households_town,
    population_town_age,
    population_ward_2014,
    population_ward_history,
)
from loaders.dates import era_year
from loaders.errors import Refused, Unexpected
from loaders.fetch import find
from loaders.layouts.town_ages import header
from loaders.table import Row, read_header

Read = Callable[..., Tables]
SOURCES = list({each.source.id: each.source for each in all_data_sets().values()}.values())
# Files that no data set is made from: the wrong edition, a conversion by others, another city's, or no data at all.
NOT_LOADED = (
    "yokohama-facilities/hoiku_shisetsu_kokodesearch.csv",
    "yokohama-facilities/hoiku_availability_2026-02.csv",
    "yokohama-facilities/ksj_hoikuen.geojson",
    "yokohama-facilities/ksj_ninkagai-hoikuen.geojson",
    "yokohama-facilities/ksj_kodomoen.geojson",
    "other-city-facilities/yaizu/222127_aed.csv",
    "other-city-facilities/yaizu/222127_preschool.csv",
    "other-city-facilities/yaizu/222127_public_toilet.csv",
    "other-city-facilities/yaizu/222127_park_info.csv",
    "other-city-facilities/takamatsu/aed.xlsx",
    "other-city-facilities/takamatsu/cultural_property.xlsx",
    "messy/kobe_jinkou2410.xls",
    "messy/kobe_traffic_22census_w.xls",
    "messy/kobe_tourism_od2810_cp932.csv",
    "messy/kobe_201706okunaihinanjo_cp932.csv",
    "messy/kobe_institution03_20141128_cp932.csv",
    "messy/yaizu_222127_nouen_cp932.csv",
    "messy/yokohama_town_tsurumi1801.csv",
    "messy/yokohama_town_age1009.csv",
    "catalogue/tokyo-package_show/0438ea59-973a-409b-b34a-9790de6b2632.empty.json",
)


@pytest.mark.parametrize("file", NOT_LOADED)
def test_a_file_of_no_known_layout_is_refused_in_words(
    file: str, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert loaders(["check", str(shared_data / file)]) in {1, 2}
    said = "".join(capsys.readouterr())
    assert Path(file).name in said
    assert "Traceback" not in said


def test_a_changed_header_of_another_edition_is_told_with_both(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The edition of 1998 ends at 100 years and over, that of 2021 at 120."""
    assert loaders(["check", str(shared_data / "messy" / "yokohama_town_nishi9809.csv")]) == 1
    said = "".join(capsys.readouterr())
    assert "expected the header “町名, フリガナ, 性別, 総数, 0歳, 1歳, …, 119歳, 120歳以上 (125)”" in said
    assert "missing: 100歳, 101歳, 102歳, 103歳, 104歳, 105歳, …, 119歳, 120歳以上 (21); unknown: 100歳以上" in said
    assert "found “町名, フリガナ, 性別, 総数, 0歳, 1歳, …, 99歳, 100歳以上 (105)”" in said


def test_what_may_be_better_is_told_in_the_language_asked_for(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(shared_data / "yokohama-facilities" / "hinanjo_20260401.csv")
    for language, named in (("ja", "参考: 173 × 施設名に読み"), ("en", "Information: 173 × ")):
        loaders(["check", file, "--language", language, "--quiet"])
        assert named in "".join(capsys.readouterr())


# --- facilities -------------------------------------------------------------------------------


@pytest.fixture
def shelters(shared_data: Path, tidy: Read) -> list[Row]:
    found = tidy(disaster_shelters.SOURCE, shared_data / "yokohama-facilities" / "hinanjo_20260401.csv")
    return list(found[disaster_shelters.TABLE])


def test_facilities_without_a_reading_or_an_id_have_none_made_up(shelters: list[Row]) -> None:
    assert sum(not row["kana"] for row in shelters) == 174
    assert {row["type"] for row in shelters if not row["kana"]} == {"stranded-commuter-shelter"}
    assert all(re.fullmatch(r"141003-[a-z-]+-[0-9]{4}", row["key"]) for row in shelters)


def test_names_and_addresses_stay_as_published(shelters: list[Row]) -> None:
    names, addresses = "".join(row["name"] for row in shelters), "".join(row["address"] for row in shelters)
    assert "\u3000" in names + addresses
    assert all(re.search(f"{digit}丁目", addresses) for digit in ("三", "1", "１"))


def test_the_citys_own_numbers_of_wards_are_not_taken_for_codes(shared_data: Path, shelters: list[Row]) -> None:
    with (shared_data / "yokohama-facilities" / "hinanjo_20260401.csv").open(encoding="utf-8", newline="") as file:
        numbers = {row["Ward"]: row["WardCode"] for row in csv.DictReader(file)}
    assert (numbers["鶴見区"], numbers["瀬谷区"]) == ("01", "18")
    assert {row["ward"] for row in shelters if "瀬谷区" in row["address"]} == {"141143"}


def test_wards_written_with_a_compatibility_ideograph_are_found(shared_data: Path, tidy: Read) -> None:
    path = shared_data / "yokohama-facilities" / "gsi_yokohama_evacuation.geojson"
    written = [each["properties"] for each in json.loads(path.read_text(encoding="utf-8"))["features"]]
    odd = sum("戸\ufa10区" in each["address"] for each in written)
    found = list(tidy(gsi_evacuation.SOURCE, path)[gsi_evacuation.TABLE])
    assert odd > 0
    assert sum(row["ward"] == "141101" for row in found) >= odd
    assert not [each for each in written if str(each.get("accepted_population") or "").strip().isdecimal()]
    assert "capacity" not in gsi_evacuation.SOURCE.tables[gsi_evacuation.TABLE]


def test_a_class_that_a_nursery_does_not_have_is_never_zero(shared_data: Path, tidy: Read) -> None:
    path = shared_data / "yokohama-facilities" / "hoiku_kanou_2022-04.csv"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("【令和４年４月１日時点】")
    dashes = sum(cell == "-" for row in csv.reader(text.splitlines()[2:]) for cell in row)
    table = tidy(childcare_places.SOURCE, path)[childcare_places.TABLE]
    assert dashes == 1_051
    assert sum(cell == "-" for row in table for cell in row.cells) == dashes


def test_elementary_schools_keep_the_ids_and_codes_that_they_have(shared_data: Path, tidy: Read) -> None:
    found = list(
        tidy(elementary_schools.SOURCE, shared_data / "yokohama-facilities" / "ksj_school.geojson")[
            elementary_schools.TABLE
        ]
    )
    assert len(found) == 345
    assert all(re.fullmatch(r"141003-[a-z-]+-[0-9]{4}", row["key"]) for row in found)


# --- statistics -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "year"), [("大正９", 1920), ("大正14", 1925), ("令和元", 2019), ("昭和64年", 1989)]
)
def test_eras_of_the_table_since_1920_are_read_in_each_width(written: str, year: int, shared_data: Path) -> None:
    text = (shared_data / "yokohama-stats" / "t020100.csv").read_text(encoding="utf-8-sig")
    assert written.removesuffix("年") in text or written == "昭和64年"
    assert era_year(written) == year


def test_a_year_that_its_era_never_had_is_refused() -> None:
    with pytest.raises(Unexpected):
        era_year("平成37")


def test_the_city_is_known_by_its_other_name_and_both_measures_are_told_apart(shared_data: Path, tidy: Read) -> None:
    tables = tidy(population_ward_history.SOURCE, shared_data / "yokohama-stats" / "t020100.csv")
    people = list(tables[population_ward_history.POPULATION_CUBE.table])
    homes = list(tables[population_ward_history.HOUSEHOLDS_CUBE.table])
    assert {row["refArea"] for row in people} == {row["refArea"] for row in homes}
    assert len({row["refArea"] for row in people}) == 19
    assert not {(row["row"], row["column"]) for row in people} & {(row["row"], row["column"]) for row in homes}


def test_the_register_of_towns_has_ages_to_120_and_no_row_of_both_sexes(shared_data: Path) -> None:
    path = shared_data / "yokohama-stats" / "town-age-2021" / "nishi2109.csv"
    assert read_header(path) == header(120)
    assert len(header(120)) == 125
    with path.open(encoding="utf-8", newline="") as file:
        assert {row[2] for row in list(csv.reader(file))[1:] if row[2]} == {"男", "女"}
    assert header(120) == population_town_age.HEADER


def test_towns_of_the_same_name_in_two_wards_stay_apart(shared_data: Path, tidy: Read) -> None:
    found = tidy(
        one_person_households_town.SOURCE, shared_data / "yokohama-stats" / "census2020_town_single_households.csv"
    )
    rows = [row for table in found.values() for row in table]
    assert Counter(row["refArea"] for row in rows).most_common(1)[0][1] == 1


def test_ratios_that_others_derived_are_not_figures(shared_data: Path, tidy: Read) -> None:
    found = tidy(population_ward_2014.SOURCE, shared_data / "yokohama-stats" / "jinkou_2014_ward_0-4.csv")
    figures = [row[column] for table in found.values() for row in table for column in ("TOTAL", "Y0T4")]
    assert len(figures) == 36
    assert all(each.isdecimal() for each in figures)


# --- a changed layout -------------------------------------------------------------------------

WITH_HEADERS = [each for each in SOURCES if each.header and each.patterns]


@pytest.mark.parametrize("source", WITH_HEADERS, ids=lambda source: source.id)
def test_a_renamed_column_of_a_known_file_stops_with_both_headers(
    source: Source, shared_data: Path, tmp_path: Path, tidy: Read
) -> None:
    real = find(shared_data, source.patterns)[0].path
    path = tmp_path / real.name
    text, column = real.read_text(encoding="utf-8-sig"), next(each for each in source.header if len(each) > 1)
    path.write_text(text.replace(column, "改称した列", 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        tidy(source, path)
    said = refused.value.problems[0].sentence("ja")
    assert column in said
    assert "改称した列" in said


def test_every_csv_of_a_publisher_has_its_header_declared() -> None:
    assert len(WITH_HEADERS) >= 9
    named = {each.id for each in SOURCES if any(pattern.endswith(".csv") for pattern in each.patterns)}
    assert named - {each.id for each in WITH_HEADERS} == {"areas"}, "which reads several lists, each by its own header"
