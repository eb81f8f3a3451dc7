"""SPARQL 1.1 Protocol, 2.1: method × media type × parameters × body, a case a row. Each case is one sentence of it."""

import gzip
import zlib
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pytest

from tests.service.sparql.servers import BASE, Server

ASK = "ASK { ?s ?p ?o }"
FORM, DIRECT, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
ONE, TWO = f"{BASE}graph/one", f"{BASE}graph/two"
IN = "ASK { ?s ex:in 'one' }"


@dataclass(frozen=True)
class Case:
    """A request and the status that it must get; `answer` is what ASK must say."""

    name: str
    status: int = 200
    method: str = "GET"
    url: str = ""
    type: str | None = None
    body: str | bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    answer: bool | None = None
    path: str = "/sparql"


GZIP = {"Content-Encoding": "gzip"}
DEFLATE = {"Content-Encoding": "deflate"}
IN_ONE = urlencode({"default-graph-uri": ONE})
ELSEWHERE = urlencode({"default-graph-uri": "http://elsewhere.example/"})
TWO_MEMBERS = gzip.compress(b"ASK { ?s ?p ?o ") + gzip.compress(b"}")
EMPTY_MEMBERS = gzip.compress(b"") * 20_000
BOMB = gzip.compress(b" " * 50_000_000)


def q(text: str = ASK, **more: str) -> str:
    return urlencode({"query": text, **more})


