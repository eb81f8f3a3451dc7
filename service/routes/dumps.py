"""Bulk downloads: the data sets of the release as they lie in its folder."""

from fastapi import APIRouter, Request, Response

from service.context import Service
from service.errors import NotFoundError
from service.http.caching import entity_tag, http_date
from service.http.files import file
from service.http.links import Link, link_header
from service.uris import ascii_url


def router(service: Service) -> APIRouter:
    routes = APIRouter()
    release = service.release

    @routes.api_route("/dump/{name}", methods=["GET", "HEAD"], response_class=Response)
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
        return file(request, release.path / data_set.dump, "application/gzip", headers, release.created)

    return routes
