"""A service over a real release, in process and without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.context import Service
from service.opening import open_service
from service.settings import Settings


@pytest.fixture(scope="session")
def service(releases: Path) -> Service:
    """The service for the release of all embedded data."""
    return open_service(Settings(releases=releases))


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[TestClient]:
    """Asks the service; follows no redirects."""
    with TestClient(create_app(service), base_url=service.release.base_iri, follow_redirects=False) as client:
        yield client
