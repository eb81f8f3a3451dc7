"""Visitors' queries in worker processes: who runs, who waits, who is stopped.

A query that has run longer than `heavy_after` is long. All workers but one may run long queries; the last one too,
for as long as nobody waits for it. Then the youngest long query gives way: it is stopped and begins anew, once,
when it is its turn among the long ones. So a short query never waits for a long one, however many there are.
"""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from service.engine import wire
from service.engine.engine import Answer, Query, Running
from service.engine.faults import Fault, busy, lost, over_share, timed_out
from service.engine.line import Line, Remembered
from service.engine.metrics import Metrics
from service.engine.process import Worker
from service.engine.setup import Setup
from service.engine.tokens import redacted
from service.engine.wire import Frame
from service.formats import FORMATS

_FORMATS = {each.name: each for each in FORMATS}
_REMEMBERED = 1_000
_AGAIN = 5
_RESTART_PAUSE = 1.0
_LONGEST_START = 30.0
_SHOWN = 500


class _GaveWay(Fault):
    """The query was stopped for others and is to begin anew."""

    def __init__(self) -> None:
        super().__init__(503, "The query gave way to shorter ones. Try again.", "短い問合せに順番を譲りました。")


@dataclass(frozen=True)
class Limits:
    """How much at once. Times are in seconds."""

    workers: int = 3
    spares: int = 1
    queue: int = 128
    long_queue: int = 64
    client_queries: int = 96
    heavy_after: float = 0.05
    patience: float = 10.0
    longest: float = 60.0


