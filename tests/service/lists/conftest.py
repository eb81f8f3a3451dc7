"""Lists of a small invented town: every filter has something to find and something to leave out."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders import lists as writing
from loaders.release import Draft
from service.lists.database import Lists, open_lists

DATA = Path(__file__).parent / "town.ttl"
BASE = "http://localhost:8000/"
CODES = Path(__file__).parents[3] / "ontology" / "codelists"


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lists]:
    lists = open_lists(written(tmp_path_factory.mktemp("town"), DATA))
    assert lists
    yield lists
    lists.stop()


def written(folder: Path, *files: Path) -> Path:
    """The files and the code lists as a store, with its lists beside it."""
    store = ox.Store(str(folder / "store"))
    for file in (*files, *CODES.glob("*.ttl")):
        store.bulk_load(path=file, base_iri=BASE)
    store.flush()
    del store
    writing.write(Draft(folder, "20260101T000000Z", BASE, folder))
    return folder


@pytest.fixture(scope="session")
def write_lists() -> Callable[..., Path]:
    return written
