"""The JSON-LD context: under its version for ever, and under the name of the newest."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.context import Service
from service.formats import JSONLD
from service.http.links import Link
from service.http.replies import answer
from service.things import context_document

IMMUTABLE = "public, max-age=31536000, immutable"
NEWEST = "public, max-age=3600"


def router(service: Service) -> APIRouter:
    routes = APIRouter(tags=["context"])
    text = context_document.text(service.urls)
    canonical = Link(service.urls.url(context_document.IMMUTABLE), "canonical")

    def send(request: Request, caching: str) -> Response:
        headers = {"Cache-Control": caching}
        return answer(request, text, JSONLD.media_type, service.release.created, [canonical], headers)

    @routes.api_route(context_document.IMMUTABLE, methods=["GET", "HEAD"], include_in_schema=False)
    async def immutable(request: Request) -> Response:
        return send(request, IMMUTABLE)

    @routes.api_route(context_document.CURRENT, methods=["GET", "HEAD"], include_in_schema=False)
    async def newest(request: Request) -> Response:
        return send(request, NEWEST)

    return routes
