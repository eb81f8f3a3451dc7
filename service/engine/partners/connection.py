"""One question to one partner over HTTP: no redirect is followed, no more is read than allowed, nothing is sent but the
question."""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import httptools

from service.engine.partners.addresses import Resolver
from service.engine.partners.errors import PartnerError

RESULTS_TYPE = "application/sparql-results+json"
_PORTS = {"http": 80, "https": 443}
_HEAD_BYTES = 65_536
_PIECE = 65_536


@dataclass(frozen=True)
class Connector:
    """How partners are reached. `limit` is the most bytes of an answer."""

    limit: int
    resolver: Resolver = field(default_factory=Resolver)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    async def ask(self, endpoint: str, question: str) -> bytes:
        """The results as SPARQL JSON; PartnerError if there are none."""
        url = urlsplit(endpoint)
        host, port = url.hostname or "", url.port or _PORTS[url.scheme]
        addresses = await self.resolver.addresses(host, port)
        reader, writer = await self._connected(addresses, port, host if url.scheme == "https" else None)
        try:
            writer.write(_request(endpoint, question))
            return await _answer(reader, self.limit)
        except (OSError, httptools.HttpParserError):
            raise PartnerError("it broke off the connection or does not speak HTTP", "接続が切れました") from None
        finally:
            writer.transport.abort()

    async def _connected(
        self, addresses: Sequence[str], port: int, tls_name: str | None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the first address that takes one: to the address itself, so that no second look-up counts."""
        tls = self.tls if tls_name else None
        for address in addresses:
            try:
                return await asyncio.open_connection(address, port, ssl=tls, server_hostname=tls_name)
            except ssl.SSLError:
                raise PartnerError("its certificate is not valid", "証明書を検証できません") from None
            except OSError:
                continue
        raise PartnerError("it takes no connection", "接続できません")


def _request(endpoint: str, question: str) -> bytes:
    """A query by a form in POST, which every endpoint takes (SPARQL 1.1 Protocol, 2.1.2)."""
    url = urlsplit(endpoint)
    body = urlencode({"query": question}).encode()
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = {
        "Host": url.netloc,
        "Accept": RESULTS_TYPE,
        "Accept-Encoding": "identity",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
        "User-Agent": "linked-open-data-service",
        "Connection": "close",
    }
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


class _Response:
    """What the parser tells about a response as it arrives."""

    def __init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.headers: dict[bytes, bytes] = {}
        self.body = bytearray()
        self.begun = False
        self.complete = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        # 100 and 103 come before the response proper (RFC 9110, 15.2).
        self.begun = self.parser.get_status_code() >= 200
        if not self.begun:
            self.headers = {}

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.complete = self.begun


async def _answer(reader: asyncio.StreamReader, limit: int) -> bytes:
    response = _Response()
    size = 0
    while not response.complete:
        piece = await reader.read(_PIECE)
        if not piece:
            break
        size += len(piece)
        response.parser.feed_data(piece)
        if response.begun:
            _check(response.parser.get_status_code(), response.headers)
        if len(response.body) > limit or size > 2 * limit + _HEAD_BYTES:
            raise PartnerError(
                f"its answer has more than {limit:,} bytes; narrow the pattern in the block",
                f"結果が{limit:,}バイトを超えました。ブロック内の条件を絞ってください",
                limit="partner_bytes",
                value=limit,
            )
    # An answer that ends with the connection may be cut off; then it is no JSON either.
    return bytes(response.body)


def _check(status: int, headers: Mapping[bytes, bytes]) -> None:
    if 300 <= status < 400:
        raise PartnerError("it redirects, which is not followed", "転送には従いません", partner_status=status)
    if status != 200:
        raise PartnerError(f"it answered {status}", f"応答の状態が{status}でした", partner_status=status)
    media_type = headers.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
    if media_type != RESULTS_TYPE:
        raise PartnerError(f"it did not answer as {RESULTS_TYPE}", f"{RESULTS_TYPE}で応答しませんでした")
    if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise PartnerError("it compressed its answer unasked", "求めていない圧縮形式で応答しました")
