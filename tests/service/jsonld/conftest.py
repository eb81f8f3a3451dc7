"""The writer of JSON-LD for the release being served, and a loop to ask in."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from service.context import Service
from service.things import context_document
from service.things.jsonld import Writer


@pytest.fixture(scope="session")
def writer(service: Service) -> Writer:
    return Writer(context_document.read_context(service.urls), service.urls)


@pytest.fixture(scope="session")
def run() -> Iterator[Callable[..., Any]]:
    with asyncio.Runner() as runner:
        yield runner.run
