"""The planner as the processes that answer queries meet it: opened before they are forked, asked in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from service.cube.catalogue import Cube, certain, mentions
from service.cube.duck import Duck
from service.cube.explanation import Explanation, table
from service.cube.planner import CubeAnswer, Planner
from service.cube.survey import Survey
from service.release import read_release

_UNNAMED = "no property of a cube is named in the text"


@dataclass(frozen=True)
class Columns:
    """The cubes of a release, and DuckDB with their files open. Without a thread: a process that has it may fork."""

    cubes: tuple[Cube, ...]
    duck: Duck


def columns(release: Path, memory: int, survey: Survey | None = None) -> Columns:
    """Those of one release; `memory` in bytes."""
    cubes = certain(release, read_release(release).cubes)
    return Columns(cubes, Duck(cubes, memory, survey))


class Cubes:
    """Answers queries over the default graph of a release. `threads` are DuckDB's."""

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str], opened: Columns, threads: int) -> None:
        opened.duck.lock(threads)
        self._mentions = mentions(opened.cubes)
        self._planner = Planner(opened.cubes, store, prefixes, opened.duck)

    def answer(self, text: str, base_iri: str) -> CubeAnswer | None:
        """None if the query is for Oxigraph. Costs a few microseconds for a text that names no property of a cube."""
        return self._planner.answer(text, base_iri) if self._mentioned(text) else None

    def explain(self, text: str, base_iri: str) -> ox.QuerySolutions:
        """What would be done where, as solutions: ?step ?engine ?text ?rows ?milliseconds."""
        if not self._mentioned(text):
            return table(Explanation("oxigraph", _UNNAMED))
        return table(self._planner.explain(text, base_iri))

    def _mentioned(self, text: str) -> bool:
        return self._mentions is not None and self._mentions.search(text) is not None
