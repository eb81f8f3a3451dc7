"""The plan and the projects: what the tables say stands in the lines they name, and nothing is smoothed over."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from rdflib import URIRef

from loaders.dataset import DataSet
from loaders.datasets import local_projects, plan_kanmin_data
from loaders.structures import notations
from loaders.table import Row

PLAN, PROJECTS = plan_kanmin_data.SOURCE, local_projects.SOURCE
ROWS = {
    (source.id, table): list(source.read()[table]) for source in (PLAN, PROJECTS) for table in source.tables
}  # fmt: skip


def rows(table: str, source: str = PLAN.id) -> list[Row]:
    return ROWS[source, table]


def by_number(table: str) -> Mapping[str, Row]:
    return {row["number"]: row for row in rows(table)}


@pytest.fixture(scope="module")
def texts(shared_data: Path) -> Mapping[str, list[str]]:
    """The lines of each seed by the name of its file."""
    return {
        path.name: path.read_text(encoding="utf-8").split("\n") for path in (shared_data.parent / "seeds").glob("*.txt")
    }


def plain(text: str) -> str:
    """Without spaces and widths, which the texts write in every way."""
    return re.sub(r"\s|[「」『』()・.]", "", unicodedata.normalize("NFKC", text))


def in_common(one: str, other: str) -> int:
    """The length of the longest text that stands in both."""
    longest = (size for size in range(min(len(one), len(other)), 0, -1))
    return next((size for size in longest if any(one[at : at + size] in other for at in range(len(one) - size + 1))), 0)


def named() -> Iterator[tuple[Row, str]]:
    for (_, table), found in ROWS.items():
        yield from ((row, table) for row in found)


def test_every_name_stands_in_each_line_that_it_is_said_to(texts: Mapping[str, list[str]]) -> None:
    for row, table in named():
        if table in {"plans.csv", "measures.csv"}:
            continue
        columns = ("ja", "alt_ja", "en") if table == "bodies.csv" else ("ja",)
        names = [plain(row[column]) for column in columns]
        for line in row["lines"].split():
            text = plain(texts[row["source"]][int(line) - 1])
            assert max(in_common(name, text) for name in names) >= 4, (row.cells, text)


def test_measures_and_sections_are_called_as_the_plan_calls_them(texts: Mapping[str, list[str]]) -> None:
    for row in rows("measures.csv"):
        name = plain(re.sub(r"^(施策[1-9]|\([1-9]\)) ", "", row["ja"]))
        assert any(name in plain(texts[row["source"]][int(line) - 1]) for line in row["lines"].split()), row.cells


@pytest.mark.parametrize(
    ("code", "line", "column"),
    [
        ("infrastructure", 566, "perspectives"),
        ("data-preparation", 572, "perspectives"),
        ("data-use", 582, "perspectives"),
        ("data-based-policy", 37, "points"),
        ("collaboration", 42, "points"),
        ("universities", 46, "points"),
    ],
)
def test_perspectives_and_points_name_the_measures_that_the_plan_names(
    code: str, line: int, column: str, texts: Mapping[str, list[str]]
) -> None:
    written = re.split("関連：|→", texts["001_6d522bc215e2669c.txt"][line - 1])[1]
    expected = set(re.findall("[1-9]", unicodedata.normalize("NFKC", written)))
    assert {row["number"] for row in rows("measures.csv") if code in row[column].split()} == expected


def test_there_are_nine_measures_and_every_indicator_and_milestone_is_of_one() -> None:
    measures = [row["number"] for row in rows("measures.csv") if not row["part_of"]]
    assert measures == list("123456789")
    for table in ("indicators.csv", "milestones.csv"):
        assert {row["measure"] for row in rows(table)} <= set(measures)
        assert all(row["number"].startswith(row["measure"]) for row in rows(table))


def test_text_and_table_of_the_plan_are_told_apart_where_they_differ() -> None:
    indicators = by_number("indicators.csv")
    only_text = [number for number, row in indicators.items() if "表" not in row["citation"]]
    only_table = [number for number, row in indicators.items() if "〈" not in row["citation"]]
    assert (only_text, only_table) == (["2-2", "6-1"], ["8-2a"])
    assert all(indicators[number]["note_ja"] for number in (*only_text, *only_table))


def test_the_catalogue_is_built_in_one_year_and_published_in_the_next() -> None:
    milestones = by_number("milestones.csv")
    assert (milestones["3-c"]["period"], milestones["3-b"]["period"]) == ("fy2018", "fy2019")


def test_two_spellings_are_one_platform_and_the_plan_is_a_draft() -> None:
    [i_top] = [row for row in rows("bodies.csv") if row["key"] == "i-top-yokohama"]
    assert (i_top["ja"], i_top["alt_ja"]) == ("I・TOP 横浜", "ITOP横浜")
    assert [row["status"] for row in rows("plans.csv")] == ["draft"]


def test_the_codes_of_figures_are_the_indicators_of_the_plan() -> None:
    codes = notations(URIRef(f"{plan_kanmin_data.PLAN.iri}/indicator"))
    assert set(codes) == set(by_number("indicators.csv"))
    assert all(iri == plan_kanmin_data.PLAN.indicator(number) for number, iri in codes.items())


def test_no_row_of_the_minutes_names_a_person() -> None:
    """A family name before a title, as the minutes write it, or a name that the minutes give for one."""
    for (source, _), found in ROWS.items():
        if source == PROJECTS.id:
            assert not [row.cells for row in found if re.search("先生|講師|氏$|さん$", " ".join(row.cells))]


def test_the_data_sets_say_that_their_licence_is_a_general_one() -> None:
    published: tuple[DataSet, ...] = (*plan_kanmin_data.DATA_SETS, *local_projects.DATA_SETS)
    assert len(published) == 2
    assert not any(each.publication.license_stated for each in published)
