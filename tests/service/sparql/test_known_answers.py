"""A query that came in the same words before is answered by the server itself, as the endpoint would."""

import httpx
import pytest

from tests.service.sparql.servers import Server

QUERY = "SELECT ?s { ?s ex:n ?n } ORDER BY ?s"
VARYING = {"date", "server-timing"}


def headers(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in VARYING}


def counted(server: Server, outcome: str) -> float:
    lines = server.client.get("/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("lod_queries_") and outcome in line)


def test_the_third_answer_is_the_first(server: Server) -> None:
    text = f"{QUERY} # the third"
    first, second, third = (server.get(text) for _ in range(3))
    assert first.headers["server-timing"] != "cache"
    assert second.headers["server-timing"] == third.headers["server-timing"] == "cache"
    assert headers(first) == headers(second) == headers(third)
    assert first.content == second.content == third.content
    assert third.headers["content-digest"] == third.headers["repr-digest"]


def test_answers_from_memory_are_counted(server: Server) -> None:
    text = f"{QUERY} # counted"
    before = counted(server, 'outcome="remembered"')
    for _ in range(5):
        server.get(text)
    assert counted(server, 'outcome="remembered"') == before + 4


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+xml", "application/sparql-results+json"])
def test_each_preference_has_its_own_answer(accept: str, server: Server) -> None:
    text = f"{QUERY} # preferences"
    for _ in range(3):
        assert server.get(text, headers={"Accept": accept}).headers["content-type"].startswith(accept)


def test_codings_are_told_apart(server: Server) -> None:
    text = "SELECT * { ?s ex:number ?n } ORDER BY ?s LIMIT 200"
    for _ in range(3):
        assert "content-encoding" not in server.get(text, headers={"Accept-Encoding": "identity"}).headers
        assert server.get(text, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"


def test_who_has_the_answer_gets_none(server: Server) -> None:
    text = f"{QUERY} # conditions"
    tag = [server.get(text) for _ in range(3)][-1].headers["etag"]
    assert server.get(text, headers={"If-None-Match": tag}).status_code == 304
    assert server.get(text, headers={"If-None-Match": '"other"'}).status_code == 200


def test_other_methods_and_parameters_are_other_requests(server: Server) -> None:
    text = f"{QUERY} # methods"
    for _ in range(3):
        server.get(text)
    assert server.client.head("/sparql", params={"query": text}).content == b""
    assert server.client.post("/sparql", data={"query": text}).json()["results"]
    assert server.get(text, format="csv").headers["content-type"].startswith("text/csv")
    assert server.client.get("/sparql.csv", params={"query": text}).headers["content-type"].startswith("text/csv")
    assert server.get(text, query2="x").status_code == 200


@pytest.mark.parametrize("text", ["SELECT (RAND() AS ?x) {}", "SELECT (NOW() AS ?x) {}", "SELECT (UUID() AS ?x) {}"])
def test_what_changes_is_asked_anew(text: str, server: Server) -> None:
    assert len({server.get(text).content for _ in range(4)}) == 4
