"""Servers of a small synthetic release, with limits of one's choice."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from tests.service.sparql.partners import BEHAVIOURS, HERE, NAMED, Partner, partner
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


@pytest.fixture(scope="module")
def stub() -> Iterator[Partner]:
    with partner() as found:
        yield found


@pytest.fixture(scope="module")
def ask(release: Path, stub: Partner) -> Iterator[Server]:
    """A server with every path of the listener as a partner, and one endpoint that nobody listens at."""
    paths = [*BEHAVIOURS, "/slow", "/"]
    endpoints = (*(stub.at(each) for each in paths), stub.at("/good", NAMED), "http://127.0.0.1:1/sparql")
    limits = {"partner_rows": 100, "partner_bytes": 100_000, "partner_seconds": 1.0, "timeout": 20.0}
    settings = Settings(releases=release, log_level="ERROR", partners=endpoints, partner_queries=8, **limits)
    with serving(settings, HERE) as found:
        yield found
