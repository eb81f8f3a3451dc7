"""How areas became what they are: which versions on one day cover the same ground as versions on another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from service.engine.lookup import Solution

# The method of a change across which figures do not compare.
NONE = "none"


@dataclass(frozen=True)
class Version:
    """An area as it was from `issued` until the day before `valid` (None: still). `code` is the area's notation,
    `parent` the area that it is part of."""

    iri: str
    area: str
    code: str
    issued: date
    valid: date | None
    parent: str

    def on(self, day: date) -> bool:
        return self.issued <= day and (self.valid is None or day < self.valid)


@dataclass(frozen=True)
class Change:
    """Versions that ended with an event and versions that began with it. `method` says how figures compare across it
    (a notation of /code/area-change-method); empty where the data do not say."""

    original: frozenset[str]
    resulting: frozenset[str]
    method: str = ""


@dataclass(frozen=True)
class Match:
    """What covers the ground of some versions on another day. `alike` are versions of the first day that cannot be
    told apart from them there; `exact` is False where land came from, or went, outside the areas known here."""

    sources: frozenset[str]
    alike: frozenset[str]
    exact: bool


class Lineage:
    """All versions of areas and the changes between them."""

    def __init__(self, versions: Iterable[Version], changes: Iterable[Change]) -> None:
        self.versions: Mapping[str, Version] = {each.iri: each for each in versions}
        self.changes = tuple(changes)

    def on(self, day: date) -> frozenset[str]:
        """The versions in force on a day."""
        return frozenset(each.iri for each in self.versions.values() if each.on(day))

    def of(self, area: str, day: date) -> Version | None:
        """The version of an area that was in force on a day."""
        return next((each for each in self.versions.values() if each.area == area and each.on(day)), None)

    def match(self, targets: frozenset[str], then: date, now: date) -> Match:
        """What covers the ground of the targets, versions in force on `now`, on the day `then`."""
        here, there = self.on(now), self.on(then)
        alike, sources, exact = set(targets), set[str](), True
        ahead = list(targets)
        while ahead:
            version = ahead.pop()
            links = self._linked(version, there if version in alike else here)
            for other, closed in links.items():
                exact = exact and closed
                side = sources if version in alike else alike
                if other not in side:
                    side.add(other)
                    if other not in targets:
                        ahead.append(other)
        return Match(frozenset(sources), frozenset(alike - targets), exact)

    def _linked(self, version: str, others: frozenset[str]) -> Mapping[str, bool]:
        """Those of the others that share ground with the version; True where no change in between was open."""
        found = dict.fromkeys(others & {version}, True)
        for other in others:
            if other in self._later[version]:
                found[other] = self._later[version][other]
            elif version in self._later[other]:
                found[other] = self._later[other][version]
        return found

    @cached_property
    def _later(self) -> Mapping[str, Mapping[str, bool]]:
        """Version → versions that came of it, with whether every change in between was closed."""
        steps: dict[str, dict[str, bool]] = {iri: {} for iri in self.versions}
        for change in self.changes:
            for original, resulting in self._steps(change):
                steps[original][resulting] = change.method != NONE if change.method else self.closed(change)
        found: dict[str, dict[str, bool]] = {}
        for iri in sorted(self.versions, key=lambda each: self.versions[each].issued, reverse=True):
            later: dict[str, bool] = {}
            for step, closed in steps[iri].items():
                for other, rest in {step: True, **found.get(step, {})}.items():
                    later[other] = later.get(other, True) and closed and rest
            found[iri] = later
        return found

    def _steps(self, change: Change) -> Iterable[tuple[str, str]]:
        """From each original to each resulting version of the same level: a ward does not become a city."""
        known = self.versions.keys()
        for original in change.original & known:
            for resulting in change.resulting & known:
                if self.versions[original].parent == self.versions[resulting].parent:
                    yield original, resulting

    def closed(self, change: Change) -> bool:
        """Whether the versions after it cover what those before it did. A change in which an area gives way to itself
        alone moved its outer border; one that changes the area around the others moved theirs too."""
        known = [self.versions[each] for each in change.original | change.resulting if each in self.versions]
        areas = {each.area for each in known}
        around = any(each.parent in areas for each in known)
        alone = len(change.original) == len(change.resulting) == 1
        return bool(change.original) and not around and not alone


def read_lineage(versions: Iterable[Solution], changes: Iterable[Solution]) -> Lineage:
    """The solutions of queries/area-versions.rq and queries/area-changes.rq."""
    events: dict[str, dict[str, set[str]]] = {}
    for row in changes:
        known = events.setdefault(row["event"]["value"], {"original": set(), "resulting": set(), "method": set()})
        for name in known.keys() & row.keys():
            known[name].add(row[name]["value"])
    return Lineage(
        map(_version, versions),
        [
            Change(frozenset(each["original"]), frozenset(each["resulting"]), next(iter(each["method"]), ""))
            for each in events.values()
        ],
    )


def _version(row: Solution) -> Version:
    valid = row.get("valid")
    return Version(
        iri=row["version"]["value"],
        area=row["area"]["value"],
        code=row["code"]["value"],
        issued=date.fromisoformat(row["issued"]["value"]),
        valid=date.fromisoformat(valid["value"]) if valid else None,
        parent=row.get("parent", {}).get("value", ""),
    )
