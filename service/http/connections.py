"""Connections that nobody can hold for ever: what the web server leaves open-ended has a time and a size here."""

import asyncio
import select
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from service.http.known import Find
from service.http.server import Protocol

HEAD_BYTES = 262_144
# What the application reads in the state of a request when there are more connections than there should be.
CROWDED = "crowded"
_LEFT_AFTER = 0.25
# What the system says of a connection whose other end sends no more, whether all that it sent is read or not.
_LEFT = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR


class GuardedProtocol(Protocol):
    """HTTP/1.1 whose request heads come within `head_seconds` and whose answers are taken: a client that takes nothing
    of one for `stall_seconds` loses it. Beyond `most` connections requests are marked as such."""

    head_seconds: ClassVar[float] = 10.0
    stall_seconds: ClassVar[float] = 30.0
    most: ClassVar[int] = 1_000

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._head_size = 0
        self._running: RequestResponseCycle | None = None
        self._line_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_timer is None or self.transport.is_closing():
            return
        self._head_size += len(data)
        if self._head_size > HEAD_BYTES:
            self._refuse(431, f"A request head of at most {HEAD_BYTES:,} bytes expected.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"][CROWDED] = len(self.connections) > self.most
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._head_arrived()
        super().on_headers_complete()
        if self.pipeline and self._line_timer is None:
            self._watch_line()

    def _may_be_known(self) -> bool:
        return len(self.connections) <= self.most and super()._may_be_known()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_arrived()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
        if self._line_timer is not None:
            self._line_timer.cancel()
        super().connection_lost(exc)
        self.pipeline.clear()
        if self._running is not None and not self._running.response_complete:
            # uvicorn tells the request that came last, which may be in the line behind this one.
            self._running.disconnected = True
            self._running.message_event.set()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _watch_line(self) -> None:
        """While requests wait for the answer to another one nothing is read, so no end is read either."""
        self._line_timer = None
        if not self.pipeline or self.transport.is_closing():
            return
        if _has_left(self.transport.get_extra_info("socket").fileno()):
            self.transport.abort()
        else:
            self._line_timer = self.loop.call_later(_LEFT_AFTER, self._watch_line)

    def _expect_head(self) -> None:
        if self._head_timer is None:
            self._head_size = 0
            self._head_timer = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _head_arrived(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _watch_reader(self, unread: int) -> None:
        self._stall_timer = self.loop.call_later(self.stall_seconds, self._check_reader, unread)

    def _check_reader(self, unread: int) -> None:
        """A slow reader may go on for as long as it takes something."""
        now = self.transport.get_write_buffer_size()
        if now < unread:
            self._watch_reader(now)
        else:
            self.transport.abort()


def _has_left(descriptor: int) -> bool:
    ends = select.poll()
    ends.register(descriptor, _LEFT)
    return bool(ends.poll(0))


def guarded(head_seconds: float, stall_seconds: float, most: int, known: Find) -> type[GuardedProtocol]:
    """The protocol with these limits, and what knows answers; the server makes one object of it a connection."""
    named = {"head_seconds": head_seconds, "stall_seconds": stall_seconds, "most": most, "known": staticmethod(known)}
    return type("Guarded", (GuardedProtocol,), named)
