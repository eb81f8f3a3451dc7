"""A series on the boundaries of one day: figures of other days are added up where the sources allow it.

Each figure is marked: comparable (the same version of the area), combined (the sum of versions that cover the same
ground) or not-comparable (the ground cannot be told apart from other areas, or land came from outside).
"""

import asyncio
import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import prod

from service.cubes.asking import Most, ask, sums_in_order
from service.cubes.columns import Columns
from service.cubes.lineage import Lineage, Version
from service.cubes.model import VERSION, Code, Cube, Dimension, Names
from service.cubes.parameters import Selection, refused
from service.cubes.rollup import Plan, differing, plan
from service.cubes.table import COMBINED, COMPARABLE, NOT_COMPARABLE, Number, Row, Table

_PERIOD = re.compile(r"(fy)?([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

# The rows of one period: version → key without area and period → rows, one for each kind of figure.
ByVersion = Mapping[str, Mapping[tuple[str, ...], Sequence[Row]]]


@dataclass(frozen=True)
class _Wanted:
    """One area of the answer, or several together. `key` holds its notation if the answer keeps areas apart."""

    key: tuple[str, ...]
    versions: frozenset[str]


@dataclass(frozen=True)
class _Found:
    """What a period has for what is wanted: the versions to add, and what to say of it."""

    versions: frozenset[str]
    comparability: str
    method: Names


async def series(columns: Columns, cube: Cube, selection: Selection, lineage: Lineage, most: Most) -> Table:
    """The table of a selection with `as_of`.."""
    area, time = cube.role("geo"), cube.role("time")
    if area is None or time is None or selection.as_of is None:
        raise refused(
            "asOf",
            "this cube has no area and period to compare",
            "この統計には比べられる地域と期間がありません",
        )
    group = selection.group if selection.group is not None else tuple(cube.dimension)
    if VERSION in group or VERSION in selection.filters:
        raise refused(
            VERSION,
            "asOf says which versions of areas are meant; leave one of the two out",
            "どの版の地域かはasOfで決まります。どちらかを外してください",
        )
    asked = plan(cube, replace(selection, group=group))
    wanted = _wanted(area, asked, lineage, selection.as_of)
    inner = await ask(columns, cube, _by_version(cube, asked, area, time, lineage), most)
    reader = _Reader(inner, asked, area, time, lineage, selection.as_of)
    return await asyncio.to_thread(reader.table, wanted)


def _wanted(area: Dimension, asked: Plan, lineage: Lineage, day: date) -> list[_Wanted]:
    chosen = asked.selection.filters.get(area.name, ())
    if area.name not in asked.keys:
        versions = [_on(area, lineage, code, day) for code in asked.used[area.name]]
        return [_Wanted((), frozenset(each.iri for each in versions))]
    codes = chosen or tuple(code for code in area.codes if lineage.of(code.iri, day))
    if not codes:
        raise refused(
            "asOf",
            f"no area of this cube has a known boundary on {day}",
            f"{day}の区域がわかる地域がこの統計にはありません",
        )
    return [_Wanted((code.notation,), frozenset({_on(area, lineage, code, day).iri})) for code in codes]


def _on(area: Dimension, lineage: Lineage, code: Code, day: date) -> Version:
    version = lineage.of(code.iri, day)
    if version is None:
        there = [each.notation for each in area.codes if lineage.of(each.iri, day)]
        raise refused(
            area.name,
            f"no boundary of {code.notation} ({code.label('en')}) is known on {day}; there are {', '.join(there[:30])}",
            f"{code.notation}（{code.label('ja')}）の{day}の区域がわかりません。わかるもの: {', '.join(there[:30])}",
            allowed=there[:30],
        )
    return version


def _by_version(cube: Cube, asked: Plan, area: Dimension, time: Dimension, lineage: Lineage) -> Plan:
    """The same question for every area and version that there is, period by period."""
    names = {*asked.keys, *asked.agree, area.name, time.name}
    if VERSION in cube.components:
        names.add(VERSION)
    known = {each.area for each in lineage.versions.values()}
    codes = tuple(code for code in area.codes if code.iri in known)
    filters = {name: codes for name, codes in asked.selection.filters.items() if name != area.name}
    selection = replace(
        asked.selection,
        as_of=None,
        limit=None,
        offset=0,
        filters={**filters, area.name: codes},
        group=tuple(name for name in cube.components if name in names),
    )
    return plan(cube, selection)


class _Reader:
    """Adds up the rows of a table by area, version and period."""

    def __init__(
        self, table: Table, asked: Plan, area: Dimension, time: Dimension, lineage: Lineage, as_of: date
    ) -> None:
        self._table, self._asked, self._lineage, self._as_of = table, asked, lineage, as_of
        self._names = [each.name for each in table.keys]
        self._area, self._time = area, time
        self._periods: dict[str, dict[str, dict[tuple[str, ...], list[Row]]]] = {}
        self._unclear: set[tuple[str, str]] = set()

    def table(self, wanted: Iterable[_Wanted]) -> Table:
        """The answer."""
        self._read()
        rows = [row for each in wanted for row in self._rows(each)]
        return replace(sums_in_order(self._table.cube, self._asked, rows), as_of=self._as_of.isoformat())

    def _read(self) -> None:
        for row in self._table.rows:
            key = dict(zip(self._names, row.key, strict=True))
            version = self._version(key)
            if not version:
                self._unclear.add((key[self._time.name], self._area.by_notation[key[self._area.name]].iri))
            rest = tuple(key[name] for name in self._rest)
            self._periods.setdefault(key[self._time.name], {}).setdefault(version, {}).setdefault(rest, []).append(row)

    @property
    def _rest(self) -> list[str]:
        others = {self._area.name, self._time.name, VERSION, *self._asked.agree}
        return [name for name in self._names if name not in others]

    def _version(self, key: Mapping[str, str]) -> str:
        """The version that a row's figure is for: as it says, else the one in force in its period; empty if that
        changed within it."""
        if VERSION in key:
            code = self._table.cube.components[VERSION].by_notation.get(key[VERSION])
            return code.iri if code else ""
        area = self._area.by_notation[key[self._area.name]].iri
        version = _throughout(key[self._time.name], area, self._lineage)
        return version.iri if version else ""

    def _rows(self, wanted: _Wanted) -> Iterable[Row]:
        """One row a period and other key."""
        for period, by_version in self._periods.items():
            found = self._found(wanted, period, by_version)
            for rest in dict.fromkeys(rest for rows in by_version.values() for rest in rows):
                parts = [by_version.get(version, {}).get(rest, ()) for version in sorted(found.versions)]
                yield self._row(wanted, period, rest, parts, found)

    def _found(self, wanted: _Wanted, period: str, by_version: ByVersion) -> _Found:
        """Which versions of the period stand for what is wanted."""
        known = [self._lineage.versions[each] for each in by_version if each in self._lineage.versions]
        if not known:
            return self._none(wanted.versions, period)
        match = self._lineage.match(wanted.versions, max(each.issued for each in known), self._as_of)
        if not match.sources or not match.sources & by_version.keys():
            return self._none(wanted.versions | match.sources, period)
        if not match.exact:
            return _Found(frozenset(), NOT_COMPARABLE, _OUTSIDE)
        if match.alike:
            return _Found(frozenset(), NOT_COMPARABLE, self._told_apart(match.alike))
        if match.sources == wanted.versions:
            return _Found(match.sources, COMPARABLE, _SAME)
        return _Found(match.sources, COMBINED, self._sum_of(match.sources))

    def _none(self, versions: Iterable[str], period: str) -> _Found:
        """Where no figure is for one of the versions: there is none, or it is for an area that changed meanwhile."""
        areas = {self._lineage.versions[each].area for each in versions}
        if any((period, area) in self._unclear for area in areas):
            return _Found(frozenset(), NOT_COMPARABLE, _MEANWHILE)
        return _Found(frozenset(), "", _NO_FIGURE)

    def _row(
        self,
        wanted: _Wanted,
        period: str,
        rest: tuple[str, ...],
        parts: Sequence[Sequence[Row]],
        found: _Found,
    ) -> Row:
        there = [row for rows in parts for row in rows]
        self._agree(there)
        whole = bool(parts) and all(parts)
        values: list[Number] = [each.value for each in there if each.value is not None]
        named = {self._time.name: period, **dict(zip(self._rest, rest, strict=True))}
        named |= {self._area.name: wanted.key[0]} if wanted.key else {}
        return Row(
            key=tuple(named[name] for name in self._asked.keys),
            value=sum(values) if values and whole else None,
            cells=sum(each.cells for each in there),
            missing=sum(each.missing for each in there),
            suppressed=sum(each.suppressed for each in there),
            absent=self._absent(parts),
            attributes=tuple(
                each.of_sum(self._table.stated(part, each.name) for part in there)
                for each in self._table.cube.shared_beside(self._asked.keys)
            ),
            comparability=found.comparability if whole or not parts else "",
            method=found.method if whole or not parts else _NO_FIGURE,
        )

    def _agree(self, rows: Sequence[Row]) -> None:
        """BadRequestError if figures of different kinds would be added."""
        for name in self._asked.agree:
            kinds = dict.fromkeys(row.key[self._table.place(name)] for row in rows)
            if len(kinds) > 1:
                one, other, *_ = kinds
                raise differing(name, (one, other))

    def _absent(self, parts: Sequence[Sequence[Row]]) -> int | None:
        """How many cells do not exist, in the versions that were to be added; None where it cannot be known."""
        if self._asked.expected is None:
            return None
        each = prod(len(codes) for name, codes in self._asked.used.items() if name != self._area.name)
        return max(
            each * len(parts) - sum(row.cells + row.missing + row.suppressed for rows in parts for row in rows), 0
        )

    def _told_apart(self, alike: Iterable[str]) -> Names:
        codes = sorted({self._lineage.versions[each].code for each in alike})
        ja, en = (", ".join(self._label(code, language) for code in codes) for language in ("ja", "en"))
        return Names(
            f"{ja} と分けられない（合わせれば比べられる）", f"cannot be told apart from {en} (comparable together)"
        )

    def _sum_of(self, versions: Iterable[str]) -> Names:
        """`Totsuka-ku 1986-11-03 + …`: the versions by name and first day."""
        parts = sorted((self._lineage.versions[each] for each in versions), key=lambda each: each.code)
        ja, en = (
            " + ".join(f"{self._label(each.code, language)} {each.issued}" for each in parts)
            for language in ("ja", "en")
        )
        return Names(f"{ja} の合計", f"sum of {en}")

    def _label(self, code: str, language: str) -> str:
        known = self._area.by_notation.get(code)
        return known.label(language) if known else code


def as_today(table: Table, lineage: Lineage) -> frozenset[str]:
    """The areas, the first key of a table, whose boundaries are still those that their figures are for."""
    known = {each.area for each in lineage.versions.values()}
    areas = [(row, table.keys[0].by_notation[row.key[0]].iri) for row in table.rows]
    versions = [(area, _version_of(table, row, area, lineage)) for row, area in areas]
    return frozenset(
        area for area, version in versions if area not in known or (version is not None and version.valid is None)
    )


def _version_of(table: Table, row: Row, area: str, lineage: Lineage) -> Version | None:
    """As the table, the figure or else its period says."""
    if table.as_of:
        return lineage.of(area, date.fromisoformat(table.as_of))
    stated = table.stated(row, VERSION)
    if stated is not None:
        return lineage.versions.get(str(stated))
    periods = [code.notation for each, codes in table.fixed if each.role == "time" for code in codes]
    return _throughout(periods[-1], area, lineage) if periods else None


def _throughout(period: str, area: str, lineage: Lineage) -> Version | None:
    """The version that was in force all through a period."""
    days = period_days(period)
    first, last = (lineage.of(area, day) for day in days) if days else (None, None)
    return last if first == last else None


_SAME = Names("区域は同じ", "the same boundaries")
_NO_FIGURE = Names("この期間の値がない", "no figure for this period")
_MEANWHILE = Names("期間の途中で区域が変わった", "the boundaries changed within the period")
_OUTSIDE = Names("市外との間で区域が変わった", "land came from outside the city, or went there")


def period_days(notation: str) -> tuple[date, date] | None:
    """The first and the last day of a period.

    >>> period_days("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    match = _PERIOD.fullmatch(notation)
    if match is None:
        return None
    year, month, day = (int(each) if each else 0 for each in match.groups()[1:])
    if match[1]:
        return date(year, 4, 1), date(year + 1, 3, 31)
    last = day or calendar.monthrange(year, month or 12)[1]
    return date(year, month or 1, day or 1), date(year, month or 12, last)
