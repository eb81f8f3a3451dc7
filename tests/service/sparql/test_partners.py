"""SERVICE for endpoints on the operator's list, against real listeners: what is joined, what is refused, what a partner
that misbehaves costs."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib

from service.settings import Settings
from tests.service.sparql.conftest import Serve
from tests.service.sparql.partners import HERE, Partner
from tests.service.sparql.servers import ENDLESS, Server, eventually, rows, serving


@pytest.fixture(scope="module")
def pair(serve: Serve, release: Path) -> Iterator[tuple[Server, str]]:
    """Two services, of which one may ask the other; and the address of the other."""
    other = f"{serve().url}/sparql"
    with serving(Settings(releases=release, log_level="ERROR", partners=(other,)), HERE) as found:
        yield found, other


# --- what a block means -------------------------------------------------------------------------------


JOINS = (
    ("SELECT ?n { SERVICE <{at}> { ?s ex:n ?n } } ORDER BY ?n", [{"n": "1"}, {"n": "2"}]),
    ("SELECT ?n { <id/place/b> ex:next ?p SERVICE <{at}> { ?p ex:n ?n } }", [{"n": "1"}]),
    ("SELECT ?n { SERVICE <{at}> { ?p ex:n ?n } FILTER(?n > 1) }", [{"n": "2"}]),
    (
        "SELECT ?n ?m { ?s ex:n ?n OPTIONAL { SERVICE <{at}> { ?s ex:n ?m FILTER(?m = 2) } } } ORDER BY ?n",
        [{"n": "1"}, {"n": "2", "m": "2"}],
    ),
    ("SELECT ?n { ?s ex:n ?n MINUS { SERVICE <{at}> { ?s ex:next ?o } } }", [{"n": "1"}]),
    ("SELECT ?n { ?s ex:n ?n FILTER EXISTS { SERVICE <{at}> { ?s ex:next ?o } } }", [{"n": "2"}]),
    (
        "SELECT ?n { { ?s ex:n ?n FILTER(?n = 1) } UNION { SERVICE <{at}> { ?s ex:n ?n FILTER(?n = 2) } } }",
        [{"n": "1"}, {"n": "2"}],
    ),
    ("SELECT ?n { { SELECT (COUNT(*) AS ?n) { SERVICE <{at}> { ?s ex:n ?m } } } }", [{"n": "2"}]),
    ("SELECT ?c { SERVICE <{at}> { SELECT (COUNT(*) AS ?c) { ?s ex:n ?n } } }", [{"c": "2"}]),
    (
        "SELECT * { SERVICE <{at}> { ?s ex:n ?a FILTER(?a < 2) } SERVICE <{at}> { ?t ex:n ?b FILTER(?b > 1) } }",
        [{"a": "1", "b": "2", "s": "http://localhost:8000/id/place/横浜", "t": "http://localhost:8000/id/place/b"}],
    ),
    # A block without variables is a condition.
    ("SELECT ?n { SERVICE <{at}> { <id/place/b> ex:n 2 } ?s ex:n ?n FILTER(?n = 2) }", [{"n": "2"}]),
    ("SELECT ?n { SERVICE <{at}> { <id/place/b> ex:n 3 } ?s ex:n ?n }", []),
    (
        "SELECT ?n { # a }\n SERVICE # <x> {\n <{at}> # {\n { ?s ex:n ?n FILTER('}' != '{') # }\n } FILTER(?n = 1) }",
        [{"n": "1"}],
    ),
    ("PREFIX p: <{at}> SELECT ?n { service p: { <id/place/b> ex:n ?n } }", [{"n": "2"}]),
    ("BASE <{at}> SELECT ?n { SERVICE <> { <http://localhost:8000/id/place/b> ex:n ?n } }", [{"n": "2"}]),
    ("PREFIX ex: <http://other/> SELECT ?n { SERVICE <{at}> { ?s ex:n ?n } }", []),
    ("SELECT ?n { \\u0053ERVICE <{at}> { <id/place/b> ex:n ?n } }", [{"n": "2"}]),
    (
        "SELECT ?l { SERVICE <{at}> { <id/place/%E6%A8%AA%e6%b5%9c> rdfs:label ?l } FILTER(LANG(?l) = 'ja') }",
        [{"l": "横浜"}],
    ),
)


@pytest.mark.parametrize(("query", "expected"), JOINS)
def test_a_block_joins_as_the_standard_says(
    query: str, expected: list[dict[str, str]], pair: tuple[Server, str]
) -> None:
    server, other = pair
    assert rows(server, query.replace("{at}", other)) == expected


def test_graphs_are_made_of_partners_answers_too(pair: tuple[Server, str]) -> None:
    server, other = pair
    query = f"CONSTRUCT {{ ?s rdfs:comment ?n }} WHERE {{ SERVICE <{other}> {{ ?s ex:n ?n }} }}"
    response = server.get(query, headers={"Accept": "application/n-triples"})
    assert len(response.text.splitlines()) == 2


def test_the_graphs_of_the_request_are_ours_alone(pair: tuple[Server, str]) -> None:
    server, other = pair
    query = f"SELECT ?v ?n {{ ?s ex:in ?v . SERVICE <{other}> {{ ?t ex:n ?n FILTER(?n = 1) }} }} ORDER BY ?v"
    response = server.get(query, **{"default-graph-uri": "http://localhost:8000/graph/one"})
    assert [each["v"]["value"] for each in response.json()["results"]["bindings"]] == ["both", "one"]


def test_terms_come_as_they_are(ask: Server, stub: Partner) -> None:
    query = f"SELECT ?x ?y {{ SERVICE <{stub.at('/terms')}> {{ ?x ?p ?y }} }}"
    first, second = ask.get(query).json()["results"]["bindings"]
    assert first["x"] == {"type": "literal", "value": "横浜", "xml:lang": "ja"}
    assert first["y"] == {"type": "uri", "value": "http://e.example/a"}
    assert second == {"x": {"type": "literal", "value": "7", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}


def test_what_a_partner_says_is_data_and_no_query(ask: Server, stub: Partner) -> None:
    query = f"SELECT ?x {{ SERVICE <{stub.at('/hostile-text')}> {{ ?s ?p ?x }} }}"
    assert rows(ask, query) == [{"x": '"\n} SERVICE <http://127.0.0.1:1/> {} \\ ）'}]


def test_a_partner_gets_the_pattern_and_nothing_else(ask: Server, stub: Partner) -> None:
    query = f"# a secret\nSELECT ?x {{ ?secret rdfs:label ?l . SERVICE <{stub.at('/good')}> {{ ?s ex:n ?x }} }}"
    ask.get(query, headers={"Cookie": "a=b", "Authorization": "Basic YTpi", "X-Forwarded-For": "192.0.2.1"})
    path, headers, asked = stub.asked[-1]
    assert path == "/good"
    assert set(headers) == {
        *("Host", "Accept", "Accept-Encoding", "Content-Type", "Content-Length", "User-Agent", "Connection"),
    }
    assert asked.splitlines() == [
        "BASE <http://localhost:8000/>",
        "PREFIX ex: <http://localhost:8000/def/ex#>",
        "SELECT * WHERE { ?s ex:n ?x }",
    ]


# --- who may be asked ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <{at}/good/> { ?s ?p ?x } }",
        "SELECT * { SERVICE <{at}/good#> { ?s ?p ?x } }",
        "SELECT * { SERVICE <{at}/good?> { ?s ?p ?x } }",
        "SELECT * { SERVICE <{at}/Good> { ?s ?p ?x } }",
        "SELECT * { SERVICE <{at}/%67ood> { ?s ?p ?x } }",
        "SELECT * { SERVICE <http://elsewhere.example/> { ?s ?p ?x } }",
        "SELECT * { SERVICE <{at}/good> { ?s ?p ?x } SERVICE <http://elsewhere.example/> { ?s ?p ?x } }",
        "SELECT * { SERVICE SILENT <http://elsewhere.example/> { ?s ?p ?x } }",
        "SELECT * { SERVICE <{at}/good> { SERVICE <{at}/good> { ?s ?p ?x } } }",
        "SELECT * { SERVICE <{at}/good> { ?s ?p ?x OPTIONAL { service silent <{at}/good> { ?s ?p ?x } } } }",
        "SELECT * { VALUES ?e { <{at}/good> } SERVICE ?e { ?s ?p ?x } }",
        "SELECT * { SERVICE SILENT $e { ?s ?p ?x } }",
        "SELECT * { SERVICE unknown:good { ?s ?p ?x } }",
        "SELECT * { SERVICE }",
        "SELECT * {" + " SERVICE <{at}/good> { ?s ?p ?x }" * 5 + " }",
    ],
)
def test_others_are_refused_and_not_asked(query: str, ask: Server, stub: Partner) -> None:
    before = len(stub.asked)
    response = ask.get(query.replace("{at}", stub.at("")))
    assert response.status_code == 400
    assert response.json()["limit"] in {"federation", "partner_blocks"}
    assert len(stub.asked) == before


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * {\n SERVICE <{at}> { ?s ?p } }", 2, None),
        ("SELECT * {\n SERVICE <{at}> { ?s ?p ?x }\n ?s ?p }", 3, 8),
        ("SELECT * {\n SERVICE <{at}> { ?s ?p ?x }", 2, None),
        ("SELECT ?x WHERE\n{ SERVICE <{at}> { ?s ?p ?x } } LIMIT some", 2, None),
    ],
)
def test_a_wrong_query_is_refused_before_anyone_is_asked(
    query: str, line: int, column: int | None, ask: Server, stub: Partner
) -> None:
    before = len(stub.asked)
    response = ask.get(query.replace("{at}", stub.at("/good")))
    assert response.status_code == 400
    assert response.json()["line"] == line
    assert column in {None, response.json()["column"]}
    assert len(stub.asked) == before


def test_a_block_where_none_may_stand_is_a_syntax_error(ask: Server, stub: Partner) -> None:
    response = ask.get(f"SELECT * {{ ?s ?p ?o OPTIONAL SERVICE <{stub.at('/good')}> {{ ?s ?p ?x }} }}")
    assert response.status_code == 400
    assert "SERVICE" in response.json()["detail"]


def test_an_update_asks_nobody(ask: Server, stub: Partner) -> None:
    before = len(stub.asked)
    response = ask.get(f"INSERT {{ ?s ?p ?x }} WHERE {{ SERVICE <{stub.at('/good')}> {{ ?s ?p ?x }} }}")
    assert response.json()["limit"] == "read-only"
    assert len(stub.asked) == before


def test_without_a_list_nobody_is_asked(server: Server, stub: Partner) -> None:
    before = len(stub.asked)
    response = server.get(f"SELECT * {{ SERVICE <{stub.at('/good')}> {{ ?s ?p ?x }} }}")
    assert response.status_code == 400
    assert response.json()["limit"] == "federation"
    assert len(stub.asked) == before


# --- partners that misbehave --------------------------------------------------------------------------

FAILURES = {
    "/moved": "redirects",
    "/moved-for-good": "redirects",
    "/refuses": "answered 400",
    "/fails": "answered 500",
    "/html": "did not answer as application/sparql-results+json",
    "/json": "did not answer as application/sparql-results+json",
    "/untyped": "did not answer as application/sparql-results+json",
    "/gzip": "compressed",
    "/boolean": "no SPARQL results",
    "/broken": "no SPARQL results",
    "/cut-off": "no SPARQL results",
    "/nested": "no SPARQL results",
    "/injection": "no SPARQL results",
    "/hostile-iri": "no SPARQL results",
    "/blank": "blank nodes",
    "/other-variable": "not asked for",
    "/many": "more than 100 solutions",
    "/large": "more than 100,000 bytes",
    "/big-head": "more than 100,000 bytes",
}


@pytest.mark.parametrize(("path", "words"), FAILURES.items())
def test_a_partner_that_fails_is_named_and_blamed(path: str, words: str, ask: Server, stub: Partner) -> None:
    response = ask.get(f"SELECT ?x {{ ?a ex:n ?n SERVICE <{stub.at(path)}> {{ ?s ?p ?x }} }}")
    problem = response.json()
    assert response.status_code == 502
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["partner"] == stub.at(path)
    assert words in problem["detail"]
    assert stub.at(path) in problem["detail_ja"]
    assert "secret" not in response.text


@pytest.mark.parametrize("path", FAILURES)
def test_a_partner_that_fails_silently_binds_nothing(path: str, ask: Server, stub: Partner) -> None:
    query = f"SELECT * {{ ?a ex:n ?n SERVICE SILENT <{stub.at(path)}> {{ ?s ?p ?x }} }}"
    assert sorted(each["n"] for each in rows(ask, query)) == ["1", "2"]


def test_a_partner_that_answers_nothing_leaves_nothing(ask: Server, stub: Partner) -> None:
    assert rows(ask, f"SELECT * {{ ?a ex:n ?n SERVICE SILENT <{stub.at('/none')}> {{ ?s ?p ?x }} }}") == []


def test_nobody_at_the_address_is_told(ask: Server) -> None:
    response = ask.get("SELECT * { SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o } }")
    assert response.status_code == 502
    assert "takes no connection" in response.json()["detail"]


def test_a_slow_partner_is_not_waited_for(ask: Server, stub: Partner) -> None:
    at = stub.at("/slow")
    late = ask.get(f"SELECT * {{ SERVICE <{at}> {{ ?s ?p ?x }} }}")
    assert late.status_code == 504
    assert late.json()["partner"] == at
    query = f"SELECT ?n {{ ?s ex:n ?n SERVICE SILENT <{at}> {{ ?a ?b ?x }} }}"
    assert len(ask.get(query, timeout="2").json()["results"]["bindings"]) == 2


def test_the_deadline_holds_for_partners_and_the_rest_together(ask: Server, stub: Partner) -> None:
    rest = ENDLESS.replace("{", f"{{ SERVICE <{stub.at('/true')}> {{ ?s ?p ?q }}", 1)
    for query in (rest, f"SELECT * {{ SERVICE <{stub.at('/slow')}> {{ ?s ?p ?x }} }}"):
        assert ask.get(query, timeout="0.5").status_code == 504
    assert ask.is_as_before()


def test_a_client_that_leaves_is_not_asked_for_any_longer(ask: Server, stub: Partner) -> None:
    before = len(stub.asked)
    asked = quote(f"SELECT * {{ SERVICE <{stub.at('/slow')}> {{ ?s ?p ?x }} }}")
    request = f"GET /sparql?query={asked} HTTP/1.1\r\nHost: x\r\n\r\n"
    clients = [ask.connect() for _ in range(2)]
    for client in clients:
        client.sendall(request.encode())
    eventually(lambda: len(stub.asked) == before + 2)
    response = ask.get(f"SELECT * {{ SERVICE <{stub.at('/good')}> {{ ?s ?p ?x }} }}")
    assert response.status_code == 429, "one client has a quarter of the places"
    assert [each["state"] for each in ask.running()] == ["asks partners"] * 2
    for client in clients:
        client.close()
    eventually(lambda: not ask.running(), 1.0)
    assert rows(ask, f"SELECT * {{ SERVICE <{stub.at('/good')}> {{ ?s ?p ?x }} }}") == [{"x": "one"}]


# --- caches and claims --------------------------------------------------------------------------------


def test_a_federated_answer_is_kept_by_nobody(ask: Server, stub: Partner) -> None:
    query = f"SELECT ?x {{ SERVICE <{stub.at('/good')}> {{ ?s ?p ?x }} }}"
    before = len(stub.asked)
    for _ in range(2):
        response = ask.get(query, headers={"If-None-Match": "*"})
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
        assert "last-modified" not in response.headers
        assert "partners;dur=" in response.headers["server-timing"]
    assert len(stub.asked) == before + 2
    assert "etag" in ask.get("ASK {}").headers


def test_federation_is_claimed_where_it_is_there(ask: Server, server: Server) -> None:
    claim = rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#BasicFederatedQuery")
    for each, claimed in ((ask, True), (server, False)):
        text = each.client.get("/sparql", headers={"Accept": "text/turtle"}).text
        assert (claim in set(rdflib.Graph().parse(data=text, format="turtle").objects())) is claimed


def test_partners_are_counted(ask: Server, stub: Partner) -> None:
    before = ask.metric("lod_partner_requests_total")
    ask.get(f"SELECT ?x {{ SERVICE <{stub.at('/good')}> {{ ?s ?p ?x }} }}")
    assert ask.metric("lod_partner_requests_total") == before + 1
