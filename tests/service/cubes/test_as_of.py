"""A ward's figures on the boundaries of one day, from the real changes of 1927 to 1994."""

import asyncio
import csv
import io
from pathlib import Path

import httpx
import pytest

from service.cubes.lineage import read_lineage
from service.engine.lookup import Solution
from service.opening import open_service
from service.settings import Settings

HISTORY, MONTHS, GAPS = "/cubes/population-ward-history", "/cubes/population-ward-month", "/cubes/synthetic-gaps"


def rows(answer: httpx.Response) -> dict[str, dict[str, str]]:
    """By period."""
    assert answer.status_code == 200, answer.text
    return {row["refPeriod"]: row for row in csv.DictReader(io.StringIO(answer.text))}


def population(http: httpx.Client, area: str, year: str) -> int:
    return int(rows(http.get(f"{HISTORY}.csv?refArea={area}&refPeriod={year}"))[year]["population"])


def test_later_wards_are_added_to_the_ward_that_they_came_from(http: httpx.Client) -> None:
    """Totsuka as it was in 1980 is Totsuka, Sakae and Izumi of today."""
    found = rows(http.get(f"{HISTORY}.csv?refArea=141101&asOf=1980-01-01"))
    parts = sum(population(http, area, "2024") for area in ("141101", "141151", "141160"))
    assert (found["2024"]["population"], found["2024"]["comparability"]) == (str(parts), "combined")
    assert found["2024"]["cells"] == "3"
    assert found["1985"]["comparability"] == "comparable"
    assert found["1985"]["population"] == str(population(http, "141101", "1985"))


def test_what_cannot_be_told_apart_has_no_figure_and_says_with_what(http: httpx.Client) -> None:
    found = rows(http.get(f"{HISTORY}.csv?refArea=141178&asOf=2024-01-01"))
    assert found["1995"]["comparability"] == "comparable"
    before = found["1990"]
    assert (before["population"], before["comparability"], before["state"]) == ("", "not-comparable", "not-comparable")
    english = http.get(f"{HISTORY}.csv?refArea=141178&refPeriod=1990&asOf=2024-01-01&labels=en").text
    assert "cannot be told apart from Kohoku-ku, Midori-ku, Tsuzuki-ku" in english


def test_what_cannot_be_compared_is_not_told_as_if_there_were_no_figure(http: httpx.Client) -> None:
    """Aoba-ku was made of land of Kohoku-ku and Midori-ku; in 1920 there were no wards."""
    query = "refArea=141178&asOf=2024-01-01"
    found = rows(http.get(f"{HISTORY}.csv?{query}"))
    assert {year: found[year]["state"] for year in ("1920", "1990", "1995")} == {
        "1920": "absent",
        "1990": "not-comparable",
        "1995": "",
    }
    assert (found["1920"]["comparability"], found["1920"]["method"]) == ("", "no figure for this period")
    pivot = next(csv.DictReader(io.StringIO(http.get(f"{HISTORY}.csv?{query}&pivot=refPeriod").text)))
    assert (pivot["1920"], pivot["1990"], pivot["1995"]) == ("", "≠", "248960")
    status = http.get(f"{HISTORY}.json?{query}&refPeriod=1990..1995&lang=ja").json()
    assert status["status"]["0"] == "not-comparable"
    assert status["extension"]["status"]["label"]["not-comparable"] == "区域が異なるため比べられない"
    page = http.get(f"{HISTORY}?{query}&refPeriod=1990&lang=en", headers={"Accept": "text/html"}).text
    assert "<td>not comparable, since the boundaries differ</td>" in page


