"""Reads requests for one list and sends its pages; what they hold is made elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from service import texts
from service.context import Service
from service.errors import BadRequestError, NotAcceptableError
from service.formats import CSV, HTML, PLAIN_JSON, Format, first_liked, named
from service.http.links import Link, alternates
from service.http.replies import answer
from service.lists.database import Page
from service.lists.leaflet import Leaflet, caching
from service.lists.openapi import BOM_PARAMETER, FLAT_FORMATS, FORMATS, LANGUAGE_PARAMETER, PASSED, operation, passed
from service.lists.page import address
from service.lists.parameters import Parameter
from service.lists.source import Source
from service.lists.values import write_cursor
from service.lists.writing import Addresses, Writing, for_spreadsheets
from service.things import context_document
from service.uris import ascii_url

# What says how an answer looks or where its page begins, not which things are on the list.
NOT_SELECTING = frozenset({"after", "limit", "count", "facets", *PASSED})


class Desk:
    """Answers for one list."""

    def __init__(self, service: Service, writing: Writing, thread: ThreadPoolExecutor, source: Source) -> None:
        self._service = service
        self._writing = writing
        self._thread = thread
        self._source = source
        self._path = source.kind.path
        self.formats: Sequence[Format] = FORMATS if source.kind.located else FLAT_FORMATS
        self._leaflet = Leaflet(service, writing, source)
        documented = [*source.parameters.values(), *passed(source.kind).values()]
        self.documentation = operation(source.kind, documented)

    async def page(self, request: Request) -> Response:
        return await self._answer(request, self._format(request))

    def listed_as(self, format_: Format) -> Callable[[Request], Awaitable[Response]]:
        """The handler of a path whose extension names the format."""

        async def handler(request: Request) -> Response:
            return await self._answer(request, format_)

        return handler

    async def _answer(self, request: Request, format_: Format) -> Response:
        spreadsheet, language = self._chosen(request, BOM_PARAMETER) == "1", self._chosen(request, LANGUAGE_PARAMETER)
        if format_ is HTML:
            return await self._leaflet.answer(request, self._thread, self.formats)
        kind, page = await self._source.ask(request.query_params.multi_items())
        addresses = self._addresses(request, page)
        headers = {"Vary": "Accept", "Cache-Control": caching(request)}
        content_type = format_.content_type
        loop = asyncio.get_running_loop()
        if format_ is CSV:
            body = await loop.run_in_executor(self._thread, self._writing.csv, kind, page, language)
            body = for_spreadsheets(body) if spreadsheet else body
            headers["Content-Language"] = language or texts.DEFAULT
            content_type += "; header=present"
        else:
            body = await loop.run_in_executor(self._thread, self._writing.write, page, addresses, format_)
        links = self._links(request, page, addresses, format_)
        return answer(request, body, content_type, self._service.release.created, links, headers)

    def _chosen(self, request: Request, parameter: Parameter) -> str:
        """The value of a parameter that says how the answer looks; empty if there is none."""
        given = request.query_params.getlist(parameter.name)
        return str(parameter.value(given)) if given else ""

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
            list=self._list(request),
            page=self._url(request, after=request.query_params.get("after", "")),
            first=self._url(request),
            next=self._url(request, after=write_cursor(page.next)) if page.next else "",
        )

    def _list(self, request: Request) -> str:
        """What names the list as selected, in whatever format and however many at a time."""
        kept = [each for each in request.query_params.multi_items() if each[0] not in NOT_SELECTING]
        return address(self._service.urls.url(self._path), kept)

    def _url(self, request: Request, after: str = "", extension: str = "", without: Sequence[str] = ("after",)) -> str:
        """The absolute address of this list with the parameters of the request, in ASCII."""
        path = self._path + f".{extension}" if extension else request.url.path
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
