"""Stock clients, used as their manuals say."""

import csv
import io
import json
import shutil
import subprocess

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from tests.service.sparql.servers import BASE, Server

SELECT = "SELECT ?label { ?s rdfs:label ?label } ORDER BY ?label"
LABELS = ["Yokohama", "学校", "横浜"]
CONSTRUCT = "CONSTRUCT WHERE { ?s rdfs:label ?o }"


@pytest.mark.parametrize("format_", ["json", "xml"])
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib(format_: str, method: str, server: Server) -> None:
    store = SPARQLStore(f"{server.url}/sparql", returnFormat=format_, method=method)
    graph = rdflib.Graph(store)
    assert [str(row[0]) for row in graph.query(SELECT)] == LABELS
    assert graph.query("ASK { ?s ?p ?o }").askAnswer is True
    assert (rdflib.URIRef(f"{BASE}id/place/横浜"), rdflib.RDFS.label, rdflib.Literal("横浜", "ja")) in graph
    assert len(list(graph.triples((None, rdflib.RDFS.label, None)))) == 3


def test_rdflib_reads_one_graph_of_the_dataset(server: Server) -> None:
    store = SPARQLStore(f"{server.url}/sparql", context_aware=True)
    graph = rdflib.Graph(store, identifier=rdflib.URIRef(f"{BASE}graph/one"))
    assert sorted(str(each) for each in graph.objects()) == ["both", "one"]


def test_rdflib_constructs(server: Server) -> None:
    store = SPARQLStore(f"{server.url}/sparql")
    assert len(store.query(CONSTRUCT).graph) == 3


def test_rdflib_cannot_federate_through_us_but_to_us(server: Server) -> None:
    query = f"SELECT ?label {{ SERVICE <{server.url}/sparql> {{ ?s <{rdflib.RDFS.label}> ?label }} }}"
    assert sorted(str(row[0]) for row in rdflib.Graph().query(query)) == sorted(LABELS)


@pytest.mark.parametrize("request_method", ["urlencoded", "postdirectly"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("format_", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_selects(format_: str, method: str, request_method: str, server: Server) -> None:
    wrapper = SPARQLWrapper(f"{server.url}/sparql")
    wrapper.setMethod(method)
    wrapper.setRequestMethod(request_method if method == POST else "urlencoded")
    wrapper.setQuery("PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> " + SELECT)
    wrapper.setReturnFormat(format_)
    content = wrapper.query().response.read().decode()
    assert all(label in content for label in LABELS)
    assert POSTDIRECTLY == "postdirectly"


@pytest.mark.parametrize("format_", [TURTLE, RDFXML, JSONLD, N3])
def test_sparqlwrapper_constructs(format_: str, server: Server) -> None:
    wrapper = SPARQLWrapper(f"{server.url}/sparql")
    wrapper.setQuery("PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> " + CONSTRUCT)
    wrapper.setReturnFormat(format_)
    assert "Yokohama" in wrapper.query().response.read().decode()


def test_sparqlwrapper_asks_with_a_default_graph(server: Server) -> None:
    wrapper = SPARQLWrapper(f"{server.url}/sparql", defaultGraph=f"{BASE}graph/one")
    wrapper.setQuery("ASK { ?s ?p 'one' }")
    wrapper.setReturnFormat(JSON)
    assert wrapper.query().convert()["boolean"] is True


def curl(*arguments: str) -> bytes:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    return subprocess.run(
        [program, "--silent", "--show-error", "--fail", *arguments], check=True, capture_output=True
    ).stdout


def test_curl_gets_json_without_saying_anything(server: Server) -> None:
    body = curl("--get", f"{server.url}/sparql", "--data-urlencode", f"query={SELECT}")
    assert [row["label"]["value"] for row in json.loads(body)["results"]["bindings"]] == LABELS


def test_curl_posts_a_form_and_gets_csv(server: Server) -> None:
    body = curl(f"{server.url}/sparql", "--data-urlencode", f"query={SELECT}", "--header", "Accept: text/csv")
    assert list(csv.reader(io.StringIO(body.decode()))) == [["label"], *([label] for label in LABELS)]


def test_curl_posts_directly_and_gets_it_compressed(server: Server) -> None:
    body = curl(
        f"{server.url}/sparql",
        "--compressed",
        "--header",
        "Content-Type: application/sparql-query",
        "--data-raw",
        SELECT,
    )
    assert len(json.loads(body)["results"]["bindings"]) == 3


def test_curl_uses_the_query_method(server: Server) -> None:
    body = curl(
        *("--request", "QUERY", f"{server.url}/sparql"),
        *("--header", "Content-Type: application/sparql-query", "--data", SELECT),
    )
    assert len(json.loads(body)["results"]["bindings"]) == 3


def test_a_spreadsheet_imports_csv_from_an_address(server: Server) -> None:
    body = curl(f"{server.url}/sparql.csv?query=SELECT%20%3Fn%20%7B%3Fs%20ex%3An%20%3Fn%7D%20ORDER%20BY%20%3Fn")
    assert body == b"n\r\n1\r\n2\r\n"
