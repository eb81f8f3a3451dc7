"""The worker processes of a pool: as many as are needed, always some that wait."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from service.engine.faults import lost
from service.engine.forking import Template
from service.engine.process import Worker

_LOG = logging.getLogger(__name__)
_RESTART_PAUSE = 1.0
_LONGEST_START = 30.0
# Seconds without a query after which processes beyond the spares end.
_REST = 60.0


class Crew:
    """Keeps `spares` processes ready beyond those that are at work, up to `size` in all; what is left of more ends when
    nobody has been at work for a while. `on_change` is called whenever one becomes idle or has died."""

    def __init__(self, setup: Mapping[str, Any], size: int, spares: int, on_change: Callable[[], None]) -> None:
        self.alive: set[Worker] = set()
        self.idle: list[Worker] = []
        self.deaths = 0
        self._setup = setup
        self._template = Template(setup)
        self._size = size
        self._spares = spares
        self._rest: asyncio.TimerHandle | None = None
        self._on_change = on_change
        self._leaving: set[Worker] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._ready = asyncio.Event()
        self._stopped = False

    async def start(self) -> None:
        """Returns when the first worker can be asked; TimeoutError if none ever can."""
        self._refill()
        async with asyncio.timeout(_LONGEST_START):
            await self._ready.wait()

    async def stop(self) -> None:
        """Returns when all processes have ended."""
        self._stopped = True
        await asyncio.gather(*self._starting, return_exceptions=True)
        for worker in list(self.alive):
            worker.kill(lost())
        await asyncio.gather(*(worker.gone.wait() for worker in self._leaving))
        self._template.stop()

    def take(self, polite: bool) -> Worker:
        """An idle worker, if possible one that is polite or one that is not; the last used has the warmest caches."""
        chosen = min(reversed(self.idle), key=lambda each: each.polite != polite)
        self.idle.remove(chosen)
        self._refill()
        return chosen

    def give_back(self, worker: Worker) -> None:
        """A worker that is done waits again; one that is not ends, since nobody wants the rest of its answer."""
        if worker.done and not worker.dead and not worker.worn:
            worker.come_forward()
            self.idle.append(worker)
        elif not worker.dead:
            worker.kill(lost())
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(_REST, self._let_go)

    @property
    def _at_work(self) -> int:
        return sum(each.ready and each not in self.idle for each in self.alive)

    def _let_go(self) -> None:
        for worker in self.idle[self._spares :] if self._at_work == 0 else ():
            worker.kill(lost())

    def _refill(self) -> None:
        missing = min(self._size, self._at_work + self._spares) - len(self.alive)
        for _ in range(missing if not self._stopped else 0):
            worker = Worker(self._on_worker, self._on_death)
            self.alive.add(worker)
            task = asyncio.create_task(worker.start(self._template, self._setup))
            self._starting.add(task)
            task.add_done_callback(partial(self._started, worker))

    def _started(self, worker: Worker, task: asyncio.Task[None]) -> None:
        self._starting.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            _LOG.error("a worker could not be started: %s", problem)
            worker.kill(lost())

    def _on_worker(self, worker: Worker) -> None:
        """It has become ready, or worn while it waited or was asked again."""
        if not worker.worn:
            self.idle.append(worker)
            self._ready.set()
            self._on_change()
        elif worker in self.idle:
            worker.kill(lost())

    def _on_death(self, worker: Worker) -> None:
        self.alive.discard(worker)
        if worker in self.idle:
            self.idle.remove(worker)
        self._leaving = {worker, *(each for each in self._leaving if not each.gone.is_set())}
        self.deaths += 1
        if not self._stopped:
            # One that never was ready is not tried again at once: whatever stopped it will stop the next.
            asyncio.get_running_loop().call_later(0.0 if worker.ready else _RESTART_PAUSE, self._refill)
            self._on_change()
