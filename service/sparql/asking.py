"""A query over HTTP: what the client takes, what it has already, and the answer in one piece or in many."""

import asyncio
import contextlib
import ipaddress
import re
import time
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.types import Receive, Scope, Send

from service.context import Service
from service.engine.codings import chosen
from service.engine.engine import Answer, Query
from service.engine.faults import Fault
from service.engine.partners.federation import may_ask_others
from service.engine.tokens import unescaped
from service.errors import BadRequestError, HttpVersionError, NotAcceptableError, ServiceError
from service.formats import Format
from service.http.caching import Memory, entity_tag, http_date, unchanged
from service.http.known import as_asked
from service.http.links import EVERYWHERE, Link, link_header
from service.http.logs import QueryLog
from service.http.replies import RawHeaders, Reply, header, raw_headers
from service.release import Release
from service.sparql.negotiation import GRAPHS, RESULTS, Preferences, by_name
from service.sparql.protocol import Request
from service.uris import UrlSpace, ascii_url

Value = TypeVar("Value")

_PREFER = frozenset({b"accept", b"accept-encoding"})
_TAGS = frozenset({b"if-none-match"})
_CONDITIONS = _TAGS | {b"if-modified-since"}
# Answers to these differ each time, so that nobody may keep them.
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE | re.ASCII)
# Blank nodes of a template are named anew each time: the same graph in other bytes (RFC 9110, 8.8.1). Lists and
# reified triples have some that are not written.
_TEMPLATE = re.compile(r"\bCONSTRUCT\b.*(?:_:|\[|\(|<<|\{\|)", re.IGNORECASE | re.ASCII | re.DOTALL)


class ClientGone(Exception):
    """There is nobody left to answer."""


@dataclass(frozen=True)
class Wish:
    """How a client wants its answer. A format is None where it takes none of that kind."""

    solutions: Format | None
    graph: Format | None
    coding: str
    timeout: float


@dataclass(frozen=True)
class _Ready:
    """A query, and its answer with every header."""

    query: str
    reply: Reply


