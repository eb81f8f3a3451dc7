"""The web application: which routers there are, what starts and stops with it, how errors are answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from service import errors
from service.context import Service
from service.routes import about, context

# The order matters only where addresses overlap: none may.
ROUTERS = (about.router, context.router)


def create_app(service: Service) -> FastAPI:
    """The application for one release."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await service.engine.start()
        yield
        await service.engine.stop()

    app = FastAPI(title="Yokohama Linked Open Data", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_exception_handler(errors.ServiceError, errors.handle)
    for router in ROUTERS:
        app.include_router(router(service))
    return app
