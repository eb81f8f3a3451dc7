"""The named graphs of the release: read once, since a release never changes."""

import json

from service.engine.engine import Engine, Query
from service.formats import JSON

_QUERY = "SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } } ORDER BY ?graph"


class NamedGraphs:
    """Their IRIs, in order."""

    def __init__(self, engine: Engine, base_iri: str) -> None:
        self._engine = engine
        self._base_iri = base_iri
        self._names: tuple[str, ...] | None = None

    async def names(self) -> tuple[str, ...]:
        if self._names is None:
            answer = await self._engine.answer(Query(_QUERY, self._base_iri, solutions_format=JSON))
            rows = json.loads(answer.body or b"")["results"]["bindings"]
            self._names = tuple(row["graph"]["value"] for row in rows)
        return self._names
