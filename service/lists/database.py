"""lists.sqlite of a release, opened read-only: pages, counts, facets, codes. Nothing of it runs on the event loop."""

import asyncio
import sqlite3
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from service.errors import TimedOutError
from service.lists import selection as sql
from service.lists.pieces import edition
from service.lists.selection import Cursor, Selection, Statement
from service.lists.tables import FILE, FORMAT
from service.readonly import ReadOnly
from service.release import ReleaseError

THREADS = 2
# Seconds for one statement: twenty thousand things take milliseconds.
TIMEOUT = 5.0
STEPS = 20_000


@dataclass(frozen=True)
class Thing:
    """A row of a page. `description` is packed (service/lists/tables.py); `node` and `feature` are pieces of answers,
    None where none were prepared."""

    id: int
    identifier: str
    iri: str
    description: bytes
    credit: str
    license: str
    value: str | float
    node: bytes | None = None
    feature: bytes | None = None


@dataclass(frozen=True)
class Code:
    """A value that a filter may ask for."""

    value: str
    iri: str
    ja: str
    en: str

    def is_called(self, text: str) -> bool:
        """Whether the text asks for it: by the value or by name."""
        return bool(text) and text in {self.value, self.ja, self.en}


@dataclass(frozen=True)
class Page:
    """`next` is where the next page begins, None on the last. `total` and `facets` only if they were asked for.

    `unknown` says by parameter how many things that meet all the others say nothing of it: they are not on the list,
    and may or may not belong there. `notations` are those of codes whose IRIs do not end in them.
    """

    things: tuple[Thing, ...]
    next: Cursor | None
    total: int | None
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    unknown: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    notations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Lists:
    """The lists of one release."""

    def __init__(self, file: ReadOnly) -> None:
        self._file = file
        self._threads = ThreadPoolExecutor(THREADS, "lists")

    async def page(self, selection: Selection) -> Page:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._page, selection)

    def stop(self) -> None:
        self._threads.shutdown()

    @cached_property
    def codes(self) -> Mapping[str, Mapping[str, Code]]:
        """Filter → its codes by value."""
        found: dict[str, dict[str, Code]] = {}
        statement = Statement("SELECT property, value, iri, ja, en FROM code ORDER BY property, value", ())
        for property_, *row in self._rows(statement):
            found.setdefault(property_, {})[row[0]] = Code(*row)
        return found

    @cached_property
    def _prepared(self) -> bool:
        """Whether the build wrote pieces of answers, and as they would be written here."""
        exists = Statement("SELECT 1 FROM sqlite_master WHERE name = 'piece_edition'", ())
        written = self._rows(exists) and self._rows(Statement("SELECT edition FROM piece_edition", ()))
        return bool(written) and written[0][0] == edition()

    @cached_property
    def credits(self) -> Mapping[str, str]:
        """Data set → how it asks to be credited."""
        return dict(self._rows(Statement("SELECT iri, credit FROM thing WHERE list = 'datasets'", ())))

    def example(self, list_: str) -> Thing | None:
        """The first thing of a list, for the examples of the documentation."""
        things = self._page(Selection(list_, limit=1)).things
        return things[0] if things else None

    def frequent(self, list_: str, property_: str) -> str | None:
        """The value that most things of the list have."""
        rows = self._rows(sql.facet(Selection(list_), property_))
        return rows[0][0] if rows else None

    def _page(self, selection: Selection) -> Page:
        things = tuple(Thing(*row) for row in self._rows(sql.page(selection, prepared=self._prepared)))
        more = len(things) > selection.limit
        shown = things[: selection.limit]
        return Page(
            things=shown,
            next=Cursor(shown[-1].value, shown[-1].identifier) if more else None,
            total=self._rows(sql.total(selection))[0][0] if selection.count else None,
            facets={name: tuple(self._rows(sql.facet(selection, name))) for name in selection.facets},
            unknown=self._unknown(selection),
        )

    def _unknown(self, selection: Selection) -> dict[str, int]:
        asked = [*selection.tags, *([sql.OPEN] if selection.open_at else [])]
        doubtful = [each for each in asked if each not in self._stated.get(selection.list, ())]
        counts = {each: self._rows(sql.unknown(selection, each))[0][0] for each in doubtful}
        return {name: count for name, count in counts.items() if count}

    @cached_property
    def _stated(self) -> Mapping[str, frozenset[str]]:
        """List → the filters that each of its things has a value of."""
        sizes = dict(self._rows(Statement("SELECT list, count(*) FROM thing GROUP BY list", ())))
        found: dict[str, frozenset[str]] = dict.fromkeys(sizes, frozenset())
        for list_, property_, count in self._rows(sql.STATED):
            if count == sizes[list_]:
                found[list_] |= {property_}
        return found

    def _rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        connection = self._file.connection
        deadline = time.monotonic() + TIMEOUT
        connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
        try:
            return connection.execute(statement.sql, statement.values).fetchall()
        except sqlite3.OperationalError as error:
            if time.monotonic() <= deadline:
                raise
            raise TimedOutError(
                f"The list took longer than {TIMEOUT:g} s. Ask for less: a type, a ward, a smaller box.",
                f"一覧の作成に{TIMEOUT:g}秒以上かかりました。種類・区・範囲で絞り込んでください。",
                limit=TIMEOUT,
            ) from error


def open_lists(release: Path) -> Lists | None:
    """The lists of a release; None if it was published without, ReleaseError if they are of another format."""
    path = release / FILE
    if not path.is_file():
        return None
    file = ReadOnly(path, _add_functions)
    found = file.connection.execute("SELECT format FROM about").fetchone()
    if found != (FORMAT,):
        raise ReleaseError(f"{path}: format {FORMAT} expected, {found} found. Build a new release.")
    return Lists(file)


def _add_functions(connection: sqlite3.Connection) -> None:
    connection.create_function("metres", 4, _metres, deterministic=True)


def _metres(latitude: float | None, longitude: float | None, *to: float) -> float | None:
    """NULL for what has no point: SQLite may ask before it looks whether there is one."""
    return None if latitude is None or longitude is None else sql.metres(latitude, longitude, *to)
