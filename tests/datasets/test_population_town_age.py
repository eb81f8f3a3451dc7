"""The resident register by town: the suppressed stay so, nobody is counted twice, towns are the right ones."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from loaders.areas import Gazetteer
from loaders.dataset import Tables
from loaders.datasets import areas as area_tables
from loaders.datasets.population_town_age import CUBE, SOURCE
from loaders.errors import Refused
from loaders.table import Row
from loaders.towns import of_registry

Read = Callable[..., Tables]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(SOURCE.read()[CUBE.table])


@pytest.fixture(scope="module")
def parents() -> Mapping[str, str]:
    """Each town's area directly above it, as published."""
    tables = area_tables.SOURCE.read()
    links = (*area_tables.town_triples(tables, NOWHERE), *area_tables.divided_town_triples(tables, NOWHERE))
    return {key(subject): key(value) for subject, property_, value in links if str(property_).endswith("isPartOf")}


NOWHERE = Gazetteer({}, ())


def key(iri: object) -> str:
    return str(iri).rpartition("/")[2]


def people(row: Row) -> Iterator[int]:
    if row["TOTAL"] != "X":
        yield int(row["TOTAL"])


def test_embedded_table_is_what_the_files_give(shared_data: Path, tidy: Read, rows: list[Row]) -> None:
    files = sorted((shared_data / "yokohama-stats" / "town-age-2021").glob("*.csv"))
    assert list(tidy(SOURCE, *files)[CUBE.table].rows) == [row.cells for row in rows]


def test_sixteen_wards_with_their_towns_are_there(rows: list[Row]) -> None:
    wards = Counter(row["refArea"][:6] for row in rows)
    assert len(wards) == 16
    assert {"141151", "141160"}.isdisjoint(wards), "no files of Sakae and Izumi"
    assert len(rows) == 3_416


def test_all_ages_of_a_row_add_up_to_its_total(rows: list[Row]) -> None:
    ages = [age for age in CUBE.header[7:] if age != "TOTAL"]
    assert len(ages) == 121
    assert all(sum(int(row[age]) for age in ages) == total for row in rows for total in people(row))


def test_suppressed_rows_are_marked_in_every_cell_and_never_zero(rows: list[Row]) -> None:
    suppressed = [row for row in rows if row["TOTAL"] == "X"]
    assert len(suppressed) == 162
    assert {cell for row in suppressed for cell in row.cells[7:]} == {"X"}
    assert not any(row["confStatus"] for row in rows), "the marker alone says so, in the table as in the file"


def test_adding_what_is_directly_part_of_a_ward_counts_nobody_twice(
    rows: list[Row], parents: Mapping[str, str]
) -> None:
    wards = {(row["refArea"], row["sex"]): int(row["TOTAL"]) for row in rows if len(row["refArea"]) == 6}
    added: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if len(parents.get(row["refArea"], "")) == 6 and row["TOTAL"] != "X":
            added[parents[row["refArea"]], row["sex"]] += int(row["TOTAL"])
    assert all(added[place] <= total for place, total in wards.items())
    missing = sum(wards.values()) - sum(added.values())
    assert 0 < missing < sum(wards.values()) / 1_000, "suppression and what else the source leaves out stay missing"


def test_parts_of_a_town_never_exceed_it(rows: list[Row], parents: Mapping[str, str]) -> None:
    totals = {(row["refArea"], row["sex"]): total for row in rows for total in people(row)}
    parts: Counter[tuple[str, str]] = Counter()
    for (town, sex), total in totals.items():
        if "-" in parents.get(town, ""):
            parts[parents[town], sex] += total
    assert len(parts) > 200
    assert all(total <= totals[place] for place, total in parts.items() if place in totals)


def test_a_name_of_two_wards_leads_to_the_town_of_each() -> None:
    towns = of_registry(area_tables.SOURCE.registry())
    names = Counter(name for _, name in towns.keys)
    shared = {name for name, wards in names.items() if wards > 1}
    assert {"赤門町", "吉田町", "川島町"} <= shared
    for name in shared:
        keys = {towns.key(ward, name) for ward, other in towns.keys if other == name}
        assert len(keys) == names[name]


def test_town_that_the_areas_do_not_have_is_refused_with_its_row(shared_data: Path, tmp_path: Path, tidy: Read) -> None:
    path = tmp_path / "midori2109.csv"
    text = (shared_data / "yokohama-stats" / "town-age-2021" / "midori2109.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("青砥町,", "青戸町,"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        tidy(SOURCE, path)
    sentence = refused.value.problems[0].sentence("en")
    assert sentence.startswith("midori2109.csv, row 4, column “町名”: expected a town of the ward")
    assert sentence.endswith("found “青戸町”")


def test_another_sign_in_place_of_a_figure_is_refused(shared_data: Path, tmp_path: Path, tidy: Read) -> None:
    path = tmp_path / "midori2109.csv"
    text = (shared_data / "yokohama-stats" / "town-age-2021" / "midori2109.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("男,2447,18,", "男,2447,***,", 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        tidy(SOURCE, path)
    sentence = refused.value.problems[0].sentence("en")
    assert sentence == "midori2109.csv, row 4, column “E”: expected a whole number, 0 or more; found “***”"


@pytest.mark.parametrize("name", ["1409.csv", "atlantis2109.csv", "midori.csv"])
def test_file_that_names_no_ward_and_month_is_refused(tmp_path: Path, tidy: Read, name: str) -> None:
    path = tmp_path / name
    path.write_text("町名\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        tidy(SOURCE, path)
    assert "aoba2109.csv" in refused.value.problems[0].sentence("en")
