"""Queries that end other endpoints: each is refused, answered or stopped at its deadline, and nobody else notices."""

import concurrent.futures
import random

import httpx
import pytest

from tests.service.sparql.conftest import Serve
from tests.service.sparql.servers import ENDLESS, Server

DEADLINE, LONGEST = 1.0, 20.0


COUNT = "SELECT (COUNT(*) AS ?n)"
TWO = "?a ex:number ?x . ?b ex:number ?y"
THREE = f"{TWO} . ?c ex:number ?z"
XSD = "PREFIX x: <http://www.w3.org/2001/XMLSchema#>"


def nested(opening: str, inner: str, closing: str, times: int) -> str:
    return opening * times + inner + closing * times


def values(count: int) -> str:
    """As many variables with a hundred values each: a product."""
    hundred = " ".join(map(str, range(100)))
    return " ".join(f"VALUES ?v{n} {{ {hundred} }}" for n in range(count))


BOMBS = {
    "nested parentheses": f"ASK {{ FILTER({nested('(', '1', ')', 10_000)}) }}",
    "unclosed parentheses": "ASK { FILTER" + "(" * 10_000,
    "nested STR": f"ASK {{ FILTER({nested('STR(', '1', ')', 1_000)} = '1') }}",
    "nested groups": f"ASK {nested('{', '', '}', 3_000)}",
    "nested EXISTS": f"ASK {{ {nested('FILTER EXISTS {', '', '}', 1_000)} }}",
    "nested lists": f"ASK {{ ?s ?p {nested('(', '1', ')', 100)} }}",
    "nested lists, escaped": "ASK { ?s ?p " + nested("\\u0028", "1", ")", 100) + " }",
    "deepest lists allowed": f"ASK {{ ?s ?p {nested('(', '1', ')', 60)} }}",
    "nested blank nodes": f"ASK {{ ?s ?p {nested('[ ?p ', '1', ']', 5_000)} }}",
    "nested subqueries": f"SELECT * {{ {nested('{ SELECT * {', '', '}}', 1_000)} }}",
    "nested OPTIONAL": f"ASK {{ {nested('OPTIONAL { ?s ?p ?o ', '', '}', 2_000)} }}",
    "many negations": f"ASK {{ FILTER({'!' * 100_000}true) }}",
    "many signs": f"ASK {{ FILTER({'- ' * 100_000}1 = 1) }}",
    "long sum": f"ASK {{ FILTER({'+'.join(['1'] * 50_000)} > 0) }}",
    "long disjunction": f"ASK {{ FILTER({'||'.join(['?x'] * 30_000)}) }}",
    "long path": f"ASK {{ ?s {'/'.join(['ex:n'] * 20_000)} ?o }}",
    "long alternative path": f"ASK {{ ?s {'|'.join(['ex:n'] * 20_000)} ?o }}",
    "inverse path": f"ASK {{ ?s {'^' * 50_000}ex:n ?o }}",
    "many unions": f"SELECT * {{ {' UNION '.join(['{ ?s ?p ?o }'] * 8_000)} }}",
    "many patterns": f"SELECT * {{ {' . '.join(f'?s{n} ?p{n} ?o{n}' for n in range(3_000))} }}",
    "many prefixes": "".join(f"PREFIX p{n}: <http://a/{n}> " for n in range(6_000)) + "ASK {}",
    "many variables": f"SELECT {' '.join(f'?v{n}' for n in range(20_000))} {{}}",
    "quotes without end": "ASK { " + "\\'''" * 20_000,
    "product of VALUES": f"SELECT (COUNT(*) AS ?n) {{ {values(6)} }}",
    "product of patterns": ENDLESS,
    "path over a product": "SELECT (COUNT(*) AS ?n) { ?a (ex:number|!ex:number)* ?b . ?c (ex:x|!ex:x)* ?d }",
    "paths within paths": "SELECT * { ?a ((((ex:n*)*)*/(!ex:n)*)*)* ?b . ?b (^(!ex:x)|(!ex:x))* ?c }",
    "sort of a product": f"SELECT * {{ {TWO} }} ORDER BY RAND()",
    "sort of mixed terms": "SELECT * { VALUES ?v { "
    + " ".join(random.Random(1).choices(["1", "'a'", "2.5", "'b'@en", "1e0", "<http://a/>", "true"], k=3_000))
    + " } } ORDER BY ?v",
    "distinct of a product": f"SELECT DISTINCT ?x ?y ?z {{ {THREE} }}",
    "groups of a product": f"SELECT ?x ?y (COUNT(*) AS ?n) {{ {TWO} }} GROUP BY ?x ?y ?z",
    "OPTIONAL ladder": "SELECT (COUNT(*) AS ?n) { ?a ex:number ?x "
    + "".join(f"OPTIONAL {{ ?b{n} ex:number ?y{n} }} " for n in range(5))
    + "}",
    "MINUS of products": f"{COUNT} {{ {TWO} MINUS {{ ?c ex:number ?x . ?d ex:q ?y }} }}",
    "EXISTS in a product": f"{COUNT} {{ ?s ex:number ?t FILTER NOT EXISTS {{ {TWO} FILTER(?x + ?y = -1) }} }}",
    "CONCAT doubling": "SELECT (STRLEN(?v45) AS ?n) { BIND('xxxxxxxxxx' AS ?v0) "
    + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(45))
    + " }",
    "REPLACE doubling": "SELECT (STRLEN(?v40) AS ?n) { BIND('xx' AS ?v0) "
    + " ".join(f"BIND(REPLACE(?v{n}, 'x', 'xx') AS ?v{n + 1})" for n in range(40))
    + " }",
    "GROUP_CONCAT of a product": f"SELECT (STRLEN(GROUP_CONCAT(STR(?x))) AS ?n) {{ {THREE} }}",
    "catastrophic regex": f"ASK {{ FILTER(REGEX('{'a' * 5_000}!', '^(a+)+$')) }}",
    "large regex": "ASK { FILTER(REGEX('a', '((a{1,100}){1,100}){1,100}')) }",
    "regex over everything": f"SELECT * {{ {TWO} FILTER(REGEX(CONCAT(STR(?x), STR(?y)), '(.*)(.*)(.*)x')) }}",
    "hashes of a product": f"SELECT (MAX(SHA512(CONCAT(STR(?x), STR(?y)))) AS ?h) {{ {THREE} }}",
    "huge OFFSET": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } OFFSET 999999999999",
    "numbers too large": "SELECT (99999999999999999999999999 * 9e999 AS ?x) (1e400 AS ?y) {}",
    "date arithmetic": f"{XSD} SELECT ('9999-12-31'^^x:date - '-9999-01-01'^^x:date AS ?d) {{}}",
    "a construct of a product": "CONSTRUCT { [] ex:x ?x ; ex:y ?y } WHERE { ?a ex:number ?x . ?b ex:number ?y }",
    "describe everything": "DESCRIBE * { ?s ?p ?o . ?a ?b ?c }",
    "NUL": "ASK { ?s ?p '\x00' }",
    "controls": "ASK { ?s ?p '\x01\x7f\u202e' }",
    "lone surrogate": "ASK { ?s ?p '\\uD800' }",
    "noncharacters": "ASK { ?s ?p '\uffff\U0010ffff' }",
}  # fmt: skip


