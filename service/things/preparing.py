"""A release that is complete but for its documents → the documents of its facilities (service/things/prepared.py)."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from service.engine.lookup import Lookup
from service.formats import JSONLD
from service.http.caching import edition
from service.lists.tables import FILE
from service.release import read_release
from service.things import prepared
from service.things.descriptions import Status
from service.things.entities import Entities
from service.things.prepared import Prepared
from service.uris import UrlSpace

SERVICE = Path(__file__).parent.parent
# Nothing is asked for twice.
_CAPACITY = 8 * 1024 * 1024

Each = Callable[[list[str]], Iterator[str]]


def prepare(folder: Path, each: Each = iter) -> None:
    """Writes them into the folder of the release. `each` may tell people how far the work is."""
    release = read_release(folder)
    made_by = edition(SERVICE)
    entities = Entities(release, Lookup(release.store, release.base_iri), {}, _CAPACITY, Prepared(folder, made_by))

    def make(path: str) -> tuple[Status, bytes]:
        described = entities.describer.describe(path, 1)
        if described is None:
            raise ValueError(f"{path} stands in a list, but the store does not mention it")
        return described.status, entities.serialise(described.graph, path, JSONLD)

    prepared.write(folder, each(_facilities(folder, UrlSpace(release.base_iri))), make, made_by)


def _facilities(folder: Path, urls: UrlSpace) -> list[str]:
    with closing(sqlite3.connect(folder / FILE)) as database:
        iris = [iri for (iri,) in database.execute("SELECT iri FROM thing WHERE list = 'facilities' ORDER BY id")]
    return [path for iri in iris if (path := urls.path(iri)) and "#" not in iri and urls.is_thing(path)]
