"""Every address that can be asked is described in docs/."""

import re
from pathlib import Path

import pytest

from service.app import create_app
from service.opening import open_service
from service.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))


@pytest.fixture(scope="module")
def addresses(releases: Path) -> set[str]:
    """The addresses of all routes, up to what varies in them."""
    app = create_app(open_service(Settings(releases=releases)))
    paths = [str(path) for route in app.routes for path in _paths(route)]
    return {re.split(r"\{|\.(?:csv|geojson|html|json|jsonld|ttl)$", path)[0].rstrip("/.") or "/" for path in paths}


def _paths(route: object) -> list[str]:
    inner = getattr(getattr(route, "original_router", None), "routes", None)
    return [each.path for each in inner] if inner else [getattr(route, "path", "/")]


def test_every_address_stands_in_the_documents(addresses: set[str]) -> None:
    assert len(addresses) > 15
    missing = {each for each in addresses if f"`{each}" not in DOCUMENTS and f" {each}" not in DOCUMENTS}
    assert not missing
