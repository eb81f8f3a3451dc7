"""About the service itself: its health, and what can be asked of it."""

import json

from fastapi import APIRouter, Request, Response

from service.context import Service
from service.http.replies import answer


def router(service: Service) -> APIRouter:
    routes = APIRouter()

    @routes.get("/health")
    async def health() -> dict[str, str]:
        """Whether the service is up, and with which release."""
        return {"status": "ok", "release": service.release.id}

    @routes.get("/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> Response:
        """The OpenAPI document of all routes."""
        body = json.dumps(request.app.openapi(), ensure_ascii=False).encode()
        headers = {"Cache-Control": "public, max-age=300"}
        return answer(request, body, "application/json", service.release.created, headers=headers)

    return routes