class Asking:
    """Answers the queries of one service. `preferences` are those of its clients."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._replies: Memory[Reply] = Memory(service.settings.cache_bytes // 2)
        # Of requests that came again, in the words in which they did.
        self._ready: Memory[_Ready] = Memory(service.settings.cache_bytes // 2)
        self.preferences = Preferences()
        self._log = QueryLog(service.metrics)
        self._common = raw_headers(_common(service.release, service.urls))
        modified = http_date(service.release.created)
        keeping = f"public, max-age={service.settings.cache_seconds}"
        self._everywhere = raw_headers({**EVERYWHERE, "X-Release": service.release.id})
        self._keeping = raw_headers({"Last-Modified": modified, "Cache-Control": keeping})

    async def answer(self, scope: Scope, receive: Receive, send: Send, asked: Request) -> None:
        """Sends the answer to a query; ServiceError or Fault if there is none and nothing has been sent."""
        started = time.perf_counter()
        outcome, size = "left", 0
        try:
            outcome, size = await self._answer(scope, receive, send, asked)
        except (Fault, ServiceError) as problem:
            outcome = str(problem.status)
            raise
        except ClientGone:
            return
        finally:
            self._log.write(asked.query, outcome, size, time.perf_counter() - started)

    @contextlib.contextmanager
    def counting_refusals(self) -> Iterator[None]:
        """Counts requests that are refused before they are known to ask anything."""
        try:
            yield
        except ServiceError as problem:
            self._service.metrics.queries.labels(str(problem.status)).inc()
            raise

    async def _answer(self, scope: Scope, receive: Receive, send: Send, asked: Request) -> tuple[str, int]:
        wish = self._wish(scope, asked)
        tag = self._tag(asked, wish)
        known = self._known(scope, tag)
        if known is not None:
            self._make_ready(scope, asked.query, known)
            await _send(scope, send, known, {})
            return ("unchanged" if known.status == 304 else "remembered"), len(known.body)
        query = self._query(scope, asked, wish)
        return await unless_gone(receive, self._evaluate(scope, send, query, tag))

    # --- what was asked in the same words before ---------------------------------------------------

    def known(self, target: bytes, headers: RawHeaders) -> Reply | None:
        """The answer to a GET, which is counted and logged as if it had come the long way."""
        if any(name in _CONDITIONS for name, _ in headers):
            return None
        ready = self._ready.get(as_asked(target, headers, _PREFER))
        if ready is None:
            return None
        self._service.metrics.cache.labels("hit").inc()
        self._log.write(ready.query, "remembered", len(ready.reply.body), 0.0)
        return ready.reply

    def _make_ready(self, scope: Scope, query: str, known: Reply) -> None:
        if scope["method"] != "GET" or known.status != 200:
            return
        target = b"?".join([scope["raw_path"], scope["query_string"]])
        words = as_asked(target, scope["headers"], _PREFER)
        reply = Reply(200, [*known.headers, *_about_sending(known.headers, {}), *self._everywhere], known.body)
        self._ready.put(words, _Ready(query, reply), words.weight + len(query) + reply.weight)

    # --- what the client wants ---------------------------------------------------------------------

    def _wish(self, scope: Scope, asked: Request) -> Wish:
        settings = self._service.settings
        timeout = min(asked.timeout or settings.timeout, settings.max_timeout)
        coding = chosen(header(scope, b"accept-encoding"))
        if asked.formats:
            return Wish(*by_name(asked.formats), coding, timeout)
        preference = self.preferences.of(header(scope, b"accept"))
        solutions, graph = preference.solutions, preference.graph
        if solutions is None and graph is None:
            raise NotAcceptableError(
                "None of the accepted media types can carry an answer.",
                "Acceptで求められた形式では応答できません。",
                available=[each.media_type for each in (*RESULTS, *GRAPHS)],
            )
        return Wish(solutions, graph, coding, timeout)

    def _query(self, scope: Scope, asked: Request, wish: Wish) -> Query:
        urls = self._service.urls
        return Query(
            text=asked.query,
            base_iri=urls.base_iri,
            default_graphs=_canonical(asked.default_graphs, urls),
            named_graphs=_canonical(asked.named_graphs, urls),
            solutions_format=wish.solutions,
            graph_format=wish.graph,
            timeout=wish.timeout,
            client=client_of(scope),
            coding=wish.coding,
            explain=asked.explain,
        )

    # --- what it has already -----------------------------------------------------------------------

    def _tag(self, asked: Request, wish: Wish) -> str:
        """The validator of an answer, known before the answer is; empty for one that nobody may keep."""
        text = unescaped(asked.query)
        if asked.explain or _VOLATILE.search(text) or self._asks_others(asked.query):
            return ""
        types = [each.media_type if each else "" for each in (wish.solutions, wish.graph)]
        graphs = (asked.default_graphs, asked.named_graphs)
        tag = entity_tag(
            self._service.release.fingerprint, self._service.pages.edition, asked.query, graphs, types, wish.coding
        )
        return f"W/{tag}" if _TEMPLATE.search(text) else tag

    def _asks_others(self, query: str) -> bool:
        """What a partner says may be another thing the next time."""
        return bool(self._service.settings.partners) and may_ask_others(query)

    def _known(self, scope: Scope, tag: str) -> Reply | None:
        """304, or the whole answer if it is remembered. Neither needs a worker."""
        if not tag:
            return None
        found = self._replies.get(tag)
        if self._has_it(scope, tag, answered=found is not None):
            self._service.metrics.cache.labels("unchanged").inc()
            return self._unmodified(tag)
        self._service.metrics.cache.labels("hit" if found else "miss").inc()
        return found

    def _has_it(self, scope: Scope, tag: str, *, answered: bool) -> bool:
        """Whether the client has the answer. Only who has had it knows its tag; a date and `*` say nothing until it is
        certain that there is one (RFC 9110, 13.2.1)."""
        return unchanged(_conditions(scope, answered=answered), tag.removeprefix("W/"), self._service.release.created)

    def _unmodified(self, tag: str) -> Reply:
        return Reply(304, [*self._validators(tag), *self._common])

    # --- the answer --------------------------------------------------------------------------------

    async def _evaluate(self, scope: Scope, send: Send, query: Query, tag: str) -> tuple[str, int]:
        answer = await self._service.engine.answer(query)
        self._log.observe(answer.timings)
        if tag and self._has_it(scope, tag, answered=True):
            if answer.chunks is not None:
                await answer.chunks.aclose()
            await _send(scope, send, self._unmodified(tag), answer.timings)
            return "unchanged", 0
        headers = [*raw_headers(_about(answer)), *self._validators(tag), *self._common]
        if answer.body is None:
            return await _stream(scope, send, answer, headers)
        reply = Reply(200, headers, answer.body)
        if tag:
            self._replies.put(tag, reply, reply.weight)
        await _send(scope, send, reply, answer.timings)
        return "answered", len(answer.body)

    def _validators(self, tag: str) -> RawHeaders:
        return [(b"etag", tag.encode()), *self._keeping] if tag else [(b"cache-control", b"no-store")]


async def _send(scope: Scope, send: Send, reply: Reply, timings: Mapping[str, float]) -> None:
    added = _about_sending(reply.headers, timings, with_body=scope["method"] != "HEAD")
    await Reply(reply.status, [*reply.headers, *added], reply.body).send(send)


def _about_sending(headers: RawHeaders, timings: Mapping[str, float], *, with_body: bool = True) -> RawHeaders:
    """What is true of this answer only."""
    added = [(b"server-timing", _server_timing(timings))]
    digest = next((value for name, value in headers if name == b"repr-digest"), None)
    if digest and with_body:
        # What is sent is the whole representation; after HEAD nothing is (RFC 9530, 2 and 3).
        added.append((b"content-digest", digest))
    return added


async def _stream(scope: Scope, send: Send, answer: Answer, headers: RawHeaders) -> tuple[str, int]:
    """Sends pieces as they come. A fault on the way leaves the transfer without its end, which every client sees."""
    chunks = answer.chunks
    if chunks is None:
        raise TypeError("an answer is a body or chunks")
    size = 0
    async with contextlib.aclosing(chunks):
        if scope["http_version"] == "1.0":
            raise HttpVersionError(
                "An answer of this size needs HTTP/1.1: HTTP/1.0 cannot tell a broken transfer from a complete one.",
                "この大きさの結果を渡すにはHTTP/1.1が必要です。",
            )
        timing = (b"server-timing", _server_timing(answer.timings))
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, timing]})
        try:
            if scope["method"] != "HEAD":
                async for chunk in chunks:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    size += len(chunk)
        except Fault as fault:
            return f"broken-{fault.status}", size
        await send({"type": "http.response.body", "body": b""})
    return "streamed", size


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, Value]) -> Value:
    """The result of some work, which is given up as soon as the client leaves (ClientGone)."""
    task = asyncio.current_task()
    if task is None:
        raise TypeError("a task that can be given up is needed")
    watcher = asyncio.create_task(_left(receive, task))
    try:
        return await work
    except asyncio.CancelledError:
        if watcher.done() and not watcher.cancelled():
            task.uncancel()
            raise ClientGone from None
        raise
    finally:
        watcher.cancel()


async def _left(receive: Receive, task: asyncio.Task[Any]) -> None:
    """Stops the task when the client leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass
    task.cancel()


