"""One IRI, however it is spelt: raw, percent-encoded in either case, composed or decomposed, escaped."""

import unicodedata
from urllib.parse import quote

import pytest

from tests.service.sparql.servers import BASE, Server

NAME = "がっこう"
DECOMPOSED = unicodedata.normalize("NFD", NAME)
PLACE = f"{BASE}id/place/"
SPELLINGS = {
    "raw": NAME,
    "decomposed": DECOMPOSED,
    "upper-case escapes": quote(NAME),
    "lower-case escapes": quote(NAME).lower(),
    "escapes of the decomposed": quote(DECOMPOSED),
    "half of it escaped": NAME[0] + quote(NAME[1:]),
    "codepoint escapes": "".join(f"\\u{ord(each):04X}" for each in NAME),
    "long codepoint escapes": "".join(f"\\U{ord(each):08x}" for each in NAME),
}
PLACES = {
    "IRI": f"SELECT ?o {{ <{PLACE}NAME> rdfs:label ?o }}",
    "relative": "SELECT ?o { <id/place/NAME> rdfs:label ?o }",
    "relative to a base": f"BASE <{BASE}id/> SELECT ?o {{ <place/NAME> rdfs:label ?o }}",
    "VALUES": f"SELECT ?o {{ VALUES ?s {{ <{PLACE}NAME> }} ?s rdfs:label ?o }}",
    "FILTER": f"SELECT ?o {{ ?s rdfs:label ?o FILTER(?s = <{PLACE}NAME>) }}",
    "IN": f"SELECT ?o {{ ?s rdfs:label ?o FILTER(?s IN (<{PLACE}NAME>)) }}",
    "BIND": f"SELECT ?o {{ BIND(<{PLACE}NAME> AS ?s) ?s rdfs:label ?o }}",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("method", ["get", "form", "direct"])
def test_every_spelling_in_every_place_by_every_method(place: str, spelling: str, method: str, server: Server) -> None:
    query = PLACES[place].replace("NAME", SPELLINGS[spelling])
    if method == "get":
        response = server.get(query)
    elif method == "form":
        response = server.client.post("/sparql", data={"query": query})
    else:
        headers = {"Content-Type": "application/sparql-query"}
        response = server.client.post("/sparql", content=query.encode(), headers=headers)
    assert [row["o"]["value"] for row in response.json()["results"]["bindings"]] == ["学校"]


@pytest.mark.parametrize("spelling", ["raw", "decomposed", "upper-case escapes", "lower-case escapes"])
def test_prefixed_names_are_spelt_as_one_likes(spelling: str, server: Server) -> None:
    query = f"PREFIX place: <{PLACE}> SELECT ?o {{ place:{SPELLINGS[spelling]} rdfs:label ?o }}"
    assert server.values(query) == ["学校"]


def test_the_graph_of_a_request_is_spelt_as_one_likes(server: Server) -> None:
    for name in ("横浜", quote("横浜"), quote("横浜").lower()):
        graph = f"{BASE}graph/{name}"
        assert server.values("SELECT ?o { ?s ex:in ?o }", **{"default-graph-uri": graph}) == ["three"]
        assert server.values(f"SELECT ?o FROM <{graph}> {{ ?s ex:in ?o }}") == ["three"]
        assert server.values(f"SELECT ?o {{ GRAPH <{graph}> {{ ?s ex:in ?o }} }}") == ["three"]


def test_a_namespace_is_spelt_as_one_likes(server: Server) -> None:
    declared = f"PREFIX g: <{BASE}gr%61ph/>"
    assert server.values(f"{declared} SELECT ?o {{ GRAPH g:横浜 {{ ?s ex:in ?o }} }}") == ["three"]
    assert server.values(f"{declared} SELECT ?o FROM g:横浜 {{ ?s ex:in ?o }}") == ["three"]
    assert server.values(f"BASE <{BASE}gr%61ph/> SELECT ?o {{ GRAPH <横浜> {{ ?s ex:in ?o }} }}") == ["three"]


def test_japanese_typed_into_the_request_line_is_understood(server: Server) -> None:
    connection = server.connect()
    target = f"/sparql?query=ASK{{<{PLACE}{NAME}>+?p+?o}}"
    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    received = b""
    while data := connection.recv(65_536):
        received += data
    assert b'"boolean":true' in received


def test_strings_and_other_peoples_iris_stay_as_they_are(server: Server) -> None:
    texts = (f"{PLACE}%E3%81%8C", DECOMPOSED, "%e6%a8%aa")
    for text in texts:
        assert server.values(f"SELECT ?x {{ BIND('{text}' AS ?x) }}") == [text]
    for iri in ("http://other.example/%e6%a8%aa", f"http://other.example/{DECOMPOSED}", "urn:x:%41"):
        assert server.values(f"SELECT ?x {{ BIND(STR(<{iri}>) AS ?x) }}") == [iri]


def test_a_reserved_character_stays_escaped(server: Server) -> None:
    assert server.values(f"SELECT ?x {{ BIND(STR(<{PLACE}a%2fb>) AS ?x) }}") == [f"{PLACE}a%2Fb"]


def test_the_place_of_an_error_is_that_in_the_text_as_sent(server: Server) -> None:
    problem = server.get(f"ASK {{\n <{PLACE}{quote(NAME)}> ?p ! }}").json()
    plain = server.get(f"ASK {{\n <{PLACE}{'x' * len(quote(NAME))}> ?p ! }}").json()
    assert (problem["line"], problem["column"]) == (plain["line"], plain["column"])


def test_codepoint_escapes_mean_characters_anywhere(server: Server) -> None:
    assert server.get(r"\u0041SK { \u003Fs ?p ?o }").json()["boolean"] is True
    assert server.values(r"SELECT ?x { BIND('\u003F' AS ?x) }") == ["?"]
