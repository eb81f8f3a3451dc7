"""Oxigraph in this process, for our own bounded queries: evaluated and serialised in one thread."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox

from service.engine.engine import Answer, Query
from service.formats import JSON, JSONLD, NTRIPLES, RDFXML, TURTLE, Format

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_GRAPHS = {
    TURTLE: ox.RdfFormat.TURTLE,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    RDFXML: ox.RdfFormat.RDF_XML,
    JSONLD: ox.RdfFormat.JSON_LD,
}


class Embedded:
    """Answers from a read-only store on a few threads."""

    def __init__(self, store: Path, prefixes: Mapping[str, str], threads: int = 2) -> None:
        self._store = ox.Store.read_only(str(store))
        self._prefixes = dict(prefixes)
        self._threads = ThreadPoolExecutor(threads, "entities")

    async def start(self) -> None:
        """Nothing to do: the threads start with the first query."""

    async def stop(self) -> None:
        self._threads.shutdown()

    async def answer(self, query: Query) -> Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._evaluate, query)

    def _evaluate(self, query: Query) -> Answer:
        bound: dict[ox.Variable, _Term] = {ox.Variable(name): ox.NamedNode(iri) for name, iri in query.bindings.items()}
        results = self._store.query(query.text, base_iri=query.base_iri, substitutions=bound)
        if isinstance(results, ox.QueryTriples):
            format_ = query.graph_format or NTRIPLES
            return Answer("graph", format_, self._graph(results, format_))
        body = results.serialize(format=ox.QueryResultsFormat.JSON)
        form = "boolean" if isinstance(results, ox.QueryBoolean) else "solutions"
        return Answer(form, query.solutions_format or JSON, body)

    def _graph(self, triples: ox.QueryTriples, format_: Format) -> bytes:
        prefixes = None if format_ is NTRIPLES else self._prefixes
        return ox.serialize(triples, format=_GRAPHS[format_], prefixes=prefixes) or b""
