"""Stored queries: the address of a query is its document, and its results for those who want results."""

import httpx
import pytest

QUERY = "/query/indicator-3-1"


def test_a_stored_query_is_a_page_and_data(client: httpx.Client) -> None:
    page = client.get(QUERY, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<textarea" in page.text
    assert "dcat:Catalog" in page.text
    turtle = client.get(f"{QUERY}.ttl")
    assert turtle.status_code == 200
    assert "sh:SPARQLSelectExecutable" in turtle.text
    assert client.get("/id/plan/kanmin-data-2018/indicator/3-1", headers={"Accept": "text/turtle"}).status_code == 303


@pytest.mark.parametrize(
    ("address", "accept"),
    [(f"{QUERY}.csv", "*/*"), (QUERY, "text/csv"), (f"{QUERY}.tsv", "*/*")],
)
def test_results_are_those_of_the_query_now(address: str, accept: str, client: httpx.Client) -> None:
    first = client.get(address, headers={"Accept": accept}, follow_redirects=False)
    assert first.status_code == 303
    assert first.headers["location"].startswith("/sparql")
    found = client.get(address, headers={"Accept": accept}, follow_redirects=True)
    count = client.get(
        "/sparql.csv", params={"query": "SELECT (COUNT(*) AS ?value) WHERE { ?catalog dcat:dataset ?dataset }"}
    )
    assert found.text.split()[1:] == count.text.split()[1:]


def test_results_as_json_for_those_who_name_them(client: httpx.Client) -> None:
    found = client.get(QUERY, headers={"Accept": "application/sparql-results+json"}, follow_redirects=True)
    assert int(found.json()["results"]["bindings"][0]["value"]["value"]) > 20


@pytest.mark.parametrize("path", ["/query/nothing", "/query/nothing.csv", "/query/nothing.ttl"])
def test_an_unknown_query_is_not_found(path: str, client: httpx.Client) -> None:
    assert client.get(path, follow_redirects=False).status_code == 404


def test_every_query_that_computes_an_indicator_runs(client: httpx.Client) -> None:
    asked = "SELECT ?query WHERE { ?indicator yk:computedBy ?query }"
    rows = client.get("/sparql.csv", params={"query": asked}).text.split()[1:]
    assert len(rows) == 2
    for iri in rows:
        path = "/" + iri.split("/", 3)[3]
        found = client.get(f"{path}.csv", follow_redirects=True)
        assert found.text.split()[0] == "value"
        assert int(found.text.split()[1]) > 0
