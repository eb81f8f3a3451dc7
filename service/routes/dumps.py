"""Bulk downloads: the data sets of the release as they lie in its folder."""

from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse

from service.context import Service
from service.errors import NotFoundError
from service.http.caching import entity_tag, http_date, unchanged
from service.http.links import Link, link_header
from service.uris import ascii_url


def router(service: Service) -> APIRouter:
    routes = APIRouter()
    release = service.release

    @routes.api_route("/dump/{name}", methods=["GET", "HEAD"], response_class=FileResponse)
    async def dump(name: str, request: Request) -> Response:
        """One data set as N-Triples, compressed. Byte ranges resume a broken download."""
        data_set = release.dumps.get(name)
        if data_set is None:
            raise NotFoundError(
                f"There is no {name[:80]!r}; there is {', '.join(release.dumps)}.",
                f"{name[:80]!r} はありません。あるもの: {'、'.join(release.dumps)}",
                available=list(release.dumps),
            )
        links = [Link(ascii_url(data_set.iri), "describedby"), Link(ascii_url(data_set.license), "license")]
        headers = {
            "ETag": entity_tag(release.id, release.fingerprint, name),
            "Last-Modified": http_date(release.created),
            "Cache-Control": "public, max-age=300",
            "Link": link_header(links),
        }
        if "range" not in request.headers and unchanged(request.headers, headers["ETag"], release.created):
            return Response(status_code=304, headers=headers)
        return FileResponse(release.path / data_set.dump, headers=headers, media_type="application/gzip")

    return routes