def client_of(scope: Scope) -> str:
    """Whom a share of the workers belongs to: an address, or the network of an IPv6 one. Kept in memory only."""
    host: str = scope["client"][0] if scope.get("client") else ""
    if ":" not in host:
        return host
    try:
        return str(ipaddress.IPv6Network((host, 64), strict=False))
    except ValueError:
        return host


def _conditions(scope: Scope, *, answered: bool) -> Mapping[str, str]:
    """The conditions that count (RFC 9110, 13.1.2 and 13.1.3): after POST they mean something else, and dates are for
    GET and HEAD. Before there is an answer only tags do."""
    names = {"GET": _CONDITIONS, "HEAD": _CONDITIONS, "QUERY": _TAGS}.get(scope["method"], frozenset())
    found = {name.decode(): value for name in names if (value := header(scope, name)) is not None}
    tags = found.get("if-none-match")
    if answered:
        return found
    return {} if tags is None or tags.strip() == "*" else {"if-none-match": tags}


def _canonical(graphs: tuple[str, ...] | None, urls: UrlSpace) -> tuple[str, ...] | None:
    return None if graphs is None else tuple(canonical_graph(each, urls) for each in graphs)


def canonical_graph(iri: str, urls: UrlSpace) -> str:
    """The IRI of a graph in its one spelling; BadRequestError if it is none."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`]*", iri):
        raise BadRequestError(
            f"an absolute IRI of a graph expected, {iri[:200]!r} found", "グラフは絶対IRIで指定してください"
        )
    try:
        return urls.canonical_iri(iri)
    except ValueError:
        return iri


def _about(answer: Answer) -> Mapping[str, str]:
    """What the bytes are."""
    about = {"Content-Type": answer.format.content_type}
    if answer.engine:
        about["X-Engine"] = answer.engine
    if answer.coding:
        about["Content-Encoding"] = answer.coding
    if answer.digest:
        about["Repr-Digest"] = f"sha-256=:{answer.digest}:"
    return about


def _common(release: Release, urls: UrlSpace) -> Mapping[str, str]:
    """What is true of every answer of a release."""
    licenses = dict.fromkeys(each.license for each in release.datasets if each.license)
    links = [Link(ascii_url(each), "license") for each in licenses]
    links += [Link(urls.href("/sparql/description"), "service-desc"), Link(urls.href("/sparql"), "describedby")]
    return {"Vary": "Accept, Accept-Encoding", "Link": link_header(links)}


def _server_timing(timings: Mapping[str, float]) -> bytes:
    """Milliseconds by phase; an answer from memory took none."""
    if not timings:
        return b"cache"
    return ", ".join(f"{name};dur={seconds * 1000:.2f}" for name, seconds in timings.items()).encode()
