"""Answers that are ready to send: what a cache keeps, and what an ASGI server needs."""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope, Send

from service.http.caching import entity_tag, http_date, unchanged
from service.http.links import EVERYWHERE, Link, link_header

RawHeaders = list[tuple[bytes, bytes]]
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Reply:
    """A complete answer. `headers` are as they go over the wire; Content-Length is added here, once."""

    status: int
    headers: RawHeaders
    body: bytes = b""
    tag: str = ""
    _start: MutableMapping[str, Any] = field(init=False, repr=False)
    _end: MutableMapping[str, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        length = [] if self.status in {204, 304} else [(b"content-length", str(len(self.body)).encode())]
        start = {"type": "http.response.start", "status": self.status, "headers": [*self.headers, *length]}
        object.__setattr__(self, "_start", start)
        object.__setattr__(self, "_end", {"type": "http.response.body", "body": self.body})

    @property
    def weight(self) -> int:
        """Bytes that keeping it takes, about, with the bytes of its head and of the 304 that stands for it."""
        return len(self.body) + 3 * sum(len(value) for _, value in self.headers) + 1_500

    @cached_property
    def head(self) -> bytes:
        """The status line and the headers as they go over the wire, but for those that the server adds."""
        status = HTTPStatus(self.status)
        lines = [b"%b: %b\r\n" % each for each in self._start["headers"]]
        return b"".join([f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode(), *lines])

    async def send(self, send: Send) -> None:
        """Sends it. HEAD gets the same headers and no body, which the server sees to."""
        await send(self._start)
        await send(self._end)

    def response(self) -> Response:
        """The same for a route of the framework."""
        answer = Response(self.body, self.status)
        answer.raw_headers = list(self._start["headers"])
        return answer

    @cached_property
    def unmodified(self) -> "Reply":
        """The 304 that stands for it (RFC 9110, 15.4.5), with all that a cache may want to refresh."""
        kept = [each for each in self.headers if each[0] not in {b"content-type", b"content-language"}]
        return Reply(304, kept, tag=self.tag)


def answer(
    request: Request,
    body: bytes,
    content_type: str,
    modified: datetime,
    links: Iterable[Link] = (),
    headers: Mapping[str, str] = NOTHING,
) -> Response:
    """200 with a body that was made already, or 304 where the client has it."""
    tag = entity_tag(content_type, body)
    about = {**EVERYWHERE, "Content-Type": content_type, "ETag": tag, "Last-Modified": http_date(modified), **headers}
    if link := link_header(links):
        about["Link"] = link
    reply = Reply(200, raw_headers(about), body, tag)
    return (reply.unmodified if unchanged(request.headers, tag, modified) else reply).response()


def raw_headers(headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> RawHeaders:
    """Headers as bytes; anything outside printable ASCII is refused, so that no value can start another header."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    found = []
    for name, value in pairs:
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"{name}: printable ASCII expected, {value!r} found")
        found.append((name.lower().encode(), value.encode()))
    return found


def header(scope: Scope, name: bytes) -> str | None:
    """A request header; several of one name are one list (RFC 9110, 5.3)."""
    found = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return ", ".join(found) if found else None