@pytest.mark.parametrize(
    ("labels", "said"), [("ja", ("比較不可", "比較可能")), ("en", ("not comparable", "comparable"))]
)
def test_comparability_has_labels_like_everything_else(http: httpx.Client, labels: str, said: tuple[str, str]) -> None:
    query = f"refArea=141178&refPeriod=1990..1995&asOf=2024-01-01&labels={labels}"
    found = [
        next(iter(set(said) & set(row)), "") for row in csv.reader(io.StringIO(http.get(f"{HISTORY}.csv?{query}").text))
    ]
    assert found == ["", said[0], said[0], said[0], said[0], said[1]]


def test_a_period_within_which_an_area_changed_is_not_comparable(http: httpx.Client) -> None:
    """Totsuka-ku was divided on 3 November 1986; the cube does not say for which boundaries its figure of 1986 is."""
    found = rows(http.get("/cubes/synthetic-rough.csv?refArea=141101&asOf=1980-01-01"))
    assert (found["1986"]["state"], found["1986"]["method"]) == (
        "not-comparable",
        "the boundaries changed within the period",
    )


def test_figures_of_different_bases_are_never_added_on_other_boundaries_either(http: httpx.Client) -> None:
    query = "group=refPeriod&asOf=2024-01-01&refPeriod=2022"
    answer = http.get(f"{GAPS}.csv?{query}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "populationBasis")
    one = rows(http.get(f"{GAPS}.csv?{query}&refArea=141011"))["2022"]
    assert (one["population"], one["comparability"]) == ("12645", "comparable")


def test_absent_cells_are_counted_on_other_boundaries_too(http: httpx.Client) -> None:
    chosen = "group=refPeriod&refPeriod=2020..2021&sex=M,F&age=Y0T14,Y15T64,Y65T"
    found = rows(http.get(f"{GAPS}.csv?{chosen}&asOf=2024-01-01"))
    counts = {year: [row[name] for name in ("cells", "missing", "suppressed", "absent")] for year, row in found.items()}
    assert counts == {"2020": ["10", "0", "0", "2"], "2021": ["10", "1", "1", "0"]}
    assert found["2021"]["state"] == "partial"


@pytest.mark.parametrize("query", ["group=refPeriod,refAreaVersion", "refAreaVersion=area/141011/version/1927-10-01"])
def test_versions_are_chosen_by_the_day_alone(http: httpx.Client, query: str) -> None:
    answer = http.get(f"{HISTORY}.csv?{query}&asOf=2024-01-01")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "refAreaVersion")


def test_a_series_comes_in_pages(http: httpx.Client) -> None:
    query = "refArea=141011&asOf=2024-01-01"
    whole = http.get(f"{HISTORY}.csv?{query}").text.splitlines()
    answer = http.get(f"{HISTORY}.csv?{query}&limit=5&offset=10")
    assert answer.text.splitlines() == [whole[0], *whole[11:16]]
    assert 'offset=15>; rel="next"' in answer.headers["link"]
    page = http.get(f"{HISTORY}?asOf=2024-01-01&lang=en", headers={"Accept": "text/html"}).text
    rows = len(http.get(f"{HISTORY}.csv?asOf=2024-01-01").text.splitlines()) - 1
    assert f"50 of {rows} rows" in page


def test_what_can_only_be_compared_together_is_compared_together(http: httpx.Client) -> None:
    """Kohoku and Midori were reorganised into four wards in 1994."""
    four = "141097,141135,141178,141186"
    found = rows(http.get(f"{HISTORY}.csv?refArea={four}&group=refPeriod&asOf=2024-01-01"))
    before = population(http, "141097", "1990") + population(http, "141135", "1990")
    assert (found["1990"]["population"], found["1990"]["comparability"]) == (str(before), "combined")
    assert found["2024"]["comparability"] == "comparable"
    assert found["1965"]["population"] == str(population(http, "141097", "1965"))


def test_land_from_outside_the_city_makes_figures_incomparable(http: httpx.Client) -> None:
    """The city was enlarged in 1927, 1936, 1937 and 1939."""
    found = rows(http.get(f"{HISTORY}.csv?group=refPeriod&asOf=2024-01-01"))
    assert found["1935"]["comparability"] == "not-comparable"
    assert found["1935"]["population"] == ""
    assert found["1940"]["comparability"] == "comparable"


