"""What the rules found in the release, for people. For programs it is the graph /graph/quality/<release>."""

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from service.context import Service
from service.errors import BadRequestError, NotFoundError
from service.formats import GRAPH, HTML, carrying, negotiate
from service.http.links import PAGE_POLICY, Link, alternates
from service.http.replies import answer
from service.pages.quality import Row, iris, read_findings, read_rules
from service.pages.rendering import Paging
from service.pages.schema_org import data_block
from service.things.asked import asked, language_of, page_of

# Findings on a page, as in queries/findings.rq.
PAGE_SIZE = 100
FORMATS = (HTML, *carrying(GRAPH))


def router(service: Service) -> APIRouter:
    routes = APIRouter()

    @routes.get("/quality", include_in_schema=False)
    async def quality(request: Request) -> Response:
        """Rules with the number of their findings; with ?rule= the findings of one, page by page."""
        report = f"/graph/quality/{service.release.id}"
        if service.urls.iri(report) not in service.entities.named_graphs:
            raise NotFoundError(
                f"Release {service.release.id} was published without a report of the rules.",
                f"公開版 {service.release.id} に検証の報告はありません。",
            )
        kept = {"Vary": "Accept, Accept-Language", "Cache-Control": "public, max-age=300"}
        places = [(each, service.urls.href(service.urls.data(report, each.extension))) for each in carrying(GRAPH)]
        links = [*alternates(places), Link(service.urls.url(report), "describes")]
        if negotiate(request.headers.get("accept"), FORMATS) is not HTML:
            elsewhere = {"Location": service.urls.href(service.urls.data(report)), **kept}
            return Response(status_code=303, headers=elsewhere)
        language = language_of(asked(request.scope))
        body = await _page(service, request, service.urls.iri(report), language, alternates=places)
        headers = {
            **kept,
            "Content-Language": language,
            "Content-Security-Policy": PAGE_POLICY,
        }
        return answer(request, body, HTML.content_type, service.release.created, links, headers)

    return routes


async def _page(service: Service, request: Request, report: str, language: str, **values: Any) -> bytes:
    number, wanted = page_of(asked(request.scope)), request.query_params.get("rule")
    counted = await service.entities.rows("findings-by-rule", {"report": report})
    rule = _rule(counted, wanted) if wanted is not None else None
    found: Sequence[Row] = []
    if rule:
        bound = {"report": report, "rule": rule["rule"]["value"]}
        found = await service.entities.rows("findings", bound, (number - 1) * PAGE_SIZE)
        if not found:
            raise NotFoundError(f"There is no page {number}.", f"{number}ページ目はありません。")

    def page() -> bytes:
        reader = service.pages.reader(iris([*counted, *found]), language)
        rules = read_rules(counted, reader)
        chosen = next((each for each in rules if each.iri == wanted), None)
        return service.pages.render(
            "quality.html",
            language,
            "/quality",
            [("rule", wanted), ("page", str(number))] if wanted else [],
            query=f"?lang={language}",
            rules=rules,
            chosen=chosen,
            findings=read_findings(found, reader, language),
            paging=_paging(service, wanted or "", language, number, chosen.count if chosen else 0),
            schema=data_block({"@context": "https://schema.org/", "@type": "Report", "@id": report}),
            **values,
        )

    return await asyncio.to_thread(page)


def _rule(counted: Sequence[Row], wanted: str) -> Row:
    rules = {row["rule"]["value"]: row for row in counted}
    if wanted not in rules:
        raise BadRequestError(
            f"rule: one of those that found something expected, {wanted[:200]!r} found.",
            f"rule には、見つかった点のあるルールを指定してください（{wanted[:200]!r} でした）。",
            parameter="rule",
            allowed=list(rules),
        )
    return rules[wanted]


def _paging(service: Service, rule: str, language: str, number: int, count: int) -> Paging:
    def at(page: int) -> str:
        return service.urls.href("/quality") + "?" + urlencode({"lang": language, "rule": rule, "page": page})

    return Paging(number, at(number - 1) if number > 1 else "", at(number + 1) if number * PAGE_SIZE < count else "")
