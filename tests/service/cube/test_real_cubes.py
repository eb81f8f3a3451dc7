"""The cubes of the real release: roll-ups from their columns are those of Oxigraph."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from service.cube.catalogue import Cube, certain
from service.cube.duck import Duck
from service.cube.planner import Planner
from service.release import read_release

# Oxigraph needs seconds for more.
MOST = 12_000


@pytest.fixture(scope="module")
def real(releases: Path) -> tuple[Planner, ox.Store, tuple[Cube, ...]]:
    folder = (releases / "current").resolve()
    release = read_release(folder)
    cubes = certain(folder, release.cubes)
    store = ox.Store.read_only(str(release.store))
    return Planner(cubes, store, release.prefixes, Duck(cubes), few=0), store, cubes


def roll_ups(cube: Cube) -> Iterator[str]:
    """By each dimension, and all of it with what may be missing."""
    dimensions = [each.property for each in cube.components if each.kind == "dimension"]
    measures = [each for each in cube.components if each.kind == "measure" and each.type in {"integer", "decimal"}]
    star = f"?o <http://purl.org/linked-data/cube#dataSet> <{cube.iri}>"
    for dimension in dimensions:
        for measure in measures:
            figures = "(SUM(?v) AS ?sum) (AVG(?v) AS ?mean) (MIN(?v) AS ?least) (MAX(?v) AS ?most) (COUNT(*) AS ?count)"
            yield f"SELECT ?d {figures} {{ {star} ; <{dimension}> ?d ; <{measure.property}> ?v }} GROUP BY ?d"
    options = " ".join(f"OPTIONAL {{ ?o <{each.property}> ?v{n} }}" for n, each in enumerate(cube.components[-4:]))
    yield f"SELECT * {{ {star} ; <{dimensions[0]}> ?d {options} }}"


def bag(results: Any) -> Counter[tuple[str, ...]]:
    return Counter(tuple(str(term) for term in row) for row in results)


def test_every_cube_of_the_release_is_certain(real: tuple[Planner, ox.Store, tuple[Cube, ...]], releases: Path) -> None:
    _, _, cubes = real
    assert {each.id for each in cubes} == {each.id for each in read_release((releases / "current").resolve()).cubes}


def test_roll_ups_of_real_cubes_are_those_of_oxigraph(real: tuple[Planner, ox.Store, tuple[Cube, ...]]) -> None:
    planner, store, cubes = real
    compared = 0
    for cube in (each for each in cubes if each.rows <= MOST):
        for text in roll_ups(cube):
            answer = planner.answer(text)
            assert answer is not None, planner.reason(text)
            assert bag(answer.results) == bag(store.query(text)), text
            compared += 1
    assert compared > 10
