"""What makes the second answer cheaper: a bounded memory, entity tags, conditional requests."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Remembers what was asked for most recently, up to a total weight. Threads may share one."""

    def __init__(self, capacity: int) -> None:
        self._lock = Lock()
        self._capacity = capacity
        self.weight = 0
        self._entries: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: Value, weight: int) -> None:
        """Remembers it, unless it weighs more than a quarter of all."""
        if weight > self._capacity // 4:
            return
        with self._lock:
            self.weight += weight - self._entries.pop(key, (value, 0))[1]
            self._entries[key] = (value, weight)
            while self.weight > self._capacity:
                self.weight -= self._entries.popitem(last=False)[1][1]


def edition(folder: Path) -> str:
    """Changes when the program, its queries or its templates do, and so the pages they make."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".rq", ".html", ".css", ".svg"}:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def entity_tag(*parts: object) -> str:
    """A strong tag: whatever an answer's bytes depend on goes in."""
    text = "\0".join(map(str, parts))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def unchanged(request: Mapping[str, str], tag: str, modified: datetime) -> bool:
    """Whether 304 answers the request (RFC 9110, 13.2.2: a tag is asked before a date)."""
    wanted = request.get("if-none-match")
    if wanted is not None:
        return wanted.strip() == "*" or tag in _tags(wanted)
    since = request.get("if-modified-since")
    try:
        return since is not None and parsedate_to_datetime(since) >= modified
    except (ValueError, TypeError):
        return False


def _tags(header: str) -> Iterable[str]:
    """The tags of If-None-Match, compared weakly (RFC 9110, 8.8.3.2)."""
    return [each.strip().removeprefix("W/") for each in header.split(",")]
