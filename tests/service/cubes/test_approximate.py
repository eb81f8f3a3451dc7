"""A figure that is only about what it says never looks exact, in no format and in no sum."""

import csv
import io
from typing import Any

import httpx
import pytest

PLAN, OCCUPATION, ROUGH = "/cubes/plan-indicator", "/cubes/employed-occupation", "/cubes/synthetic-rough"
WARDS, MORE = "refArea=141011,141020&refPeriod=2020..", "http://localhost:8000/code/approximation/more-than"


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("query", ["", "?group=refPeriod", "?group=refPeriod,approximation", "?asOf=2018-01-01"])
def test_csv_has_a_column_for_it(http: httpx.Client, query: str) -> None:
    (found,) = rows(http.get(f"{OCCUPATION}.csv{query}"))
    assert (found["employedPersons"], found["approximation"]) == ("340000", "more-than")


def test_a_sum_of_which_any_part_is_approximate_is_approximate(http: httpx.Client) -> None:
    found = {row["refPeriod"]: row for row in rows(http.get(f"{ROUGH}.csv?{WARDS}&group=refPeriod"))}
    assert found["2020"]["figure"] == "2.75"
    approximations = {period: row["approximation"].rpartition("/")[2] for period, row in found.items()}
    assert approximations == {"2020": "about", "2021": "", "2022": "about"}
    as_of = {row["refPeriod"]: row for row in rows(http.get(f"{ROUGH}.csv?{WARDS}&group=refPeriod&asOf=2022-01-01"))}
    assert {period: row["approximation"].rpartition("/")[2] for period, row in as_of.items()} == approximations


def test_a_pivot_marks_it(http: httpx.Client) -> None:
    assert rows(http.get(f"{PLAN}.csv?pivot=refPeriod"))[0]["2018-01"] == "≈550"
    assert rows(http.get(f"{OCCUPATION}.csv?pivot=refPeriod"))[0]["2018-02"] == ">340000"
    (total,) = rows(http.get(f"{ROUGH}.csv?{WARDS}&group=refPeriod&pivot=refPeriod"))
    assert (total["2020"], total["2022"]) == ("≈2.75", "≈7")


def test_json_formats_say_it_of_sums_too(http: httpx.Client) -> None:
    for query in ("", "&group=refPeriod"):
        assert http.get(f"{OCCUPATION}.json?lang=ja{query}").json()["extension"]["approximation"] == {"0": "〜を超える"}
        (node,) = http.get(f"{OCCUPATION}.jsonld?{query[1:]}").json()["graph"]
        assert node["approximation"] == MORE
    (feature,) = http.get(f"{PLAN}.geojson").json()["features"]
    assert (feature["properties"]["value"], feature["properties"]["approximation"]) == (550, "about")
    exact, _ = http.get(f"{ROUGH}.geojson?refPeriod=2021").json()["features"]
    assert exact["properties"]["approximation"] is None


@pytest.mark.parametrize(("language", "said"), [("ja", "約・程度"), ("en", "about")])
@pytest.mark.parametrize("query", ["", "&group=refPeriod,indicator,valueKind"])
def test_the_page_says_it_in_words(http: httpx.Client, language: str, said: str, query: str) -> None:
    text = http.get(f"{PLAN}?lang={language}{query}", headers={"Accept": "text/html"}).text
    table = text.partition('<h2 id="table">')[2].partition("</table>")[0]
    assert ">≈550<" in table
    assert f"<td>{said}</td>" in table


def test_charts_say_it(http: httpx.Client) -> None:
    text = http.get(f"{ROUGH}?lang=en", headers={"Accept": "text/html"}).text
    assert text.count("some figures are approximate (") >= 1
    image: Any = http.get(f"{ROUGH}/chart.svg?type=map&refPeriod=2022&lang=en")
    assert "≈3" in image.text
    assert "some figures are approximate" in image.text


@pytest.mark.parametrize(("language", "said"), [("ja", "〜を超える"), ("en", "more than")])
def test_the_page_about_the_observation_says_it_beside_the_figure(http: httpx.Client, language: str, said: str) -> None:
    (found,) = rows(http.get(f"{OCCUPATION}.csv"))
    path = found["observation"].replace("http://localhost:8000/id/", "/doc/")
    text = http.get(f"{path}?lang={language}", headers={"Accept": "text/html"}).text
    figure = text.partition('<p class="figure">')[2].partition("</p>")[0]
    assert "340,000" in figure
    assert said in figure
