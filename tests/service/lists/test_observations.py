"""Observations as a list: the rows of a cube, the same as in the store."""

import csv
import io
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox
import pytest

from service.context import Service

CUBE = "/observations?dataset=population-ward-month"


def test_observations_are_filtered_by_the_codes_of_dimensions(client: httpx.Client) -> None:
    page = client.get(f"{CUBE}&refArea=141011,141020&sex=T&count=true").json()
    assert page["totalItems"] == len(page["items"]) > 0
    assert {each["refArea"]["label"]["ja"] for each in page["items"]} == {"鶴見区", "神奈川区"}
    assert {each["sex"]["label"]["ja"] for each in page["items"]} == {"男女計"}
    assert all(isinstance(each["population"], int) for each in page["items"])


def test_codes_and_data_sets_are_named_as_in_the_document(client: httpx.Client) -> None:
    [listed] = client.get("/observations.json?dataset=population-ward-history&limit=1").json()["items"]
    document = client.get(urlsplit(listed["id"]).path.replace("/id/", "/data/") + ".json").json()
    for key in ("dataSet", "status", "basis", "refAreaVersion", "sex"):
        assert listed[key]["label"] == document[key]["label"]


def test_following_next_visits_every_observation_once(client: httpx.Client) -> None:
    page = client.get(f"{CUBE}&limit=100&count=true").json()
    total, found = page["totalItems"], []
    while True:
        found += [each["id"] for each in page["items"]]
        following = page["view"]["next"]
        if following is None:
            break
        parts = urlsplit(following["id"])
        page = client.get(f"{parts.path}?{parts.query}").json()
    assert len(found) == len(set(found)) == total == 228


def test_a_row_says_what_the_store_says(
    client: httpx.Client, service: Service, expanded: Callable[[bytes], ox.Dataset]
) -> None:
    store = ox.Store.read_only(str(service.release.store))
    answer = client.get("/observations?dataset=population-ward-history&limit=25")
    listed = expanded(answer.content)
    for each in answer.json()["items"]:
        subject = ox.NamedNode(each["id"])
        ours = {quad.triple for quad in listed.quads_for_subject(subject)}
        assert ours == {quad.triple for quad in store.quads_for_pattern(subject, None, None, ox.DefaultGraph())}


def test_a_list_of_observations_says_whom_to_credit(client: httpx.Client) -> None:
    listed = client.get(f"{CUBE}&limit=1").json()
    assert listed["credit"]["ja"]
    assert all(each.startswith("横浜市「") for each in listed["credit"]["ja"])
    assert [each["id"] for each in listed["license"]] == ["https://creativecommons.org/licenses/by/4.0/"]


def test_csv_has_codes_and_names(client: httpx.Client) -> None:
    answer = client.get(f"{CUBE}&refArea=141011&format=csv")
    row = next(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert (row["refArea_name"], row["sex_name"]) == ("鶴見区", "女")
    assert int(row["population"]) > 0


def test_codes_in_csv_are_those_that_filters_take(client: httpx.Client, service: Service) -> None:
    for cube in service.release.cubes:
        listed = client.get("/observations.csv", params={"dataset": cube.id, "limit": "1"})
        [row] = csv.DictReader(io.StringIO(listed.text, newline=""))
        codes = {each.name: row[each.name] for each in cube.of_kind("dimension")}
        [found] = client.get("/observations.json", params={"dataset": cube.id, **codes}).json()["items"]
        assert found["id"] == row["observation"]


def test_the_status_of_a_figure_in_csv_is_its_notation(client: httpx.Client) -> None:
    row = next(csv.DictReader(io.StringIO(client.get(f"{CUBE}&limit=1&format=csv").text, newline="")))
    assert row["obsStatus"] == "P"


def test_csv_leaves_out_what_is_stated_once_for_all_figures(client: httpx.Client) -> None:
    def header(cube: str) -> list[str]:
        return client.get(f"/observations.csv?dataset={cube}&limit=1").text.splitlines()[0].split(",")

    assert "populationBasis" not in header("population-ward-month")
    assert "populationBasis" in header("population-ward-history")


def test_a_figure_that_is_not_exact_says_so_in_each_format(client: httpx.Client) -> None:
    row = next(
        csv.DictReader(io.StringIO(client.get("/observations.csv?dataset=employed-occupation").text, newline=""))
    )
    assert (row["employedPersons"], row["approximation"]) == ("340000", "more-than")
    assert "more than" in client.get("/observations.html?dataset=employed-occupation&lang=en").text
    found = client.get("/cubes/employed-occupation.json?lang=en").json()
    assert found["extension"]["approximation"] == {"0": "more than"}


def test_csv_has_figures_that_the_context_has_no_key_for(client: httpx.Client) -> None:
    answer = client.get("/observations.csv?dataset=fertility-rate")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["totalFertilityRate"] for row in rows] == ["1.26", "1.31"]


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("", "dataset", "population-ward-month"),
        ("?dataset=x", "dataset", "population-ward-month"),
        ("?dataset=population-ward-month&sex=X", "sex", "M"),
        ("?dataset=population-ward-month&projectionVariant=high", "projectionVariant", "refArea"),
        ("?dataset=population-ward-month&limit=0", "limit", "1000"),
        ("?dataset=population-ward-month&after=WyIiLCJ4Il0", "after", "dataset"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_would_do(
    query: str, parameter: str, said: str, client: httpx.Client
) -> None:
    answer = client.get(f"/observations{query}")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter
    assert said in answer.json()["detail"]


def test_a_page_has_a_column_for_what_is_said_of_each_figure(client: httpx.Client) -> None:
    """The basis of all figures of a data set is said once, by the data set."""
    for cube, expected in (
        ("population-ward-history", ["observation status", "population basis"]),
        ("population-town-age", ["confidentiality status"]),
        ("plan-indicator", ["approximation"]),
    ):
        text = client.get(f"/observations.html?dataset={cube}&lang=en&limit=2").text
        figure_and_dimensions = 5
        assert re.findall(r'<th scope="col">([^<]+)</th>', text)[figure_and_dimensions:] == expected


def test_formats_are_offered_once_there_is_something_in_them(client: httpx.Client) -> None:
    for query, offered in (("", False), ("&dataset=nothing", False), ("&dataset=plan-indicator", True)):
        page = client.get(f"/observations?lang=en{query}", headers={"Accept": "text/html"})
        assert (".csv" in page.text) == offered
        assert ("/observations.csv" in page.headers.get("Link", "")) == offered
