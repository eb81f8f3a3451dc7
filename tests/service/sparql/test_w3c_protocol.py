"""The W3C's tests of the SPARQL 1.1 Protocol, each under its name. Their graphs are graphs of ours, since none is
fetched; updates are refused, whatever the test expects of a store that takes them.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
import rdflib

from tests.service.sparql.servers import BASE, Server
from tests.service.sparql.w3c import MF, SITE, file, needed

ONE, TWO, THREE = (f"{BASE}graph/{name}" for name in ("one", "two", "横浜"))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}
RESULTS = ("application/sparql-results+xml", "application/sparql-results+json", "text/csv", "text/tab-separated-values")
TRIPLES = ("application/rdf+xml", "text/turtle", "application/n-triples", "application/ld+json")
BOTH = f"ASK {{ <{BASE}id/x> ex:in 'one' , 'two' }}"
BOTH_NAMED = "ASK { GRAPH ?a { ?x ex:in 'one' } GRAPH ?b { ?x ex:in 'two' } }"
FULL = "ASK { GRAPH ?a { ?x ex:in 'one' } GRAPH ?b { ?x ex:in 'two' } { ?x ex:in 'three' } }"


@dataclass(frozen=True)
class Case:
    """A request; `expected` are the statuses that it may get, `says` is what ASK answers."""

    method: str
    url: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: str | list[tuple[str, str]] = ""
    expected: tuple[int, ...] = (200,)
    says: bool | None = None
    types: tuple[str, ...] = RESULTS[:2]


def default(*graphs: str) -> list[tuple[str, str]]:
    return [("default-graph-uri", each) for each in graphs]


def named(*graphs: str) -> list[tuple[str, str]]:
    return [("named-graph-uri", each) for each in graphs]


def get(query: str, *more: tuple[str, str], says: bool | None = None, types: tuple[str, ...] = RESULTS[:2]) -> Case:
    return Case("GET", [("query", query), *more], says=says, types=types)


def refused(
    headers: dict[str, str], body: str | list[tuple[str, str]], url: list[tuple[str, str]] | None = None
) -> Case:
    return Case("POST", url or [], headers, body, expected=(400, 403, 415))


CASES = {
    "query_get": get("ASK {}", says=True),
    "query_post_form": Case("POST", [], FORM, [("query", "ASK {}")], says=True),
    "query_post_direct": Case("POST", [], QUERY, "ASK {}", says=True),
    "query_dataset_default_graphs_get": get(BOTH, *default(ONE, TWO), says=True),
    "query_dataset_default_graphs_post": Case("POST", [], FORM, [("query", BOTH), *default(ONE, TWO)], says=True),
    "query_dataset_named_graphs_get": get(BOTH_NAMED, *named(ONE, TWO), says=True),
    "query_dataset_named_graphs_post": Case("POST", [], FORM, [("query", BOTH_NAMED), *named(ONE, TWO)], says=True),
    "query_dataset_full": get(FULL, *default(THREE), *named(ONE, TWO), says=True),
    "query_multiple_dataset": get(f"ASK FROM <{ONE}> {{ ?x ex:in 'one' }}", *default(TWO), says=False),
    "query_content_type_select": get("SELECT (1 AS ?x) {}", types=RESULTS),
    "query_content_type_ask": get("ASK {}", types=RESULTS[:2]),
    "query_content_type_describe": get("DESCRIBE <http://example.org/>", types=TRIPLES),
    "query_content_type_construct": get("CONSTRUCT { <s> <p> 1 } WHERE {}", types=TRIPLES),
    "bad_query_method": Case("PUT", [("query", "ASK {}")], expected=(405,)),
    "bad_multiple_queries": Case("GET", [("query", "ASK {}"), ("query", "SELECT * {}")], expected=(400,)),
    "bad_query_wrong_media_type": Case("POST", [], {"Content-Type": "text/plain"}, "ASK {}", expected=(415,)),
    "bad_query_missing_form_type": Case("POST", [], {}, urlencode({"query": "ASK {}"}), expected=(415,)),
    "bad_query_missing_direct_type": Case("POST", [], {}, "ASK {}", expected=(415,)),
    "bad_query_non_utf8": Case(
        "POST", [], {"Content-Type": "application/sparql-query; charset=UTF-16"}, "ASK {}", expected=(415,)
    ),
    "bad_query_syntax": Case("GET", [("query", "ASK {")], expected=(400,)),
    "update_post_form": refused(FORM, [("update", "CLEAR ALL")]),
    "update_post_direct": refused(UPDATE, "CLEAR ALL"),
    "update_base_uri": refused(UPDATE, "CLEAR GRAPH <#g> ; INSERT DATA { GRAPH <#g> { <http://a/> <http://b/> 1 } }"),
    "update_dataset_default_graph": refused(FORM, [("update", "CLEAR ALL"), ("using-graph-uri", ONE)]),
    "update_dataset_default_graphs": refused(
        FORM, [("update", "CLEAR ALL"), ("using-graph-uri", ONE), ("using-graph-uri", TWO)]
    ),
    "update_dataset_named_graphs": refused(FORM, [("update", "CLEAR ALL"), ("using-named-graph-uri", ONE)]),
    "update_dataset_full": refused(
        FORM, [("update", "CLEAR ALL"), ("using-graph-uri", ONE), ("using-named-graph-uri", TWO)]
    ),
    "bad_update_get": Case("GET", [("update", "CLEAR ALL")], expected=(400, 403)),
    "bad_multiple_updates": refused(FORM, [("update", "CLEAR NAMED"), ("update", "CLEAR DEFAULT")]),
    "bad_update_wrong_media_type": refused({"Content-Type": "text/plain"}, "CLEAR ALL"),
    "bad_update_missing_form_type": refused({}, urlencode({"update": "CLEAR ALL"})),
    "bad_update_non_utf8": refused({"Content-Type": "application/sparql-update; charset=UTF-16"}, "CLEAR ALL"),
    "bad_update_syntax": refused(FORM, [("update", "CLEAR XYZ")]),
    "bad_update_dataset_conflict": refused(FORM, [("update", "CLEAR ALL"), ("using-named-graph-uri", ONE)]),
}


@pytest.mark.parametrize("name", CASES)
def test_protocol_of_the_w3c(name: str, server: Server) -> None:
    case = CASES[name]
    body = case.body if isinstance(case.body, str) else urlencode(case.body)
    response = server.client.request(case.method, "/sparql", params=case.url, content=body, headers=case.headers)
    assert response.status_code in case.expected, response.text
    if case.says is not None:
        assert response.json()["boolean"] is case.says
    if response.is_success:
        assert response.headers["content-type"].partition(";")[0] in case.types
    if "update" in name:
        assert server.get("ASK { ?s ?p ?o }", headers={"Cache-Control": "no-cache"}).json()["boolean"] is True


@needed
def test_every_test_of_the_suite_is_here() -> None:
    iri = f"{SITE}sparql11/protocol/manifest.ttl"
    manifest = rdflib.Graph().parse(file(iri), format="turtle", publicID=iri)
    tests = {str(each).rpartition("#")[2] for each in manifest.subjects(rdflib.RDF.type, MF.ProtocolTest)}
    assert tests == set(CASES)
