"""Small synthetic releases with cubes, and the planner beside plain Oxigraph on each."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from bench import synthetic
from service.cube.catalogue import certain
from service.cube.duck import Duck
from service.cube.planner import Planner
from service.release import read_release

THREADS = 4
Bag = Counter[tuple[str | None, ...]]


def bag(results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Bag:
    """Solutions in any order; terms as N-Triples, None for unbound."""
    if isinstance(results, ox.QueryBoolean):
        return Counter([(str(bool(results)),)])
    return Counter(tuple(None if term is None else str(term) for term in row) for row in results)


@dataclass(frozen=True)
class World:
    """One release: `planned` is what the planner answers, None if it leaves the query to Oxigraph."""

    folder: Path
    store: ox.Store
    planner: Planner

    def plain(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean:
        found = self.store.query(text, prefixes=synthetic.PREFIXES)
        assert not isinstance(found, ox.QueryTriples)
        return found

    def planned(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | None:
        answer = self.planner.answer(text)
        return None if answer is None else answer.results


def open_world(folder: Path) -> World:
    store = ox.Store.read_only(str(folder / "store"))
    cubes = certain(folder, read_release(folder).cubes)
    duck = Duck(cubes)
    duck.lock(THREADS)
    return World(folder, store, Planner(cubes, store, synthetic.PREFIXES, duck, few=0))


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], World]:
    """World number n, always the same."""

    @cache
    def world(seed: int) -> World:
        folder = tmp_path_factory.mktemp(f"world{seed}")
        synthetic.small(folder, seed)
        return open_world(folder)

    return world


@pytest.fixture(scope="session")
def world(worlds: Callable[[int], World]) -> World:
    return worlds(0)
