"""Constants of ours get one spelling, and nothing else of a query changes."""

import time
import unicodedata

import pyoxigraph as ox
import pytest

from service.engine.constants import canonical_constants
from service.engine.dataset import clauses
from service.engine.parsing import parse

BASE = "http://e.example/"
GRAPH = f"{BASE}graph/が"
NFD = unicodedata.normalize("NFD", "が")
ABOUT_THE_GRAPH = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(1), ox.NamedNode(GRAPH))
ABOUT_ANOTHER = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(1), ox.NamedNode("urn:g"))


def asked(text: str) -> bool:
    store = ox.Store()
    store.extend([ABOUT_THE_GRAPH, ABOUT_ANOTHER])
    answer = store.query(canonical_constants(text, BASE, {}), base_iri=BASE)
    assert isinstance(answer, ox.QueryBoolean)
    return bool(answer)


@pytest.mark.parametrize(
    "text",
    [
        f"PREFIX g: <{BASE}gr%61ph/> ASK {{ GRAPH g:が {{ ?s ?p ?o }} }}",
        f"PREFIX g: <gr%61ph/> ASK {{ GRAPH g:{NFD} {{ ?s ?p ?o }} }}",
        f"PREFIX g: <{GRAPH[:-1]}{NFD}> ASK {{ GRAPH g: {{ ?s ?p ?o }} }}",
        f"BASE <{BASE}gr%61ph/> ASK {{ GRAPH <が> {{ ?s ?p ?o }} }}",
        f"BASE <{BASE}gr%61ph/> PREFIX g: <> ASK {{ GRAPH g:が {{ ?s ?p ?o }} }}",
        "PREFIX g: <gr\\u0061ph/> ASK { GRAPH g:が { ?s ?p ?o } }",
        "PREFIX g: <gr%61ph/> ASK { GRAPH ?g { ?s ?p ?o FILTER(?o<2&&?g=g:が&&2>?o) } }",
        "PREFIX g: <gr%61ph/> ASK { GRAPH ?g { ?s ?p ?o FILTER(?g IN(<graph/a,b>,g:が)&&?o<2) } }",
    ],
)
def test_a_namespace_may_have_the_other_spelling(text: str) -> None:
    assert asked(text)


def test_a_graph_of_the_dataset_may_have_a_namespace_in_the_other_spelling() -> None:
    text = "PREFIX g: <gr%61ph/> ASK FROM g:が FROM NAMED g:a {}"
    assert clauses(canonical_constants(text, BASE, {}), BASE, {}) == ([GRAPH], [f"{BASE}graph/a"])


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ VALUES (?a ?{NFD} ?c ?d) {{ (1 2 3 2) }} FILTER(?a<?{NFD}&&?c>?d) }}",
        f"SELECT * {{ VALUES (?a ?{NFD} ?c ?d) {{ (1 2 3 2) }} FILTER($a<${NFD}&&$c>$d) }}",
        f"SELECT * {{ VALUES (?a ?{NFD} ?c ?d) {{ (1 2 3 2) }} FILTER(IF($a<${NFD},$c>$d,1)) }}",
        f"SELECT * {{ ?s ?p $a FILTER($a<${NFD}).$x$y${NFD}.FILTER($x>1) }}",
        "SELECT * { ?s ?p ?a FILTER(?a<'%61>b') }",
        "SELECT * { ?s ?p ?a FILTER(?a<1#%61>\n) }",
        f"SELECT * {{ <<$a$p${NFD}>>?p ?o }}",
        f"ASK {{ <urn:{NFD}> ?p <urn:%61(a,b)> }}",
    ],
)
def test_a_comparison_is_no_iri(text: str) -> None:
    parse(text, BASE, {})
    assert canonical_constants(text, BASE, {}) == text


def test_a_constant_after_a_comparison_stays_one() -> None:
    text = "PREFIX g: <http://e.example/> ASK { ?s ?p ?a FILTER(?a<g:%61&&1>0) }"
    found = canonical_constants(text, BASE, {})
    assert "?a< <http://e.example/a>&&1>0" in found
    parse(found, BASE, {})


def test_a_prefixed_name_may_have_a_character_that_oxigraph_reads_only_in_iris() -> None:
    text = "PREFIX a: <http://a.example/> ASK { a:𠮷野 ?p <http://a.example/𠮷> , '𠮷' , a:b\u0323😀\\! }"
    found = canonical_constants(text, BASE, {})
    assert "{ <http://a.example/𠮷野> ?p <http://a.example/𠮷> , '𠮷' , <http://a.example/b\u0323😀!> }" in found
    parse(found, BASE, {})


def test_constants_beside_comparisons_and_labels_are_found() -> None:
    text = "ASK { _:a ?p <%61,b> . _:a ?q ?x, ?y FILTER(?x<1&&<%61>=?y&&2>1) } # "
    assert canonical_constants(text, BASE, {}) == text.replace("<%61", f"<{BASE}a")


def test_nothing_is_evaluated_to_tell_what_a_comparison_is() -> None:
    """Oxigraph takes a minute to order three hundred patterns."""
    text = f"ASK {{ {'?s ?p ?o . ' * 300} FILTER(?o<1&&2>?o) ?s ?p <%61> }}"
    started = time.process_time()
    assert f"<{BASE}a>" in canonical_constants(text, BASE, {})
    assert time.process_time() - started < 2


def test_what_is_no_query_gets_its_constants_all_the_same() -> None:
    assert canonical_constants("ASK { <%61> ?p }", BASE, {}) == f"ASK {{ <{BASE}a> ?p }}"
