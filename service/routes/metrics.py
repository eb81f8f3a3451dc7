"""What happens here, for operators: /metrics (Prometheus), and /running for whoever is on the machine itself."""

import ipaddress
from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from service.context import Service
from service.errors import NotFoundError

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def router(service: Service) -> APIRouter:
    routes = APIRouter()

    @routes.api_route("/metrics", methods=["GET", "HEAD"], include_in_schema=False)
    async def metrics() -> Response:
        """Counts and times; nothing in them tells who asked or what."""
        return Response(service.metrics.text(), headers={"Cache-Control": "no-store"}, media_type=_TEXT)

    @routes.get("/running", include_in_schema=False)
    async def running(request: Request) -> Response:
        """The queries that run and wait, without their strings and numbers."""
        if not _local(request):
            raise NotFoundError("There is nothing at this address.", "このURLには何もありません。")
        found = [asdict(each) for each in service.engine.running()]
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    return routes


def _local(request: Request) -> bool:
    """Whether the request began on this machine: a proxy in front says for whom it asks (RFC 7239)."""
    if request.client is None or {"forwarded", "x-forwarded-for", "via"} & set(request.headers):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
