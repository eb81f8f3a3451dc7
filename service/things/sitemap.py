"""Everything that has a page, in windows that fit into a sitemap: the pages of the site itself, what the release lists,
then the observations.

The release's `sitemap.tsv` has a line a thing: its path, and the day on which it last changed, if one is known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.release import Release
from service.things.entities import Entities
from service.uris import UrlSpace

FILE = "sitemap.tsv"
SITE, THINGS = "site", "things"
# Things in one sitemap; the protocol allows 50,000 (sitemaps.org/protocol.html).
SIZE = 10_000


@dataclass(frozen=True)
class Page:
    """The path of a page and the day on which what it is about last changed."""

    path: str
    modified: str


@dataclass(frozen=True)
class Window:
    """A sitemap. `modified` is the latest day in it."""

    name: str
    number: int
    modified: str


class Sitemap:
    """The windows of one release. `site` are the pages that are about no one thing; those of cubes come with them. What
    names no day has that of the release."""

    def __init__(self, release: Release, entities: Entities, site: Sequence[str]) -> None:
        self._release = release
        self._urls = UrlSpace(release.base_iri)
        self._entities = entities
        self._things = _read(release.path / FILE)
        self._day = f"{release.created:%Y-%m-%d}"
        modified = {each.iri: each.modified for each in release.datasets}
        self._site = site
        self._cubes = {each.id: (each.iri, each.rows, modified.get(each.iri) or self._day) for each in release.cubes}

    def windows(self) -> Iterator[Window]:
        yield Window(SITE, 0, max(each.modified for each in self._pages()))
        for start in range(0, len(self._things), SIZE):
            days = (day or self._day for _, day in self._things[start : start + SIZE])
            yield Window(THINGS, start // SIZE, max(days))
        for id_, (_, rows, modified) in self._cubes.items():
            for start in range(0, rows, SIZE):
                yield Window(id_, start // SIZE, modified)

    async def pages(self, name: str, number: int) -> list[Page]:
        """The pages of a window; none if there is no such window."""
        start = number * SIZE
        if name == SITE:
            return list(self._pages())[start : start + SIZE]
        if name == THINGS:
            found = self._things[start : start + SIZE]
            return [Page(self._urls.page(path), day or self._day) for path, day in found]
        iri, rows, modified = self._cubes.get(name, ("", 0, ""))
        if start >= rows:
            return []
        listed = await self._entities.rows("sitemap-observations", {"dataset": iri}, start)
        paths = (self._urls.path(row["thing"]["value"]) for row in listed)
        return [Page(self._urls.page(path), modified) for path in paths if path and self._urls.is_thing(path)]

    def _pages(self) -> Iterator[Page]:
        yield from (Page(path, self._day) for path in self._site)
        yield from (Page(f"/cubes/{id_}", modified) for id_, (_, _, modified) in self._cubes.items())


def _read(path: Path) -> list[tuple[str, str]]:
    """Path and day of everything listed; a release without the file lists its observations only."""
    if not path.is_file():
        return []
    lines = (line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(thing, day) for thing, _, day in lines]
