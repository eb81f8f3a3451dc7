"""The resident register by town: its editions, parts of towns, notes, suppressed rows, and files that are none."""

from pathlib import Path

import pytest

from loaders.errors import Refused
from loaders.layouts import town_ages
from loaders.layouts.town_ages import TownRow
from loaders.table import BadCell

NEW, OLD = "yokohama-stats/town-age-2021", "messy"


def rows(path: Path, ward: str) -> list[TownRow]:
    return list(town_ages.read(path, ward))


@pytest.mark.parametrize(
    ("file", "ward", "last_age", "count"),
    [
        (f"{NEW}/naka2109.csv", "中区", "Y120T", 614),
        (f"{NEW}/midori2109.csv", "緑区", "Y120T", 130),
        (f"{OLD}/yokohama_town_nishi9809.csv", "西区", "Y100T", 156),
        (f"{OLD}/yokohama_town_nishi0409.csv", "西区", "Y100T", 156),
        (f"{OLD}/yokohama_town_tsurumi1109.csv", "鶴見区", "Y100T", 286),
    ],
)
def test_both_editions_are_read_without_their_note(
    shared_data: Path, file: str, ward: str, last_age: str, count: int
) -> None:
    found = rows(shared_data / file, ward)
    assert len(found) == count
    assert [row.level for row in found[:3]] == ["ward", "ward", "town"]
    assert found[0].figures[-1].codes["age"] == last_age


def test_parts_stand_below_their_town_and_are_not_towns(shared_data: Path) -> None:
    found = rows(shared_data / NEW / "naka2109.csv", "中区")
    parts = [row for row in found if row.level == "part"]
    assert (parts[0].town, parts[0].whole) == ("相生町一丁目", "相生町")
    assert all(row.town.startswith(row.whole) for row in parts)
    towns = {row.town for row in found if row.level == "town"}
    assert {row.whole for row in parts} <= towns
    assert not {row.town for row in parts} & towns


def test_suppressed_figures_stay_marked_also_when_padded(shared_data: Path) -> None:
    marked = [
        each
        for file in (f"{NEW}/naka2109.csv", f"{OLD}/yokohama_town_tsurumi1109.csv")
        for row in rows(shared_data / file, {"n": "中区", "y": "鶴見区"}[Path(file).name[0]])
        for each in row.figures
        if not each.text.isdigit()
    ]
    assert marked
    assert {each.text for each in marked} == {"X"}


def test_towns_without_the_suppressed_do_not_exceed_the_ward(shared_data: Path) -> None:
    found = rows(shared_data / NEW / "midori2109.csv", "緑区")
    total = {row.sex: int(row.figures[0].text) for row in found if row.level == "ward"}
    towns = {
        sex: sum(int(row.figures[0].text) for row in found if row.level == "town" and row.sex == sex) for sex in "MF"
    }
    assert sum(total.values()) - sum(towns.values()) == 5, "the five people whom the source misses stay missing"


@pytest.mark.parametrize("file", ["yokohama_town_tsurumi1801.csv", "yokohama_town_age1009.csv"])
def test_failed_downloads_are_refused(shared_data: Path, file: str) -> None:
    with pytest.raises(Refused) as refused:
        rows(shared_data / OLD / file, "鶴見区")
    assert "header" in refused.value.problems[0].sentence("en")


def test_changed_header_is_refused_with_both_headers(shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "aoba2109.csv"
    text = (shared_data / NEW / "aoba2109.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("フリガナ", "ふりがな", 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        rows(path, "青葉区")
    sentence = refused.value.problems[0].sentence("en")
    assert "missing: フリガナ; unknown: ふりがな" in sentence
    assert "120歳以上" in sentence


def test_total_of_another_ward_is_refused(shared_data: Path) -> None:
    with pytest.raises(BadCell, match="“西区合計”"):
        rows(shared_data / NEW / "aoba2109.csv", "西区")


def test_part_without_its_town_is_refused(shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / NEW / "naka2109.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "naka2109.csv"
    path.write_text("".join([*lines[:3], *lines[5:9]]), encoding="utf-8")
    with pytest.raises(BadCell, match="a part of “”"):
        rows(path, "中区")
