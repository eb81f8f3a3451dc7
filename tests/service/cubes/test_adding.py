"""Sums: never a total with its parts, never unlike figures, never a false zero."""

import csv
import io

import httpx
import pytest

HISTORY, MONTHS, GAPS = "/cubes/population-ward-history", "/cubes/population-ward-month", "/cubes/synthetic-gaps"


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def figure(*key: str) -> int:
    """The made-up figure of the synthetic cube (see conftest.py), whose totals are the sums of their parts."""
    area, period, sex, age = key
    ages = ["TOTAL", "Y0T14", "Y15T64", "Y65T"]
    parts = [(s, a) for s in (["M", "F"] if sex == "T" else [sex]) for a in (ages[1:] if age == "TOTAL" else [age])]
    return sum(int(area[-3:]) + int(period) + 10 * len(s + a) + 7 * ages.index(a) + (s == "F") for s, a in parts)


def test_a_dimension_that_has_a_total_is_represented_by_it(http: httpx.Client) -> None:
    (found,) = rows(http.get(f"{MONTHS}.csv?group=refPeriod&refPeriod=2024-01"))
    assert (found["population"], found["cells"]) == ("3769220", "1")


def test_a_dimension_without_a_total_is_added_up_from_its_broadest_codes(http: httpx.Client) -> None:
    found = rows(http.get(f"{GAPS}.csv?group=refPeriod&refPeriod=2020"))
    expected = figure("141011", "2020", "T", "TOTAL") + figure("141020", "2020", "T", "TOTAL")
    assert [(row["population"], row["cells"]) for row in found] == [(str(expected), "2")]


def test_chosen_parts_are_added(http: httpx.Client) -> None:
    (found,) = rows(http.get(f"{HISTORY}.csv?group=refPeriod&refArea=141011,141020&refPeriod=2024"))
    parts = rows(http.get(f"{HISTORY}.csv?refArea=141011,141020&refPeriod=2024"))
    assert int(found["population"]) == sum(int(row["population"]) for row in parts)
    assert found["cells"] == "2"


@pytest.mark.parametrize("query", ["refArea=141003,141011", "sex=T,M&refArea=141011", "sex=M,T&refArea=141003"])
def test_a_total_is_never_added_to_its_parts(http: httpx.Client, query: str) -> None:
    answer = http.get(f"{MONTHS}.csv?group=refPeriod&{query}")
    assert answer.status_code == 400
    assert "overlap" in answer.json()["detail"]
    assert "二重" in answer.json()["detail_ja"]


def test_the_same_codes_may_stand_side_by_side(http: httpx.Client) -> None:
    found = rows(http.get(f"{MONTHS}.csv?group=sex&refArea=141011&refPeriod=2024-01"))
    assert {row["sex"]: row["population"] for row in found} == {"T": "295648", "M": "152546", "F": "143102"}


def test_points_in_time_are_never_added(http: httpx.Client) -> None:
    answer = http.get(f"{HISTORY}.csv?group=refArea")
    assert answer.status_code == 400
    assert "refPeriod=2024" in answer.json()["allowed"]


def test_the_grand_total_of_one_period_needs_no_group(http: httpx.Client) -> None:
    (found,) = rows(http.get(f"{HISTORY}.csv?group=&refPeriod=latest"))
    assert found["population"] == "3771063"


def test_figures_of_different_bases_are_never_added(http: httpx.Client) -> None:
    answer = http.get(f"{GAPS}.csv?group=refPeriod&refPeriod=2022")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "populationBasis"
    assert "group=populationBasis" in answer.json()["allowed"]
    apart = rows(http.get(f"{GAPS}.csv?group=refPeriod,populationBasis&refPeriod=2022"))
    assert len(apart) == 2
    one = rows(http.get(f"{GAPS}.csv?group=refPeriod&refPeriod=2022&refArea=141011"))
    assert one[0]["population"] == str(figure("141011", "2022", "T", "TOTAL"))


def test_sums_say_how_many_cells_are_missing_suppressed_and_absent(http: httpx.Client) -> None:
    chosen = "sex=M,F&age=Y0T14,Y15T64,Y65T&refPeriod=2020..2021"
    found = {row["refPeriod"]: row for row in rows(http.get(f"{GAPS}.csv?group=refPeriod&{chosen}"))}
    counts = {year: [row[name] for name in ("cells", "missing", "suppressed", "absent")] for year, row in found.items()}
    assert counts == {"2020": ["10", "0", "0", "2"], "2021": ["10", "1", "1", "0"]}
    assert found["2021"]["state"] == "partial"
    assert found["2020"]["state"] == ""


def test_a_sum_without_any_value_is_no_zero(http: httpx.Client) -> None:
    suppressed = rows(http.get(f"{GAPS}.csv?group=refPeriod&refArea=141011&sex=F&age=Y65T&refPeriod=2021"))
    assert [(row["population"], row["state"]) for row in suppressed] == [("", "suppressed")]
    missing = rows(http.get(f"{GAPS}.csv?group=refPeriod&refArea=141020&sex=M&age=Y0T14&refPeriod=2021"))
    assert [(row["population"], row["state"]) for row in missing] == [("", "missing")]


def test_a_group_that_lacks_what_is_to_be_added_is_shown_without_a_value(http: httpx.Client) -> None:
    found = rows(http.get(f"{GAPS}.csv?group=refArea,age&refPeriod=2020&sex=T&age=Y65T"))
    assert [row["refArea"] for row in found] == ["141011"]


def test_a_group_of_which_nothing_is_added_counts_nothing(http: httpx.Client) -> None:
    """The missing figure is that of a part, and totals are what is added."""
    found = rows(http.get(f"{GAPS}.csv?group=refPeriod,obsStatus&refPeriod=2021"))
    (part,) = (row for row in found if row["obsStatus"].endswith("M"))
    assert [part[name] for name in ("population", "cells", "missing", "suppressed")] == ["", "0", "0", "0"]


def test_what_cannot_be_counted_on_is_not_counted(http: httpx.Client) -> None:
    """Where an attribute tells groups apart, how many cells there should be is not known."""
    found = rows(http.get(f"{HISTORY}.csv?group=refPeriod,populationBasis&refPeriod=2020..2021"))
    assert {row["populationBasis"]: row["absent"] for row in found} == {"census": "", "estimate": ""}


def test_a_sum_has_the_status_that_all_its_cells_have(http: httpx.Client) -> None:
    found = rows(http.get(f"{HISTORY}.csv?group=refPeriod&refPeriod=2020..2021"))
    assert [row["obsStatus"] for row in found] == ["A", "P"]


def test_shares_are_never_added() -> None:
    from service.cubes.model import Code, Measure, Names

    percent = Code("http://qudt.org/vocab/unit/PERCENT", "PERCENT", Names())
    assert not Measure("anything", "", Names(), "decimal", percent).additive
    assert not Measure("totalFertilityRate", "", Names(), "decimal", None).additive
    assert Measure("population", "", Names(), "integer", None).additive


def test_codes_that_share_a_notation_are_told_apart(http: httpx.Client) -> None:
    found = rows(http.get("/cubes/synthetic-twins.csv?group=refArea&count=2"))
    assert {row["refArea"]: row["figure"] for row in found} == {
        "http://other.example/a/1": "20",
        "http://other.example/b/1": "64",
    }
    one = http.get("/cubes/synthetic-twins.jsonld?refArea=http://other.example/b/1&count=1").json()["graph"]
    assert [(each["refArea"], each["count"], each["figure"]) for each in one] == [("http://other.example/b/1", 1, 32)]
