"""Doors for crawlers: robots.txt, sitemaps of all pages, the VoID description at its well-known address."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape

from fastapi import APIRouter, Request, Response

from service.context import Service
from service.errors import NotFoundError
from service.formats import HTML, first_liked
from service.http.replies import answer
from service.things.asked import asked, kept
from service.things.documents import CACHE_CONTROL, DATA_FORMATS, VARY
from service.things.sitemap import Sitemap

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ROBOTS = """\
# 全ページ・全データを収集できます。一括取得は {dumps} を、件数の多い問い合わせは控えめに。
# Everything may be fetched. For all of it at once take the downloads at {dumps} rather than page after page.
User-agent: *
Disallow: {sparql}
Allow: /
Sitemap: {sitemap}
"""


def router(service: Service) -> APIRouter:
    routes = APIRouter()
    urls, release = service.urls, service.release
    sitemap = Sitemap(release, service.entities, tuple(_site(service)))

    def send(request: Request, text: str, content_type: str) -> Response:
        headers = {"Cache-Control": "public, max-age=3600"}
        return answer(request, text.encode(), content_type, release.created, headers=headers)

    @routes.get("/robots.txt", include_in_schema=False)
    async def robots(request: Request) -> Response:
        text = ROBOTS.format(
            dumps=urls.url("/id/catalog"), sparql=urls.href("/sparql"), sitemap=urls.url("/sitemap.xml")
        )
        return send(request, text, "text/plain; charset=utf-8")

    @routes.get("/sitemap.xml", include_in_schema=False)
    async def sitemap_index(request: Request) -> Response:
        windows = [(urls.url(f"/sitemap/{each.name}-{each.number}.xml"), each.modified) for each in sitemap.windows()]
        return send(request, _document("sitemapindex", "sitemap", windows), "application/xml")

    @routes.get("/sitemap/{name}-{number}.xml", include_in_schema=False)
    async def window(request: Request, name: str, number: int) -> Response:
        pages = await sitemap.pages(name, number) if number >= 0 else []
        if not pages:
            raise NotFoundError(
                "No such sitemap; see /sitemap.xml.", "そのサイトマップはありません（/sitemap.xml 参照）。"
            )
        listed = [(urls.url(each.path), each.modified) for each in pages]
        return send(request, _document("urlset", "url", listed), "application/xml")

    @routes.get("/.well-known/void", include_in_schema=False)
    async def void(request: Request) -> Response:
        """The VoID description (VoID note, 7.2), which is what is published about /id/void; browsers are led to its
        page."""
        if first_liked(request.headers.get("accept"), (*DATA_FORMATS, HTML)) is HTML:
            place = urls.href(urls.page("/id/void")) + kept(request.url.query)
            return Response(status_code=303, headers={"Location": place, "Vary": VARY, "Cache-Control": CACHE_CONTROL})
        return (await service.documents.answer(replace(asked(request.scope), path="/data/void"))).response()

    return routes


def _site(service: Service) -> Iterator[str]:
    """The pages that are about no one thing."""
    yield "/"
    yield from (f"/{each}" for each in service.pages.listed)
    if service.release.cubes:
        yield "/cubes"
    if service.urls.iri(f"/graph/quality/{service.release.id}") in service.entities.named_graphs:
        yield "/quality"


def _document(root: str, element: str, entries: Iterable[tuple[str, str]]) -> str:
    """An address and a day for each (sitemaps.org/protocol.html)."""
    lines = "".join(
        f"<{element}><loc>{escape(address)}</loc><lastmod>{day}</lastmod></{element}>\n" for address, day in entries
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n{lines}</{root}>\n'