CASES = (
    # --- query via GET
    Case("get", url=q(), answer=True),
    Case("get with a slash at the end", url=q(), path="/sparql/", answer=True),
    Case("plus is a space", url="query=ASK+%7B%7D", answer=True),
    Case("percent-encoded plus is a plus", url="query=" + quote("ASK { FILTER(1+1 = 2) }", safe=""), answer=True),
    Case("decoded once only", url=q("ASK { FILTER(STRLEN('%41') = 3) }"), answer=True),
    Case("lower-case escapes", url=q("ASK { <http://localhost:8000/id/place/横浜> ?p ?o }").lower(), answer=True),
    Case("no query but another parameter", 400, url=IN_ONE),
    Case("empty query", 400, url="query="),
    Case("two queries", 400, url=q() + "&" + q()),
    Case("query and update", 400, url=q(update="CLEAR ALL")),
    Case("update alone", 403, url="update=CLEAR+ALL"),
    Case("not UTF-8", 400, url="query=ASK%7B%ff%7D"),
    Case("overlong UTF-8", 400, url="query=ASK%7B%c0%ae%7D"),
    Case("syntax error", 400, url=q("ASK {")),
    Case("unknown parameters are left alone", url=q(debug="on", maxrows="7"), answer=True),
    Case("too many parameters", 400, url=q() + "&a=b" * 1_001),
    # --- HEAD
    Case("head", method="HEAD", url=q()),
    Case("head of a wrong query", 400, method="HEAD", url=q("ASK {")),
    # --- query via form
    Case("form", method="POST", type=FORM, body=q(), answer=True),
    Case("form with a charset", method="POST", type=FORM + "; charset=UTF-8", body=q(), answer=True),
    Case("form in upper case", method="POST", type=FORM.upper(), body=q(), answer=True),
    Case("form in another charset", 415, method="POST", type=FORM + ";charset=shift_jis", body=q()),
    Case("form with two queries", 400, method="POST", type=FORM, body=q() + "&" + q()),
    Case("form without a query", 400, method="POST", type=FORM, body="a=b"),
    Case("empty form", 400, method="POST", type=FORM),
    Case("form with query and update", 400, method="POST", type=FORM, body=q(update="CLEAR ALL")),
    Case("form with an update", 403, method="POST", type=FORM, body="update=CLEAR+ALL"),
    Case("query in form and URL", 400, method="POST", type=FORM, url=q(), body=q()),
    # --- query via POST directly
    Case("direct", method="POST", type=DIRECT, body=ASK, answer=True),
    Case("direct with a charset", method="POST", type=DIRECT + ' ; charset="utf-8"', body=ASK, answer=True),
    Case("direct is not decoded", method="POST", type=DIRECT, body="ASK { FILTER('%41+' = '%41+') }", answer=True),
    Case("direct in Japanese", method="POST", type=DIRECT, body="ASK { ?s ?p '横浜'@ja }".encode(), answer=True),
    Case("direct in another charset", 415, method="POST", type=DIRECT + "; charset=utf-16", body=ASK),
    Case("direct that is not UTF-8", 400, method="POST", type=DIRECT, body=b"ASK { ?s ?p '\xff' }"),
    Case("direct and query in the URL", 400, method="POST", type=DIRECT, url=q(), body=ASK),
    Case("empty direct", 400, method="POST", type=DIRECT),
    Case("direct update", 403, method="POST", type=UPDATE, body="CLEAR ALL"),
    Case("update as a query", 400, method="POST", type=DIRECT, body="INSERT DATA { <a:a> <a:a> 1 }"),
    Case("no media type", 415, method="POST", body=ASK),
    Case("another media type", 415, method="POST", type="text/plain", body=ASK),
    Case("json", 415, method="POST", type="application/json", body='{"query": "ASK {}"}'),
    Case("multipart", 415, method="POST", type="multipart/form-data; boundary=x", body="--x--"),
    # --- the QUERY method
    Case("QUERY", method="QUERY", type=DIRECT, body=ASK, answer=True),
    Case("QUERY with a form", method="QUERY", type=FORM, body=q(), answer=True),
    Case("QUERY without a media type", 415, method="QUERY", body=ASK),
    # --- datasets
    Case("default graph of the request", url=q(IN) + "&" + IN_ONE, answer=True),
    Case("the other default graph", url=q(IN) + "&" + urlencode({"default-graph-uri": TWO}), answer=False),
    Case("without it the current data", url=q(IN), answer=False),
    Case(
        "request beats FROM",
        url=q(f"ASK FROM <{ONE}> {{ ?s ex:in 'one' }}") + "&" + urlencode({"default-graph-uri": TWO}),
        answer=False,
    ),
    Case("FROM", url=q(f"ASK FROM <{ONE}> {{ ?s ex:in 'one' }}"), answer=True),
    Case("FROM NAMED", url=q(f"ASK FROM NAMED <{ONE}> {{ GRAPH ?g {{ ?s ex:in 'one' }} }}"), answer=True),
    Case("FROM NAMED alone", url=q(f"ASK FROM NAMED <{ONE}> {{ ?s ?p ?o }}"), answer=False),
    Case("named graph alone", url=q("ASK { ?s ?p ?o }") + "&" + urlencode({"named-graph-uri": ONE}), answer=False),
    Case(
        "named graph of the request",
        url=q("ASK { GRAPH ?g { ?s ex:in 'one' } }") + "&" + urlencode({"named-graph-uri": ONE}),
        answer=True,
    ),
    Case(
        "other named graphs are hidden",
        url=q("ASK { GRAPH ?g { ?s ex:in 'two' } }") + "&" + urlencode({"named-graph-uri": ONE}),
        answer=False,
    ),
    Case(
        "a default graph of the request hides all named ones",
        url=q("ASK { GRAPH ?g { ?s ?p ?o } }") + "&" + IN_ONE,
        answer=False,
    ),
    Case("dataset beside a direct query", method="POST", type=DIRECT, body=IN, answer=True, url=IN_ONE),
    Case("dataset in a form", method="POST", type=FORM, body=q(IN) + "&" + IN_ONE, answer=True),
    Case("a graph elsewhere is empty", url=q() + "&" + ELSEWHERE, answer=False),
    Case("a graph that is no IRI", 400, url=q() + "&default-graph-uri=one"),
    Case("using-graph-uri", 400, url=q() + "&" + urlencode({"using-graph-uri": ONE})),
    # --- what the query may take for granted
    Case("a prefix of the project", url=q("ASK { ?s rdfs:label ?o }"), answer=True),
    Case("the query's own prefix wins", url=q("PREFIX rdfs: <http://other/> ASK { ?s rdfs:label ?o }"), answer=False),
    Case("a space before a bracket", url=q("ASK { FILTER(concat ('a') = COALESCE # (\n ('a')) }"), answer=True),
    Case("relative IRIs", url=q("ASK { <id/place/b> ?p ?o }"), answer=True),
    Case("the query's own base", url=q("BASE <http://other/> ASK { <id/place/b> ?p ?o }"), answer=False),
    # --- versions
    Case("version 1.1", url=q(version="1.1"), answer=True),
    Case("version 1.2", url=q(version="1.2"), answer=True),
    Case("version 9", 400, url=q(version="9")),
    Case("version of a direct query", method="POST", type=DIRECT + "; version=1.2", body=ASK, answer=True),
    Case("unknown version of a direct query", 400, method="POST", type=DIRECT + "; version=3", body=ASK),
    # --- deadlines
    Case("timeout", url=q(timeout="1.5"), answer=True),
    Case("timeout above the maximum is the maximum", url=q(timeout="30000"), answer=True),
    Case("timeout of nothing", 400, url=q(timeout="0")),
    Case("timeout in which nothing can be done", 200, url=q(timeout="1e-7")),
    Case("timeout in full-width digits", 400, url=q(timeout="１")),
    Case("timeout with an underscore", 400, url=q(timeout="1_0")),
    Case("timeout with an exponent", 200, url=q(timeout="1e1")),
    Case("the path in another spelling", 200, path="/%73parql", url=q()),
    Case("results by the extension of their standard", 200, url=q(format="srj")),
    Case("timeout that is no number", 400, url=q(timeout="soon")),
    Case("timeout that is not finite", 400, url=q(timeout="nan")),
    # --- compressed bodies
    Case("gzip", method="POST", type=DIRECT, body=gzip.compress(ASK.encode()), headers=GZIP, answer=True),
    Case("deflate", method="POST", type=DIRECT, body=zlib.compress(ASK.encode()), headers=DEFLATE, answer=True),
    Case("gzip in two members", method="POST", type=DIRECT, body=TWO_MEMBERS, headers=GZIP, answer=True),
    Case("gzip and then something else", 400, method="POST", type=DIRECT, body=TWO_MEMBERS + b"x", headers=GZIP),
    Case("gzip in very many members", 400, method="POST", type=DIRECT, body=EMPTY_MEMBERS, headers=GZIP),
    Case("not gzip", 400, method="POST", type=DIRECT, body=b"ASK {}", headers=GZIP),
    Case("half a gzip", 400, method="POST", type=DIRECT, body=gzip.compress(ASK.encode())[:-9], headers=GZIP),
    Case("unknown coding", 415, method="POST", type=DIRECT, body=ASK, headers={"Content-Encoding": "lzma"}),
    Case("gzip bomb", 413, method="POST", type=DIRECT, body=BOMB, headers=GZIP),
    # --- sizes
    Case("a long query", method="POST", type=DIRECT, body=ASK + " " * 200_000, answer=True),
    Case("too long a query", 413, method="POST", type=DIRECT, body=ASK + " " * 300_000),
    Case("too long a body", 413, method="POST", type=DIRECT, body=ASK + " " * 2_000_000),
    # --- other methods
    *(Case(f"{each} is not for queries", 405, method=each, url=q()) for each in ("PUT", "DELETE", "PATCH", "TRACE")),
    Case("preflight", 204, method="OPTIONS"),
    Case("preflight of another spelling", 204, method="OPTIONS", path="/sparql/"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_protocol(case: Case, server: Server) -> None:
    headers = {**case.headers, **({"Content-Type": case.type} if case.type else {})}
    url = case.path + (f"?{case.url}" if case.url else "")
    response = server.client.request(case.method, url, content=case.body, headers=headers)
    assert response.status_code == case.status, response.text
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-release"] == server.service.release.id
    if case.answer is not None:
        assert response.json()["boolean"] is case.answer
    if case.status >= 400 and case.method != "HEAD":
        problem = response.json()
        assert response.headers["content-type"] == "application/problem+json"
        assert problem["status"] == case.status
        assert problem["detail"]
        assert problem["detail_ja"]


def test_other_methods_are_told_which_are_allowed(server: Server) -> None:
    response = server.client.put("/sparql")
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}


def test_preflight_allows_any_origin_without_credentials(server: Server) -> None:
    asked = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x",
    }
    response = server.client.options("/sparql", headers=asked)
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers
    assert "POST" in response.headers["access-control-allow-methods"]
    assert response.headers["access-control-allow-headers"] == "*"
    assert response.headers["accept-query"].startswith("application/sparql-query")


def test_a_syntax_error_names_line_column_and_word(server: Server) -> None:
    problem = server.get("SELECT *\nWHERE { ?s ?p 横浜 }").json()
    assert (problem["line"], problem["column"], problem["found"]) == (2, 15, "横浜")
    assert "“横浜” cannot follow “?p” in “WHERE { ?s ?p 横浜 }”" in problem["detail"]
    assert "「?p」の後に「横浜」は置けません" in problem["detail_ja"]


def test_an_error_is_a_page_for_browsers(server: Server) -> None:
    response = server.client.get("/sparql?query=ASK&format=json", headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/html")


def test_nothing_of_a_query_gets_into_headers(server: Server) -> None:
    response = server.get("ASK { ?s ?p '\r\nX-Injected: yes' }")
    assert response.status_code == 400
    assert "x-injected" not in response.headers
    response = server.get('ASK { ?s ?p """\r\nX-Injected: yes""" }')
    assert response.status_code == 200
    assert "x-injected" not in response.headers
