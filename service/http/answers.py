"""An answer whose bytes are known: entity tag, 304, HEAD, CORS (RFC 9110)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response

from service.http.caching import entity_tag, http_date, unchanged
from service.http.links import EVERYWHERE, Link, link_header

NOTHING: Mapping[str, str] = MappingProxyType({})


def answer(
    request: Request,
    body: bytes,
    content_type: str,
    modified: datetime,
    links: Iterable[Link] = (),
    headers: Mapping[str, str] = NOTHING,
) -> Response:
    """200 with the body, or 304 where the client has it already."""
    tag = entity_tag(content_type, body)
    about = {
        **EVERYWHERE,
        "ETag": tag,
        "Last-Modified": http_date(modified),
        **headers,
    }
    if link := link_header(links):
        about["Link"] = link
    if unchanged(request.headers, tag, modified):
        return Response(status_code=304, headers=about)
    about["Content-Length"] = str(len(body))
    return Response(b"" if request.method == "HEAD" else body, 200, about, content_type)
