"""Which properties only the rows of cubes have: told from the parts of a build as from its store."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox
import pytest

from loaders import exclusive

E = "http://here.example/"
QB = "http://purl.org/linked-data/cube#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ALL = {RDF_TYPE, f"{QB}dataSet", f"{E}area", f"{E}count"}
CUBES = ("one", "two")


def cubes(folder: Path, *, twice: bool = False) -> list[dict[str, Any]]:
    """Two cubes of two observations each; the second one has a row twice."""
    found = []
    for id_ in CUBES:
        more = " UNION ALL SELECT 0" if twice and id_ == "two" else ""
        rows = (
            f"SELECT '{E}{id_}/' || n AS observation, '{E}a' || n AS area, 7 * n AS count, NULL::BIGINT AS unused "
            f"FROM (SELECT unnest([0, 1]) AS n{more})"
        )
        duckdb.execute(f"COPY ({rows}) TO '{folder / id_}.parquet' (FORMAT parquet)")
        components = [
            {"name": name, "property": f"{E}{name}", "attachment": "observation"}
            for name in ("area", "count", "unused")
        ]
        about = {"id": id_, "iri": f"{E}{id_}", "parquet": f"{id_}.parquet", "components": components}
        found.append({**about, "rows": 3 if more else 2})
    return found


def store(folder: Path, beside: str) -> None:
    filled = ox.Store(folder / "store")
    for id_ in CUBES:
        for number in (0, 1):
            filled.load(
                f"<{E}{id_}/{number}> a <{QB}Observation> ; <{QB}dataSet> <{E}{id_}> ; "
                f"<{E}area> <{E}a{number}> ; <{E}count> {7 * number} .",
                ox.RdfFormat.TURTLE,
            )
    filled.load(beside, ox.RdfFormat.N_TRIPLES)
    filled.flush()


@pytest.mark.parametrize(
    ("beside", "one", "two"),
    [
        ("", ALL, ALL),
        (f"<{E}slice> <{E}area> <{E}a1> .\n", ALL - {f"{E}area"}, ALL - {f"{E}area"}),
        (f"<{E}slice> <{RDF_TYPE}> <{QB}Slice> .\n", ALL, ALL),
        (f"<{E}slice> <{RDF_TYPE}> <{QB}Observation> .\n", ALL - {RDF_TYPE}, ALL - {RDF_TYPE}),
        (f'<{E}two/1> <{E}count> "8"^^<http://www.w3.org/2001/XMLSchema#integer> .\n', set(), set()),
        (f"<{E}two/1> <{E}colour> <{E}red> .\n", ALL, ALL),
    ],
)
def test_what_else_is_said_with_a_property_keeps_it_from_being_exclusive(
    tmp_path: Path, beside: str, one: set[str], two: set[str]
) -> None:
    found, part = cubes(tmp_path), tmp_path / "part.nt"
    part.write_text(beside, encoding="utf-8")
    store(tmp_path, beside)
    marked = exclusive.marked_by_parts(tmp_path, found, E, {"part": part})
    assert [set(each["exclusive"]) for each in marked] == [one, two]
    assert marked == exclusive.marked(tmp_path, found)


def test_a_cube_with_two_rows_for_one_observation_is_not_certain(tmp_path: Path) -> None:
    part = tmp_path / "part.nt"
    part.touch()
    marked = exclusive.marked_by_parts(tmp_path, cubes(tmp_path, twice=True), E, {"part": part})
    assert [each["exclusive"] for each in marked] == [[], []]


def test_a_build_tells_from_its_parts_what_its_store_would_tell(releases: Path) -> None:
    release = releases / "current"
    about = json.loads((release / "release.json").read_text(encoding="utf-8"))["cubes"]
    bare = [{name: value for name, value in each.items() if name != "exclusive"} for each in about]
    assert exclusive.marked(release, bare) == about
