"""What a release has prepared about the things of its lists: one row, instead of a look-up in the store for the thing
and for each of its parts."""

import sqlite3
import threading
from pathlib import Path

from service.lists.tables import FILE, unpacked
from service.things.graph import GEO, Term, told

_DESCRIPTION = "SELECT description FROM thing WHERE iri = ? LIMIT 1"


class Prepared:
    """Reads lists.sqlite of one release, which may be absent. Threads may share one."""

    def __init__(self, release: Path) -> None:
        self._path = release / FILE
        self._exists = self._path.is_file()
        self._local = threading.local()

    def parts(self, iri: str) -> dict[str, dict[str, tuple[Term, ...]]]:
        """What is said of a thing, its blank nodes and its geometry, by subject; nothing of what stands in no list."""
        row = self._connection.execute(_DESCRIPTION, (iri,)).fetchone() if self._exists else None
        if row is None:
            return {}
        description = unpacked(row[0])
        whole = {iri, *(value for value, *_ in description[iri].get(f"{GEO}hasDefaultGeometry", ()))}
        # The rest are names of what the thing refers to.
        parts = {each: said for each, said in description.items() if each in whole or each.startswith("_:")}
        return told(parts)

    @property
    def _connection(self) -> sqlite3.Connection:
        """One for each thread: SQLite's own rule for connections."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            self._local.connection = found
        return found
