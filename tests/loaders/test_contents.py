"""What a release says of itself: the cubes as columns say what their triples say, and release.json describes them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox
import pytest

from service.release import open_release

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
QB = "http://purl.org/linked-data/cube#"
XSD = "http://www.w3.org/2001/XMLSchema#"

# An N-Triples dump as a table, told apart by text alone and not by the code that wrote it.
TRIPLES = r"""
    SELECT line[2:strpos(line, '> ') - 1] AS s, split_part(line, ' ', 2)[2:-2] AS p,
        regexp_replace(line[strpos(line, '> ') + 2:], '^<[^>]*> (.*) \.$', '\1') AS o
    FROM read_csv(?, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
        auto_detect = false)
    WHERE contains(line, '/id/obs/')
"""


@pytest.fixture(scope="session")
def about(releases: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((releases / "current" / "release.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture
def cubes(releases: Path, about: dict[str, Any]) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Any]]]:
    """Each cube with the tables `triples` and `rows`."""

    def opened() -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Any]]]:
        for cube in about["cubes"]:
            with duckdb.connect() as db:
                dump = releases / "current" / "dumps" / f"{cube['id']}.nt.gz"
                db.execute(f"CREATE TABLE triples AS {TRIPLES}", [str(dump)])
                db.execute("CREATE TABLE rows AS FROM read_parquet(?)", [str(releases / "current" / cube["parquet"])])
                yield db, cube

    return opened()


def one(db: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> Any:
    [(value,)] = db.execute(sql, list(parameters)).fetchall()
    return value


def as_term(component: dict[str, Any]) -> str:
    """A column's cells as terms, in SQL."""
    column = f'"{component["name"]}"'
    if component["type"] == "iri":
        return f"'<' || {column} || '>'"
    if component["type"] == "string":
        return f"to_json({column})::VARCHAR"  # the escapes that N-Triples needs are JSON's too
    return f"'\"' || {column} || '\"^^<{XSD}{component['type']}>'"


def test_every_row_of_every_cube_says_what_the_triples_say(
    cubes: Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Any]]],
) -> None:
    for db, cube in cubes:
        observed = [each for each in cube["components"] if each["attachment"] == "observation"]
        said = [f"SELECT observation, '{each['property']}', {as_term(each)} FROM rows" for each in observed]
        said.append(f"SELECT observation, '{RDF_TYPE}', '<{QB}Observation>' FROM rows")
        said.append(f"SELECT observation, '{QB}dataSet', '<{cube['iri']}>' FROM rows")
        rows = f"SELECT * FROM ({' UNION ALL '.join(said)}) AS t(s, p, o) WHERE o IS NOT NULL"
        assert one(db, f"SELECT count(*) FROM ({rows})") == one(db, "SELECT count(*) FROM triples"), cube["id"]
        unsaid = db.execute(f"FROM ({rows}) EXCEPT ALL FROM triples LIMIT 3").fetchall()
        assert unsaid == [], cube["id"]


def test_every_cube_has_its_rows_and_each_dimension_in_every_row(
    cubes: Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Any]]],
) -> None:
    for db, cube in cubes:
        assert one(db, "SELECT count(*) FROM rows") == cube["rows"] > 0
        dimensions = [each["name"] for each in cube["components"] if each["kind"] == "dimension"]
        for name in dimensions:
            described = f'"{name}" IS NULL OR "{name}_code" IS NULL OR "{name}_ja" IS NULL'
            assert one(db, f"SELECT count(*) FROM rows WHERE {described}") == 0, (cube["id"], name)
        listed = ", ".join(f'"{name}"' for name in dimensions)
        assert one(db, f"SELECT count(DISTINCT ({listed})) FROM rows") == cube["rows"]


def test_an_observation_has_a_figure_or_a_status_that_says_why_not(
    cubes: Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Any]]],
) -> None:
    for db, cube in cubes:
        measures = [f'"{each["name"]}"' for each in cube["components"] if each["kind"] == "measure"]
        statuses = [
            f"coalesce(\"{each['name']}\" NOT LIKE '%obsStatus-A', false)"
            for each in cube["components"]
            if each["name"] in {"obsStatus", "confStatus"} and each["attachment"] == "observation"
        ]
        silent = f"coalesce({', '.join(measures)}) IS NULL AND NOT ({' OR '.join(statuses) or 'false'})"
        assert one(db, f"SELECT count(*) FROM rows WHERE {silent}") == 0, cube["id"]


def test_the_store_holds_every_observation(releases: Path, about: dict[str, Any]) -> None:
    store = ox.Store.read_only(str(releases / "current" / "store"))
    found = store.query(f"SELECT ?cube (COUNT(*) AS ?n) {{ ?o <{QB}dataSet> ?cube }} GROUP BY ?cube")
    assert isinstance(found, ox.QuerySolutions)
    assert {each["cube"].value: int(each["n"].value) for each in found} == {
        cube["iri"]: cube["rows"] for cube in about["cubes"]
    }


def test_the_counts_of_a_release_are_those_of_its_store(releases: Path, about: dict[str, Any]) -> None:
    store = ox.Store.read_only(str(releases / "current" / "store"))
    assert about["quads"] == len(store)
    assert about["triples"] == sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def test_each_triple_of_the_current_data_lies_in_one_graph_only(releases: Path) -> None:
    store = ox.Store.read_only(str(releases / "current" / "store"))
    assert not bool(store.query("ASK { GRAPH ?g { ?s ?p ?o } ?s ?p ?o }"))


def test_the_service_opens_what_a_build_wrote(releases: Path, about: dict[str, Any]) -> None:
    release = open_release(releases)
    assert (release.id, release.triples) == (about["id"], about["triples"])
    assert {each.id for each in release.datasets} >= {cube["id"] for cube in about["cubes"]}
