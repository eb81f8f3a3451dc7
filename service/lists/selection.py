"""What a request selects, and the SQL that finds it. Values reach SQL as parameters only."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

EARTH = 6_371_008.8  # mean radius in metres (IUGG)
DEGREE = math.pi * EARTH / 180  # metres in a degree of latitude
IDENTIFIER, NAME, DISTANCE = "identifier", "name", "distance"
SORTS = (IDENTIFIER, NAME, DISTANCE)
# The parameter for opening hours.
OPEN = "open"
# The trigram index knows nothing shorter (SQLite FTS5, 4.3.5).
TRIGRAM = 3


Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Cursor:
    """The last thing of the page before: the value that the list is sorted by, and the identifier."""

    value: str | float
    identifier: str


@dataclass(frozen=True)
class Selection:
    """Which things of a list, in which order, from where on. `words` are folded; `bbox` is west, south, east, north.

    `near` is latitude and longitude, `within` metres around it; `open_at` a time in Japan.
    """

    list: str
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    bbox: Box | None = None
    near: tuple[float, float] | None = None
    within: float | None = None
    open_at: datetime | None = None
    words: tuple[str, ...] = ()
    sort: str = IDENTIFIER
    descending: bool = False
    limit: int = 100
    after: Cursor | None = None
    count: bool = False
    facets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """SQL with its parameters."""

    sql: str
    values: tuple[Any, ...]


# List, filter, and how many things of the list have a value of it.
STATED = Statement(
    "SELECT list, property, count(DISTINCT thing) FROM tag JOIN thing t ON t.id = tag.thing GROUP BY list, property", ()
)


@dataclass(frozen=True)
class _Condition:
    sql: str
    values: tuple[Any, ...] = ()


_STATED_HOURS = _Condition("SELECT 1 FROM opening o WHERE o.thing = t.id")
_STATED_TAG = "SELECT 1 FROM tag WHERE tag.thing = t.id AND tag.property = ?"


def page(selection: Selection, *, prepared: bool = False) -> Statement:
    """Rows of one page and one more, if there is one. The rows are found and sorted before what they say is read.

    `prepared` says whether there are pieces of answers to be read with them.
    """
    conditions = [*_conditions(selection), *_after(selection)]
    value = _sorted_by(selection)
    direction = "DESC" if selection.descending else "ASC"
    where = " AND ".join(each.sql for each in conditions)
    order = f"value {direction}, identifier {direction}"
    columns, pieces = (", c.node, c.feature", "LEFT JOIN piece c ON c.thing = t.id ") if prepared else ("", "")
    sql = (
        f"SELECT t.id, t.identifier, t.iri, t.description, t.credit, t.license, found.value{columns} FROM ("  # noqa: S608
        f"SELECT t.id, t.identifier, {value.sql} AS value FROM {_source(selection)} WHERE {where} "
        f"ORDER BY {order} LIMIT ?) AS found JOIN thing t ON t.id = found.id {pieces}"
        f"ORDER BY found.value {direction}, found.identifier {direction}"
    )
    values = (each for condition in conditions for each in condition.values)
    return Statement(sql, (*value.values, *values, selection.limit + 1))


def total(selection: Selection) -> Statement:
    where, values = _where(selection)
    return Statement(f"SELECT count(*) FROM {_source(selection)} WHERE {where}", values)  # noqa: S608


def facet(selection: Selection, name: str) -> Statement:
    """How many of the things selected have each value of a tag, the most frequent first."""
    where, values = _where(selection)
    sql = (
        f"SELECT tag.value, count(*) AS n FROM {_source(selection)} "  # noqa: S608
        f"JOIN tag ON tag.thing = t.id AND tag.property = ? WHERE {where} "
        "GROUP BY tag.value ORDER BY n DESC, tag.value"
    )
    return Statement(sql, (name, *values))


def unknown(selection: Selection, name: str) -> Statement:
    """How many things that meet all other filters have no value of this one."""
    tags = {each: values for each, values in selection.tags.items() if each != name}
    others = replace(selection, tags=tags, open_at=None if name == OPEN else selection.open_at)
    where, values = _where(others)
    stated = _STATED_HOURS if name == OPEN else _Condition(_STATED_TAG, (name,))
    sql = f"SELECT count(*) FROM {_source(others)} WHERE {where} AND NOT EXISTS ({stated.sql})"  # noqa: S608
    return Statement(sql, (*values, *stated.values))


def _source(selection: Selection) -> str:
    """Where there is a box, what lies in it is looked up first: CROSS JOIN keeps SQLite to that order."""
    return "place p CROSS JOIN thing t ON t.id = p.id" if _box(selection) else "thing t"


def _where(selection: Selection) -> tuple[str, tuple[Any, ...]]:
    conditions = _conditions(selection)
    values = tuple(each for condition in conditions for each in condition.values)
    return " AND ".join(each.sql for each in conditions), values


def _conditions(selection: Selection) -> list[_Condition]:
    box = _box(selection)
    found = [_indexed(box)] if box else []
    found.append(_Condition("t.list = ?", (selection.list,)))
    found += [_tagged(name, values) for name, values in selection.tags.items()]
    if selection.bbox:
        found.append(_inside(selection.bbox))
    if selection.near:
        found.append(_Condition("t.latitude IS NOT NULL"))
    if selection.near and selection.within is not None:
        found.append(_Condition("metres(t.latitude, t.longitude, ?, ?) <= ?", (*selection.near, selection.within)))
    if selection.open_at:
        found.append(_open(selection.open_at))
    return found + [_mentions(word) for word in selection.words]


def _box(selection: Selection) -> Box | None:
    """The box that was asked for, or the one around a point; of both, the part that they share."""
    around = _around(selection.near, selection.within) if selection.near and selection.within is not None else None
    if around is None or selection.bbox is None:
        return around or selection.bbox
    (west, south, east, north), (w, s, e, n) = around, selection.bbox
    return max(west, w), max(south, s), min(east, e), min(north, n)


def _tagged(name: str, values: tuple[str, ...]) -> _Condition:
    marks = ", ".join("?" * len(values))
    sql = f"t.id IN (SELECT thing FROM tag WHERE property = ? AND value IN ({marks}))"  # noqa: S608
    return _Condition(sql, (name, *values))


def _indexed(box: Box) -> _Condition:
    west, south, east, north = box
    return _Condition("p.east >= ? AND p.west <= ? AND p.north >= ? AND p.south <= ?", (west, east, south, north))


def _inside(bbox: Box) -> _Condition:
    """The index rounds outwards, so points are looked at once more."""
    west, south, east, north = bbox
    sql = "(t.latitude IS NULL OR (t.longitude BETWEEN ? AND ? AND t.latitude BETWEEN ? AND ?))"
    return _Condition(sql, (west, east, south, north))


def _around(near: tuple[float, float], within: float) -> Box:
    latitude, longitude = near
    height = within / DEGREE
    width = height / max(math.cos(math.radians(latitude)), 0.01)
    return longitude - width, latitude - height, longitude + width, latitude + height


def _open(at: datetime) -> _Condition:
    minute = at.hour * 60 + at.minute
    sql = "EXISTS (SELECT 1 FROM opening o WHERE o.thing = t.id AND o.day = ? AND o.opens <= ? AND o.closes > ?)"
    return _Condition(sql, (at.weekday(), minute, minute))


def _mentions(word: str) -> _Condition:
    if len(word) < TRIGRAM:
        return _Condition("instr(t.text, ?) > 0", (word,))
    quoted = '"' + word.replace('"', '""') + '"'
    return _Condition("t.id IN (SELECT rowid FROM words WHERE words MATCH ?)", (quoted,))


def _sorted_by(selection: Selection) -> _Condition:
    if selection.sort == DISTANCE and selection.near:
        return _Condition("metres(t.latitude, t.longitude, ?, ?)", selection.near)
    return _Condition("t.sort_name" if selection.sort == NAME else "t.identifier")


def _after(selection: Selection) -> list[_Condition]:
    if selection.after is None:
        return []
    value = _sorted_by(selection)
    sign = "<" if selection.descending else ">"
    cursor = (selection.after.value, selection.after.identifier)
    return [_Condition(f"({value.sql}, t.identifier) {sign} (?, ?)", (*value.values, *cursor))]


def metres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """The great-circle distance on a sphere (haversine), within 0.5 % of the ellipsoid's.

    >>> round(metres(35.0, 139.0, 36.0, 139.0))
    111195
    """
    south, north = math.radians(latitude), math.radians(to_latitude)
    half_height = math.sin((north - south) / 2)
    half_width = math.sin(math.radians(to_longitude - longitude) / 2)
    chord = half_height**2 + math.cos(south) * math.cos(north) * half_width**2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(chord)))
