"""A thing's address → what is published about it, in the bytes of one format; the recent ones remembered."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from service.engine.lookup import Lookup, Solution, serialise
from service.formats import GEOJSON, JSONLD, PLAIN_JSON, Format
from service.http.caching import Memory
from service.release import Release
from service.things import geojson, imi
from service.things.context_document import read_context
from service.things.descriptions import Describer, Description, Status
from service.things.graph import Graph
from service.things.jsonld import Writer
from service.things.prepared import Prepared
from service.uris import UrlSpace

JSON_FORMATS = frozenset({JSONLD, PLAIN_JSON})
QUERIES = Path(__file__).parent.parent / "queries"
# Pages up to this one are read in the event loop: later ones must skip much of the store's index before.
NEAR_PAGE = 10
STATUS_BYTES, PROPERTY_BYTES = 1_500, 600

Binding = Mapping[str, str]


class Subject(NamedTuple):
    """What is described: a thing by its path, or a vocabulary, and which page of it. Its hash must cost little."""

    path: str
    page: int = 1
    vocabulary: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether this is the first page about a thing."""
        return self.page == 1 and not self.vocabulary


def read_queries(folder: Path = QUERIES) -> Mapping[str, str]:
    """The query texts by name."""
    found = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.rq"))}
    return MappingProxyType(found)


class Entities:
    """Descriptions of the things of one release. Memory is bounded by `capacity`, in bytes, about."""

    def __init__(
        self, release: Release, lookup: Lookup, queries: Mapping[str, str], capacity: int, prepared: Prepared
    ) -> None:
        self.release = release
        self._prepared = prepared
        self.urls = UrlSpace(release.base_iri)
        self._lookup = lookup
        self._queries = queries
        self._writer = Writer(read_context(self.urls), self.urls)
        self.describer = Describer(lookup, release)
        self.named_graphs = lookup.named_graphs()
        # What takes longer than a few milliseconds is read here, at most two at once.
        self._thread = ThreadPoolExecutor(2, "descriptions")
        self._statuses: Memory[Status] = Memory(capacity // 4)
        self._descriptions: Memory[Description] = Memory(capacity)
        self._rows: Memory[list[Solution]] = Memory(capacity)

    async def status(self, subject: Subject) -> Status | None:
        """None for what the release does not mention, and for a page beyond the last."""
        known = self._statuses.get(subject)
        if known is not None:
            return known
        ready = self._prepared.status(subject.path) if subject.is_whole else None
        if ready is not None:
            self._statuses.put(subject, ready, STATUS_BYTES)
            return ready
        found = await self.description(subject)
        return found.status if found else None

    def ready(self, subject: Subject, format_: Format, profile: str = "") -> bytes | None:
        """The document about a thing, if it was prepared when the release was built."""
        is_prepared = subject.is_whole and format_ in JSON_FORMATS and not profile
        return self._prepared.document(subject.path) if is_prepared else None

    async def description(self, subject: Subject) -> Description | None:
        known = self._descriptions.get(subject)
        if known is None:
            known = await self._describe(subject)
            if known is not None:
                self._statuses.put(subject, known.status, STATUS_BYTES)
                properties = sum(map(len, known.graph.subjects.values()))
                self._descriptions.put(subject, known, PROPERTY_BYTES * properties)
        return known

    async def _describe(self, subject: Subject) -> Description | None:
        if not subject.vocabulary and subject.page <= NEAR_PAGE:
            return self.describer.describe(subject.path, subject.page)
        loop = asyncio.get_running_loop()
        if subject.vocabulary:
            return await loop.run_in_executor(self._thread, self.describer.vocabulary, subject.path)
        return await loop.run_in_executor(self._thread, self.describer.describe, subject.path, subject.page)

    def serialise(self, graph: Graph, path: str, format_: Format, profile: str = "") -> bytes:
        """The graph about the thing at a path. JSON is framed by what kind of thing it is, except in a profile."""
        iri = self.urls.iri(path)
        if profile:
            return serialise(imi.view(graph, iri), format_, self.release.prefixes)
        if format_ is GEOJSON:
            return geojson.document(self._writer, graph, iri)
        if format_ in JSON_FORMATS:
            return self._writer.document(graph, iri)
        return serialise(graph, format_, self.release.prefixes)

    async def rows(self, name: str, bindings: Binding = MappingProxyType({}), offset: int = 0) -> list[Solution]:
        """The solutions of a query of ours: variable → term as SPARQL 1.1 JSON results write it."""
        key = (name, tuple(bindings.items()), offset)
        known = self._rows.get(key)
        if known is None:
            # SPARQL has no variable for OFFSET: this integer is the only thing ever put into a text.
            text = self._queries[name].replace("OFFSET 0 # page", f"OFFSET {offset:d} # page")
            loop = asyncio.get_running_loop()
            known = await loop.run_in_executor(self._thread, self._lookup.select, text, self.urls.base_iri, bindings)
            self._rows.put(key, known, 1_000 * len(known))
        return known
