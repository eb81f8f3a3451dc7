"""Counts by ward and town: names without suffix or in another spelling, places outside the city, what is left out."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from loaders.__main__ import main as loaders
from loaders.dataset import Tables
from loaders.datasets import (
    ambulance_ward_cause,
    childcare_ward,
    facility_count,
    one_person_households_town,
    plan_figures,
    population_projection,
    population_ward_2014,
)
from loaders.errors import Refused
from loaders.table import Row

Read = Callable[..., Tables]


@pytest.fixture(scope="module")
def stats(shared_data: Path) -> Path:
    return shared_data / "yokohama-stats"


# --- one-person households --------------------------------------------------------------------


@pytest.fixture
def households(stats: Path, tidy: Read) -> list[Row]:
    tables = tidy(one_person_households_town.SOURCE, stats / "census2020_town_single_households.csv")
    return list(tables[one_person_households_town.CUBE.table])


def test_every_town_of_the_census_is_found_in_whatever_spelling(households: list[Row], stats: Path) -> None:
    lines = (stats / "census2020_town_single_households.csv").read_text(encoding="utf-8").splitlines()
    assert any("ニ丁目" in line for line in lines)
    assert any("ヶ" in line for line in lines)
    assert len({row["refArea"] for row in households}) == len(households) == len(lines) - 1 == 1_585
    assert sum(int(row["households"]) for row in households) == 698_721


def test_town_outside_the_areas_is_refused_with_its_cell(stats: Path, tmp_path: Path, tidy: Read) -> None:
    path = tmp_path / "census2020_town_single_households.csv"
    path.write_text("address,lng,lat,singleHousehold\n横浜市都筑区あゆみが丘九丁目,1,1,99\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        tidy(one_person_households_town.SOURCE, path)
    assert refused.value.problems[0].sentence("en").startswith(f"{path.name}, row 2, column “address”")


# --- ambulances -------------------------------------------------------------------------------


def test_ambulance_rows_add_up_and_outside_is_no_ward(stats: Path, tidy: Read) -> None:
    tables = tidy(ambulance_ward_cause.SOURCE, stats / "ems_transport_by_ward_type_2024.json")
    rows = list(tables[ambulance_ward_cause.CUBE.table])
    assert sum(int(row["TOTAL"]) for row in rows) == 207_471
    causes = [cause for cause in ambulance_ward_cause.CAUSES.values() if cause != "TOTAL"]
    assert all(sum(int(row[cause]) for cause in causes) == int(row["TOTAL"]) for row in rows)
    assert Counter(len(row["refArea"]) for row in rows) == {6: 18, len("outside"): 1}


def test_ambulance_file_of_another_shape_is_refused(stats: Path, tmp_path: Path, tidy: Read) -> None:
    path = tmp_path / "ems_transport_by_ward_type_2024.json"
    content = json.loads((stats / path.name).read_text(encoding="utf-8"))
    path.write_text(json.dumps({"columns": content["cols"], "rows": content["rows"]}), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        tidy(ambulance_ward_cause.SOURCE, path)
    assert "cols" in refused.value.problems[0].expected.en
    content["cols"][3] = "交通"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        tidy(ambulance_ward_cause.SOURCE, path)
    assert "missing: 交通事故; unknown: 交通" in refused.value.problems[0].sentence("en")


# --- childcare --------------------------------------------------------------------------------


def test_only_published_counts_of_childcare_are_taken(stats: Path, tidy: Read) -> None:
    table = tidy(childcare_ward.SOURCE, stats / "childcare-2026.csv")[childcare_ward.CUBE.table]
    assert table.header[-2:] == ("on-hold", "enrolled")
    assert [sum(int(row[name]) for row in table) for name in table.header[-2:]] == [2_532, 71_302]


def test_changed_header_of_childcare_stops_with_both_headers(stats: Path, tmp_path: Path, tidy: Read) -> None:
    path = tmp_path / "childcare-2026.csv"
    text = (stats / path.name).read_text(encoding="utf-8")
    path.write_text(text.replace("保留児童数", "待機児童数"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        tidy(childcare_ward.SOURCE, path)
    assert "unknown: 待機児童数" in refused.value.problems[0].sentence("en")


# --- 2014 -------------------------------------------------------------------------------------


def test_small_ke_in_the_name_of_a_ward_is_understood(stats: Path, tidy: Read) -> None:
    table = tidy(population_ward_2014.SOURCE, stats / "jinkou_2014_ward_0-4.csv")[population_ward_2014.CUBE.table]
    assert {row["refArea"]: row["Y0T4"] for row in table}["141062"] == "7372"
    assert len({row["refArea"] for row in table}) == 18


def test_data_set_that_is_not_embedded_asks_for_its_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    command = ["build", "population-ward-2014", "--releases", str(tmp_path), "--quiet", "--language", "en"]
    assert loaders(command) == 2
    assert "--source" in capsys.readouterr().err
    assert not list(population_ward_2014.SOURCE.folder.glob("population-*.csv"))


# --- projections ------------------------------------------------------------------------------


def test_editions_of_the_projections_are_never_mixed(stats: Path, tidy: Read) -> None:
    folder = stats / "projection"
    tables = tidy(
        population_projection.SOURCE, folder / "nishi-2030-suikei.json", folder / "old-h29-nishi-2025-suikei.json"
    )
    new, old = (list(tables[cube.table]) for cube in population_projection.CUBES.values())
    assert {row["refPeriod"] for row in new} == {"2030"}
    assert {row["refPeriod"] for row in old} == {"2025"}
    assert {(row["obsStatus"], row["projectionVariant"]) for row in (*new, *old)} == {("F", "medium")}
    assert (new[-1]["age"], old[-1]["age"]) == ("Y105T", "Y100T")


# --- facilities and the plan ------------------------------------------------------------------


def test_facilities_are_counted_for_each_ward_with_true_zeros(shared_data: Path, tidy: Read) -> None:
    files = (shared_data / "yokohama-facilities" / "hinanjo_20260401.csv",)
    rows = list(tidy(facility_count.SOURCE, *files)[facility_count.CUBE.table])
    assert len(rows) == 19 * 2
    city = {row["facilityType"]: row["facilityCount"] for row in rows if row["refArea"] == "141003"}
    assert city == {"community-disaster-base": "454", "stranded-commuter-shelter": "174"}


def test_every_figure_of_the_plan_stands_in_the_line_it_names(shared_data: Path) -> None:
    plan = shared_data.parent / "seeds" / "001_6d522bc215e2669c.txt"
    lines = plan.read_text(encoding="utf-8").split("\n")
    for cube in (each.cube for each in plan_figures.DATA_SETS):
        assert cube is not None
        for row in plan_figures.SOURCE.read()[cube.table]:
            figure = row[cube.structure.measures[0]]
            written = {"340000": "34 万人を超え"}.get(figure, figure)
            line = lines[int(row["column"]) - 1]
            assert written in line, row.cells
            assert bool(re.search(f"約 ?{figure}", line)) == (row["approximation"] == "about"), row.cells
