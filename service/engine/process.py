"""The service's side of a worker process: has it started, talks to it, kills it, says why it died."""

import asyncio
import logging
import os
import signal
import socket
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, cast

from service.engine import wire
from service.engine.faults import Fault, failed, lost, out_of_memory, too_deep
from service.engine.forking import Fork, Template
from service.engine.wire import Frame

_LOG = logging.getLogger(__name__)
# Bytes of an answer that wait for a slow reader before the worker has to wait as well.
_HELD = 256 * 1024
# How processes end that ran out of stack, or were stopped by an assertion or the allocator.
_CRASHES = frozenset({-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL})
_NICE = 10
_ABOUT_ITSELF = frozenset({wire.READY, wire.WORN})
# After one of these a worker can be asked again.
_LAST = frozenset({wire.ANSWER, wire.END, wire.FAULT})


class Worker(asyncio.Protocol):
    """One process. `on_change` is called when it becomes ready or worn, `on_death` once, whatever the cause.

    It is `done` when it can be asked, `polite` while others go before it, `worn` when it should be replaced, and
    `gone` once nothing is left of it.
    """

    def __init__(self, on_change: Callable[["Worker"], None], on_death: Callable[["Worker"], None]) -> None:
        self.pid = 0
        self.offline = False
        self.ready = False
        self.dead = False
        self.done = True
        self.polite = False
        self.worn = False
        self.gone = asyncio.Event()
        self._on_change = on_change
        self._on_death = on_death
        self._process: Fork | None = None
        self._ending: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._memory = 0
        self._reader = wire.Reader()
        self._frames: deque[Frame] = deque()
        self._held = 0
        self._fault: Fault | None = None
        self._waiter: asyncio.Future[None] | None = None

    async def start(self, template: Template, setup: Mapping[str, Any]) -> None:
        """Starts the process, which says itself when it is ready."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._process = await template.fork(theirs)
        except BaseException:
            ours.close()
            raise
        self.pid = self._process.pid
        self._memory = int(setup["worker_bytes"])
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self, sock=ours)
        self._send(wire.pack(wire.SETUP, setup))

    def ask(self, record: Mapping[str, Any]) -> None:
        """Sends a query; `frame` then delivers what comes back."""
        self.done = False
        self._send(wire.pack(wire.QUERY, record))

    async def frame(self) -> Frame:
        """The next frame of the answer; Fault if the process died or was stopped."""
        while not self._frames:
            if self._fault is not None:
                raise self._fault
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        frame = self._frames.popleft()
        self.done = frame.kind in _LAST
        self._held -= len(frame.body)
        if self._held < _HELD and self._transport and not self._transport.is_closing():
            self._transport.resume_reading()
        return frame

    def make_way(self) -> None:
        """From now on the process yields to those that have only begun."""
        self.polite = _set_niceness(self.pid, _NICE) or self.polite

    def come_forward(self) -> None:
        """Undoes `make_way` where the system allows it; elsewhere the process stays polite."""
        if self.polite:
            self.polite = not _set_niceness(self.pid, 0)

    def kill(self, fault: Fault) -> None:
        """Ends the process at once; whoever waits for its answer gets the fault."""
        if self._process is not None and not self.dead:
            self._process.kill()
        self._end(fault)
        if self._transport is not None:
            self._transport.abort()
        else:
            self.gone.set()

    # --- asyncio.Protocol --------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A socket's transport reads and writes; uvloop's class does not say so by inheritance.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        for frame in self._reader.feed(data):
            if frame.kind in _ABOUT_ITSELF:
                self._hear(frame)
                continue
            self._frames.append(frame)
            self._held += len(frame.body)
        if self._held >= _HELD and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def _hear(self, frame: Frame) -> None:
        if frame.kind == wire.READY:
            self.ready = True
            self.offline = bool(frame.record["offline"])
        else:
            self.worn = True
        self._on_change(self)

    def connection_lost(self, _: Exception | None) -> None:
        if self._process is not None:
            self._process.kill()
            self._ending = asyncio.get_running_loop().create_task(self._last(self._process))

    # --- parts -------------------------------------------------------------------------------------

    async def _last(self, process: Fork) -> None:
        self._end(self._cause(*await process.ended()))
        self.gone.set()

    def _cause(self, code: int, said: bytes) -> Fault:
        """Why the process ended by itself: the allocator says so on its way out, and a fault of ours leaves a trace."""
        if code > 0:
            _LOG.error("a worker failed: %s", said.decode("utf-8", "replace"))
            return failed()
        if code not in _CRASHES:
            return lost()
        return out_of_memory(self._memory) if b"memory" in said or b"alloc" in said else too_deep()

    def _end(self, fault: Fault) -> None:
        if self.dead:
            return
        self.dead = True
        self._fault = fault
        self._wake()
        self._on_death(self)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _send(self, data: bytes) -> None:
        # Whoever asks a process that has ended meanwhile learns so from `frame`.
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


def _set_niceness(pid: int, value: int) -> bool:
    try:
        os.setpriority(os.PRIO_PROCESS, pid, value)
    except OSError:
        return False
    return True
