"""HTTP/1.1 as uvicorn speaks it, and besides Japanese that a client sends unencoded in the request line, refusals of
what RFC 9112 forbids, and answers that are known before any application looks at the request."""

import json
from http import HTTPStatus
from urllib.parse import quote_from_bytes

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.http.links import EVERYWHERE
from service.http.replies import RawHeaders, Reply, raw_headers

# Everything that is ASCII stays as it came.
_ASCII = bytes(range(128))
# A request that says one of these goes the long way.
_OF_THE_MESSAGE = frozenset({b"content-length", b"expect", b"transfer-encoding", b"upgrade"})


class ForbiddenMessageError(ValueError):
    """A message that RFC 9112 tells servers to refuse."""


class Protocol(HttpToolsProtocol):
    """A target that is not ASCII breaks RFC 9112 (3.2) and the parser refuses it, yet curl sends IRIs as they are
    typed: such a request line is taken as if it were percent-encoded. Bodies are never touched.

    An application takes longer than everything else about an answer that only has to be sent again, so `known` is
    asked first. Such an answer leaves at once and whole; HTTP's own matters (a body, an end of the connection, requests
    that wait) are left to uvicorn.
    """

    _within_line = True
    _answered = False

    @staticmethod
    def known(_target: bytes, _headers: RawHeaders) -> Reply | None:
        """The answer to such a GET; here none is known."""
        return None

    def data_received(self, data: bytes) -> None:
        if self._within_line:
            line, end, rest = data.partition(b"\n")
            self._within_line = not end
            if not line.isascii():
                data = quote_from_bytes(line, safe=_ASCII).encode() + end + rest
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """For what the parser cannot read and what `on_headers_complete` refuses."""
        self._refuse(400, msg)

    def _refuse(self, status: int, en: str) -> None:
        """As other refusals are told, and the end of the connection."""
        about = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": en}
        headers = {**EVERYWHERE, "Content-Type": "application/problem+json", "Connection": "close"}
        reply = Reply(status, raw_headers(headers), json.dumps(about).encode())
        self._write(reply)
        self.transport.close()

    def _write(self, reply: Reply) -> None:
        default = [b"%b: %b\r\n" % each for each in self.server_state.default_headers]
        self.transport.write(b"".join([reply.head, *default, b"\r\n", reply.body]))

    def on_headers_complete(self) -> None:
        _check(self.parser.get_http_version(), self.headers)
        reply = self.known(self.url, self.headers) if self._may_be_known() else None
        if reply is None:
            # The pause after an answer ends with the next request, also where both came in one piece.
            self._unset_keepalive_if_required()
            super().on_headers_complete()
            return
        self._answered = True
        self._write(reply)

    def on_body(self, body: bytes) -> None:
        if not self._answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._within_line = True
        if self._answered:
            self._answered = False
            self.on_response_complete()
        else:
            super().on_message_complete()

    def _may_be_known(self) -> bool:
        """Whether nothing about the message itself needs uvicorn: RFC 9112, 6 and 9."""
        return (
            self.parser.get_method() == b"GET"
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
            and not self.flow.write_paused
            and (self.cycle is None or self.cycle.response_complete)
            and _OF_THE_MESSAGE.isdisjoint([name for name, _ in self.headers])
        )


def _check(version: str, headers: RawHeaders) -> None:
    """ForbiddenMessageError without exactly one Host (RFC 9112, 3.2), or with a body in a coding that is not known
    here (6.1)."""
    hosts, coded = 0, False
    for name, value in headers:
        hosts += name == b"host"
        coded |= name == b"transfer-encoding" and value.strip().lower() != b"chunked"
    if coded or (hosts != 1 and version != "1.0"):
        raise ForbiddenMessageError
