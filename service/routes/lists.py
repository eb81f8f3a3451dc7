"""Lists of facilities, areas, data sets, observations: filters, pages, facets, in every format of
`service/lists/openapi.py`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from service.context import Service
from service.errors import BadRequestError, NotAcceptableError
from service.formats import CSV, PLAIN_JSON, Format, first_liked, named
from service.http.links import Link, alternates
from service.http.replies import answer
from service.lists.database import Lists, Page, open_lists
from service.lists.kinds import KINDS, Kind
from service.lists.observations import OBSERVATIONS, Observations
from service.lists.openapi import BOM_PARAMETER, FLAT_FORMATS, FORMATS, format_parameter, operation
from service.lists.parameters import Parameter, Parameters, parameters
from service.lists.values import write_cursor
from service.lists.writing import Addresses, Writing, for_spreadsheets
from service.things import context_document
from service.things.jsonld import Writer
from service.uris import ascii_url

METHODS = ["GET", "HEAD"]
CACHING = "public, max-age=300"
# What is open changes by the minute.
CACHING_NOW = "public, max-age=30"

Ask = Callable[[Iterable[tuple[str, str]]], Awaitable[tuple[Kind, Page]]]


def router(service: Service) -> APIRouter:
    """No lists of things for a release that was published without, no observations for one without cubes."""
    context = context_document.read_context(service.urls)
    lists, observations = open_lists(service.release.path), Observations(service.release, context)
    # What writing remembers is not made for several threads.
    thread = ThreadPoolExecutor(1, "writing")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        observations.stop()
        thread.shutdown()
        if lists:
            lists.stop()

    routes = APIRouter(lifespan=lifespan, tags=["lists"])
    codes = lists.codes if lists else {}
    writing = Writing(Writer(context, service.urls), service.release.prefixes, codes)
    for kind in KINDS if lists else ():
        _add(routes, _Desk(service, writing, thread, kind, *_of_things(kind, lists)))
    if observations.cubes:
        table = observations.parameters.values()
        _add(routes, _Desk(service, writing, thread, OBSERVATIONS, observations.answer, table))
    return routes


def _of_things(kind: Kind, lists: Lists | None) -> tuple[Ask, Iterable[Parameter]]:
    """How a list of things answers, and the parameters that it reads."""
    assert lists  # noqa: S101 - asked for no other
    known = parameters(kind, lists)
    passed = {each.name: each for each in (format_parameter(kind), BOM_PARAMETER)}
    reader = Parameters(kind, known.table, passed)

    async def ask(given: Iterable[tuple[str, str]]) -> tuple[Kind, Page]:
        return kind, await lists.page(reader.select(given))

    return ask, known.table.values()


def _add(routes: APIRouter, desk: "_Desk") -> None:
    path = desk.kind.path
    routes.add_api_route(path, desk.page, methods=["GET"], response_class=Response, **desk.documentation)
    routes.add_api_route(path, desk.page, methods=["HEAD"], include_in_schema=False)
    for each in desk.formats:
        routes.add_api_route(f"{path}.{each.extension}", desk.listed_as(each), methods=METHODS, include_in_schema=False)


class _Desk:
    """Reads requests for one list and sends its pages; what they hold is made elsewhere."""

    def __init__(
        self,
        service: Service,
        writing: Writing,
        thread: ThreadPoolExecutor,
        kind: Kind,
        ask: Ask,
        parameters_: Iterable[Parameter],
    ) -> None:
        self._service = service
        self._writing = writing
        self._thread = thread
        self._ask = ask
        self.kind = kind
        self.formats: Sequence[Format] = FORMATS if kind.located else FLAT_FORMATS
        self.documentation = operation(kind, [*parameters_, format_parameter(kind), BOM_PARAMETER])

    async def page(self, request: Request) -> Response:
        return await self._answer(request, self._format(request))

    def listed_as(self, format_: Format) -> Callable[[Request], Awaitable[Response]]:
        """The handler of a path whose extension names the format."""

        async def handler(request: Request) -> Response:
            return await self._answer(request, format_)

        return handler

    async def _answer(self, request: Request, format_: Format) -> Response:
        kind, page = await self._ask(request.query_params.multi_items())
        addresses = self._addresses(request, page)
        loop = asyncio.get_running_loop()
        body = await loop.run_in_executor(self._thread, self._writing.write, kind, page, addresses, format_)
        if format_ is CSV and request.query_params.get("bom") == "1":
            body = for_spreadsheets(body)
        headers = {"Vary": "Accept", "Cache-Control": CACHING_NOW if "open" in request.query_params else CACHING}
        content_type = f"{format_.content_type}; header=present" if format_ is CSV else format_.content_type
        links = self._links(request, page, addresses, format_)
        return answer(request, body, content_type, self._service.release.created, links, headers)

    def _format(self, request: Request) -> Format:
        """By ?format=, else by Accept."""
        given = request.query_params.get("format")
        if given is None:
            found = first_liked(request.headers.get("accept"), self.formats)
        else:
            found = named(given, self.formats)
        if found is not None:
            return found
        available = {each.media_type: each.extension for each in self.formats}
        if given is not None:
            raise BadRequestError(
                f"Parameter “format”: one of {', '.join(available.values())} expected, “{given[:40]}” found.",
                f"パラメータ「format」には{'、'.join(available.values())}のいずれかが必要です（「{given[:40]}」でした）。",
                parameter="format",
                allowed=list(available.values()),
            )
        raise NotAcceptableError(
            f"None of the formats there are is accepted: {', '.join(available)}.",
            f"受け入れられる形式がありません。提供している形式: {'、'.join(available)}",
            available={media: self._url(request, extension=extension) for media, extension in available.items()},
        )

    # --- addresses ------------------------------------------------------------------------------

    def _addresses(self, request: Request, page: Page) -> Addresses:
        return Addresses(
            list=self._url(request, without=("after", "limit", "count", "facets", "format")),
            page=self._url(request, after=request.query_params.get("after", "")),
            first=self._url(request),
            next=self._url(request, after=write_cursor(page.next)) if page.next else "",
        )

    def _url(self, request: Request, after: str = "", extension: str = "", without: Sequence[str] = ("after",)) -> str:
        """The absolute address of this list with the parameters of the request, in ASCII."""
        path = self.kind.path + f".{extension}" if extension else request.url.path
        kept = [(name, value) for name, value in request.query_params.multi_items() if name not in without]
        query = urlencode([*kept, ("after", after)] if after else kept)
        return self._service.urls.url(path) + (f"?{query}" if query else "")

    def _links(self, request: Request, page: Page, addresses: Addresses, format_: Format) -> list[Link]:
        after = request.query_params.get("after", "")
        others = [each for each in self.formats if each is not format_]
        links = [
            *alternates((each, self._url(request, after, each.extension, ("after", "format"))) for each in others),
            Link(addresses.first, "first"),
            Link(self._service.urls.href("/openapi.json"), "service-desc", "application/vnd.oai.openapi+json"),
            *(Link(ascii_url(each), "license") for each in dict.fromkeys(each.license for each in page.things) if each),
        ]
        if addresses.next:
            links.append(Link(addresses.next, "next"))
        if format_ is PLAIN_JSON:
            links.append(context_document.link(self._service.urls))
        return links