@dataclass(eq=False)
class Ticket:
    """One query on its way."""

    query: Query
    digest: str
    arrived: float
    turn: asyncio.Future[Worker]
    worker: Worker | None = None
    started: float = 0.0
    long: bool = False
    streams: bool = False
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class Pool:
    """Answers queries in processes that can be killed."""

    def __init__(self, setup: Setup, limits: Limits, metrics: Metrics) -> None:
        self._setup = {**vars(setup), "prefixes": dict(setup.prefixes)}
        self._limits = limits
        self._metrics = metrics
        self._running: set[Ticket] = set()
        self._waiting: set[Ticket] = set()
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        metrics.watch(self._running, self._waiting, self._workers, self._idle)
        self._short: Line[Ticket] = Line()
        self._long: Line[Ticket] = Line()
        self._clients: Counter[str] = Counter()
        self._known_long = Remembered(_REMEMBERED)
        self._starting: set[asyncio.Task[None]] = set()
        self._ready = asyncio.Event()
        self._stopped = False

    # --- the engine --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Returns when the first worker can be asked."""
        self._refill()
        async with asyncio.timeout(_LONGEST_START):
            await self._ready.wait()

    async def stop(self) -> None:
        self._stopped = True
        for worker in list(self._workers):
            worker.kill(lost())

    async def answer(self, query: Query) -> Answer:
        """Fault if there is none; nothing of the query is left behind when the caller is cancelled."""
        client = query.client
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
        digest = hashlib.sha256(query.text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        known = digest in self._known_long
        arrived = time.monotonic()
        while True:
            ticket = Ticket(query, digest, arrived, asyncio.get_running_loop().create_future(), long=known)
            try:
                return await self._attempt(ticket)
            except _GaveWay:
                self._metrics.gave_way.inc()
                self._known_long.add(digest)
                known = True

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
        line = self._line(ticket)
        if ticket.long and len(self._long) >= self._limits.long_queue:
            raise busy(len(self._long), _AGAIN)
        line.add(ticket.query.client, ticket)
        self._waiting.add(ticket)
        self._dispatch()
        if ticket.turn.done():
            return ticket.turn.result()
        try:
            async with asyncio.timeout(self._limits.patience):
                return await asyncio.shield(ticket.turn)
        except TimeoutError:
            raise busy(len(self._waiting), _AGAIN) from None
        finally:
            self._waiting.discard(ticket)
            line.remove(ticket.query.client, ticket)

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
        ticket.turn.cancel()
        if ticket not in self._running:
            return
        self._running.discard(ticket)
        worker = ticket.worker
        assert worker is not None  # noqa: S101 - whoever runs has one
        if worker.done and not worker.dead:
            worker.come_forward()
            self._idle.append(worker)
            self._note(ticket)
        elif not worker.dead:
            worker.kill(lost())
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

    def _line(self, ticket: Ticket) -> Line[Ticket]:
        return self._long if ticket.long else self._short

    def _admit(self, client: str) -> None:
        if self._clients[client] >= self._limits.client_queries:
            raise over_share(self._limits.client_queries)
        if len(self._waiting) >= self._limits.queue:
            raise busy(len(self._waiting), _AGAIN)

    def _leave(self, client: str) -> None:
        self._clients[client] -= 1
        if self._clients[client] <= 0:
            del self._clients[client]

    def _dispatch(self) -> None:
        while self._idle and len(self._running) < self._limits.workers:
            ticket = self._next()
            if ticket is None:
                break
            self._begin(ticket, self._suited(ticket))
        if len(self._short) and self._idle:
            self._preempt()

    def _suited(self, ticket: Ticket) -> Worker:
        """An idle worker, a polite one if the query is long and another if it is short."""
        chosen = min(self._idle, key=lambda each: each.polite != ticket.long)
        self._idle.remove(chosen)
        return chosen

    def _next(self) -> Ticket | None:
        ticket = self._short.pop()
        if ticket is None and sum(each.long for each in self._running) < self._places:
            ticket = self._long.pop()
        return ticket

    def _begin(self, ticket: Ticket, worker: Worker) -> None:
        loop = asyncio.get_running_loop()
        ticket.worker = worker
        ticket.started = time.monotonic()
        seconds = ticket.query.timeout
        ticket.timers = [
            loop.call_later(seconds, worker.kill, timed_out(seconds, self._limits.longest)),
            loop.call_later(self._limits.heavy_after, self._lengthen, ticket),
        ]
        self._waiting.discard(ticket)
        self._running.add(ticket)
        ticket.turn.set_result(worker)

    def _lengthen(self, ticket: Ticket) -> None:
        ticket.long = True
        if ticket.worker is not None:
            ticket.worker.make_way()
        self._dispatch()

    def _preempt(self) -> None:
        """Stops the youngest long query if all workers run long ones; one that is stopped already is enough."""
        if not all(each.long and each.worker and not each.worker.dead for each in self._running):
            return
        stoppable = [each for each in self._running if not each.streams]
        if stoppable:
            youngest = max(stoppable, key=lambda each: each.started)
            assert youngest.worker is not None  # noqa: S101 - whoever runs has one
            youngest.worker.kill(_GaveWay())

    # --- processes ---------------------------------------------------------------------------------

    def _refill(self) -> None:
        missing = self._limits.workers + self._limits.spares - len(self._workers)
        for _ in range(missing if not self._stopped else 0):
            worker = Worker(self._on_ready, self._on_death)
            self._workers.add(worker)
            task = asyncio.create_task(worker.start(self._setup))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    def _on_ready(self, worker: Worker) -> None:
        self._idle.append(worker)
        self._ready.set()
        self._dispatch()

    def _on_death(self, worker: Worker) -> None:
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        self._metrics.restarts.inc()
        if not self._stopped:
            pause = 0.0 if worker.ready else _RESTART_PAUSE
            asyncio.get_running_loop().call_later(pause, self._refill)


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
        "timeout": query.timeout,
        "bindings": dict(query.bindings),
    }


def _answer(frame: Frame, ticket: Ticket) -> Answer:
    about = frame.record
    return Answer(
        form=about["form"],
        format=_FORMATS[about["format"]],
        body=frame.body,
        coding=about["coding"],
        digest=about.get("digest", ""),
        timings={"queue": ticket.started - ticket.arrived, **about["timings"]},
    )


def _fault(frame: Frame) -> Fault:
    about = frame.record
    return Fault(about["status"], about["en"], about["ja"], **about["fields"])


def _shown(ticket: Ticket, now: float) -> Running:
    worker = ticket.worker
    return Running(
        digest=ticket.digest,
        text=redacted(ticket.query.text[:_SHOWN]),
        state="waits" if worker is None else "streams" if ticket.streams else "runs",
        seconds=now - (ticket.started if worker else ticket.arrived),
        pid=worker.pid if worker else 0,
    )
