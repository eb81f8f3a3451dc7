"""SPARQL 1.1 Graph Store Protocol, read side."""

import gzip
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.service.sparql.servers import BASE, Server

ONE = f"{BASE}graph/one"
JAPANESE = (
    f"{BASE}graph/横浜",
    f"{BASE}graph/%E6%A8%AA%E6%B5%9C",
    f"{BASE}graph/%e6%a8%aa%e6%b5%9c",
)


def triples(content: bytes, media_type: str = "application/n-triples") -> set[str]:
    return {str(each.triple) for each in ox.parse(content, format=ox.RdfFormat.from_media_type(media_type))}


@pytest.mark.parametrize("path", ["/graphs", "/graphs/", "/graphs.nt"])
def test_a_graph_is_read_by_its_name(path: str, server: Server) -> None:
    response = server.client.get(path, params={"graph": ONE}, headers={"Accept": "application/n-triples"})
    assert response.status_code == 200
    assert len(triples(response.content)) == 2


def test_the_default_graph_is_the_current_data(server: Server) -> None:
    response = server.client.get("/graphs?default", headers={"Accept": "application/n-triples"})
    assert len(triples(response.content)) == int(server.values("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0])


@pytest.mark.parametrize("name", JAPANESE)
def test_every_spelling_of_a_name_is_the_same_graph(name: str, server: Server) -> None:
    response = server.client.get(f"/graphs?graph={quote(name, safe='')}", headers={"Accept": "application/n-triples"})
    assert "three" in response.text


def test_an_unknown_graph_is_not_found(server: Server) -> None:
    assert server.client.get("/graphs", params={"graph": f"{BASE}graph/none"}).status_code == 404
    assert server.client.get("/graphs", params={"graph": "http://elsewhere.example/"}).status_code == 404


@pytest.mark.parametrize("query", ["", "?graph=one", "?default&graph=http://a/", "?graph=http://a/&graph=http://b/"])
def test_exactly_one_graph_must_be_named(query: str, server: Server) -> None:
    assert server.client.get("/graphs" + query).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/graphs?default", f"/graphs?graph={ONE}", "/graphs"])
def test_graphs_are_written_by_nobody(method: str, path: str, server: Server) -> None:
    response = server.client.request(method, path, content=b"<a:a> <a:a> <a:a> .")
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.headers["access-control-allow-origin"] == "*"


def test_what_is_allowed_is_the_same_whoever_is_asked(server: Server) -> None:
    asked = server.client.options("/graphs")
    refused = server.client.post("/graphs")
    assert set(asked.headers["allow"].split(", ")) == set(refused.headers["allow"].split(", "))
    assert asked.headers["access-control-allow-methods"] == asked.headers["allow"]


@pytest.mark.parametrize(("name", "media_type"), [("json", "application/ld+json"), ("xml", "application/rdf+xml")])
def test_formats_have_the_same_names_as_at_the_endpoint(name: str, media_type: str, server: Server) -> None:
    for path in (f"/graphs?default&format={name}", f"/graphs.{name}?default"):
        assert server.client.get(path).headers["content-type"].startswith(media_type)


def test_a_graph_has_a_deadline_of_ones_choice(server: Server) -> None:
    assert server.client.get("/graphs?default&timeout=30").status_code == 200
    assert server.client.get("/graphs?default&timeout=0").status_code == 400


@pytest.mark.parametrize("path", ["/graphs?default", "/prefixes", "/metrics", "/health", "/sparql/description"])
def test_updates_are_refused_everywhere(path: str, server: Server) -> None:
    response = server.client.post(path, content="CLEAR ALL", headers={"Content-Type": "application/sparql-update"})
    assert response.status_code == 405
    assert response.headers["allow"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-quads", "application/n-quads"),
        ("text/csv", 406),
    ],
)
def test_graphs_are_negotiated(accept: str, expected: str | int, server: Server) -> None:
    response = server.client.get("/graphs?default", headers={"Accept": accept})
    if isinstance(expected, int):
        assert response.status_code == expected
    else:
        assert response.headers["content-type"].startswith(expected)


def test_head_and_conditions_work_for_graphs(server: Server) -> None:
    tag = server.client.head("/graphs", params={"graph": ONE}).headers["etag"]
    response = server.client.get("/graphs", params={"graph": ONE}, headers={"If-None-Match": tag})
    assert response.status_code == 304


def test_graphs_travel_compressed(server: Server) -> None:
    with server.client.stream("GET", "/graphs?default", headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["content-encoding"] == "gzip"
        assert b"ex:number" in gzip.decompress(b"".join(response.iter_raw()))
