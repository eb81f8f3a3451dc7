"""Workbooks laid out for print: two blocks, padding, subtotals between single years, sheets with and without number."""

from dataclasses import replace
from pathlib import Path

import pytest

from loaders.errors import Refused
from loaders.layouts import print_ages
from loaders.layouts.grid import Grid, of_workbook
from loaders.layouts.spread import Figure


@pytest.fixture(scope="module")
def workbooks(shared_data: Path) -> dict[str, list[Grid]]:
    folder = shared_data / "yokohama-stats" / "age-by-ward"
    return {name: of_workbook(folder / name) for name in ("03_hyo22.xlsx", "20_hyo22.xlsx")}


def changed(grid: Grid, row: int, column: int, text: str) -> Grid:
    cells = list(grid.rows[row - 1])
    cells[column - 1] = text
    return replace(grid, rows=(*grid.rows[: row - 1], tuple(cells), *grid.rows[row:]))


def test_both_tables_are_read_whatever_their_number_and_sheet_names(workbooks: dict[str, list[Grid]]) -> None:
    for grids, day in zip(workbooks.values(), ("2003-01-01", "2020-01-01"), strict=True):
        found = [print_ages.read(grid) for grid in grids]
        assert len({sheet.area for sheet in found}) == 19
        assert {sheet.area for sheet in found} >= {"横浜市", "西区", "保土ケ谷区"}
        assert {sheet.day.isoformat() for sheet in found} == {day}
        assert {len(sheet.figures) for sheet in found} == {3 * (1 + 100 + 1 + 1)}


def test_ages_are_found_in_both_blocks(workbooks: dict[str, list[Grid]]) -> None:
    figures = print_ages.read(workbooks["20_hyo22.xlsx"][1]).figures
    assert figures[0] == Figure({"age": "TOTAL", "sex": "T"}, "292975", row=7, column=3)
    assert Figure({"age": "Y0", "sex": "M"}, "1259", row=9, column=4) in figures
    assert Figure({"age": "Y55", "sex": "F"}, "1837", row=9, column=9) in figures
    assert figures[-3:] == (
        Figure({"age": "UNKNOWN", "sex": "T"}, "2192", row=63, column=7),
        Figure({"age": "UNKNOWN", "sex": "M"}, "1510", row=63, column=8),
        Figure({"age": "UNKNOWN", "sex": "F"}, "682", row=63, column=9),
    )


def test_groups_and_repeated_figures_are_not_read_as_people(workbooks: dict[str, list[Grid]]) -> None:
    for grids in workbooks.values():
        for grid in grids:
            figures = print_ages.read(grid).figures
            single = sum(
                int(each.text) for each in figures if each.codes["sex"] == "T" and each.codes["age"] != "TOTAL"
            )
            assert single == int(figures[0].text)


def test_group_that_is_not_its_years_is_refused(workbooks: dict[str, list[Grid]]) -> None:
    with pytest.raises(Refused) as refused:
        print_ages.read(changed(workbooks["20_hyo22.xlsx"][1], 8, 3, "12465"))
    sentence = refused.value.problems[0].sentence("en")
    assert sentence == (
        "20_hyo22.xlsx [01鶴見区], row 8, column “C”: expected 12464, the sum of the single years; found “12465”"
    )


def test_changed_header_is_refused_with_both_headers(workbooks: dict[str, list[Grid]]) -> None:
    with pytest.raises(Refused) as refused:
        print_ages.read(changed(workbooks["20_hyo22.xlsx"][1], 5, 4, "男性"))
    sentence = refused.value.problems[0].sentence("en")
    assert "the header “年齢(歳), 総数, 男, 女” (missing: 男; unknown: 男性)" in sentence
    assert "found “, 年齢(歳), 総数, 男性, 女" in sentence


def test_sheet_named_for_another_area_is_refused(workbooks: dict[str, list[Grid]]) -> None:
    with pytest.raises(Refused, match="1 problem"):
        print_ages.read(replace(workbooks["20_hyo22.xlsx"][1], sheet="02神奈川区"))


def test_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "20_hyo22.xlsx"
    path.write_bytes(b"nil")
    with pytest.raises(Refused) as refused:
        of_workbook(path)
    assert "an Excel workbook" in refused.value.problems[0].sentence("en")
