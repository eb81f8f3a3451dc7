"""The planner as a worker process meets it, and what all workers may know of a release in advance."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from service.cube.catalogue import certain, mentions
from service.release import read_release

if TYPE_CHECKING:
    from service.cube.planner import CubeAnswer, Planner
    from service.cube.survey import Survey

_UNNAMED = "no property of a cube is named in the text"


class Cubes:
    """Answers queries over the default graph of one release. A release without cubes needs no DuckDB."""

    def __init__(
        self,
        store: ox.Store,
        release: Path,
        prefixes: Mapping[str, str],
        threads: int,
        memory: int,
        survey: "Survey | None" = None,
    ) -> None:
        self._store, self._prefixes = store, prefixes
        self._threads, self._memory, self._survey = threads, memory, survey
        self._cubes = certain(release, read_release(release).cubes)
        self._mentions = mentions(self._cubes)
        self._planner: Planner | None = None

    def warm(self) -> None:
        """Opens the columns, so that no query waits for it."""
        if self._mentions is not None:
            self._opened().warm()

    def answer(self, text: str, base_iri: str) -> "CubeAnswer | None":
        """None if the query is for Oxigraph. Costs a few microseconds for a text that names no property of a cube."""
        planner = self._for(text)
        return None if planner is None else planner.answer(text, base_iri)

    def explain(self, text: str, base_iri: str) -> ox.QuerySolutions:
        """What would be done where, as solutions: ?step ?engine ?text ?rows ?milliseconds."""
        from service.cube.explanation import Explanation, table

        planner = self._for(text)
        return table(Explanation("oxigraph", _UNNAMED) if planner is None else planner.explain(text, base_iri))

    def _for(self, text: str) -> "Planner | None":
        if self._mentions is None or not self._mentions.search(text):
            return None
        return self._opened()

    def _opened(self) -> "Planner":
        if self._planner is None:
            from service.cube.duck import Duck
            from service.cube.planner import Planner

            duck = Duck(self._cubes, self._threads, self._memory, self._survey)
            self._planner = Planner(self._cubes, self._store, self._prefixes, duck)
        return self._planner


def survey(release: Path, threads: int, memory: int) -> "Survey":
    """What the columns of the release's cubes hold."""
    from service.cube.duck import Duck

    cubes = certain(release, read_release(release).cubes)
    return Duck(cubes, threads, memory).survey(cubes)
