"""SQLite files of a release, which nobody writes any more."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path


class ReadOnly:
    """One file for all threads. Each has a connection of its own, which is SQLite's rule; `prepare` is done to each.

    Immutable: no locks, no journal, nothing is ever written beside it.
    """

    def __init__(self, path: Path, prepare: Callable[[sqlite3.Connection], None] | None = None) -> None:
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._prepare = prepare
        self._local = threading.local()

    @property
    def connection(self) -> sqlite3.Connection:
        """That of the thread that asks."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(self._address, uri=True)
            if self._prepare:
                self._prepare(found)
            self._local.connection = found
        return found
