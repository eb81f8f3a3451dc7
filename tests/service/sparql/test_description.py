"""SPARQL 1.1 Service Description: every claim is tried."""

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF

from tests.service.sparql.servers import BASE, PREFIXES, Server

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
FORMATS = {
    "SPARQL_Results_JSON": ("SELECT * {}", "application/sparql-results+json"),
    "SPARQL_Results_XML": ("SELECT * {}", "application/sparql-results+xml"),
    "SPARQL_Results_CSV": ("SELECT * {}", "text/csv"),
    "SPARQL_Results_TSV": ("SELECT * {}", "text/tab-separated-values"),
    "Turtle": ("CONSTRUCT WHERE {}", "text/turtle"),
    "TriG": ("CONSTRUCT WHERE {}", "application/trig"),
    "N-Triples": ("CONSTRUCT WHERE {}", "application/n-triples"),
    "N-Quads": ("CONSTRUCT WHERE {}", "application/n-quads"),
    "RDF_XML": ("CONSTRUCT WHERE {}", "application/rdf+xml"),
    "JSON-LD": ("CONSTRUCT WHERE {}", "application/ld+json"),
}


@pytest.fixture(scope="module")
def description(server: Server) -> rdflib.Graph:
    response = server.client.get("/sparql", headers={"Accept": "text/turtle"})
    assert response.headers["content-type"].startswith("text/turtle")
    return rdflib.Graph().parse(data=response.text, format="turtle")


def test_the_endpoint_describes_itself_once(description: rdflib.Graph) -> None:
    [service] = description.subjects(RDF.type, SD.Service)
    assert service == rdflib.URIRef(f"{BASE}sparql")
    assert description.value(service, SD.endpoint) == service
    assert description.value(service, SD.supportedLanguage) == SD.SPARQL11Query
    assert not list(description.objects(service, SD.feature)), "no feature that the data do not show"


def test_each_format_it_names_is_delivered_and_none_is_left_out(description: rdflib.Graph, server: Server) -> None:
    named = {str(each).rpartition("/")[2] for each in description.objects(None, SD.resultFormat)}
    assert named == set(FORMATS)
    for query, media_type in FORMATS.values():
        assert server.get(query, headers={"Accept": media_type}).headers["content-type"].startswith(media_type)


def test_the_graphs_it_names_are_those_there_are(description: rdflib.Graph, server: Server) -> None:
    named = {str(each) for each in description.objects(None, SD.name)}
    assert named == set(server.values("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"))
    [default] = description.objects(None, SD.defaultGraph)
    count = server.values("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert [str(description.value(default, VOID.triples))] == count


@pytest.mark.parametrize("path", ["/sparql/description", "/sparql/description.ttl"])
def test_it_has_an_address_of_its_own(path: str, server: Server) -> None:
    response = server.client.get(path)
    assert response.headers["content-type"].startswith("text/turtle")
    assert server.client.get(path, headers={"If-None-Match": response.headers["etag"]}).status_code == 304
    assert server.client.head(path).status_code == 200


def test_it_comes_in_every_format_for_graphs(server: Server) -> None:
    response = server.client.get("/sparql", headers={"Accept": "application/ld+json"})
    assert len(list(ox.parse(response.content, format=ox.RdfFormat.JSON_LD))) > 10
    assert server.client.get("/sparql/description", headers={"Accept": "image/png"}).status_code == 406


def test_who_only_takes_results_is_told_to_send_a_query(server: Server) -> None:
    response = server.client.get("/sparql", headers={"Accept": "application/sparql-results+json"})
    assert response.status_code == 400
    assert response.json()["parameter"] == "query"


def test_prefixes_are_reported(server: Server) -> None:
    response = server.client.get("/prefixes")
    assert response.json() == {"@context": PREFIXES}
    assert response.headers["content-type"].startswith("application/ld+json")
