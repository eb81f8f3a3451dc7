"""The planner as a worker process meets it: opened with the first query that names a property of a cube."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from service.cube.catalogue import certain, mentions
from service.release import read_release

if TYPE_CHECKING:
    from service.cube.planner import CubeAnswer, Planner

_UNNAMED = "no property of a cube is named in the text"


class Cubes:
    """Answers queries over the default graph of one release. DuckDB is loaded only if one is about a cube."""

    def __init__(self, store: ox.Store, release: Path, prefixes: Mapping[str, str], threads: int, memory: int) -> None:
        self._store, self._prefixes = store, prefixes
        self._threads, self._memory = threads, memory
        self._cubes = certain(release, read_release(release).cubes)
        self._mentions = mentions(self._cubes)
        self._planner: Planner | None = None

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
        if self._planner is None:
            from service.cube.duck import Duck
            from service.cube.planner import Planner

            duck = Duck(self._cubes, self._threads, self._memory)
            self._planner = Planner(self._cubes, self._store, self._prefixes, duck)
        return self._planner
