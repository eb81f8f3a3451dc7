"""An engine that asks partners what the SERVICE blocks of a query ask, and leaves the rest to another engine."""

import asyncio
import contextlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service.engine.constants import plain
from service.engine.engine import Answer, Engine, Query, Running, shown
from service.engine.faults import Fault, over_share, timed_out
from service.engine.metrics import Metrics
from service.engine.partners.clauses import Block, answered, blocks, without
from service.engine.partners.connection import Connector
from service.engine.partners.errors import (
    PartnerError,
    crowded,
    misplaced,
    not_a_partner,
    too_slow,
)
from service.engine.partners.results import NOTHING_BOUND, values

# The keyword, or an escape that may stand for a letter of it.
_SERVICE = re.compile(r"service|\\u", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Partners:
    """Who may be asked and how much. `endpoints` are absolute IRIs, `queries` how many may wait for partners at once,
    of which one client has at most a quarter; times are in seconds.
    """

    endpoints: tuple[str, ...]
    seconds: float = 5.0
    blocks: int = 4
    rows: int = 10_000
    queries: int = 16
    longest: float = 60.0


@dataclass(frozen=True, eq=False)
class _Waiting:
    """A query that waits for partners since some time."""

    query: Query
    since: float


def may_ask_others(text: str) -> bool:
    """Whether a query may have a SERVICE block, so that its answer is not the release's alone."""
    return _SERVICE.search(text) is not None


class Federation:
    """Answers queries of which parts are answered elsewhere. What a partner said is put in as VALUES, which join as
    SERVICE does (Federated Query, 2.4 and 4); the workers go on having no network.
    """

    def __init__(
        self,
        engine: Engine,
        partners: Partners,
        connector: Connector,
        prefixes: Mapping[str, str],
        metrics: Metrics,
    ) -> None:
        self._engine = engine
        self._partners = partners
        self._connector = connector
        self._prefixes = prefixes
        self._metrics = metrics
        self._waiting: set[_Waiting] = set()

    async def start(self) -> None:
        await self._engine.start()

    async def stop(self) -> None:
        await self._engine.stop()

    def running(self) -> Sequence[Running]:
        now = time.monotonic()
        return [
            *self._engine.running(),
            *(shown(each.query, "asks partners", now - each.since) for each in self._waiting),
        ]

    async def answer(self, query: Query) -> Answer:
        """Fault if there is none: 400 for a block that may not be, 502 and 504 where a partner fails."""
        if not may_ask_others(query.text):
            return await self._engine.answer(query)
        # A long text takes longer than others should wait.
        text, found = await asyncio.to_thread(self._read, query)
        if not found:
            return await self._engine.answer(query)
        return await self._answer(replace(query, text=text), found)

    def _read(self, query: Query) -> tuple[str, Sequence[Block]]:
        """The query in plain spelling and its blocks, all of which are about partners."""
        text = plain(query.text)
        found = blocks(text, query.base_iri, self._prefixes, self._partners.blocks)
        for each in found:
            if each.endpoint not in self._partners.endpoints:
                raise not_a_partner(each.endpoint, self._partners.endpoints)
        return text, found

    async def _answer(self, query: Query, found: Sequence[Block]) -> Answer:
        started = time.monotonic()
        end = started + query.timeout
        await self._try(query, found)
        with self._place(query):
            answers = await self._ask(found, end)
        waited = time.monotonic() - started
        if waited >= query.timeout:
            raise timed_out(query.timeout, self._partners.longest)
        try:
            full = answered(query.text, found, answers)
            answer = await self._engine.answer(replace(query, text=full, timeout=query.timeout - waited))
        except Fault as fault:
            # The rest is well-formed: `_try` has seen to it.
            if "line" in fault.fields:
                raise misplaced() from None
            raise
        return replace(answer, timings={"partners": waited, **answer.timings})

    @contextlib.contextmanager
    def _place(self, query: Query) -> Iterator[None]:
        most = self._partners.queries
        share = max(most // 4, 1)
        if sum(each.query.client == query.client for each in self._waiting) >= share:
            raise over_share(share)
        if len(self._waiting) >= most:
            raise crowded(most)
        waiting = _Waiting(query, time.monotonic())
        self._waiting.add(waiting)
        try:
            yield
        finally:
            self._waiting.discard(waiting)

    async def _try(self, query: Query, found: Sequence[Block]) -> None:
        """Fault for a query that is wrong whatever partners say: its blocks are plain groups, its graphs are empty."""
        tried = replace(query, text=without(query.text, found), default_graphs=(), named_graphs=(), explain=False)
        answer = await self._engine.answer(tried)
        if answer.chunks is not None:
            await answer.chunks.aclose()

    async def _ask(self, found: Sequence[Block], end: float) -> list[str]:
        """What stands for each block. All are asked at once; the first that fails is told of."""
        answers = await asyncio.gather(*(self._answer_of(each, end) for each in found))
        for each in answers:
            if isinstance(each, Fault):
                raise each
        return [each for each in answers if isinstance(each, str)]

    async def _answer_of(self, block: Block, end: float) -> str | Fault:
        """VALUES, or why there are none. A block that may fail leaves half of the time for the rest."""
        left = (end - time.monotonic()) / (2 if block.silent else 1)
        seconds = max(min(left, self._partners.seconds), 0.0)
        try:
            async with asyncio.timeout(seconds):
                content = await self._connector.ask(block.endpoint, block.question)
                found = await asyncio.to_thread(values, content, block.variables, self._partners.rows)
            if isinstance(found, PartnerError):
                raise found
        except PartnerError as error:
            fault, outcome = error.fault(block.endpoint), "failed"
        except TimeoutError:
            fault, outcome = too_slow(block.endpoint, seconds), "late"
        else:
            self._metrics.partners.labels("answered").inc()
            return found
        self._metrics.partners.labels(outcome).inc()
        return NOTHING_BOUND if block.silent else fault
