"""A JSON-LD processor that can fetch nothing but our own context."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pyoxigraph as ox
import pytest
from pyld import jsonld as processor

from service import context_document
from service.context import Service
from service.jsonld import Writer


@pytest.fixture(scope="session")
def writer(service: Service) -> Writer:
    return Writer(context_document.read_context(service.urls), service.urls)


@pytest.fixture(scope="session")
def expanded(service: Service) -> Callable[[bytes], ox.Dataset]:
    """The graph that a standard JSON-LD processor reads from a document."""
    address = service.urls.url(context_document.IMMUTABLE)
    context = json.loads(context_document.text(service.urls))

    def load(url: str, _: dict[str, Any]) -> dict[str, Any]:
        assert url == address, f"a remote context: {url}"
        return {"contextUrl": None, "documentUrl": url, "document": context}

    def expand(document: bytes) -> ox.Dataset:
        options = {"format": "application/n-quads", "documentLoader": load}
        quads = processor.to_rdf(json.loads(document), options)
        return ox.Dataset(ox.parse(quads, format=ox.RdfFormat.N_QUADS))

    return expand


@pytest.fixture(scope="session")
def run() -> Iterator[Callable[..., Any]]:
    with asyncio.Runner() as runner:
        yield runner.run
