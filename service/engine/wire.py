"""What the service and a worker say to each other over a socket: frames of a kind, a record and bytes.

kind (1 byte) | length of the record (4) | length of the bytes (4) | record (JSON) | bytes

→ SETUP what to open      → QUERY a query            (to the worker)
← READY                   ← ANSWER all of it         ← FAULT why there is none
← WORN replace me soon
                          ← HEAD, CHUNK …, END       an answer in pieces; FAULT may come instead of END
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SETUP, QUERY, READY, WORN, ANSWER, HEAD, CHUNK, END, FAULT = (bytes([each]) for each in b"SQRWAHCEF")

_START = struct.Struct(">cII")
# A frame holds at most an answer that is sent in one piece.
MAX_FRAME = 256 * 1024 * 1024


@dataclass(frozen=True)
class Frame:
    kind: bytes
    record: Mapping[str, Any]
    body: bytes = b""


def pack(kind: bytes, record: Mapping[str, Any], body: bytes = b"") -> bytes:
    """The bytes of a frame."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return _START.pack(kind, len(text), len(body)) + text + body


class Reader:
    """Bytes as they come → frames.

    >>> reader = Reader()
    >>> sent = pack(CHUNK, {}, b"abc")
    >>> [frame.body for part in (sent[:5], sent[5:]) for frame in reader.feed(part)]
    [b'abc']
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        self._buffer += data
        while len(self._buffer) >= _START.size:
            kind, record, body = _START.unpack_from(self._buffer)
            middle = _START.size + record
            end = middle + body
            if end > MAX_FRAME:
                raise ValueError(f"a frame of at most {MAX_FRAME} bytes expected, {end} announced")
            if len(self._buffer) < end:
                return
            yield Frame(kind, _record(bytes(self._buffer[_START.size : middle])), bytes(self._buffer[middle:end]))
            del self._buffer[:end]


def _record(text: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text.decode("utf-8", "surrogatepass"))
    return found
