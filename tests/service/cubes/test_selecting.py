"""Which figures come, and what is said about a request that cannot be answered."""

import csv
import io

import httpx
import pytest

HISTORY = "/cubes/population-ward-history"


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_figures_are_chosen_by_code_and_range(http: httpx.Client) -> None:
    found = rows(http.get(f"{HISTORY}.csv?refArea=141011,141020&refPeriod=1990..1995"))
    assert {row["refArea"] for row in found} == {"141011", "141020"}
    assert {row["refPeriod"] for row in found} == {"1990", "1992", "1993", "1994", "1995"}


def test_ranges_may_be_open_and_include_what_begins_with_their_end(http: httpx.Client) -> None:
    months = rows(http.get("/cubes/population-ward-month.csv?refArea=141003&sex=T&refPeriod=2025..2025"))
    assert [row["refPeriod"] for row in months] == ["2025-09", "2025-10"]
    late = rows(http.get(f"{HISTORY}.csv?refArea=141003&refPeriod=2023.."))
    assert [row["refPeriod"] for row in late] == ["2023", "2024"]


def test_the_latest_period_has_a_stable_address(http: httpx.Client) -> None:
    found = rows(http.get(f"{HISTORY}.csv?refPeriod=latest&refArea=141003"))
    assert [(row["refPeriod"], row["population"]) for row in found] == [("2024", "3771063")]


def test_a_parameter_may_be_repeated_or_hold_a_list_or_be_empty(http: httpx.Client) -> None:
    once = http.get(f"{HISTORY}.csv?refArea=141011,141020&refPeriod=2024").text
    assert http.get(f"{HISTORY}.csv?refArea=141011&refArea=141020&refPeriod=2024&sex=&asOf=").text == once


def test_an_asterisk_means_all(http: httpx.Client) -> None:
    assert http.get(f"{HISTORY}.csv?refArea=*").text == http.get(f"{HISTORY}.csv").text


def test_attributes_choose_too(http: httpx.Client) -> None:
    found = rows(http.get(f"{HISTORY}.csv?refArea=141003&populationBasis=census"))
    assert len(found) == 21
    assert {row["obsStatus"] for row in found} == {"A"}


@pytest.mark.parametrize(
    ("query", "parameter", "allowed"),
    [
        ("refArea=999999", "refArea", "141011"),
        ("refPeriod=1800..1850", "refPeriod", "1920"),
        (f"refPeriod={'9' * 5000}..", "refPeriod", "1920"),
        ("refPeriod=2024..1990", "refPeriod", "1990..2024"),
        ("refPeriod=2024..1990-12", "refPeriod", "1990-12..2024"),
        ("sex=male", "sex", "T"),
        ("group=ward", "group", "refArea"),
        ("measure=households", "measure", "population"),
        ("labels=fr", "labels", "codes"),
        ("bom=yes", "bom", "1"),
        ("pivot=colour", "pivot", "refPeriod"),
        ("area=141011", "area", "refArea"),
        ("lang=fr", "lang", "ja"),
    ],
)
def test_a_refusal_names_the_parameter_and_what_would_do(
    http: httpx.Client, query: str, parameter: str, allowed: str
) -> None:
    answer = http.get(f"{HISTORY}.csv?{query}")
    problem = answer.json()
    assert answer.status_code == 400
    assert problem["parameter"] == parameter
    assert allowed in problem["allowed"]
    assert problem["detail"] != problem["detail_ja"]


def test_a_reversed_range_is_explained(http: httpx.Client) -> None:
    problem = http.get(f"{HISTORY}.csv?refPeriod=2024..1990").json()
    assert "ends before it begins" in problem["detail"]
    assert "終わりが始まりより前です" in problem["detail_ja"]


@pytest.mark.parametrize("query", ["limit=0", "limit=many", "limit=1&limit=2", "offset=-1", "asOf=yesterday"])
def test_numbers_and_days_are_checked(http: httpx.Client, query: str) -> None:
    answer = http.get(f"{HISTORY}.csv?{query}")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == query.partition("=")[0]


def test_too_many_parameters_are_refused(http: httpx.Client) -> None:
    assert http.get(f"{HISTORY}.csv?" + "&".join(["refArea=141011"] * 101)).status_code == 400


def test_an_unknown_cube_is_not_found_and_the_known_ones_are_named(http: httpx.Client) -> None:
    answer = http.get("/cubes/nothing.csv")
    assert answer.status_code == 404
    assert "population-ward-history" in answer.json()["allowed"]


def test_pages_follow_one_another_and_hold_every_row_once(http: httpx.Client) -> None:
    whole = rows(http.get(f"{HISTORY}.csv?refPeriod=2020..2024"))
    address, found = f"{HISTORY}.csv?refPeriod=2020..2024&limit=40", []
    while address:
        answer = http.get(address)
        found += rows(answer)
        address = answer.links.get("next", {}).get("url", "")
    assert found == whole
    assert len(found) == 95


def test_values_that_are_sql_are_only_values(http: httpx.Client) -> None:
    for name in ("refArea", "group", "measure", "pivot", "obsStatus"):
        answer = http.get(f"{HISTORY}.csv", params={name: "x') OR 1=1; DROP VIEW a; --"})
        assert answer.status_code == 400
    assert len(rows(http.get(f"{HISTORY}.csv"))) == 774


def test_rows_come_in_the_order_of_the_codes(http: httpx.Client) -> None:
    """Women before men in the codes' order of notations, the total before both, ages by their years."""
    found = rows(http.get("/cubes/synthetic-gaps.csv?refArea=141011&refPeriod=2020"))
    assert list(dict.fromkeys(row["sex"] for row in found)) == ["T", "F", "M"]
    assert [row["age"] for row in found if row["sex"] == "F"] == ["TOTAL", "Y0T14", "Y15T64", "Y65T"]
