"""Documents that were written when the release was built are the ones that the service would make."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from service.context import Service
from service.engine.lookup import Lookup
from service.formats import JSONLD, PLAIN_JSON, TURTLE
from service.things import prepared
from service.things.descriptions import Status
from service.things.entities import Entities, Subject
from service.things.prepared import FILE, Prepared

STATUS = Status(types=("http://a/", "http://b/"), licenses=("http://c/",), more=True)


@pytest.fixture(scope="module")
def paths(service: Service) -> list[str]:
    """Every fiftieth of the documents that are prepared."""
    with closing(sqlite3.connect(service.release.path / FILE)) as database:
        return [path for (path,) in database.execute("SELECT path FROM document ORDER BY path")][::50]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    prepared.write(tmp_path, ["/id/a", "/id/b"], lambda path: (STATUS, path.encode()), "this")
    return tmp_path


def test_all_facilities_are_prepared(service: Service) -> None:
    with closing(sqlite3.connect(service.release.path / FILE)) as database:
        documents = database.execute("SELECT count(*) FROM document").fetchone()[0]
    with closing(sqlite3.connect(service.release.path / "lists.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM thing WHERE list = 'facilities'").fetchone()[0] == documents


def test_what_is_prepared_is_what_the_service_would_make(service: Service, paths: list[str]) -> None:
    with closing(sqlite3.connect(service.release.path / FILE)) as database:
        if database.execute("SELECT edition FROM about").fetchone()[0] != service.pages.edition:
            pytest.skip("the code of the service has changed since this release was built")
    ready = Prepared(service.release.path, service.pages.edition)
    assert len(paths) > 50
    for path in paths:
        described = service.entities.describer.describe(path, 1)
        assert described is not None
        assert ready.status(path) == described.status
        assert ready.document(path) == service.entities.serialise(described.graph, path, JSONLD)


def test_only_the_first_page_in_json_is_prepared(service: Service, folder: Path) -> None:
    ready = Prepared(folder, "this")
    entities = Entities(service.release, Lookup(service.release.store, service.release.base_iri), {}, 1_000, ready)
    subject = Subject("/id/a")
    assert entities.ready(subject, JSONLD) == entities.ready(subject, PLAIN_JSON) == b"/id/a"
    assert entities.ready(subject, TURTLE) is None
    assert entities.ready(subject, JSONLD, "imi") is None
    assert entities.ready(subject._replace(page=2), JSONLD) is None
    assert entities.ready(Subject("/id/facility/unknown"), JSONLD) is None


def test_documents_of_another_edition_are_not_used(folder: Path) -> None:
    assert Prepared(folder, "this").document("/id/a") == b"/id/a"
    assert Prepared(folder, "this").status("/id/b") == STATUS
    assert Prepared(folder, "other").document("/id/a") is None
    assert Prepared(folder, "other").status("/id/a") is None


def test_a_release_without_documents_is_served(tmp_path: Path) -> None:
    assert Prepared(tmp_path, "this").document("/id/a") is None


def test_a_thing_that_was_withdrawn_is_so_when_it_is_prepared(service: Service, tmp_path: Path) -> None:
    withdrawn = replace(STATUS, invalidated="2026-01-01")
    prepared.write(tmp_path, ["/id/a"], lambda _: (withdrawn, b"{}"), "this")
    assert Prepared(tmp_path, "this").status("/id/a") == withdrawn
    assert asyncio.run(service.entities.status(Subject("/id/facility/unknown"))) is None
