"""The first page. The base IRI is also what the site is called: clients that want data get its description."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from service import texts
from service.context import Service
from service.formats import GRAPH, HTML, carrying, negotiate
from service.http.caching import entity_tag, http_date, unchanged
from service.http.links import PAGE_POLICY, Link, alternates, link_header
from service.things.asked import asked, language_of

FORMATS = (HTML, *carrying(GRAPH))
# What lies below these addresses is listed in a section of the first page.
SECTIONS = {"/def": "vocabulary", "/shapes": "shapes", "/code": "codes", "/dump": "datasets"}


def router(service: Service) -> APIRouter:
    routes = APIRouter()

    @routes.get("/", include_in_schema=False)
    async def home(request: Request) -> Response:
        """What there is, and a box to ask for it; for RDF clients the VoID description of all of it."""
        chosen = negotiate(request.headers.get("accept"), FORMATS) or HTML
        language = language_of(asked(request.scope))
        headers = _headers(service, language)
        if chosen is not HTML:
            return Response(status_code=303, headers={**headers, "Location": service.urls.href("/.well-known/void")})
        if unchanged(request.headers, headers["ETag"], service.release.created):
            return Response(status_code=304, headers=headers)
        rows = await service.entities.rows("home")
        return Response(service.pages.home(rows, language), 200, headers, HTML.content_type)

    for address, anchor in SECTIONS.items():
        to = _see(f"{service.urls.href('/')}#{anchor}")
        routes.add_api_route(address, to, methods=["GET", "HEAD"], include_in_schema=False)
    return routes


def _see(place: str) -> Callable[[], Awaitable[Response]]:
    async def answer() -> Response:
        return Response(status_code=303, headers={"Location": place})

    return answer


def _headers(service: Service, language: str) -> dict[str, str]:
    release = service.release
    void = service.urls.href("/.well-known/void")
    named = urlencode(texts.in_address(language))
    canonical = service.urls.url("/") + (f"?{named}" if named else "")
    links = [
        *alternates((each, void) for each in carrying(GRAPH)),
        Link(void, "describedby"),
        Link(service.urls.href("/sitemap.xml"), "sitemap", "application/xml"),
        Link(canonical, "canonical"),
    ]
    return {
        "ETag": entity_tag(release.id, release.fingerprint, service.pages.edition, "home", language),
        "Last-Modified": http_date(release.created),
        "Vary": "Accept, Accept-Language",
        "Cache-Control": "public, max-age=300",
        "Content-Language": language,
        "Content-Security-Policy": PAGE_POLICY,
        "Link": link_header(links),
    }
