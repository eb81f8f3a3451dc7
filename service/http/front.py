"""What every request passes first: preflights, the headers that all answers carry, the short way to documents."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlsplit

from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.context import Service
from service.engine.faults import Fault
from service.errors import ServiceError, UnavailableError, from_fault
from service.http.connections import CROWDED
from service.http.links import EVERYWHERE, PREFLIGHT
from service.http.problems import Problems
from service.http.replies import Reply, raw_headers
from service.things.asked import canonical_path
from service.uris import DATA, DOCUMENT, ID, NAMED_KINDS, ROUTED_KINDS, VOCABULARIES, ascii_path

METHODS = ("GET", "HEAD", "POST", "QUERY")
# The first segments of the addresses that things and documents have.
_KINDS = {ID, DOCUMENT, DATA, *NAMED_KINDS, *VOCABULARIES} - {*ROUTED_KINDS}
DOCUMENTS = frozenset(each.strip("/") for each in _KINDS)
READING = frozenset({"GET", "HEAD"})


class Front:
    """Middleware. Documents and queries go straight to their ASGI applications: the framework's routing takes as
    long as they do. `direct` has such applications by path."""

    def __init__(
        self,
        app: ASGIApp,
        service: Service,
        problems: Problems,
        routes: Iterable[BaseRoute],
        direct: Mapping[str, ASGIApp],
    ) -> None:
        self._app = app
        self._direct = direct
        self._documents = service.documents
        self._problems = problems
        self._routes = routes
        self._prefix = urlsplit(service.release.base_iri).path[:-1].encode()
        self._everywhere = raw_headers({**EVERYWHERE, "X-Release": service.release.id})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._dispatch(scope, receive, send)
        except ServiceError as problem:
            await self._problems.of(scope, problem).send(self._completed(send))
        except Fault as fault:
            await self._problems.of(scope, from_fault(fault)).send(self._completed(send))

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._prefix and scope["raw_path"].startswith(self._prefix + b"/"):
            _strip(scope, len(self._prefix))
        if scope.get("state", {}).get(CROWDED):
            raise UnavailableError(
                "Too many connections are open. Try again in 5 s.",
                "接続が多すぎます。5秒後にもう一度お試しください。",
                {"Retry-After": "5", "Connection": "close"},
            )
        path = canonical_path(scope["raw_path"])
        kind, slash, _ = path[1:].partition("/")
        if scope["method"] in READING and slash and kind in DOCUMENTS:
            await self._documents(scope, receive, send)
            return
        if path in self._direct:
            await self._direct[path](scope, receive, self._completed(send))
            return
        if scope["method"] == "OPTIONS":
            await self._preflight(scope).send(send)
            return
        if scope["method"] in READING and (place := self._without_slash(scope)):
            await Reply(308, [*raw_headers({"Location": place}), *self._everywhere]).send(send)
            return
        if scope["method"] == "HEAD" and not self._knows(scope, "HEAD"):
            # What answers GET answers HEAD; the server leaves the body out (RFC 9110, 9.3.2).
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, self._completed(send))

    def _completed(self, send: Send) -> Send:
        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [each for each in self._everywhere if each[0] not in present]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        return complete

    def _preflight(self, scope: Scope) -> Reply:
        """204 with the methods that the address knows (Fetch, 4.8; RFC 9110, 9.3.7)."""
        known = {each for each in METHODS if self._knows(scope, each)} | READING
        methods = ", ".join([*(each for each in METHODS if each in known), "OPTIONS"])
        headers = {**PREFLIGHT, "Allow": methods, "Access-Control-Allow-Methods": methods}
        return Reply(204, [*raw_headers(headers), *self._everywhere])

    def _without_slash(self, scope: Scope) -> str:
        """The address that someone meant who put a slash behind it; the Host header plays no part in it."""
        path: str = scope["path"]
        meant = path.rstrip("/")
        if path == meant or not meant or self._knows(scope, "GET"):
            return ""
        if not self._knows({**scope, "path": meant}, "GET"):
            return ""
        query = quote(scope["query_string"], safe="/%!$&'()*+,;=:@~?[]")
        return self._prefix.decode() + ascii_path(meant) + (f"?{query}" if query else "")

    def _knows(self, scope: Scope, method: str) -> bool:
        asked = {**scope, "method": method}
        return any(each.matches(asked)[0] is Match.FULL for each in self._routes)


def _strip(scope: Scope, length: int) -> None:
    """Takes the path of the base IRI off: a proxy may or may not have done so."""
    scope["raw_path"] = scope["raw_path"][length:]
    scope["path"] = scope["path"][length:]
