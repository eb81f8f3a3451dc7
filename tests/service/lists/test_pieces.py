"""Pieces of answers that a build prepares: the same as what the service would write itself."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from service.formats import GEOJSON, JSONLD
from service.lists.database import Lists, Page, open_lists
from service.lists.selection import Selection
from service.lists.tables import FILE
from service.lists.writing import Addresses, Writing
from service.things.context_document import read_context
from service.things.jsonld import Writer
from service.uris import UrlSpace

BASE = "http://localhost:8000/"
DATA = Path(__file__).parent / "town.ttl"
ADDRESSES = Addresses(f"{BASE}facilities", f"{BASE}facilities", f"{BASE}facilities", "")


def first_page(lists: Lists) -> Page:
    return lists._page(Selection("facilities"))


@pytest.fixture
def release(tmp_path: Path, write_lists: Callable[..., Path]) -> Path:
    return write_lists(tmp_path, DATA)


def changed(release: Path, statement: str) -> Lists:
    with closing(sqlite3.connect(release / FILE)) as database, database:
        database.execute(statement)
    lists = open_lists(release)
    assert lists
    return lists


def test_prepared_pieces_are_what_would_be_written(release: Path) -> None:
    urls = UrlSpace(BASE)
    prepared = open_lists(release)
    assert prepared
    with_pieces, without = first_page(prepared), first_page(changed(release, "DROP TABLE piece_edition"))
    assert all(each.node and each.feature for each in with_pieces.things)
    assert not any(each.node or each.feature for each in without.things)
    for format_ in (JSONLD, GEOJSON):
        writing = Writing(Writer(read_context(urls), urls), {}, {})
        made = [writing.write(page, ADDRESSES, format_) for page in (with_pieces, without)]
        assert made[0] == made[1]


def test_pieces_of_another_edition_of_the_program_are_not_used(release: Path) -> None:
    lists = changed(release, "UPDATE piece_edition SET edition = 'older'")
    assert not any(each.node for each in first_page(lists).things)
