"""Which format a client gets: RFC 9110, 12.5.1, and what common clients send."""

import json
from io import BytesIO
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from service.sparql.negotiation import GRAPHS, RESULTS
from tests.service.sparql.servers import Server

SELECT, ASK, CONSTRUCT = "SELECT ?s ?o { ?s rdfs:label ?o }", "ASK {}", "CONSTRUCT WHERE { ?s rdfs:label ?o }"
JSON, XML, CSV, TSV = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
TURTLE = "text/turtle"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

ACCEPTS = (
    (SELECT, None, JSON),
    (SELECT, "*/*", JSON),
    (SELECT, "", JSON),
    (SELECT, "application/json", "application/json"),
    (SELECT, "application/xml", "application/xml"),
    (SELECT, "application/json;q=0.5, application/sparql-results+json;q=0.4", "application/json"),
    (SELECT, "text/csv", CSV),
    (SELECT, "text/*", CSV),
    (SELECT, "text/*;q=0.5, text/csv;q=0", TSV),
    (SELECT, "text/csv;q=0.4, text/tab-separated-values;q=0.5", TSV),
    (SELECT, "*/*;q=0.1, application/sparql-results+xml", XML),
    (SELECT, "application/sparql-results+json;q=0, */*", XML),
    (SELECT, "TEXT/CSV; Q=1", CSV),
    (SELECT, 'text/csv; charset="utf-8"', CSV),
    (SELECT, "text/turtle", 406),
    (SELECT, "image/png", 406),
    (SELECT, "*/*;q=0", 406),
    (SELECT, "application/*;q=0, text/turtle", 406),
    (ASK, None, JSON),
    (ASK, "text/csv", CSV),
    (ASK, "text/turtle", 406),
    (CONSTRUCT, None, TURTLE),
    (CONSTRUCT, "*/*", TURTLE),
    (CONSTRUCT, "application/ld+json", "application/ld+json"),
    (CONSTRUCT, "application/n-triples", "application/n-triples"),
    (CONSTRUCT, "application/n-quads", "application/n-quads"),
    (CONSTRUCT, "application/trig", "application/trig"),
    (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
    (CONSTRUCT, "application/sparql-results+json", 406),
)
# What these send by themselves: YASGUI, rdflib, SPARQLWrapper, Jena, Comunica, R, curl.
CLIENTS = (
    (SELECT, "application/sparql-results+json,*/*;q=0.9", JSON),
    (CONSTRUCT, "application/n-triples,*/*;q=0.9", "application/n-triples"),
    (SELECT, "application/sparql-results+xml, application/rdf+xml", XML),
    (SELECT, "application/sparql-results+xml", XML),
    (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
    (
        SELECT,
        (
            "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
            "text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1"
        ),
        JSON,
    ),
    (
        CONSTRUCT,
        "text/turtle, application/n-triples;q=0.9, application/ld+json;q=0.8, application/rdf+xml;q=0.7, */*;q=0.3",
        TURTLE,
    ),
    (SELECT, "application/n-quads,application/trig;q=0.9,application/sparql-results+json;q=0.8,text/n3;q=0.3", JSON),
    (SELECT, "text/csv", CSV),
    (SELECT, "*/*", JSON),
)


@pytest.mark.parametrize(("query", "accept", "expected"), [*ACCEPTS, *CLIENTS])
def test_a_client_gets_what_it_likes_best(query: str, accept: str | None, expected: str | int, server: Server) -> None:
    # httpx sends */* unless told otherwise; an empty value is what a missing header means.
    response = server.get(query, headers={"Accept": accept or ""})
    if isinstance(expected, int):
        assert response.status_code == expected
        assert response.json()["available"]
    else:
        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == expected
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize("format_", RESULTS, ids=lambda each: each.name)
def test_results_are_what_the_media_type_says(format_: object, server: Server) -> None:
    response = server.get(SELECT, headers={"Accept": format_.media_type})
    parsed = (
        ox.parse_query_results(response.content, format=ox.QueryResultsFormat.from_media_type(format_.media_type))
        if format_.extension != "csv"
        else response.text.splitlines()[1:]
    )
    assert len(list(parsed)) == 3
    assert "charset=utf-8" in response.headers["content-type"]


@pytest.mark.parametrize("format_", GRAPHS, ids=lambda each: each.name)
def test_graphs_are_what_the_media_type_says(format_: object, server: Server) -> None:
    response = server.get(CONSTRUCT, headers={"Accept": format_.media_type})
    parsed = ox.parse(BytesIO(response.content), format=ox.RdfFormat.from_media_type(format_.media_type))
    assert len({str(each.triple) for each in parsed}) == 3


@pytest.mark.parametrize("name", ["csv", "CSV", "text/csv"])
def test_a_parameter_beats_the_header(name: str, server: Server) -> None:
    response = server.get(SELECT, format=name, headers={"Accept": "application/json"})
    assert response.headers["content-type"].startswith("text/csv")
    assert server.get(SELECT, output=name).headers["content-type"].startswith("text/csv")


def test_an_extension_beats_the_header(server: Server) -> None:
    response = server.client.get("/sparql.tsv", params={"query": SELECT}, headers={"Accept": "application/json"})
    assert response.headers["content-type"].startswith("text/tab-separated-values")
    response = server.client.get("/sparql.nt", params={"query": CONSTRUCT})
    assert response.headers["content-type"].startswith("application/n-triples")
    assert server.client.get("/sparql.gif", params={"query": SELECT}).status_code == 404


def test_an_unknown_format_is_refused_with_those_there_are(server: Server) -> None:
    response = server.get(SELECT, format="gif")
    assert response.status_code == 400
    assert "csv" in response.json()["available"]


def test_a_format_that_cannot_carry_the_answer_is_refused(server: Server) -> None:
    assert server.get(SELECT, format="ttl").status_code == 406
    assert server.get(CONSTRUCT, format="csv").status_code == 406
    assert "is a graph;" in server.get(CONSTRUCT, format="csv").json()["detail"]
    assert "is a table of solutions" in server.get(SELECT, format="ttl").json()["detail"]


@pytest.mark.parametrize(
    ("name", "media_type"), [("xml", "application/rdf+xml"), ("json", "application/ld+json"), ("n3", "text/turtle")]
)
def test_a_format_for_results_means_its_neighbour_for_graphs(name: str, media_type: str, server: Server) -> None:
    assert server.get(CONSTRUCT, format=name).headers["content-type"].startswith(media_type)


@pytest.mark.parametrize("parameters", [{}, {"query": SELECT}])
def test_browsers_get_the_page_with_the_query(parameters: dict[str, str], server: Server) -> None:
    response = server.client.get("/sparql", params=parameters, headers={"Accept": BROWSER})
    assert response.headers["content-type"].startswith("text/html")
    assert (parameters.get("query", "SELECT")[:6]) in response.text


def test_a_browsers_form_gets_the_format_it_names(server: Server) -> None:
    response = server.get(SELECT, format="csv", headers={"Accept": BROWSER})
    assert response.headers["content-type"].startswith("text/csv")


def test_head_says_what_get_says(server: Server) -> None:
    get = server.get(SELECT)
    head = server.client.head("/sparql", params={"query": SELECT})
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "repr-digest", "last-modified", "vary", "cache-control"):
        assert head.headers[name] == get.headers[name], name


def test_json_and_xml_hold_the_same(server: Server) -> None:
    rows = json.loads(server.get(SELECT, format="json").content)["results"]["bindings"]
    tree = ET.fromstring(server.get(SELECT, format="xml").content)
    namespace = "{http://www.w3.org/2005/sparql-results#}"
    assert sorted(row["o"]["value"] for row in rows) == sorted(
        each.text or "" for each in tree.iter(f"{namespace}literal")
    )
