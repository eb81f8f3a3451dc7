"""Queries that are stopped, at whatever moment, in a pool of real processes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest
import uvloop

from service.engine.engine import Query
from service.engine.faults import Fault
from service.engine.metrics import Metrics
from service.engine.pool import Limits, Pool, Ticket, _GaveWay
from service.engine.process import Worker
from service.engine.setup import Setup
from service.formats import JSON

BASE = "http://e.example/"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . ?d ?p ?w FILTER(?x + ?y + ?z + ?w < 0) }"


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    folder = tmp_path_factory.mktemp("store")
    store = ox.Store(str(folder))
    number = ox.NamedNode(f"{BASE}number")
    store.bulk_extend(ox.Quad(ox.NamedNode(f"{BASE}{n}"), number, ox.Literal(n)) for n in range(1_000))
    store.flush()
    return Setup(str(folder), BASE, {})


def with_pool(pool: Pool, work: Callable[[Pool], Awaitable[Any]]) -> Any:
    """On the loop that serves, which does not take what is sent to a process that has been stopped."""

    async def run() -> Any:
        await pool.start()
        try:
            return await work(pool)
        finally:
            await pool.stop()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())


def asked(text: str, timeout: float = 10.0) -> Query:
    return Query(text, BASE, solutions_format=JSON, timeout=timeout)


class Stopping(Pool):
    """Stops each query as soon as it has a worker, before it is asked: those that waited learn of it later."""

    def _begins_at_once(self, _: Ticket) -> bool:
        return False

    def _begin(self, ticket: Ticket) -> None:
        super()._begin(ticket)
        ticket.turn.result().kill(Fault(504, "stopped", "停止"))


def test_a_worker_that_was_stopped_before_it_was_asked_is_no_fault_of_ours(setup: Setup) -> None:
    async def ask(pool: Pool) -> int:
        with pytest.raises(Fault) as caught:
            await pool.answer(asked("ASK {}"))
        return caught.value.status

    assert with_pool(Stopping(setup, Limits(), Metrics()), ask) == 504


def test_a_query_that_gives_way_again_and_again_is_refused_in_the_end(setup: Setup) -> None:
    async def stop_until_refused(pool: Pool) -> tuple[Fault, float]:
        loop = asyncio.get_running_loop()
        started = loop.time()
        task = asyncio.create_task(pool.answer(asked(ENDLESS, 1.0)))
        while not task.done() and loop.time() < started + 10:
            for each in pool._running:
                each.turn.result().kill(_GaveWay())
            await asyncio.sleep(0.2)
        with pytest.raises(Fault) as caught:
            await task
        return caught.value, loop.time() - started

    fault, seconds = with_pool(Pool(setup, Limits(patience=1.0), Metrics()), stop_until_refused)
    assert fault.status == 503
    assert fault.fields["retry_after"] > 0
    assert seconds < 3


@pytest.mark.parametrize(
    ("running", "stopped"),
    [
        # Client, whether it had its turn, whether it is streamed; the oldest first. B waits.
        (("A turn", "A turn", "A turn"), 2),
        (("A turn", "A turn", "A fresh"), None),
        (("A turn", "A turn", "A turn streams"), 1),
        (("A turn streams", "A turn streams", "A turn streams"), None),
        (("A turn", "A turn"), None),
        (("A turn", "C turn", "A turn"), 2),
        (("A turn", "A turn", "C turn"), 1),
        (("A turn", "C turn", "D turn"), None),
        (("A turn", "A turn", "B turn"), None),
    ],
)
def test_the_youngest_of_who_has_too_much_gives_way_once_it_had_its_turn(
    setup: Setup, running: tuple[str, ...], stopped: int | None
) -> None:
    async def share_out() -> list[bool]:
        pool = Pool(setup, Limits(workers=3), Metrics())
        tickets = [ticket(each, started) for started, each in enumerate(running)]
        pool._running.update(tickets)
        pool._long.add("B", ticket("B waits", 0))
        pool._share_out()
        return [each.turn.result().dead for each in tickets]

    assert asyncio.run(share_out()) == [index == stopped for index in range(len(running))]


def ticket(about: str, started: int) -> Ticket:
    """One of a long query that runs since some second."""
    client, *rest = about.split()
    turn = asyncio.get_running_loop().create_future()
    turn.set_result(Worker(lambda _: None, lambda _: None))
    found = Ticket(replace(asked(ENDLESS), client=client), "", 0.0, 10.0, 20.0, turn, turn.result(), started)
    found.long, found.had_turn, found.streams = True, "turn" in rest, "streams" in rest
    return found


def test_no_deadline_is_shorter_than_the_least(setup: Setup) -> None:
    async def ask(pool: Pool) -> Fault:
        with pytest.raises(Fault) as caught:
            await pool.answer(asked(ENDLESS, 1e-9))
        return caught.value

    fault = with_pool(Pool(setup, Limits(shortest=0.3), Metrics()), ask)
    assert (fault.status, fault.fields["value"]) == (504, 0.3)
