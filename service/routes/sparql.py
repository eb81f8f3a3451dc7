"""The SPARQL endpoint: /sparql, what it says about itself at /sparql/description, and /prefixes."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from service.asking import GRAPHS, RESULTS, Asking
from service.caching import entity_tag, http_date, unchanged
from service.context import Service
from service.documents import asked, language_of
from service.engine.description import Endpoint as Described
from service.engine.description import describe
from service.errors import MethodNotAllowedError, NotAcceptableError, TooSlowError
from service.formats import HTML, Format, named, negotiate
from service.links import PAGE_POLICY
from service.named_graphs import NamedGraphs
from service.protocol import BODY_TYPES, Parameters, read_body, read_content, read_url
from service.replies import Reply, header, raw_headers

METHODS = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")
# A form may write each byte of a query as three.
_ENCODED = 3
_OTHER_FIELDS = 65_536
# The page is for those who name it; whoever takes anything gets data.
_PAGE = replace(HTML, quality=0.1)
_ACCEPTED = {"Accept-Query": ", ".join(BODY_TYPES)}


def router(service: Service) -> APIRouter:
    routes = APIRouter()
    endpoint = Endpoint(service, Asking(service))
    for path in ("/sparql", "/sparql/", "/sparql.{extension}"):
        routes.routes.append(Route(path, endpoint, include_in_schema=False))

    @routes.api_route("/sparql/description", methods=["GET", "HEAD"])
    @routes.api_route("/sparql/description.{extension}", methods=["GET", "HEAD"])
    async def description(request: Request, extension: str = "") -> Response:
        """What the endpoint can do (SPARQL 1.1 Service Description)."""
        accept = request.headers.get("accept")
        return (await endpoint.description(request.headers, _graph_format(accept, extension))).response()

    @routes.api_route("/prefixes", methods=["GET", "HEAD"])
    async def prefixes() -> Response:
        """The prefixes that every query may use without declaring them, as a JSON-LD context."""
        return JSONResponse({"@context": dict(service.release.prefixes)}, media_type="application/ld+json")

    return routes


def _graph_format(accept: str | None, extension: str) -> Format:
    found = named(extension, GRAPHS) if extension else negotiate(accept, GRAPHS)
    if found is None:
        available = [each.media_type for each in GRAPHS]
        raise NotAcceptableError(
            f"One of {', '.join(available)} expected.", "その形式はありません。", available=available
        )
    return found


class Endpoint:
    """An ASGI application that takes queries by every method of the protocol."""

    def __init__(self, service: Service, asking: Asking) -> None:
        self._service = service
        self._asking = asking
        self._graphs = NamedGraphs(service.engine, service.urls.base_iri)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in {"GET", "HEAD"}:
            await self._get(scope, receive, send)
        elif scope["method"] in {"POST", "QUERY"}:
            await self._post(scope, receive, send)
        else:
            allowed = ", ".join(METHODS)
            raise MethodNotAllowedError(
                f"One of {allowed} expected. The data are read-only.",
                f"使えるメソッドは {allowed} です。データは読み取り専用です。",
                {"Allow": allowed},
            )

    async def _get(self, scope: Scope, receive: Receive, send: Send) -> None:
        parameters = Parameters(scope["query_string"])
        accept = header(scope, b"accept")
        overridden = _extension(scope) or parameters.all("format") or parameters.all("output")
        if not overridden and negotiate(accept, (*RESULTS, *GRAPHS, _PAGE)) is _PAGE:
            await self._page(scope, parameters).send(send)
        elif not parameters and negotiate(accept, GRAPHS):
            found = await self.description(_headers(scope), _graph_format(accept, _extension(scope)))
            await found.send(send)
        else:
            request = read_url(scope["query_string"], self._service.settings.query_bytes)
            request = replace(request, format=_extension(scope) or request.format)
            await self._asking.answer(scope, receive, send, request)

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        settings = self._service.settings
        limit = settings.query_bytes * _ENCODED + _OTHER_FIELDS
        try:
            async with asyncio.timeout(settings.request_seconds):
                content = await read_content(receive, header(scope, b"content-encoding") or "", limit)
        except TimeoutError:
            seconds = settings.request_seconds
            raise TooSlowError(
                f"the whole request within {seconds:g} s expected", f"要求は{seconds:g}秒以内に送ってください"
            ) from None
        except ConnectionResetError:
            return
        content_type = header(scope, b"content-type") or ""
        request = read_body(scope["query_string"], content_type, content, settings.query_bytes)
        request = replace(request, format=_extension(scope) or request.format)
        await self._asking.answer(scope, receive, send, request)

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

    async def description(self, conditions: Mapping[str, str], format_: Format) -> Reply:
        """The service description in one format, or 304."""
        service = self._service
        release = service.release
        tag = entity_tag(release.fingerprint, service.pages.edition, "description", format_.name)
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
        about = Described(
            url=service.urls.url("/sparql"),
            triples=release.triples,
            named_graphs=await self._graphs.names(),
            formats=(*RESULTS, *GRAPHS),
            licenses=dict.fromkeys(each.license for each in release.datasets if each.license),
        )
        return Reply(200, raw_headers(headers), describe(about, format_, release.prefixes))


def _extension(scope: Scope) -> str:
    return str(scope.get("path_params", {}).get("extension", ""))


def _headers(scope: Scope) -> Mapping[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
