"""Servers of a small synthetic release, with limits of one's choice."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from tests.service.sparql.servers import Server, serving, write_release

Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    write_release(folder)
    return folder


@pytest.fixture(scope="module")
def serve(release: Path) -> Iterator[Serve]:
    """Starts a server with other settings than the usual ones; it runs until the module's last test."""
    with contextlib.ExitStack() as stack:
        yield lambda **named: stack.enter_context(serving(Settings(releases=release, log_level="ERROR", **named)))


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    """A server with the usual settings but for a short deadline."""
    return serve(timeout=2.0)
