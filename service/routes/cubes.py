"""Cubes for those who do not write SPARQL: the list, the structure, data in every format, charts, a page."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.responses import StreamingResponse

from service import texts
from service.context import Service
from service.cubes import words
from service.cubes.answers import CHART_TYPES, Answer, Answers, Question
from service.cubes.api_docs import CHART_DOCS, DATA_DOCS, LIST_DOCS, STRUCTURE_DOCS
from service.cubes.catalogue import Cubes
from service.cubes.model import Cube
from service.cubes.page import Address, page_of
from service.cubes.parameters import PRESENTATION, Pairs, read_area, refused, says_something
from service.cubes.studio import Studio
from service.cubes.write_json import encoded, structure
from service.errors import NotAcceptableError
from service.formats import CHART, CSV, CUBE, HTML, JSONLD, JSONSTAT, PARQUET, Format, carrying, named, negotiate
from service.http.caching import Memory, entity_tag, http_date, unchanged
from service.http.files import file
from service.http.links import PAGE_POLICY, Link, alternates, link_header
from service.pages.reading import with_query
from service.pages.schema_org import data_block
from service.things.graph import Term
from service.uris import split_extension

FORMATS = (*carrying(CUBE), HTML)
LISTS = (JSONSTAT, HTML)
CHARTS = carrying(CHART)
REMEMBERED = 32 * 1024 * 1024


def router(service: Service) -> APIRouter:
    desk = _Desk(service)
    routes = APIRouter(lifespan=desk.lifespan, tags=["cubes"])
    for path, answer, docs in (
        ("/cubes", desk.index, LIST_DOCS),
        ("/cubes/{name}", desk.data, DATA_DOCS),
        ("/cubes/{name}/structure", desk.structure, STRUCTURE_DOCS),
        ("/cubes/{name}/chart.{extension}", desk.chart, CHART_DOCS),
    ):
        routes.add_api_route(path, answer, methods=["GET"], response_class=Response, **docs)
        routes.add_api_route(path, answer, methods=["HEAD"], include_in_schema=False)
    return routes


class _Desk:
    """Reads requests and sends answers; what they hold is made elsewhere."""

    def __init__(self, service: Service) -> None:
        self._service = service
        settings = service.settings
        self._cubes = Cubes(service.release, service.entities, settings)
        self._studio = Studio(settings.chart_timeout, settings.chart_queue, settings.chart_font)
        self._answers = Answers(self._cubes, self._studio)
        self._memory: Memory[Answer] = Memory(REMEMBERED)

    @asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        yield
        await self._studio.close()
        self._cubes.close()

    # --- routes ---------------------------------------------------------------------------------

    async def index(self, request: Request) -> Response:
        """The cubes of this release, or those about an area, with their titles, dimensions and measures."""
        format_, language = _format(request, LISTS, ""), _language(request)
        area = read_area(_pairs(request), lambda code: bool(self._names(code)))
        kept = [("refArea", area)] if area else []
        at = self._service.urls.href("/cubes")
        links = alternates((each, f"{at}?{urlencode([('format', each.extension), *kept])}") for each in LISTS)
        headers = self._headers(request, format_, [language] if format_ is HTML else texts.LANGUAGES, links)
        if unchanged(request.headers, headers["ETag"], self._service.release.created):
            return Response(status_code=304, headers=headers)
        cubes = await self._cubes.about(area) if area else await self._cubes.heads()
        if format_ is HTML:
            name = texts.best(self._names(area), language)
            return self._page(
                "cubes.html", "/cubes", language, headers, kept, cubes=cubes, code=area, area=name.value if name else ""
            )
        listed = [self._listed(cube) for cube in cubes]
        return Response(encoded({"cubes": listed}), 200, headers, JSONSTAT.content_type)

    def _names(self, area: str) -> Sequence[Term]:
        """What an area is called, in every language; empty if there is none."""
        return self._service.entities.describer.names(self._service.urls.iri(f"/id/area/{area}"))

    async def data(self, request: Request, name: str) -> Response:
        """The figures of a cube: filtered, added up, in the format of the extension, `?format=` or Accept."""
        id_, extension = split_extension(name, [each.extension for each in FORMATS])
        file = self._cubes.file(id_)
        format_, language = _format(request, FORMATS, extension), _language(request)
        whole = format_ is PARQUET and not _asked(request)
        if whole:
            headers = self._headers(request, format_, texts.LANGUAGES, self._links(id_, file.iri))
            return self._whole(request, self._service.release.path / file.parquet, headers)
        question = await self._answers.read(id_, _pairs(request), language, self._url(request))
        links = [*self._links(id_, file.iri), Link(question.cube.about.license or file.iri, "license")]
        headers = self._headers(request, format_, _spoken(question, format_), links)
        if unchanged(request.headers, headers["ETag"], self._service.release.created):
            return Response(status_code=304, headers=headers)
        if format_ is HTML:
            return await self._cube_page(question, _pairs(request), headers)
        if format_ is CSV and (body := await self._answers.streamed(question)):
            return StreamingResponse(body, 200, headers, CSV.content_type)
        answer = await self._remembered(headers["ETag"], question, format_)
        headers["Link"] = link_header([*links, *self._neighbours(request, question, answer)])
        return Response(answer.body, 200, headers, format_.content_type)

    async def structure(self, request: Request, name: str) -> Response:
        """Dimensions, measures and attributes with all codes that occur, in Japanese and English."""
        cube = await self._cubes.cube(name)
        headers = self._headers(request, JSONSTAT, texts.LANGUAGES, self._links(cube.id, cube.iri))
        if unchanged(request.headers, headers["ETag"], self._service.release.created):
            return Response(status_code=304, headers=headers)
        return Response(encoded(self._structure(cube)), 200, headers, JSONSTAT.content_type)

    async def chart(self, request: Request, name: str, extension: str) -> Response:
        """A line chart, population pyramid or map as SVG or PNG, to be shown anywhere."""
        format_ = named(extension, CHARTS)
        if format_ is None:
            raise _not_acceptable(CHARTS)
        type_ = request.query_params.get("type", CHART_TYPES[0])
        if type_ not in CHART_TYPES:
            listed = ", ".join(CHART_TYPES)
            raise refused(
                "type", f"one of {listed} expected", f"{listed} のいずれかが必要です", allowed=list(CHART_TYPES)
            )
        language = _language(request)
        question = await self._answers.read(name, _pairs(request), language, self._url(request))
        headers = self._headers(request, format_, [language], self._links(name, question.cube.iri))
        if unchanged(request.headers, headers["ETag"], self._service.release.created):
            return Response(status_code=304, headers=headers)
        known = self._memory.get(headers["ETag"])
        if known is None:
            known = await self._answers.chart(question, type_, format_)
            self._memory.put(headers["ETag"], known, len(known.body))
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
        headers["Content-Language"] = known.language
        return Response(known.body, 200, headers, format_.content_type)

    # --- answers --------------------------------------------------------------------------------

    async def _remembered(self, tag: str, question: Question, format_: Format) -> Answer:
        known = self._memory.get(tag)
        if known is None:
            known = await self._answers.data(question, format_)
            self._memory.put(tag, known, len(known.body) + 500)
        return known

    def _whole(self, request: Request, path: Path, headers: Mapping[str, str]) -> Response:
        """The cube's own file: byte ranges let readers of Parquet fetch only the columns they need."""
        return file(request, path, PARQUET.media_type, headers, self._service.release.created)

    async def _cube_page(self, question: Question, pairs: Pairs, headers: Mapping[str, str]) -> Response:
        path = f"/cubes/{question.cube.id}"
        address = Address(self._service.urls.href(path), self._service.urls.url(path), pairs)
        page = await page_of(self._cubes, question, address)
        kept = [(name, value) for name, value in pairs if name != "lang" and says_something(name, value)]
        return self._page("cube.html", path, question.language, headers, kept, page=page, cube=question.cube)

    def _page(
        self,
        template: str,
        path: str,
        language: str,
        headers: Mapping[str, str],
        kept: Pairs = (),
        **values: Any,
    ) -> Response:
        query = f"?lang={language}"
        about = {"@context": "https://schema.org/", "@type": "Dataset", "url": self._service.urls.url(path)}

        def word(key: str, *fillings: object) -> str:
            return words.say(key, language, *fillings)

        def link(iri: str) -> str:
            return with_query(self._service.urls.link(iri) or "", query)

        body = self._service.pages.render(
            template, language, path, kept, query=query, schema=data_block(about), word=word, link=link, **values
        )
        headers = {**headers, "Content-Security-Policy": PAGE_POLICY}
        return Response(body, 200, headers, HTML.content_type)

    # --- what goes with an answer ---------------------------------------------------------------

    def _headers(
        self, request: Request, format_: Format, languages: Sequence[str], links: Sequence[Link]
    ) -> dict[str, str]:
        """The tag changes with the release, the program, the address, and what was negotiated."""
        release, made_by, spoken = self._service.release, self._service.pages.edition, ", ".join(languages)
        return {
            "ETag": entity_tag(release.id, release.fingerprint, made_by, self._url(request), format_.name, spoken),
            "Last-Modified": http_date(release.created),
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept, Accept-Language",
            **({"Content-Language": spoken} if spoken else {}),
            "Link": link_header(links),
        }

    def _links(self, id_: str, iri: str) -> list[Link]:
        at = self._service.urls.href(f"/cubes/{id_}")
        return [
            *alternates((each, f"{at}.{each.extension}") for each in FORMATS),
            Link(f"{at}/structure", "describedby", JSONSTAT.media_type),
            Link(iri, "about"),
            Link(self._service.urls.href("/cubes"), "collection"),
        ]

    def _neighbours(self, request: Request, question: Question, answer: Answer) -> list[Link]:
        """The pages before and after this one, where limit asked for pages."""
        limit, offset = question.selection.limit, question.selection.offset
        if limit is None:
            return []

        def at(first: int) -> str:
            return (
                self._service.urls.href(request.url.path) + "?" + request.url.include_query_params(offset=first).query
            )

        found = [Link(at(offset + limit), "next")] if answer.more else []
        return [*found, Link(at(max(offset - limit, 0)), "prev")] if offset else found

    def _url(self, request: Request) -> str:
        query = request.url.query
        return self._service.urls.url(request.url.path) + (f"?{query}" if query else "")

    def _listed(self, cube: Cube) -> Mapping[str, Any]:
        about = self._structure(cube)
        kept = ("id", "iri", "url", "title", "description", "observations", "modified", "license", "formats")
        components = {
            kind: [{"name": each["name"], "label": each["label"]} for each in about[kind]]
            for kind in ("dimensions", "measures")
        }
        return {**{name: about[name] for name in kept}, **components}

    def _structure(self, cube: Cube) -> Mapping[str, Any]:
        url = self._service.urls.url(f"/cubes/{cube.id}")
        return structure(cube, url, [(each.extension, f"{url}.{each.extension}") for each in FORMATS])


