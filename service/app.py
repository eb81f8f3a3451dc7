"""The web application: which routers there are, what starts and stops with it, how errors are answered."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from service import openapi
from service.context import Service
from service.http.front import Front
from service.http.problems import HANDLED, Problems
from service.routes import (
    about,
    context,
    crawlers,
    cubes,
    dumps,
    graphs,
    home,
    lists,
    metrics,
    quality,
    queries,
    sparql,
    static,
    things,
)
from service.sparql.asking import Asking

# The order matters only where addresses overlap: none may.
ROUTERS = (
    about.router,
    context.router,
    crawlers.router,
    cubes.router,
    dumps.router,
    home.router,
    lists.router,
    metrics.router,
    quality.router,
    queries.router,
    sparql.router,
    static.router,
    things.router,
)


class _Application(FastAPI):
    """Documents its routes in our way. `root` is the path that addresses begin with, or a slash."""

    root: str = "/"

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = openapi.document(self.title, self.version, self.root, self.routes)
        return self.openapi_schema


def create_app(service: Service) -> FastAPI:
    """The application for one release."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await service.engine.start()
        # What is there by now stays: the collector need not look at it again, nor after every few requests.
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        yield
        await service.engine.stop()

    # The document is a route of ours (service/routes/about.py).
    app = _Application(
        title="Yokohama Linked Open Data", version="1", lifespan=lifespan, openapi_url=None, redirect_slashes=False
    )
    app.root = service.urls.href("/").rstrip("/") or "/"
    problems = Problems(service.pages)
    for each in HANDLED:
        app.add_exception_handler(each, problems.handle)
    for router in ROUTERS:
        app.include_router(router(service))
    asking = Asking(service)
    app.include_router(graphs.router(service, asking))
    app.add_middleware(
        Front, service=service, problems=problems, routes=app.router.routes, direct=sparql.direct(service, asking)
    )
    return app
