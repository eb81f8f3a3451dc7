"""What the planner answers, what it leaves to Oxigraph, and that it can do nothing else."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox
import pytest

from bench import rollups, synthetic
from service.cube.catalogue import Cube, certain, mentions
from service.cube.duck import Duck, table_of
from service.cube.planner import Planner
from service.release import read_release

POPULATION = "?o sd:refArea ?a ; sd:refPeriod ?p ; em:population ?v ."


def rows(results: Any) -> list[tuple[str | None, ...]]:
    return [tuple(None if term is None else str(term) for term in row) for row in results]


@pytest.mark.parametrize(
    "pattern",
    [
        POPULATION,
        "?o sd:refArea ?a ; em:population ?v . VALUES ?a { <http://localhost:8000/id/area/a1> }",
        "?o sd:refArea ?a ; em:population ?v . FILTER(?a IN (<http://localhost:8000/id/area/a1>))",
        "?o sd:refArea/dct:isPartOf+ <http://localhost:8000/id/area/city> ; em:population ?v .",
        "?o sd:refArea ?a ; sd:sex ?s ; em:population ?v . ?q sd:refArea ?a ; sd:sex ?s ; yk:share ?x .",
        f"{POPULATION} OPTIONAL {{ ?o sa:obsStatus ?t }}",
        f"{POPULATION} BIND(?v / 3 AS ?third) FILTER(?third > 1)",
        f"{POPULATION} {{ SELECT ?a (MAX(?w) AS ?most) {{ ?q sd:refArea ?a ; em:population ?w }} GROUP BY ?a }}",
        f"{{ {POPULATION} }} UNION {{ ?o sd:refArea ?a ; yk:households ?h }}",
        f"{POPULATION} MINUS {{ ?a yk:rank 0 }}",
        f"{POPULATION} FILTER NOT EXISTS {{ ?a yk:rank 0 }}",
        f"{POPULATION} FILTER EXISTS {{ ?q sd:refArea ?a ; sd:sex code:sex-M }}",
        "[] a qb:Observation ; qb:dataSet ?d ; em:population ?v .",
        f"{POPULATION} OPTIONAL {{ ?a yk:rank ?rank FILTER(?v > ?rank) }}",
        f"{POPULATION} OPTIONAL {{ ?q sd:refArea ?a ; yk:households ?h FILTER(?h < ?v && ?h > 1) }}",
        f"{POPULATION} OPTIONAL {{ ?o sa:obsStatus ?t }} OPTIONAL {{ ?t skos:prefLabel ?l FILTER(BOUND(?t)) }}",
        f"{POPULATION} GRAPH <{synthetic.BASE}graph/copy> {{ ?a dct:isPartOf ?w }}",
        f"{POPULATION} GRAPH ?g {{ ?o sd:sex ?s }}",
    ],
)
def test_each_pattern_that_researchers_use_is_planned(worlds: Callable[[int], Any], pattern: str) -> None:
    for number in range(4):
        text = f"SELECT * {{ {pattern} }}"
        planned = worlds(number).planned(text)
        assert planned is not None, worlds(number).planner.reason(text)
        assert Counter(rows(planned)) == Counter(rows(worlds(number).plain(text)))


@pytest.mark.parametrize(
    "aggregate",
    ["COUNT(?v)", "COUNT(DISTINCT ?v)", "COUNT(DISTINCT *)", "SUM(?v)", "AVG(?v)", "MIN(?v)", "MAX(?v)"],
)
def test_each_aggregate_is_planned(world: Any, aggregate: str) -> None:
    text = f"SELECT ?a ({aggregate} AS ?x) {{ {POPULATION} }} GROUP BY ?a HAVING(COUNT(*) > 1)"
    assert Counter(rows(world.planned(text))) == Counter(rows(world.plain(text)))


def test_the_parts_of_a_group_concat_are_the_same(world: Any) -> None:
    text = (
        'SELECT ?a (GROUP_CONCAT(STR(?p); SEPARATOR = "; ") AS ?x) { ?o sd:refArea ?a ; sd:refPeriod ?p } GROUP BY ?a'
    )
    ours, theirs = (
        {row[0]: sorted(row[1].value.split("; ")) for row in each} for each in (world.planned(text), world.plain(text))
    )
    assert ours == theirs


def test_a_sample_is_a_value_of_its_group(world: Any) -> None:
    values = {(str(row["a"]), str(row["v"])) for row in world.plain(f"SELECT ?a ?v {{ {POPULATION} }}")}
    samples = rows(world.planned(f"SELECT ?a (SAMPLE(?v) AS ?x) {{ {POPULATION} }} GROUP BY ?a"))
    assert samples
    assert set(samples) <= values


@pytest.mark.parametrize("order", ["?v", "DESC(?v)", "DESC(?t) ?v", "?l", "DESC(?l) ?p", "STR(?p) ?v"])
def test_solutions_come_in_the_order_asked_for(worlds: Callable[[int], Any], order: str) -> None:
    keys = "?v ?t ?l ?p" if "STR" not in order else "?p ?v"
    pattern = f"{POPULATION} OPTIONAL {{ ?o sa:obsStatus ?t }} OPTIONAL {{ ?a rdfs:label ?l FILTER(LANG(?l) = 'ja') }}"
    names = [each for each in ("v", "t", "l", "p") if f"?{each}" in order and f"?{each}" in keys]
    text = f"SELECT {' '.join(f'?{each}' for each in names)} {{ {pattern} }} ORDER BY {order}"
    for number in range(4):
        planned = worlds(number).planned(text)
        assert planned is not None, worlds(number).planner.reason(text)
        assert rows(planned) == rows(worlds(number).plain(text))


def test_a_page_is_a_part_of_all_solutions_as_long_as_asked_for(world: Any) -> None:
    everything = Counter(rows(world.plain(f"SELECT ?v {{ {POPULATION} }}")))
    page = rows(world.planned(f"SELECT ?v {{ {POPULATION} }} ORDER BY ?v LIMIT 5 OFFSET 2"))
    assert page == rows(world.plain(f"SELECT ?v {{ {POPULATION} }} ORDER BY ?v LIMIT 5 OFFSET 2"))
    assert not Counter(page) - everything


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?o ?p ?v ; em:population ?w }",
        "SELECT * { ?o em:population ?v . GRAPH ?g { ?a ?b ?c } }",
        "SELECT * FROM <http://localhost:8000/graph/copy> { ?o em:population ?v }",
        "SELECT (RAND() AS ?x) { ?o em:population ?v }",
        "SELECT REDUCED ?v { ?o em:population ?v }",
        "SELECT * { GRAPH ?g { ?o em:population ?v } }",
        "SELECT * { ?o em:population ?v OPTIONAL { ?a yk:rank ?r FILTER(EXISTS { ?o sd:refArea ?a }) } }",
        "SELECT (SUM(?r) AS ?x) { ?o yk:rate ?r }",
        "SELECT * { ?o em:population ?v . SERVICE <http://127.0.0.1:1/> { ?o ?p ?x } }",
        "CONSTRUCT { ?o a qb:Thing } WHERE { ?o em:population ?v }",
        "DESCRIBE ?o { ?o em:population ?v }",
        "SELECT * { ?s sd:refArea ?a }",
        "SELECT * { ?o em:population ?v",
        "SELECT ?v { ?o em:population ?v } GROUP BY ?o",
        "SELECT (SUM(?v) AS ?x) { ?o yk:nothing ?v ; em:population ?w } GROUP BY ?o HAVING(?x > 1)",
        "SELECT * { ?o em:population ?v FILTER(" + "(" * 200 + "?v" + ")" * 200 + " > 1) }",
    ],
)
def test_what_is_not_fully_understood_is_left_to_oxigraph(world: Any, text: str) -> None:
    assert world.planned(text) is None
    assert world.planner.reason(text)


def test_a_long_chain_of_conditions_is_answered_or_left_never_broken(world: Any) -> None:
    chain = " || ".join(f"?v = {number}" for number in range(2_000))
    text = f"SELECT * {{ ?o em:population ?v FILTER({chain}) }}"
    planned = world.planned(text)
    assert planned is None or Counter(rows(planned)) == Counter(rows(world.plain(text)))


def test_a_text_that_names_no_component_is_not_looked_at(world: Any) -> None:
    about = mentions(certain(world.folder, read_release(world.folder).cubes))
    assert about is not None
    assert not about.search("SELECT * { <http://localhost:8000/id/obs/population-ward-month/141097> ?p ?v }")
    assert not about.search("SELECT * { ?s rdfs:label ?l }")
    assert about.search("SELECT * { ?o <http://data.e-stat.go.jp/lod/ontology/measure/population> ?v }")


def test_few_observations_are_left_to_oxigraph(world: Any) -> None:
    cubes = certain(world.folder, read_release(world.folder).cubes)
    planner = Planner(cubes, world.store, synthetic.PREFIXES, Duck(cubes))
    assert planner.answer(f"ASK {{ {POPULATION} }}") is None
    area = f"<{synthetic.AREAS[0]}>"
    assert (
        planner.answer(f"SELECT * {{ ?o sd:refArea {area} ; em:population ?v OPTIONAL {{ ?o sa:obsStatus ?t }} }}")
        is None
    )
    assert "Oxigraph" in planner.reason(f"ASK {{ {POPULATION} }}")


def test_cubes_that_are_not_certain_to_tell_everything_are_left_to_oxigraph(world: Any) -> None:
    cubes = read_release(world.folder).cubes
    doubtful = [type(each)(**vars(each) | {"exclusive": ()}) for each in cubes]
    assert certain(world.folder, doubtful) == ()
    assert mentions(()) is None


def test_integers_that_could_overflow_are_left_to_oxigraph(tmp_path: Path) -> None:
    connection = duckdb.connect()
    connection.execute(
        f"CREATE TABLE big AS SELECT '{synthetic.BASE}id/obs/' || n AS observation, "
        f"'{synthetic.BASE}id/area/1' AS \"refArea\", {2**62} + n AS population FROM range(4) r(n)"
    )
    cube = synthetic.Cube("big", ("refArea", "population"))
    synthetic.publish(tmp_path, connection, [cube], [], exclusive=synthetic.everything([cube]))
    cubes = certain(tmp_path, read_release(tmp_path).cubes)
    planner = Planner(cubes, ox.Store.read_only(str(tmp_path / "store")), synthetic.PREFIXES, Duck(cubes), few=0)
    assert planner.answer("SELECT (SUM(?v) AS ?x) { ?o em:population ?v }") is None
    assert planner.answer("SELECT (?v * 4 AS ?x) { ?o em:population ?v }") is None
    assert planner.answer("SELECT (MAX(?v) AS ?x) { ?o em:population ?v }") is not None


def test_warming_fits_whatever_the_size_of_a_cube(tmp_path: Path) -> None:
    """A join of the whole cube with itself, as a first query might be, does not fit here."""
    file, rows, memory = tmp_path / "big.parquet", 2_000_000, 48 << 20
    duckdb.sql(f"SELECT '{synthetic.BASE}id/obs/big/' || n AS observation FROM range({rows}) r(n)").write_parquet(
        str(file)
    )
    cube = Cube("big", f"{synthetic.BASE}id/dataset/big", file, rows, (), frozenset())
    duck = Duck([cube], memory)
    whole = f"SELECT count(*) FROM {table_of(cube)} AS o JOIN {table_of(cube)} AS e USING (observation)"
    with pytest.raises(duckdb.OutOfMemoryException):
        duck.run(whole, {}).fetchall()
    duck.warm(cube)


def test_a_plan_is_kept_by_its_text_and_dropped_with_its_tables(world: Any) -> None:
    cubes = certain(world.folder, read_release(world.folder).cubes)
    duck = Duck(cubes)
    planner = Planner(cubes, world.store, synthetic.PREFIXES, duck, few=0, plans=1)
    text = f"SELECT * {{ {POPULATION} ?a rdfs:label ?l }}"
    for _ in range(2):
        assert planner.answer(text) is not None
    assert _tables(duck) == 1
    assert planner.answer(f"SELECT * {{ {POPULATION} }}") is not None
    assert _tables(duck) == 0


def _tables(duck: Duck) -> int:
    return int(duck.run("SELECT count(*) FROM duckdb_tables() WHERE temporary", {}).fetchall()[0][0])


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/*')",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "SELECT * FROM read_parquet('http://127.0.0.1:1/x.parquet')",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ],
)
def test_sql_has_no_way_out(world: Any, sql: str) -> None:
    duck = Duck(certain(world.folder, read_release(world.folder).cubes))
    duck.lock(2)
    with pytest.raises(duckdb.Error):
        duck.run(sql, {}).fetchall()


def test_what_was_surveyed_is_not_looked_up_again(world: Any) -> None:
    cubes = certain(world.folder, read_release(world.folder).cubes)
    known = Duck(cubes).survey(cubes)
    assert known.domains["pop", "refArea"]
    assert known.kinds["pop", "population"].name == "integer"
    informed = Duck(cubes, survey=known)
    informed.close()
    assert informed.domain(cubes[0], cubes[0].components[0]) == known.domains[cubes[0].id, cubes[0].components[0].name]


def test_the_values_of_a_column_are_in_one_order(world: Any) -> None:
    cubes = certain(world.folder, read_release(world.folder).cubes)
    for values in Duck(cubes).survey(cubes).domains.values():
        assert values is None or list(values) == sorted(values)


def test_memory_is_bounded(world: Any) -> None:
    duck = Duck(certain(world.folder, read_release(world.folder).cubes), memory=64 << 20)
    with pytest.raises(duckdb.OutOfMemoryException):
        duck.run(
            "SELECT count(*) FROM (SELECT DISTINCT n::VARCHAR || repeat('x', 50) FROM range(5000000) r(n))", {}
        ).fetchall()


def test_a_plan_explains_what_ran_where(world: Any) -> None:
    found = world.planner.explain(f"SELECT ?l (SUM(?v) AS ?x) {{ {POPULATION} ?a rdfs:label ?l }} GROUP BY ?l")
    assert found.engine == "cube"
    assert [each.engine for each in found.steps] == ["oxigraph", "duckdb"]
    assert all(each.rows > 0 and each.seconds > 0 for each in found.steps)
    assert world.planner.explain("SELECT * { ?o ?p ?v ; em:population ?w }").reason


def test_the_comparison_with_oxigraph_can_fail(world: Any, tmp_path: Path) -> None:
    shutil.copytree(world.folder / "cubes", tmp_path / "cubes")
    target = tmp_path / "cubes" / "pop.parquet"
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE t AS FROM read_parquet('{target}')")
        db.execute("UPDATE t SET population = population + 1")
        db.execute(f"COPY t TO '{target}' (FORMAT parquet)")
    cubes = certain(tmp_path, read_release(world.folder).cubes)
    planner = Planner(cubes, world.store, synthetic.PREFIXES, Duck(cubes), few=0)
    text = f"SELECT (SUM(?v) AS ?x) {{ {POPULATION} }}"
    answer = planner.answer(text)
    assert answer is not None
    assert rows(answer.results) != rows(world.plain(text))


@pytest.fixture(scope="module")
def bench_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "release"
    synthetic.large(folder, 6_000)
    return folder


@pytest.mark.parametrize("question", rollups.QUESTIONS, ids=lambda path: path.stem)
def test_a_benchmark_question_has_oxigraphs_answer(bench_release: Path, question: Path) -> None:
    store = ox.Store.read_only(str(bench_release / "store"))
    cubes = certain(bench_release, read_release(bench_release).cubes)
    text = question.read_text(encoding="utf-8")
    answer = Planner(cubes, store, synthetic.PREFIXES, Duck(cubes), few=0).answer(text)
    if answer is not None and "LIMIT" not in text:
        assert Counter(rows(answer.results)) == Counter(rows(store.query(text, prefixes=synthetic.PREFIXES)))
    assert (answer is None) == (question.stem == "one-observation")
    assert question.with_suffix(".sql").exists()
