"""Roll-ups over HTTP: the real service, its workers and the real release."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.__main__ import open_service
from service.settings import Settings

ROLL_UP = """SELECT ?area ?name (SUM(?v) AS ?sum) (COUNT(*) AS ?count) {
    ?o qb:dataSet <http://localhost:8000/id/dataset/population-city-age> ; sdmx-dimension:refArea ?area ;
        estat-measure:population ?v . ?area rdfs:label ?name
} GROUP BY ?area ?name ORDER BY ?area ?name"""
# The planner does not read BNODE().
SAME_BY_OXIGRAPH = ROLL_UP.replace("} GROUP", "FILTER(isBlank(BNODE())) } GROUP")


def ask(client: httpx.Client, query: str, accept: str = "text/csv", **parameters: str) -> httpx.Response:
    answer = client.get("/sparql", params={"query": query, "timeout": "60", **parameters}, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "xml"])
def test_a_roll_up_from_columns_is_byte_for_byte_oxigraphs(client: httpx.Client, format_: str) -> None:
    ours, theirs = (ask(client, query, format=format_) for query in (ROLL_UP, SAME_BY_OXIGRAPH))
    assert (ours.headers["X-Engine"], theirs.headers["X-Engine"]) == ("cube", "oxigraph")
    assert ours.content == theirs.content
    assert len(ours.content.splitlines()) > 1 or format_ in {"json", "xml"}
    assert "cube;dur=" in ours.headers["Server-Timing"]


def test_a_roll_up_in_other_words_is_byte_for_byte_the_same(client: httpx.Client) -> None:
    text = "SELECT ?d (COUNT(?o) AS ?n) { ?o qb:dataSet ?d } GROUP BY ?d"
    answers = [ask(client, f"{text} # {number}") for number in range(8)]
    assert {each.headers["X-Engine"] for each in answers} == {"cube"}
    assert len({each.content for each in answers}) == 1


def test_an_ask_about_observations_is_answered(client: httpx.Client) -> None:
    text = "ASK { ?o estat-measure:population ?v FILTER(?v < 0) OPTIONAL { ?o sdmx-attribute:obsStatus ?s } }"
    answer = ask(client, text, "application/sparql-results+json")
    assert answer.headers["X-Engine"] == "cube"
    assert answer.json()["boolean"] is False


def test_a_query_of_its_own_dataset_is_for_oxigraph(client: httpx.Client) -> None:
    graph = "http://localhost:8000/graph/none"
    assert ask(client, ROLL_UP, **{"default-graph-uri": graph}).headers["X-Engine"] == "oxigraph"
    from_graph = ROLL_UP.replace("{", f"FROM <{graph}> {{", 1)
    assert ask(client, from_graph).headers["X-Engine"] == "oxigraph"


def test_other_queries_are_for_oxigraph(client: httpx.Client) -> None:
    assert ask(client, "SELECT * { ?s rdfs:label ?l } LIMIT 1").headers["X-Engine"] == "oxigraph"


def test_explain_shows_what_ran_where(client: httpx.Client) -> None:
    answer = ask(client, ROLL_UP, explain="1")
    header, *steps = answer.text.splitlines()
    assert header == "step,engine,text,rows,milliseconds"
    engines = [each.split(",")[1] for each in steps]
    assert (engines[0], engines[-1]) == ("oxigraph", "duckdb")
    assert answer.headers["Cache-Control"] == "no-store"


def test_explain_says_why_oxigraph_answers(client: httpx.Client) -> None:
    assert "no property of a cube" in ask(client, "SELECT * { ?s rdfs:label ?l }", explain="1").text


@pytest.fixture(scope="module")
def without_planner(releases: Path) -> Iterator[httpx.Client]:
    from tests.service.conftest import serving

    with serving(open_service(Settings(releases=releases, port=0, planner=False, workers=1))) as client:
        yield client


def test_a_setting_turns_it_off(without_planner: httpx.Client) -> None:
    assert ask(without_planner, ROLL_UP).headers["X-Engine"] == "oxigraph"