def test_an_unchanged_ward_is_comparable_throughout(http: httpx.Client) -> None:
    found = rows(http.get(f"{HISTORY}.csv?refArea=141011&asOf=2024-01-01"))
    assert {row["comparability"] for year, row in found.items() if year >= "1930"} == {"comparable"}


def test_a_ward_that_did_not_exist_on_that_day_is_refused(http: httpx.Client) -> None:
    answer = http.get(f"{HISTORY}.csv?refArea=141178&asOf=1980-01-01")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "refArea"
    assert "141097" in answer.json()["allowed"]


def test_json_stat_tells_how_each_figure_compares(http: httpx.Client) -> None:
    found = http.get(
        f"{HISTORY}.json?refArea=141101&group=refPeriod&refPeriod=1985..1990&asOf=1980-01-01&lang=en"
    ).json()
    assert found["extension"]["asOf"] == "1980-01-01"
    assert found["extension"]["comparability"] == ["comparable", "combined"]
    assert found["extension"]["method"][1] == "sum of Totsuka-ku 1986-11-03 + Sakae-ku 1986-11-03 + Izumi-ku 1986-11-03"


def test_cubes_that_do_not_name_versions_use_those_in_force_in_the_period(http: httpx.Client) -> None:
    answer = http.get(f"{MONTHS}.csv?refArea=141101&group=refPeriod&asOf=1980-01-01&refPeriod=2024-01")
    now = rows(http.get(f"{MONTHS}.csv?refArea=141101,141151,141160&group=refPeriod&refPeriod=2024-01"))
    assert rows(answer)["2024-01"]["population"] == now["2024-01"]["population"]


def test_gaps_stay_gaps_in_combined_figures(http: httpx.Client) -> None:
    found = rows(http.get(f"{GAPS}.csv?refArea=141011&group=refPeriod&sex=F&age=Y65T&refPeriod=2021&asOf=2024-01-01"))
    assert (found["2021"]["population"], found["2021"]["state"]) == ("", "suppressed")


def test_a_series_on_other_boundaries_is_no_parquet(http: httpx.Client) -> None:
    answer = http.get(f"{HISTORY}.parquet?asOf=2024-01-01")
    assert answer.status_code == 400
    assert answer.json()["allowed"] == ["csv", "json"]


@pytest.mark.parametrize(
    ("day", "years"),
    [("1900-01-01", []), ("1920-01-01", ["1920", "1925"]), ("1930-01-01", ["1930", "1935"]), ("1938-01-01", [])],
)
def test_any_day_of_the_citys_history_may_be_asked_for(http: httpx.Client, day: str, years: list[str]) -> None:
    """The city was enlarged in 1901, 1911, 1927, 1936, 1937 and 1939: its figures compare between those years only."""
    found = rows(http.get(f"{HISTORY}.csv?group=refPeriod&asOf={day}"))
    assert {year for year, row in found.items() if row["population"]} == set(years)
    for year, row in found.items():
        known = str(population(http, "141003", year)) if year in years else ""
        assert (row["population"], row["state"]) == (known, "" if year in years else "not-comparable")


def test_the_published_methods_agree_with_the_changes_themselves(cube_releases: Path) -> None:
    """Which is how cubes on other publishers' areas are compared, whose changes do not name a method."""
    service = open_service(Settings(releases=cube_releases))

    async def rows(name: str) -> list[Solution]:
        return await service.entities.rows(name)

    found = read_lineage(asyncio.run(rows("area-versions")), asyncio.run(rows("area-changes")))
    wards = [each for each in found.changes if each.method and each.resulting & found.versions.keys()]
    assert len(wards) >= 17
    assert [each for each in wards if found.closed(each) != (each.method != "none")] == []
