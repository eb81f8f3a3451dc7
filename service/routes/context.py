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
    earlier = {path: context_document.text(service.urls, file) for path, file in context_document.earlier().items()}

    def send(request: Request, caching: str, path: str = context_document.IMMUTABLE) -> Response:
        headers = {"Cache-Control": caching}
        canonical = Link(service.urls.url(path), "canonical")
        body = earlier.get(path, text)
        return answer(request, body, JSONLD.media_type, service.release.created, [canonical], headers)

    async def superseded(request: Request) -> Response:
        return send(request, IMMUTABLE, request.scope["path"])

    for path in earlier:
        routes.add_api_route(path, superseded, methods=["GET", "HEAD"], include_in_schema=False)

    @routes.api_route(context_document.IMMUTABLE, methods=["GET", "HEAD"], include_in_schema=False)
    async def immutable(request: Request) -> Response:
        return send(request, IMMUTABLE)

    @routes.api_route(context_document.CURRENT, methods=["GET", "HEAD"], include_in_schema=False)
    async def newest(request: Request) -> Response:
        return send(request, NEWEST)

    return routes
