"""The same query gives the same rows in the same order, so that its ETag is true and its pages are the whole answer."""

from itertools import count, takewhile
from typing import Any

import duckdb
import pyoxigraph as ox
import pytest

from bench import synthetic
from service.cube.catalogue import certain
from service.cube.duck import Duck
from service.cube.planner import Planner
from service.release import read_release
from tests.service.cube.conftest import THREADS

POPULATION = "?o sd:refArea ?a ; sd:refPeriod ?p ; sd:sex ?s ; sd:age ?g ; em:population ?v"
LATEST = f"<{synthetic.BASE}id/period/2024>"
AGES = ", ".join(f"<{synthetic.BASE}code/age/{age}>" for age in range(15))
QUERIES = {
    "scan": f"SELECT ?g ?v {{ {POPULATION} }}",
    "filter": f"SELECT ?g ?v {{ {POPULATION} FILTER(?v > 1000) }}",
    "one of many": f"SELECT ?g ?v {{ {POPULATION} FILTER(?g IN ({AGES})) }}",
    "computed": f"SELECT ?g (?v / 3 AS ?third) {{ {POPULATION} }}",
    "looked up": f"SELECT ?v ?year {{ {POPULATION} BIND(SUBSTR(STR(?p), 33) AS ?year) }}",
    "option": "SELECT ?t ?v { ?o sa:obsStatus ?t OPTIONAL { ?o em:population ?v } }",
    "union": f"SELECT ?v ?t {{ {{ {POPULATION} }} UNION {{ ?o sa:obsStatus ?t }} }}",
    "labels": f"SELECT ?v ?l {{ {POPULATION} . ?a rdfs:label ?l }}",
    "join": f"SELECT ?v ?w {{ {POPULATION} . ?q sd:refArea ?a ; sd:sex ?s ; sd:age ?g ; sd:refPeriod {LATEST} ; "
    "em:population ?w }",
    "optional join": f"SELECT ?v ?l {{ {POPULATION} OPTIONAL {{ ?a rdfs:label ?l FILTER(LANG(?l) = 'ja') }} }}",
    "not exists": f"SELECT ?a ?p ?v {{ {POPULATION} FILTER NOT EXISTS {{ ?q sd:refArea ?a ; em:population ?v ; "
    f"sd:refPeriod {LATEST} }} }}",
    "minus": f"SELECT ?a ?p ?v {{ {POPULATION} MINUS {{ ?q sd:refArea ?a ; em:population ?v ; "
    f"sd:refPeriod {LATEST} }} }}",
    "distinct": f"SELECT DISTINCT ?a ?g {{ {POPULATION} }}",
    "groups": f"SELECT ?a ?p (SUM(?v) AS ?x) {{ {POPULATION} }} GROUP BY ?a ?p",
    "groups without names": f"SELECT (COUNT(?v) AS ?x) {{ {POPULATION} }} GROUP BY ?a ?g",
    "ties": f"SELECT ?a ?p ?v {{ {POPULATION} }} ORDER BY ?g",
    "ties of groups": f"SELECT ?a ?p (COUNT(*) AS ?x) {{ {POPULATION} }} GROUP BY ?a ?p ORDER BY DESC(?x)",
    "sample": f"SELECT ?a (SAMPLE(?v) AS ?x) {{ {POPULATION} }} GROUP BY ?a",
    "concatenated": f"SELECT ?a (GROUP_CONCAT(DISTINCT STR(?g)) AS ?x) {{ {POPULATION} }} GROUP BY ?a",
    "first groups": f"SELECT ?v {{ {POPULATION} {{ SELECT ?a ?p ?s {{ ?q sd:refArea ?a ; sd:refPeriod ?p ; "
    "sd:sex ?s } GROUP BY ?a ?p ?s LIMIT 40 OFFSET 3 } }",
}


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """A cube whose file is in many pieces, for several threads to read."""
    folder = tmp_path_factory.mktemp("order") / "release"
    synthetic.large(folder, 20_000)
    file = folder / "cubes" / "syn.parquet"
    whole = file.rename(file.with_name("whole.parquet"))
    duckdb.sql(f"COPY (FROM read_parquet('{whole}')) TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    cubes = certain(folder, read_release(folder).cubes)
    duck = Duck(cubes)
    duck.lock(THREADS)
    return Planner(cubes, ox.Store.read_only(str(folder / "store")), synthetic.PREFIXES, duck)


def rows(planner: Planner, text: str) -> list[tuple[Any, ...]]:
    answer = planner.answer(text)
    assert answer is not None, planner.reason(text)
    assert isinstance(answer.results, ox.QuerySolutions)
    return [tuple(each) for each in answer.results]


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_in_other_words_has_the_same_rows_in_the_same_order(planner: Planner, name: str) -> None:
    answers = [rows(planner, f"{QUERIES[name]} # {number}") for number in range(8)]
    assert len(answers[0]) > 10
    assert all(each == answers[0] for each in answers)


@pytest.mark.parametrize("name", QUERIES)
def test_pages_put_together_are_the_whole_answer(planner: Planner, name: str) -> None:
    whole = rows(planner, QUERIES[name])
    size = len(whole) // 9 + 1
    pages = (rows(planner, f"{QUERIES[name]} LIMIT {size} OFFSET {start}") for start in count(0, size))
    assert [row for page in takewhile(bool, pages) for row in page] == whole


@pytest.mark.parametrize("name", ["scan", "labels"])
def test_small_pages_come_from_where_the_whole_answer_does(planner: Planner, name: str) -> None:
    pages = [row for start in range(0, 20, 5) for row in rows(planner, f"{QUERIES[name]} LIMIT 5 OFFSET {start}")]
    assert pages == rows(planner, QUERIES[name])[:20]
