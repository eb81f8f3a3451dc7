"""Stored queries: /query/{name} is the document about a query, and its results for those who ask for results."""

from dataclasses import replace
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.context import Service
from service.errors import NotFoundError
from service.formats import Format, negotiate
from service.http.replies import Reply, raw_headers
from service.sparql.negotiation import RESULTS
from service.things.asked import Asked, asked
from service.things.documents import FORMATS
from service.things.entities import Subject
from service.things.graph import SH
from service.uris import split_extension

# Extensions that name a format of results and none of documents.
EXTENSIONS = {each.extension: each for each in RESULTS if each.extension not in {one.extension for one in FORMATS}}


def router(service: Service) -> APIRouter:
    routes = APIRouter(tags=["SPARQL"])

    @routes.api_route("/query/{name}", methods=["GET", "HEAD"])
    async def stored(request: Request) -> Response:
        """What a stored query asks, in any format for documents. For a format of results (by Accept, or by an extension
        such as .csv) it leads to /sparql, which runs it."""
        wanted = asked(request.scope)
        path, extension = split_extension(wanted.path, EXTENSIONS)
        results = EXTENSIONS.get(extension) or _results(wanted)
        if results is None:
            reply = await service.documents.answer(replace(wanted, path=f"/doc{wanted.path}"))
            return reply.response()
        text = await _text(service, path)
        place = service.urls.href(f"/sparql.{results.extension}") + f"?query={quote(text, safe='')}"
        headers = {"Location": place, "Vary": "Accept", "Cache-Control": "public, max-age=300"}
        return Reply(303, raw_headers(headers)).response()

    return routes


def _results(wanted: Asked) -> Format | None:
    """The format of results that is accepted where none of documents is."""
    accept = wanted.headers.get("accept")
    return None if negotiate(accept, FORMATS) else negotiate(accept, RESULTS)


async def _text(service: Service, path: str) -> str:
    described = await service.entities.description(Subject(path))
    text = described.graph.first(service.urls.iri(path), f"{SH}select") if described else None
    if text is None:
        raise NotFoundError(f"There is no stored query at {path}.", f"{path} という問い合わせはありません。")
    return text.value
