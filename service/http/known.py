"""Requests that were answered before, word for word: what the server's protocol asks before it asks the application."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from service.http.replies import RawHeaders, Reply

# From the target below the base IRI and the headers of a GET without a body to its answer, if that is remembered.
Find = Callable[[bytes, RawHeaders], Reply | None]

_SEGMENT = re.compile(rb"/([a-z]+)")


class AsAsked(NamedTuple):
    """A target, and those headers that its answer depends on."""

    target: bytes
    preferences: tuple[tuple[bytes, bytes], ...]

    @property
    def weight(self) -> int:
        """Bytes that remembering it takes, about."""
        return 400 + len(self.target) + sum(len(value) for _, value in self.preferences)


def as_asked(target: bytes, headers: RawHeaders, preferences: frozenset[bytes]) -> AsAsked:
    """`preferences` are the names of headers that count."""
    return AsAsked(target, tuple(each for each in headers if each[0] in preferences))


class Known:
    """Who remembers answers, by how the first segment of their addresses begins."""

    def __init__(self, base_iri: str) -> None:
        self._prefix = urlsplit(base_iri).path[:-1].encode()
        self._finders: dict[bytes, Find] = {}

    def add(self, beginning: bytes, find: Find) -> None:
        self._finders[beginning] = find

    def __call__(self, target: bytes, headers: RawHeaders) -> Reply | None:
        target = target.removeprefix(self._prefix)
        beginning = _SEGMENT.match(target)
        find = self._finders.get(beginning[1]) if beginning else None
        return find(target, headers) if find else None
