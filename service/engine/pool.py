"""Visitors' queries in worker processes: who runs, who waits, who is stopped.

A query that has run longer than `heavy_after` is long. All workers but one may run long queries; the last one too,
for as long as nobody waits for it. Then the youngest long query gives way: it is stopped and begins anew when it is
its turn among the long ones. Whoever has just come begins at once on a process that is kept for this, before those
that wait. So a short query never waits for long ones, however many there are.

Nor does a long query of one client wait for all those of another. A client that has less than its share of the places
for long ones may have the last worker as well; if that is taken, a client with more gives up its youngest, once it had
its `turn`. The oldest of each client goes on, and a query that gives way again and again is refused when its deadline
and its patience are used up.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from service.engine import wire
from service.engine.crew import Crew
from service.engine.engine import Answer, Query, Running, digest, shown
from service.engine.faults import Fault, busy, crowded_out, lost, over_share, timed_out
from service.engine.line import Line, Remembered
from service.engine.metrics import Metrics
from service.engine.process import Worker
from service.engine.setup import Setup
from service.engine.wire import Frame
from service.formats import GRAPH

_REMEMBERED = 1_000
_AGAIN = 5


class _GaveWay(Fault):
    """The query was stopped for others and is to begin anew."""

    def __init__(self) -> None:
        super().__init__(503, "The query gave way to others. Try again.", "他の問合せに順番を譲りました。")


@dataclass(frozen=True)
class Limits:
    """How much at once. Times are in seconds."""

    workers: int = 3
    spares: int = 2
    queue: int = 128
    long_queue: int = 64
    client_queries: int = 96
    heavy_after: float = 0.05
    turn: float = 2.0
    patience: float = 10.0
    shortest: float = 0.1
    longest: float = 60.0


@dataclass(eq=False)
class Ticket:
    """One query on its way. `patience` is what is left of it, and at `latest` all is over."""

    query: Query
    digest: str
    arrived: float
    patience: float
    latest: float
    turn: asyncio.Future[Worker]
    worker: Worker | None = None
    started: float = 0.0
    long: bool = False
    had_turn: bool = False
    streams: bool = False
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class Pool:
    """Answers queries in processes that can be killed."""

    def __init__(self, setup: Setup, limits: Limits, metrics: Metrics) -> None:
        self._limits = limits
        self._metrics = metrics
        self._crew = Crew(
            {**vars(setup), "prefixes": dict(setup.prefixes)},
            limits.workers + limits.spares,
            limits.spares,
            self._dispatch,
        )
        self._running: set[Ticket] = set()
        self._waiting: set[Ticket] = set()
        self._short: Line[Ticket] = Line()
        self._long: Line[Ticket] = Line()
        self._clients: Counter[str] = Counter()
        self._known_long = Remembered(_REMEMBERED)
        metrics.watch(self._running, self._waiting, self._crew)

    # --- the engine --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Returns when the first worker can be asked."""
        await self._crew.start()

    async def stop(self) -> None:
        await self._crew.stop()

    async def answer(self, query: Query) -> Answer:
        """Fault if there is none; nothing of the query is left behind when the caller is cancelled."""
        client = query.client
        query = replace(query, timeout=max(query.timeout, self._limits.shortest))
        self._admit(client)
        self._clients[client] += 1
        try:
            answer = await self._answer(query)
        except BaseException:
            self._leave(client)
            raise
        if answer.chunks is None:
            self._leave(client)
        return answer

    def running(self) -> list[Running]:
        """What runs and what waits now, the oldest first."""
        now = time.monotonic()
        tickets = sorted([*self._running, *self._waiting], key=lambda each: each.arrived)
        return [_shown(each, now) for each in tickets]

    # --- one query ---------------------------------------------------------------------------------

    async def _answer(self, query: Query) -> Answer:
        name = digest(query.text)
        known = name in self._known_long
        arrived = joined = time.monotonic()
        patience = self._limits.patience
        latest = arrived + patience + query.timeout
        while joined + self._limits.shortest <= latest:
            turn = asyncio.get_running_loop().create_future()
            ticket = Ticket(query, name, arrived, patience, latest, turn, long=known)
            try:
                return await self._attempt(ticket)
            except _GaveWay:
                self._metrics.gave_way.inc()
                self._known_long.add(name)
                known = True
                patience -= ticket.started - joined
                joined = time.monotonic()
        raise crowded_out(_AGAIN)

    async def _attempt(self, ticket: Ticket) -> Answer:
        """Waits for a worker and asks it. The worker is free or dead afterwards, unless chunks follow."""
        handed_on = False
        try:
            worker = await self._turn(ticket)
            worker.ask(_record(ticket.query))
            first = await worker.frame()
            if first.kind == wire.FAULT:
                raise _fault(first)
            if first.kind == wire.ANSWER:
                return _answer(first, ticket)
            self._stream(ticket, worker)
            handed_on = True
            return replace(_answer(first, ticket), body=None, chunks=_Chunks(worker, partial(self._done, ticket)))
        finally:
            if not handed_on:
                self._finish(ticket)

    async def _turn(self, ticket: Ticket) -> Worker:
        if self._begins_at_once(ticket):
            self._begin(ticket)
            return ticket.turn.result()
        if ticket.long and len(self._long) >= self._limits.long_queue:
            raise busy(len(self._long), _AGAIN)
        line, client = self._long if ticket.long else self._short, ticket.query.client
        line.add(client, ticket)
        self._waiting.add(ticket)
        self._dispatch()
        try:
            async with asyncio.timeout(max(ticket.patience, 0.0)):
                return await asyncio.shield(ticket.turn)
        except TimeoutError:
            raise busy(len(self._waiting), _AGAIN) from None
        finally:
            self._waiting.discard(ticket)
            line.remove(client, ticket)

    def _stream(self, ticket: Ticket, worker: Worker) -> None:
        """A streamed answer cannot begin anew, so it needs a place among the long ones for good."""
        if sum(each.streams for each in self._running) >= self._places:
            worker.kill(lost())
            raise _GaveWay
        ticket.streams = True
        ticket.long = True
        self._dispatch()

    def _done(self, ticket: Ticket) -> None:
        self._finish(ticket)
        self._leave(ticket.query.client)

    def _finish(self, ticket: Ticket) -> None:
        """Frees the worker if it has said all it had to say, and kills it otherwise."""
        for timer in ticket.timers:
            timer.cancel()
        if ticket not in self._running:
            return
        self._running.discard(ticket)
        worker = ticket.turn.result()
        if worker.done and not worker.dead:
            self._note(ticket)
        self._crew.give_back(worker)
        self._dispatch()

    def _note(self, ticket: Ticket) -> None:
        """Remembers which texts take long, so that they need not be tried again in a short one's place."""
        if time.monotonic() - ticket.started > self._limits.heavy_after:
            self._known_long.add(ticket.digest)
        else:
            self._known_long.discard(ticket.digest)

    # --- who is next -------------------------------------------------------------------------------

    @property
    def _places(self) -> int:
        """How many long queries may hold a worker while others wait."""
        return max(self._limits.workers - 1, 1)

    def _admit(self, client: str) -> None:
        if self._clients[client] >= self._limits.client_queries:
            raise over_share(self._limits.client_queries)
        if len(self._waiting) >= self._limits.queue:
            raise busy(len(self._waiting), _AGAIN)

    def _leave(self, client: str) -> None:
        self._clients[client] -= 1
        if self._clients[client] <= 0:
            del self._clients[client]

    def _begins_at_once(self, ticket: Ticket) -> bool:
        """Whoever has just come may have one of the workers that are kept for this."""
        return bool(self._crew.idle) and not ticket.long

    def _dispatch(self) -> None:
        """Begins what waits. One idle worker is left for whoever comes next."""
        while len(self._crew.idle) > 1 and len(self._running) < self._limits.workers and (ticket := self._next()):
            self._begin(ticket)
        waited_for = len(self._short) > 0 and len(self._crew.idle) > 1
        if waited_for or len(self._running) > self._limits.workers:
            self._preempt()
        self._share_out()

    def _next(self) -> Ticket | None:
        ticket = self._short.pop()
        if ticket is None and ((held := self._held()).total() < self._places or self._has_less(held)):
            ticket = self._long.pop(held)
        return ticket

    def _held(self) -> Counter[str]:
        """How many long queries run by client."""
        return Counter(each.query.client for each in self._alive() if each.long)

    def _share(self, held: Counter[str]) -> int:
        """How many long queries each client may run while others have some as well."""
        return max(self._places // max(len(held.keys() | self._long.clients), 1), 1)

    def _has_less(self, held: Counter[str]) -> bool:
        """Whether a client waits that has less than its share."""
        return any(held[each] < self._share(held) for each in self._long.clients)

    def _alive(self) -> Sequence[Ticket]:
        """What runs and has not been stopped."""
        return [each for each in self._running if each.worker and not each.worker.dead]

    def _begin(self, ticket: Ticket) -> None:
        loop = asyncio.get_running_loop()
        worker = self._crew.take(polite=ticket.long)
        ticket.worker = worker
        ticket.started = time.monotonic()
        seconds, left = ticket.query.timeout, ticket.latest - ticket.started
        late = timed_out(seconds, self._limits.longest) if seconds <= left else crowded_out(_AGAIN)
        ticket.timers = [
            loop.call_later(min(seconds, left), worker.kill, late),
            loop.call_later(self._limits.heavy_after, self._lengthen, ticket, worker),
            loop.call_later(self._limits.turn, self._end_turn, ticket),
        ]
        self._waiting.discard(ticket)
        self._running.add(ticket)
        ticket.turn.set_result(worker)

    def _lengthen(self, ticket: Ticket, worker: Worker) -> None:
        ticket.long = True
        worker.make_way()
        self._dispatch()

    def _end_turn(self, ticket: Ticket) -> None:
        ticket.had_turn = True
        self._dispatch()

    def _preempt(self) -> None:
        """Stops a long query if all workers run long ones; one that is stopped already is enough."""
        alive = self._alive()
        if len(alive) == len(self._running) and all(each.long for each in alive):
            _give_way(_youngest(alive, self._held()))

    def _share_out(self) -> None:
        """Stops a long query of a client with more than its share for one with less that no worker is left for."""
        held, alive = self._held(), self._alive()
        if len(alive) < self._limits.workers or not self._has_less(held):
            return
        youngest = _youngest([each for each in alive if held[each.query.client] > self._share(held)], held)
        # An older one is no way out while the youngest has its turn: then none would ever come to its end.
        if youngest and youngest.had_turn:
            _give_way(youngest)


def _youngest(running: Iterable[Ticket], held: Mapping[str, int]) -> Ticket | None:
    """The youngest long query of the client that holds most; a streamed answer cannot begin anew."""
    stoppable = [each for each in running if each.long and not each.streams]
    return max(stoppable, key=lambda each: (held[each.query.client], each.started), default=None)


def _give_way(ticket: Ticket | None) -> None:
    if ticket:
        ticket.turn.result().kill(_GaveWay())


class _Chunks:
    """The pieces of a streamed answer; Fault if it ends before it is complete. `aclose` may be called at any time."""

    def __init__(self, worker: Worker, done: Callable[[], None]) -> None:
        self._worker = worker
        self._done = done
        self._open = True

    def __aiter__(self) -> "_Chunks":
        return self

    async def __anext__(self) -> bytes:
        frame = await self._worker.frame()
        if frame.kind == wire.CHUNK:
            return frame.body
        if frame.kind == wire.FAULT:
            raise _fault(frame)
        raise StopAsyncIteration

    async def aclose(self) -> None:
        if self._open:
            self._open = False
            self._done()


def _record(query: Query) -> Mapping[str, Any]:
    return {
        "text": query.text,
        "default_graphs": query.default_graphs,
        "named_graphs": query.named_graphs,
        "solutions_format": query.solutions_format.name if query.solutions_format else None,
        "graph_format": query.graph_format.name if query.graph_format else None,
        "coding": query.coding,
        "bindings": dict(query.bindings),
        "explain": query.explain,
    }


def _answer(frame: Frame, ticket: Ticket) -> Answer:
    about = frame.record
    format_ = ticket.query.graph_format if about["form"] == GRAPH else ticket.query.solutions_format
    if format_ is None:
        raise TypeError("a worker answers in a format that was asked for")
    return Answer(
        form=about["form"],
        format=format_,
        body=frame.body,
        coding=about["coding"],
        digest=about.get("digest", ""),
        engine=about["engine"],
        timings={"queue": ticket.started - ticket.arrived, **about["timings"]},
    )


def _fault(frame: Frame) -> Fault:
    about = frame.record
    return Fault(about["status"], about["en"], about["ja"], **about["fields"])


def _shown(ticket: Ticket, now: float) -> Running:
    worker = ticket.worker
    state = "waits" if worker is None else "streams" if ticket.streams else "runs"
    since = ticket.started if worker else ticket.arrived
    return shown(ticket.query, state, now - since, worker.pid if worker else 0)
