"""The context that our JSON is written in: everyone may fetch it, and what is published never changes."""

import hashlib
import json
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from service.context import Service
from service.things import context_document
from service.things.frames import FRAMES
from service.things.graph import TYPE
from service.things.jsonld import Writer

# A key may be added: then the new context is a new version, and the old one stays published.
PUBLISHED = {
    "1.0.0": "71c36d33f74d819d9abd30cc86654ae2e9a75bcfa9614af1346d14584d5a1378",
    "1.1.0": "7b21f4f8c522f38952509ac41c70d830c3f698548653a4f9d72afb3329a4ebd4",
    "1.2.0": "3fcf647fce7d1060cca64d11681cb90860e48839c01057938a18e8a90af59d0e",
}


def test_a_published_context_never_changes() -> None:
    content = context_document.FILE.read_bytes()
    assert hashlib.sha256(content).hexdigest() == PUBLISHED[context_document.VERSION], (
        "ontology/context.jsonld differs from the version published: give it the next version"
    )


def test_every_earlier_context_is_what_it_was(client: httpx.Client) -> None:
    assert set(PUBLISHED) == {*context_document.EARLIER, context_document.VERSION}
    for version, (path, file) in zip(context_document.EARLIER, context_document.earlier().items(), strict=True):
        assert hashlib.sha256(file.read_bytes()).hexdigest() == PUBLISHED[version]
        response = client.get(path)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        keys = json.loads(context_document.FILE.read_text(encoding="utf-8"))["@context"]
        assert response.json()["@context"].keys() <= keys.keys()


@pytest.mark.parametrize("path", [context_document.CURRENT, context_document.IMMUTABLE])
def test_the_context_may_be_read_from_any_page(path: str, client: httpx.Client, service: Service) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/ld+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.json()["@context"]["yk"] == f"{service.urls.base_iri}def/core#"
    again = client.get(path, headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.options(path).headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


def test_only_the_versioned_context_is_kept_for_ever(client: httpx.Client) -> None:
    assert "immutable" in client.get(context_document.IMMUTABLE).headers["cache-control"]
    assert "immutable" not in client.get(context_document.CURRENT).headers["cache-control"]


def test_every_key_of_a_frame_is_a_key_of_the_context(writer: Writer) -> None:
    scoped = {name for scope in writer.context.scopes.values() for name in scope.keys}
    for frame in FRAMES:
        assert set(frame.keys) <= set(writer.context.keys) | scoped, frame.name


def test_the_context_declares_every_prefix_that_it_uses() -> None:
    context = json.loads(context_document.FILE.read_text(encoding="utf-8"))["@context"]
    used = {
        text.partition(":")[0]
        for value in context.values()
        for text in ([value] if isinstance(value, str) else [value.get("@id", "")] if isinstance(value, dict) else [])
        if ":" in text and "//" not in text
    }
    assert used <= set(context)


def test_nothing_in_the_service_fetches_a_context(service: Service) -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(context_document.__file__).parent.rglob("*.py"))
    for library in ("pyld", "urllib.request", "http.client", "requests", "httpx", "aiohttp"):
        assert f"import {library}" not in sources
        assert f"from {library}" not in sources


def test_whatever_is_said_of_a_change_of_areas_has_a_key(client: httpx.Client, service: Service) -> None:
    store = ox.Store.read_only(str(service.release.store))
    change = ox.NamedNode("http://www.w3.org/ns/org#ChangeEvent")
    [found, *_] = [each.subject.value for each in store.quads_for_pattern(None, ox.NamedNode(TYPE), change)]
    document = client.get(service.urls.data(service.urls.path(found) or "", "json")).json()
    assert set(document["comparisonMethod"]["label"]) == {"ja", "en"}
    assert not [name for name in document if ":" in name]


def test_whatever_an_observation_says_has_a_key(writer: Writer, service: Service) -> None:
    known = {key.iri for key in writer.context.keys.values()}
    assert service.release.cubes
    for cube in service.release.cubes:
        assert {each.property for each in cube.components} <= known, cube.id
