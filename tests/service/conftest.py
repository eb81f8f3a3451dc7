"""The service over the real release, and a client that talks to it over a socket."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from service.__main__ import open_service
from service.app import create_app
from service.context import Service
from service.settings import Settings


@pytest.fixture(scope="session")
def service(releases: Path) -> Service:
    return open_service(Settings(releases=releases))


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[httpx.Client]:
    """Speaks to a real server on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(create_app(service), host="127.0.0.1", port=0, log_level="warning"))
    started = threading.Event()
    startup = server.startup

    async def start(sockets: None = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = start  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run)
    thread.start()
    assert started.wait(30)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    server.should_exit = True
    thread.join()
