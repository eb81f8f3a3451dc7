"""Doors for crawlers: robots.txt, sitemaps of all things, the VoID description at its well-known address."""

from dataclasses import replace
from datetime import datetime
from html import escape

from fastapi import APIRouter, Request, Response

from service.context import Service
from service.errors import NotFoundError
from service.http.replies import answer
from service.things.documents import asked

# Things in one sitemap; the protocol allows 50,000 (sitemaps.org/protocol.html).
SITEMAP_SIZE = 10_000
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
        """One sitemap for each window of the things of a class."""
        rows = await service.entities.rows("sitemap-classes")
        windows = [
            urls.url(f"/sitemap/{number}-{start // SITEMAP_SIZE}.xml")
            for number, row in enumerate(rows)
            for start in range(0, int(row["n"]["value"]), SITEMAP_SIZE)
        ]
        return send(request, _index(windows, release.created), "application/xml")

    @routes.get("/sitemap/{number}-{window}.xml", include_in_schema=False)
    async def sitemap(request: Request, number: int, window: int) -> Response:
        classes = await service.entities.rows("sitemap-classes")
        if not (0 <= number < len(classes) and 0 <= window * SITEMAP_SIZE < int(classes[number]["n"]["value"])):
            raise NotFoundError(
                "No such sitemap; see /sitemap.xml.", "そのサイトマップはありません（/sitemap.xml 参照）。"
            )
        class_ = classes[number]["class"]["value"]
        rows = await service.entities.rows("sitemap", {"class": class_}, window * SITEMAP_SIZE)
        paths = [path for row in rows if (path := urls.path(row["thing"]["value"]))]
        pages = [urls.url(urls.page(path)) for path in paths if urls.is_thing(path) or urls.thing(path)]
        return send(request, _sitemap(pages, release.created), "application/xml")

    @routes.get("/.well-known/void", include_in_schema=False)
    async def void(request: Request) -> Response:
        """The VoID description (VoID note, 7.2), which is what is published about /id/void."""
        return (await service.documents.answer(replace(asked(request.scope), path="/data/void"))).response()

    return routes


def _index(sitemaps: list[str], modified: datetime) -> str:
    entries = "".join(
        f"<sitemap><loc>{escape(each)}</loc><lastmod>{modified:%Y-%m-%d}</lastmod></sitemap>\n" for each in sitemaps
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{NAMESPACE}">\n{entries}</sitemapindex>\n'


def _sitemap(pages: list[str], modified: datetime) -> str:
    entries = "".join(f"<url><loc>{escape(each)}</loc><lastmod>{modified:%Y-%m-%d}</lastmod></url>\n" for each in pages)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{NAMESPACE}">\n{entries}</urlset>\n'