# --- reading requests ---------------------------------------------------------------------------


def _pairs(request: Request) -> list[tuple[str, str]]:
    return list(request.query_params.multi_items())


def _asked(request: Request) -> bool:
    """Whether anything but the looks was asked for."""
    given = [name for name, value in _pairs(request) if says_something(name, value)]
    return any(name not in PRESENTATION or name in {"limit", "offset"} for name in given)


def _format(request: Request, offered: Sequence[Format], extension: str) -> Format:
    wanted = extension or request.query_params.get("format", "")
    found = named(wanted, offered) if wanted else negotiate(request.headers.get("accept"), offered)
    if found is None:
        raise _not_acceptable(offered)
    return found


def _not_acceptable(offered: Sequence[Format]) -> NotAcceptableError:
    listed = ", ".join(f"{each.extension} ({each.media_type})" for each in offered)
    return NotAcceptableError(
        f"one of {listed} expected, by extension, ?format= or Accept",
        f"拡張子・?format=・Acceptで {listed} のいずれかを指定してください",
        allowed=[each.media_type for each in offered],
    )


def _spoken(question: Question, format_: Format) -> Sequence[str]:
    """The languages of an answer; none where it consists of codes."""
    labels = question.presentation.labels
    if format_ is CSV:
        return [labels] if labels in texts.LANGUAGES else []
    if format_ is JSONLD:
        return []
    return texts.LANGUAGES if format_ is PARQUET else [question.language]


def _language(request: Request) -> str:
    wanted = request.query_params.get("lang")
    if wanted is None:
        return texts.preferred(request.headers.get("accept-language"))
    if wanted not in texts.LANGUAGES:
        raise refused("lang", "ja or en expected", "ja か en が必要です", allowed=list(texts.LANGUAGES))
    return wanted
