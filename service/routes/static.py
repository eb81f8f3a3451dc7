"""Style and icon. Read once; a request names one of them and never reaches the file system."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from fastapi import APIRouter, Request, Response

from service.context import Service
from service.errors import NotFoundError
from service.http.caching import entity_tag, unchanged

FOLDER = Path(__file__).parent.parent / "static"
TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".ico": "image/x-icon",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
    }
)


def router(service: Service) -> APIRouter:
    routes = APIRouter()
    files = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in TYPES}

    @routes.get("/favicon.ico", include_in_schema=False)
    async def favicon(request: Request) -> Response:
        """Where browsers and crawlers look without being told."""
        return await static("favicon.ico", request)

    @routes.get("/static/{name}", include_in_schema=False)
    async def static(name: str, request: Request) -> Response:
        if name not in files:
            raise NotFoundError(f"No file {name[:80]!r} here.", f"ファイル {name[:80]!r} はありません。")
        tag = entity_tag(files[name])
        # Pages name the edition in the address (?v=), so a changed style has a new one.
        headers = {"ETag": tag, "Cache-Control": "public, max-age=86400"}
        if unchanged(request.headers, tag, service.release.created):
            return Response(status_code=304, headers=headers)
        return Response(files[name], 200, headers, TYPES[Path(name).suffix])

    return routes
