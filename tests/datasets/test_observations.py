"""Each cube gives, from the publishers' real files, exactly the observations that are written down for it."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import pytest

from loaders.dataset import DataSet, Tables
from loaders.datasets import all_data_sets
from loaders.fetch import find
from loaders.statistics import Cube

Observations = Mapping[str, frozenset[tuple[str, str]]]
OBSERVATIONS = Path(__file__).parent / "observations"
CUBES = {each.id: each for each in all_data_sets().values() if each.cube is not None}
WRITTEN_DOWN = sorted(path.stem for path in OBSERVATIONS.glob("*.ttl"))


def test_every_cube_has_its_observations_written_down() -> None:
    elsewhere = {f"{what}-ward-{when}" for what in ("population", "households") for when in ("month", "history")}
    assert set(WRITTEN_DOWN) | elsewhere == set(CUBES)


@pytest.mark.parametrize("data_set", [CUBES[id_] for id_ in WRITTEN_DOWN], ids=WRITTEN_DOWN)
def test_real_rows_become_exactly_the_observations_written_down(
    data_set: DataSet,
    shared_data: Path,
    tidy: Callable[..., Tables],
    observed: Callable[[Cube, Tables, Collection[str]], Observations],
    expected: Callable[[Cube], Observations],
) -> None:
    assert data_set.cube is not None
    wanted = expected(data_set.cube)
    assert wanted
    places = " ".join(value for about in wanted.values() for _, value in about)
    files = [file.path for file in find(shared_data, data_set.source.patterns) if f"/{file.name}#" in places]
    assert observed(data_set.cube, tidy(data_set.source, *files), wanted.keys()) == wanted
