"""Lists of facilities, areas, data sets, observations: filters, pages, facets, in every format of
`service/lists/openapi.py`."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.responses import Response

from service.context import Service
from service.lists.database import open_lists
from service.lists.desk import Desk
from service.lists.kinds import KINDS
from service.lists.observations import Observations
from service.lists.source import Source, of_observations, of_things
from service.lists.writing import Writing
from service.things import context_document
from service.things.jsonld import Writer

METHODS = ["GET", "HEAD"]


def router(service: Service) -> APIRouter:
    """No lists of things for a release that was published without, no observations for one without cubes."""
    context = context_document.read_context(service.urls)
    lists = open_lists(service.release.path)
    credits_ = lists.credits if lists else {}
    observations = Observations(service.release, context, service.entities.describer, credits_)
    # What writing remembers is not made for several threads.
    thread = ThreadPoolExecutor(1, "writing")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        observations.stop()
        thread.shutdown()
        if lists:
            lists.stop()

    routes = APIRouter(lifespan=lifespan, tags=["lists"])
    codes = lists.codes if lists else {}
    writing = Writing(Writer(context, service.urls), service.release.prefixes, codes)
    sources = [of_things(kind, lists) for kind in KINDS] if lists else []
    if observations.cubes:
        sources.append(of_observations(observations))
    for each in sources:
        _add(routes, Desk(service, writing, thread, each), each)
    return routes


def _add(routes: APIRouter, desk: Desk, source: Source) -> None:
    path = source.kind.path
    routes.add_api_route(path, desk.page, methods=["GET"], response_class=Response, **desk.documentation)
    routes.add_api_route(path, desk.page, methods=["HEAD"], include_in_schema=False)
    for each in desk.formats:
        routes.add_api_route(f"{path}.{each.extension}", desk.listed_as(each), methods=METHODS, include_in_schema=False)
