"""A thing's address → what is published about it, in the bytes of one format.

Every representation comes from one query (queries/describe.rq), so all carry the same graph.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from service.caching import Memory
from service.engine.engine import Engine, Query
from service.formats import JSON, JSONLD, Format
from service.graph import Graph, read_jsonld
from service.release import Release
from service.uris import UrlSpace

QUERIES = Path(__file__).parent / "queries"
PAGE_SIZE = 100
# What points to a thing is sorted within windows, so that a page never costs more than one of them.
WINDOW = 2_000
COUNTED = 10_000
MAX_PAGE = 99_999
TIMEOUT = 10.0
MEMORY_BYTES = 32 * 1024 * 1024
STATUS_WEIGHT = 1_000

Binding = Mapping[str, str]
Solution = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Status:
    """What is known of a thing before it is described.

    `incoming` counts what points to it, up to a limit.
    """

    path: str
    incoming: int
    invalidated: str
    types: tuple[str, ...]
    collections: tuple[str, ...]
    licenses: tuple[str, ...]

    def has_page(self, page: int) -> bool:
        return page == 1 or self.incoming > (page - 1) * PAGE_SIZE

    @property
    def counted_all(self) -> bool:
        return self.incoming <= COUNTED


def read_queries(folder: Path = QUERIES) -> Mapping[str, str]:
    """The query texts by name."""
    found = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.rq"))}
    return MappingProxyType(found)


def paged(text: str, page: int) -> str:
    """The text for a page of what points to a thing.

    SPARQL has no variable for OFFSET, so these integers are the only thing ever put into a text.

    >>> paged("LIMIT 2000 OFFSET 0 # window LIMIT 100 OFFSET 0 # page", 23)
    'LIMIT 2000 OFFSET 2000 # window LIMIT 100 OFFSET 200 # page'
    """
    first = (page - 1) * PAGE_SIZE
    window = first - first % WINDOW
    return text.replace("OFFSET 0 # window", f"OFFSET {window:d} # window").replace(
        "OFFSET 0 # page", f"OFFSET {first - window:d} # page"
    )


class Entities:
    """Descriptions of the things of one release, the recent ones remembered."""

    def __init__(self, release: Release, engine: Engine, queries: Mapping[str, str]) -> None:
        self.release = release
        self.urls = UrlSpace(release.base_iri)
        self._engine = engine
        self._queries = queries
        self._statuses: Memory[Status] = Memory(MEMORY_BYTES // 4)
        self._bodies: Memory[bytes] = Memory(MEMORY_BYTES)

    async def status(self, path: str, page: int = 1) -> Status | None:
        """None for what the release does not mention."""
        limit = max(COUNTED, page * PAGE_SIZE) + 1
        known = self._statuses.get((path, limit))
        if known is not None:
            return known
        text = self._queries["status"].replace(f"LIMIT {COUNTED + 1} # counted", f"LIMIT {limit:d} # counted")
        facts = await self._rows(text, {"this": self.urls.iri(path)})
        if not facts:
            return None
        found = _status(path, facts)
        self._statuses.put((path, limit), found, STATUS_WEIGHT)
        return found

    async def describe(self, path: str, format_: Format, page: int = 1) -> bytes:
        """The description of a thing that has a status."""
        bound = {"this": self.urls.iri(path), "document": self.urls.iri(self.urls.page(path))}
        key = ("describe", path, format_.name, page)
        return await self._construct(key, paged(self._queries["describe"], page), bound, format_)

    async def vocabulary(self, path: str, format_: Format) -> bytes:
        """All terms or shapes of a module."""
        bound = {"document": self.urls.iri(path)}
        key = ("vocabulary", path, format_.name)
        return await self._construct(key, self._queries["vocabulary"], bound, format_)

    async def graph(self, path: str, page: int = 1) -> Graph:
        """The description as a page reads it."""
        return read_jsonld(await self.describe(path, JSONLD, page))

    async def vocabulary_graph(self, path: str) -> Graph:
        return read_jsonld(await self.vocabulary(path, JSONLD))

    async def rows(self, name: str, bindings: Binding = MappingProxyType({}), offset: int = 0) -> list[Solution]:
        """The solutions of a query of ours: variable → term as SPARQL 1.1 JSON results write it."""
        text = self._queries[name].replace("OFFSET 0 # page", f"OFFSET {offset:d} # page")
        return await self._rows(text, bindings)

    def remembered(self, key: tuple[object, ...]) -> bytes | None:
        return self._bodies.get(key)

    def remember(self, key: tuple[object, ...], body: bytes) -> bytes:
        self._bodies.put(key, body, len(body) + 500)
        return body

    async def _construct(self, key: tuple[object, ...], text: str, bindings: Binding, format_: Format) -> bytes:
        known = self._bodies.get(key)
        if known is not None:
            return known
        query = self._query(text, bindings, graph_format=format_)
        return self.remember(key, await self._body(query))

    async def _rows(self, text: str, bindings: Binding) -> list[Solution]:
        body = await self._body(self._query(text, bindings, solutions_format=JSON))
        found: list[Solution] = json.loads(body)["results"]["bindings"]
        return found

    def _query(
        self,
        text: str,
        bindings: Binding,
        solutions_format: Format | None = None,
        graph_format: Format | None = None,
    ) -> Query:
        return Query(
            text=text,
            base_iri=self.urls.base_iri,
            solutions_format=solutions_format,
            graph_format=graph_format,
            bindings=bindings,
            timeout=TIMEOUT,
        )

    async def _body(self, query: Query) -> bytes:
        answer = await self._engine.answer(query)
        if answer.body is None:
            raise TypeError("an engine for our own queries answers in one piece")
        return answer.body


def _status(path: str, facts: list[Solution]) -> Status:
    found: dict[str, list[str]] = {}
    for row in facts:
        found.setdefault(row["fact"]["value"], []).append(row["value"]["value"])
    return Status(
        path=path,
        incoming=int(found.get("incoming", ["0"])[0]),
        invalidated=found.get("invalidated", [""])[0],
        types=tuple(dict.fromkeys(found.get("type", ()))),
        collections=tuple(dict.fromkeys(found.get("collection", ()))),
        licenses=tuple(dict.fromkeys(found.get("license", ()))),
    )
