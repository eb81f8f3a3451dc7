"""JSON-LD about the facilities, written when a release is built: what applications fetch most then costs one look-up.

The code that makes it is the one that answers for all other things (service/things/entities.py), so what was made by
another edition of it is not used.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import zstandard

from service.readonly import ReadOnly
from service.things.descriptions import Status

FILE = "documents.sqlite"
# Of the compression: a higher one takes longer to write and saves a hundredth.
LEVEL = 9

# A path, what the answer about the thing must know besides (a Status in JSON), and the JSON-LD, compressed.
_TABLES = """
CREATE TABLE about(edition TEXT NOT NULL);
CREATE TABLE document(path TEXT PRIMARY KEY, status TEXT NOT NULL, body BLOB NOT NULL);
"""

Make = Callable[[str], tuple[Status, bytes]]


def write(release: Path, paths: Iterable[str], make: Make, edition: str) -> None:
    """Writes the documents about the things with these paths beside the store of a release."""
    with closing(sqlite3.connect(release / FILE)) as database, database:
        database.executescript(_TABLES)
        database.execute("INSERT INTO about VALUES (?)", (edition,))
        database.executemany("INSERT INTO document VALUES (?, ?, ?)", (_row(path, *make(path)) for path in paths))


def _row(path: str, status: Status, body: bytes) -> tuple[str, str, bytes]:
    return path, json.dumps(asdict(status), ensure_ascii=False), zstandard.compress(body, LEVEL)


class Prepared:
    """Reads what was prepared for one release, if it was made by this edition. Threads may share one."""

    def __init__(self, release: Path, edition: str) -> None:
        path = release / FILE
        self._file = ReadOnly(path)
        self._usable = path.is_file() and self._one("SELECT edition FROM about") == edition

    def status(self, path: str) -> Status | None:
        found = self._one("SELECT status FROM document WHERE path = ?", path) if self._usable else None
        if found is None:
            return None
        fields = json.loads(found)
        lists: dict[str, Any] = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
        return Status(**{**fields, **lists})

    def document(self, path: str) -> bytes | None:
        """JSON-LD about the thing with this path; None if there is none ready."""
        found = self._one("SELECT body FROM document WHERE path = ?", path) if self._usable else None
        return None if found is None else zstandard.decompress(found)

    def _one(self, statement: str, *values: str) -> Any:
        row = self._file.connection.execute(statement, values).fetchone()
        return row[0] if row else None