def has_one_row(query: str) -> bool:
    """Nothing of such an answer can leave before it is whole; the first rows of any other may."""
    return query.startswith(("ASK", "SELECT (COUNT", "SELECT (STRLEN", "SELECT (MAX"))


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    return serve(timeout=DEADLINE, max_timeout=LONGEST, worker_bytes=300_000_000, patience=60.0)


def test_every_bomb_is_refused_answered_or_stopped_and_nobody_else_notices(server: Server) -> None:
    with concurrent.futures.ThreadPoolExecutor(12) as threads:
        endings = dict(zip(BOMBS, threads.map(lambda name: explode(server, BOMBS[name]), BOMBS), strict=True))
    broken = {name for name, ending in endings.items() if ending == 200.5}
    assert not any(has_one_row(BOMBS[name]) for name in broken)
    assert {ending for name, ending in endings.items() if name not in broken} <= {200, 400, 504}
    assert server.is_as_before()


def explode(server: Server, query: str) -> float:
    """The status; 200.5 stands for a 200 whose body broke off visibly."""
    with server.client.stream("POST", "/sparql", data={"query": query}) as response:
        try:
            response.read()
        except httpx.RemoteProtocolError:
            return response.status_code + 0.5
        return response.status_code


@pytest.mark.parametrize(
    "name", ["nested parentheses", "unclosed parentheses", "nested lists", "nested lists, escaped", "nested STR"]
)
def test_nesting_is_refused_with_the_limit_and_a_way_out(name: str, server: Server) -> None:
    problem = server.client.post("/sparql", data={"query": BOMBS[name]}).json()
    assert problem["limit"] == "nesting"
    assert problem["value"] == server.service.settings.nesting
    assert "subquery" in problem["detail"]


def test_the_deadline_is_told_with_a_way_out(server: Server) -> None:
    response = server.get(ENDLESS)
    assert response.status_code == 504
    problem = response.json()
    assert (problem["limit"], problem["value"], problem["maximum"]) == ("timeout", DEADLINE, LONGEST)
    assert "LIMIT" in problem["detail"]


def test_a_lower_deadline_is_kept(server: Server) -> None:
    assert server.get(ENDLESS, timeout="0.2").json()["value"] == 0.2


def test_memory_is_told_apart_from_other_deaths(server: Server) -> None:
    response = server.get(BOMBS["CONCAT doubling"], timeout=LONGEST)
    assert response.status_code == 400
    assert response.json()["limit"] == "worker_bytes"


def test_a_death_by_nesting_is_the_clients_error(server: Server) -> None:
    response = server.client.post("/sparql", data={"query": BOMBS["many negations"]})
    assert response.status_code == 400
    assert server.is_as_before()


def test_a_bombs_neighbour_is_answered(server: Server) -> None:
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        bomb = threads.submit(server.get, BOMBS["CONCAT doubling"], timeout=LONGEST)
        for _ in range(20):
            assert server.get("ASK { ?s ex:n 1 }").json()["boolean"] is True
    assert bomb.result().status_code == 400
