"""Where a worker writes an answer: kept together while it is small, sent on in pieces once it is not."""

import base64
import hashlib
import socket
import time
from collections.abc import Mapping
from typing import Any

from service.engine.codings import CODINGS, IDENTITY, SMALLEST, Compressor
from service.engine.faults import too_big
from service.engine.wire import ANSWER, CHUNK, END, HEAD, pack

PIECE = 64 * 1024


class Outlet:
    """A file to write an answer to. `about` says what it is before its first byte leaves."""

    def __init__(self, connection: socket.socket, coding: str, spool: int, limit: int) -> None:
        self.about: dict[str, Any] = {}
        self.timings: dict[str, float] = {}
        self._connection = connection
        self._coding = coding
        self._spool = spool
        self._limit = limit
        self._parts: list[bytes] = []
        self._kept = 0
        self._written = 0
        self._compressor: Compressor | None = None
        self._streams = False

    def write(self, data: bytes) -> int:
        """Fault once the answer is larger than answers may be."""
        self._written += len(data)
        if self._written > self._limit:
            raise too_big(self._limit)
        self._parts.append(bytes(data))
        self._kept += len(data)
        if self._kept > (PIECE if self._streams else self._spool):
            self._send_on()
        return len(data)

    def flush(self) -> None:
        """Part of being a file; when bytes leave is decided here."""

    def close(self) -> None:
        """The answer is complete."""
        if self._streams:
            self._send_on()
            self._piece(self._compressor.flush() if self._compressor else b"")
            self._connection.sendall(pack(END, {"timings": self.timings}))
            return
        started = time.perf_counter()
        body, coding = self._whole()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        self.timings["serialise"] = time.perf_counter() - started
        self._connection.sendall(pack(ANSWER, self._record(coding, digest=digest), body))

    def _whole(self) -> tuple[bytes, str]:
        body = b"".join(self._parts)
        if self._coding == IDENTITY or len(body) < SMALLEST:
            return body, IDENTITY
        compressor = CODINGS[self._coding]()
        return compressor.compress(body) + compressor.flush(), self._coding

    def _send_on(self) -> None:
        if not self._streams:
            self._streams = True
            self._compressor = CODINGS[self._coding]() if self._coding else None
            self._connection.sendall(pack(HEAD, self._record(self._coding)))
        kept = b"".join(self._parts)
        self._parts.clear()
        self._kept = 0
        for start in range(0, len(kept), PIECE):
            piece = kept[start : start + PIECE]
            self._piece(self._compressor.compress(piece) if self._compressor else piece)

    def _piece(self, data: bytes) -> None:
        if data:
            self._connection.sendall(pack(CHUNK, {}, data))

    def _record(self, coding: str, **more: str) -> Mapping[str, Any]:
        return {**self.about, "coding": coding, "timings": self.timings, **more}
