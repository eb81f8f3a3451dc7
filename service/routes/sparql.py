"""The SPARQL endpoint: /sparql, what it says about itself at /sparql/description, and /prefixes."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.context import Service
from service.engine import description
from service.errors import MethodNotAllowedError, NotAcceptableError, TooSlowError
from service.formats import HTML, JSONLD, Format, named, negotiate
from service.http.caching import entity_tag, http_date, unchanged
from service.http.links import PAGE_POLICY, PREFLIGHT
from service.http.replies import Reply, answer, header, raw_headers
from service.sparql.asking import Asking
from service.sparql.negotiation import GRAPHS, RESULTS
from service.sparql.protocol import BODY_TYPES, Parameters, read_body, read_content, read_url
from service.sparql.protocol import Request as Asked
from service.things.asked import asked, language_of

_ALLOWED = "GET, HEAD, POST, QUERY, OPTIONS"
# A form may write each byte of a query as three.
_ENCODED = 3
_OTHER_FIELDS = 65_536
_ACCEPTED = {"Accept-Query": ", ".join(BODY_TYPES)}


def router(service: Service) -> APIRouter:
    routes = APIRouter()
    description_of = Description(service)

    @routes.api_route("/sparql/description", methods=["GET", "HEAD"])
    @routes.api_route("/sparql/description.{extension}", methods=["GET", "HEAD"])
    async def describe(request: Request, extension: str = "") -> Response:
        """What the endpoint can do (SPARQL 1.1 Service Description)."""
        accept = request.headers.get("accept")
        return (await description_of.reply(request.headers, _graph_format(accept, extension))).response()

    @routes.api_route("/prefixes", methods=["GET", "HEAD"])
    async def prefixes(request: Request) -> Response:
        """The prefixes that every query may use without declaring them, as a JSON-LD context."""
        body = json.dumps({"@context": dict(service.release.prefixes)}).encode()
        headers = {"Cache-Control": "public, max-age=300"}
        return answer(request, body, JSONLD.media_type, service.release.created, headers=headers)

    return routes


def direct(service: Service, asking: Asking) -> Mapping[str, ASGIApp]:
    """The endpoint under each of its addresses, for those who pass by the framework's routing."""
    service.known.add(b"sparql", asking.known)
    extensions = {each.extension for each in (*RESULTS, *GRAPHS)}
    found: dict[str, ASGIApp] = dict.fromkeys(("/sparql", "/sparql/"), Endpoint(service, asking))
    return found | {f"/sparql.{each}": Endpoint(service, asking, each) for each in extensions}


def _graph_format(accept: str | None, extension: str) -> Format:
    found = named(extension, GRAPHS) if extension else negotiate(accept, GRAPHS)
    if found is None:
        available = [each.media_type for each in GRAPHS]
        raise NotAcceptableError(
            f"One of {', '.join(available)} expected.", "その形式はありません。", available=available
        )
    return found


class Endpoint:
    """An ASGI application that takes queries by every method of the protocol. `extension` overrides Accept."""

    def __init__(self, service: Service, asking: Asking, extension: str = "") -> None:
        self._service = service
        self._asking = asking
        self._extension = extension
        self._description = Description(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in {"GET", "HEAD"}:
            await self._get(scope, receive, send)
        elif scope["method"] in {"POST", "QUERY"}:
            await self._post(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            allowed = {"Allow": _ALLOWED, "Access-Control-Allow-Methods": _ALLOWED}
            await Reply(204, raw_headers({**PREFLIGHT, **_ACCEPTED, **allowed})).send(send)
        else:
            raise MethodNotAllowedError(
                f"One of {_ALLOWED} expected. The data are read-only.",
                f"使えるメソッドは {_ALLOWED} です。データは読み取り専用です。",
                {"Allow": _ALLOWED},
            )

    async def _get(self, scope: Scope, receive: Receive, send: Send) -> None:
        parameters = Parameters(scope["query_string"])
        preference = self._asking.preferences.of(header(scope, b"accept"))
        overridden = self._extension or parameters.all("format") or parameters.all("output")
        if preference.page and not overridden:
            await self._page(scope, parameters).send(send)
        elif not parameters and preference.graph:
            reply = await self._description.reply(_headers(scope), preference.graph)
            await reply.send(send)
        else:
            with self._asking.counting_refusals():
                request = read_url(parameters, self._service.settings.query_bytes)
            await self._answer(scope, receive, send, request)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request: Asked) -> None:
        if self._extension:
            request = replace(request, formats=(self._extension,))
        await self._asking.answer(scope, receive, send, request)

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._asking.counting_refusals():
                request = await self._read(scope, receive)
        except ConnectionResetError:
            return
        await self._answer(scope, receive, send, request)

    async def _read(self, scope: Scope, receive: Receive) -> Asked:
        """The query in a body; ConnectionResetError if the client leaves while it sends it."""
        settings = self._service.settings
        limit = settings.query_bytes * _ENCODED + _OTHER_FIELDS
        try:
            async with asyncio.timeout(settings.request_seconds):
                content = await read_content(receive, header(scope, b"content-encoding") or "", limit)
        except TimeoutError:
            seconds = settings.request_seconds
            raise TooSlowError(
                f"the whole request within {seconds:g} s expected",
                f"要求は{seconds:g}秒以内に送ってください",
                {"Connection": "close"},
            ) from None
        content_type = header(scope, b"content-type") or ""
        return read_body(scope["query_string"], content_type, content, settings.query_bytes)

    def _page(self, scope: Scope, parameters: Parameters) -> Reply:
        """The query box, with the query in it if there is one."""
        language = language_of(asked(scope))
        page = self._service.pages.query_page(language, parameters.one("query") or "", parameters.one("example") or "")
        headers = {
            **_ACCEPTED,
            "Content-Type": HTML.content_type,
            "Content-Language": language,
            "Content-Security-Policy": PAGE_POLICY,
            "Vary": "Accept, Accept-Language",
            "Cache-Control": "no-cache",
        }
        return Reply(200, raw_headers(headers), page)


class Description:
    """What the endpoint says about itself."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._features = ("BasicFederatedQuery",) if service.settings.partners else ()

    async def reply(self, conditions: Mapping[str, str], format_: Format) -> Reply:
        """The service description in one format, or 304."""
        service = self._service
        release = service.release
        tag = entity_tag(release.fingerprint, service.pages.edition, "description", self._features, format_.name)
        headers = {
            **_ACCEPTED,
            "Content-Type": format_.content_type,
            "Vary": "Accept",
            "ETag": tag,
            "Last-Modified": http_date(release.created),
            "Cache-Control": f"public, max-age={service.settings.cache_seconds}",
        }
        if unchanged(conditions, tag, release.created):
            return Reply(304, raw_headers(headers))
        about = description.Endpoint(
            url=service.urls.url("/sparql"),
            triples=release.triples,
            named_graphs=self._service.entities.named_graphs,
            formats=(*RESULTS, *GRAPHS),
            licenses=dict.fromkeys(each.license for each in release.datasets if each.license),
            features=self._features,
        )
        return Reply(200, raw_headers(headers), description.describe(about, format_, release.prefixes))


def _headers(scope: Scope) -> Mapping[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
