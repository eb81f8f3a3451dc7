"""HTTP/1.1 as uvicorn speaks it, and besides Japanese that a client sends unencoded in the request line."""

from urllib.parse import quote_from_bytes

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Everything that is ASCII stays as it came.
_ASCII = bytes(range(128))


class Protocol(HttpToolsProtocol):
    """A target that is not ASCII breaks RFC 9112 (3.2) and the parser refuses it, yet curl sends IRIs as they are
    typed: such a request line is taken as if it were percent-encoded. Bodies are never touched."""

    _within_message = False

    def data_received(self, data: bytes) -> None:
        if not data.isascii() and not self._within_message:
            line, end, rest = data.partition(b"\r\n")
            data = quote_from_bytes(line, safe=_ASCII).encode() + end + rest
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._within_message = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._within_message = False
        super().on_message_complete()
