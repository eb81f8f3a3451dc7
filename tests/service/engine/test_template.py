"""Workers are forked from one process that has loaded what they need."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from bench import synthetic
from service.engine.crew import Crew
from service.engine.faults import Fault
from service.engine.process import Worker
from service.engine.setup import Setup

SIZE = 2
UUID = "SELECT (STRUUID() AS ?id) {}"
SUM = "SELECT (SUM(?v) AS ?sum) { { ?o em:population ?v } UNION { ?o em:population ?v } }"


@dataclass
class Team:
    crew: Crew
    changed: asyncio.Event

    async def complete(self) -> None:
        while len(self.crew.idle) < SIZE:
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 20)

    def parent(self) -> psutil.Process:
        parents = {psutil.Process(each.pid).ppid() for each in self.crew.idle}
        assert len(parents) == 1
        return psutil.Process(parents.pop())


@asynccontextmanager
async def team(folder: Path, size: int) -> AsyncIterator[Team]:
    synthetic.small(folder, 0)
    setup = Setup(str(folder / "store"), synthetic.BASE, synthetic.PREFIXES, release=str(folder))
    changed = asyncio.Event()
    crew = Crew({**vars(setup), "prefixes": dict(setup.prefixes)}, size, SIZE, changed.set)
    await crew.start()
    made = Team(crew, changed)
    await made.complete()
    try:
        yield made
    finally:
        await crew.stop()


async def ask(worker: Worker, text: str) -> tuple[str, bytes]:
    worker.ask({"text": text, "default_graphs": None, "named_graphs": None, "solutions_format": "CSV",
                "graph_format": None})  # fmt: skip
    frame = await worker.frame()
    return frame.record["engine"], frame.body


def with_team(folder: Path, work: Callable[[Team], Awaitable[Any]], size: int = SIZE) -> Any:
    async def run() -> Any:
        async with team(folder, size) as made:
            return await work(made)

    return asyncio.run(run())


def test_their_parent_has_one_thread_and_is_not_the_service(tmp_path: Path) -> None:
    async def look(made: Team) -> tuple[int, int]:
        return made.parent().num_threads(), made.parent().pid

    threads, pid = with_team(tmp_path, look)
    assert threads == 1
    assert pid != os.getpid()
    assert not psutil.pid_exists(pid)


def test_no_two_workers_make_up_the_same_identifiers(tmp_path: Path) -> None:
    async def both(made: Team) -> list[bytes]:
        return [(await ask(each, UUID))[1] for each in made.crew.idle]

    one, other = with_team(tmp_path, both)
    assert one != other


def test_each_answers_from_columns_that_their_parent_opened(tmp_path: Path) -> None:
    async def both(made: Team) -> list[tuple[str, bytes]]:
        return [await ask(each, SUM) for each in made.crew.idle]

    one, other = with_team(tmp_path, both)
    assert one == other
    assert one[0] == "cube"


def test_there_are_more_workers_while_some_are_at_work_and_fewer_once_they_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.engine.crew._REST", 0.2)

    async def work_and_rest(made: Team) -> list[int]:
        counts = [len(made.crew.alive)]
        taken = [made.crew.take(polite=False) for _ in range(SIZE)]
        await made.complete()
        counts.append(len(made.crew.alive))
        for each in taken:
            made.crew.give_back(each)
        while len(made.crew.alive) > SIZE:
            made.changed.clear()
            await asyncio.wait_for(made.changed.wait(), 20)
        await made.complete()
        return [*counts, len(made.crew.alive), len(made.crew.idle)]

    assert with_team(tmp_path, work_and_rest, 2 * SIZE) == [SIZE, 2 * SIZE, SIZE, SIZE]


def test_there_are_never_more_workers_than_allowed(tmp_path: Path) -> None:
    async def work(made: Team) -> int:
        for _ in range(SIZE):
            made.crew.take(polite=False)
        return len(made.crew.alive)

    assert with_team(tmp_path, work, SIZE + 1) == SIZE + 1


def test_a_new_parent_is_started_when_theirs_has_ended(tmp_path: Path) -> None:
    async def lose_parent(made: Team) -> tuple[int, int, str]:
        before, worker = made.parent(), made.crew.idle[0]
        before.kill()
        with pytest.raises(Fault):
            await worker.frame()
        await made.complete()
        return before.pid, made.parent().pid, (await ask(made.crew.idle[0], SUM))[0]

    before, after, engine = with_team(tmp_path, lose_parent)
    assert before != after
    assert engine == "cube"


def test_a_worker_that_a_signal_ends_is_told_by_its_code(tmp_path: Path) -> None:
    async def abort(made: Team) -> Fault:
        worker = made.crew.idle[0]
        os.kill(worker.pid, signal.SIGABRT)
        with pytest.raises(Fault) as caught:
            await worker.frame()
        return caught.value

    assert "nested" in with_team(tmp_path, abort).en
