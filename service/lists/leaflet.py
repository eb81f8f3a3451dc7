"""Answers browsers: a page of a list with its form, or the form with what was wrong with the request."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from service.context import Service
from service.errors import BadRequestError
from service.formats import CSV, HTML, Format
from service.http.links import EVERYWHERE, PAGE_POLICY, Link, alternates
from service.http.replies import answer
from service.lists.database import Page
from service.lists.form import separated
from service.lists.openapi import PASSED
from service.lists.page import Asked, Leaves, ListPage, address, asking, references, refused
from service.lists.source import Source
from service.lists.values import write_cursor
from service.lists.writing import Writing
from service.pages.schema_org import about_list
from service.things.asked import asked, language_of

CACHING = "public, max-age=300"
# What is open changes by the minute.
CACHING_NOW = "public, max-age=30"

# What a page does not leave to who asks: how it looks, and that it counts.
NOT_ASKED = frozenset({*PASSED, "count"})


def caching(request: Request) -> str:
    return CACHING_NOW if "open" in request.query_params else CACHING


class Leaflet:
    """The pages of one list."""

    def __init__(self, service: Service, writing: Writing, source: Source) -> None:
        self._service = service
        self._writing = writing
        self._source = source
        self._leaves: Leaves | None = None

    async def answer(self, request: Request, thread: ThreadPoolExecutor, formats: Sequence[Format]) -> Response:
        question = await self._question(request)
        headers = {
            "Vary": "Accept, Accept-Language",
            "Cache-Control": caching(request),
            "Content-Language": question.language,
            "Content-Security-Policy": PAGE_POLICY,
        }
        loop = asyncio.get_running_loop()
        try:
            page = await self._page(question, thread)
        except BadRequestError as problem:
            body = await loop.run_in_executor(thread, self._render, question, refused(question, problem), [])
            about = {**EVERYWHERE, **headers, "Cache-Control": "no-store"}
            return Response(body, problem.status, about, HTML.content_type)
        # Where something must be chosen first there is nothing in any format.
        offered = [each for each in formats if each is not HTML] if page.result else []
        others = [(each, self._at(question, each.extension)) for each in offered]
        body = await loop.run_in_executor(thread, self._render, question, page, others)
        links = [*alternates(others), Link(self._service.urls.href("/openapi.json"), "service-desc")]
        if page.result and page.result.next:
            links.append(Link(page.result.next, "next"))
        return answer(request, body, HTML.content_type, self._service.release.created, links, headers)

    async def _question(self, request: Request) -> Asked:
        given = [each for each in request.query_params.multi_items() if each[0] not in NOT_ASKED]
        language = language_of(asked(request.scope))
        form = await self._source.form(given)
        # Whoever chose another data set may still send the dimensions of the one before.
        given = [each for each in given if each[0] in form or each[0] not in self._source.parameters]
        href = self._service.urls.href(self._source.kind.path)
        return Asked(
            kind=self._source.kind,
            parameters=form,
            given=separated(given, form),
            language=language,
            at=lambda pairs: address(href, [*pairs, ("lang", language)]),
        )

    def _at(self, question: Asked, extension: str) -> str:
        """The same in another format, by extension; a table in the language of the page."""
        language = [("lang", question.language)] if extension == CSV.extension else []
        return address(self._service.urls.href(f"{self._source.kind.path}.{extension}"), [*question.given, *language])

    async def _page(self, question: Asked, thread: ThreadPoolExecutor) -> ListPage:
        """BadRequestError names the parameter that was wrong. Where something must be chosen first, the form alone."""
        if not question.given and any(each.required for each in question.parameters.values()):
            return asking(question)
        facets = [each.name for each in question.kind.filters]
        named = {name for name, _ in question.given}
        narrowing = [("facets", ",".join(facets))] if facets and "facets" not in named else []
        kind, page = await self._source.ask([*question.given, ("count", "true"), *narrowing])
        if self._leaves is None:
            outlines = await self._service.entities.rows("area-outlines")
            self._leaves = Leaves(self._service.urls, self._writing.codes, [each["wkt"]["value"] for each in outlines])
        found = Asked(kind, question.parameters, question.given, question.language, question.at)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(thread, self._found, self._leaves, found, page)

    def _found(self, leaves: Leaves, question: Asked, page: Page) -> ListPage:
        nodes = self._writing.nodes(page)
        licenses = (each.license for each in page.things if each.license)
        reader = self._service.pages.reader({*references(nodes), *licenses}, question.language)
        return leaves.found(question, page, nodes, write_cursor(page.next) if page.next else "", reader)

    def _render(self, question: Asked, page: ListPage, others: Sequence[tuple[Format, str]]) -> bytes:
        path = self._source.kind.path
        return self._service.pages.render(
            "list.html",
            question.language,
            path,
            question.given,
            found=not page.error,
            query=f"?lang={question.language}",
            page=page,
            kind=question.kind,
            alternates=others,
            schema=self._schema(question, page),
        )

    def _schema(self, question: Asked, page: ListPage) -> Markup:
        urls, kind = self._service.urls, question.kind
        rows = page.result.rows if page.result else ()
        items = ((each.name.label.text, urls.absolute(each.name.href)) for each in rows)
        total = page.result.total if page.result else None
        return about_list((kind.ja, kind.en), urls.url(kind.path), total, items)
