"""Projections as JSON: two editions under one pattern of names, thousands commas, era years of every kind."""

import json
from pathlib import Path

import pytest

from loaders.errors import Refused, Unexpected
from loaders.layouts import projection
from loaders.layouts.spread import Figure


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "yokohama-stats" / "projection"


def test_ward_file_is_read_with_the_place_of_each_figure(folder: Path) -> None:
    found = projection.read(folder / "aoba-2030-suikei.json")
    assert (found.edition, found.area, found.year) == ("2023", "青葉区", 2030)
    assert found.figures[0] == Figure({"age": "TOTAL", "sex": "T"}, "299,277", row=0, column=1)
    assert found.figures[-1] == Figure({"age": "Y105T", "sex": "F"}, "23", row=106, column=3)
    rows = json.loads((folder / "aoba-2030-suikei.json").read_text(encoding="utf-8"))["kakusai_betsu"]
    assert all(rows[figure.row][figure.column] == figure.text for figure in found.figures)


def test_city_file_writes_its_last_group_as_a_single_age(folder: Path) -> None:
    found = projection.read(folder / "city-2040-suikei.json")
    assert (found.area, found.year, len(found.figures)) == ("横浜市", 2040, 102 * 3)
    assert found.figures[-1].codes == {"age": "Y100T", "sex": "F"}


def test_older_edition_is_told_by_its_shape_not_its_name(folder: Path) -> None:
    found = projection.read(folder / "old-h29-nishi-2025-suikei.json")
    assert (found.edition, found.area, found.year) == ("2017", "西区", 2025)
    rows = json.loads((folder / "old-h29-nishi-2025-suikei.json").read_text(encoding="utf-8"))
    assert all(rows[figure.row][figure.column] == figure.text for figure in found.figures)


def test_other_shapes_are_refused_with_what_was_expected(folder: Path, tmp_path: Path) -> None:
    content = json.loads((folder / "aoba-2030-suikei.json").read_text(encoding="utf-8"))
    content["ages"] = content.pop("kakusai_betsu")
    path = tmp_path / "aoba-2030-suikei.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        projection.read(path)
    problem = refused.value.problems[0]
    assert "kakusai_betsu" in problem.expected.en
    assert "'ages'" in problem.found


def test_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "aoba-2030-suikei.json"
    path.write_text("nil", encoding="utf-8")
    with pytest.raises(Refused):
        projection.read(path)


@pytest.mark.parametrize(
    ("label", "year"), [("令和12年", 2030), ("令和22(2040)年", 2040), ("平成37(2025)年", 2025), ("令和５２年", 2070)]
)
def test_years_to_come_are_read_in_every_spelling(label: str, year: int) -> None:
    assert projection.projected_year(label) == year


@pytest.mark.parametrize("label", ["平成37(2026)年", "2030年", "令和年", ""])
def test_years_that_contradict_themselves_are_refused(label: str) -> None:
    with pytest.raises(Unexpected):
        projection.projected_year(label)
