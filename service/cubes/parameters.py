"""A query string → what is asked of a cube. Every refusal names the parameter, what came and what would do."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from service import texts
from service.cubes.model import Code, Component, Cube, Measure, natural
from service.errors import BadRequestError

# How an answer looks; everything else that is no component is refused.
PRESENTATION = ("format", "lang", "labels", "bom", "pivot", "limit", "offset", "type")
LIST_PRESENTATION = ("format", "lang")
CHOICE = ("measure", "group", "asOf")
LABELS = ("codes", *texts.LANGUAGES)
ALL, LATEST, RANGE = "*", "latest", ".."
# Names of allowed values that an error lists before it only counts the rest.
NAMED = 30
MAX_PARAMETERS = 100
_CODE = re.compile(r"[\w\-]{1,40}", re.ASCII)
# Characters of a range of codes.
MAX_RANGE = 200

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Selection:
    """What is asked. `filters` holds the chosen codes of each narrowed dimension or attribute; `group` is None for
    the observations as they are, else the dimensions and attributes that are kept. `limit` None: everything."""

    measure: Measure
    filters: Mapping[str, tuple[Code, ...]]
    group: tuple[str, ...] | None
    as_of: date | None
    limit: int | None
    offset: int


@dataclass(frozen=True)
class Presentation:
    """How it is to look. `labels` is codes or a language; `pivot` a dimension whose codes become columns."""

    labels: str
    bom: bool
    pivot: str


def refused(parameter: str, en: str, ja: str, **fields: object) -> BadRequestError:
    return BadRequestError(f"{parameter}: {en}", f"{parameter}: {ja}", None, parameter=parameter, **fields)


def read_area(pairs: Pairs, areas: Callable[[str], bool]) -> str:
    """The code of the area that a list of cubes is about, empty for all; BadRequestError if there is no such area."""
    given = _by_name(pairs)
    _allowed(given, ("refArea", *LIST_PRESENTATION))
    area = _one(given, "refArea")
    if area and not (_CODE.fullmatch(area) and areas(area)):
        raise refused("refArea", f"the code of an area expected, {area[:80]!r} found", "地域のコードを指定してください")
    return area


def says_something(name: str, value: str) -> bool:
    """Whether a parameter would be missed: forms send empty ones, of which only `group=`, the grand total, counts."""
    return bool(value) or name == "group"


def read_selection(pairs: Pairs, cube: Cube, most_rows: int) -> Selection:
    """The selection of a query string; BadRequestError for what the cube does not have."""
    given = _by_name(pairs)
    _known(given, cube)
    filters = {name: found for name in cube.components if (found := _chosen(cube, name, given.get(name, [])))}
    group = _group(given, cube)
    return Selection(
        measure=_measure(given, cube),
        filters=MappingProxyType(filters),
        group=group,
        as_of=_date("asOf", _one(given, "asOf")),
        limit=_whole("limit", _one(given, "limit"), 1, most_rows),
        offset=_whole("offset", _one(given, "offset"), 0, 1_000_000_000) or 0,
    )


def read_presentation(pairs: Pairs, cube: Cube, group: tuple[str, ...] | None) -> Presentation:
    given = _by_name(pairs)
    pivot = _one(given, "pivot")
    kept = tuple(cube.dimension) if group is None else group
    if pivot and pivot not in kept:
        raise _not_one_of("pivot", pivot, kept)
    return Presentation(
        labels=_of("labels", _one(given, "labels") or LABELS[0], LABELS),
        bom=_of("bom", _one(given, "bom") or "0", ("0", "1")) == "1",
        pivot=pivot,
    )


def _by_name(pairs: Pairs) -> Mapping[str, list[str]]:
    """Parameter → its values, split at commas; the same parameter may come several times."""
    if len(pairs) > MAX_PARAMETERS:
        raise BadRequestError(
            f"at most {MAX_PARAMETERS} parameters expected, {len(pairs)} found; separate values by commas",
            f"パラメーターは{MAX_PARAMETERS}個までです（{len(pairs)}個でした）。値はコンマで区切れます",
        )
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).extend(part.strip() for part in value.split(",") if part.strip())
    return found


def _known(given: Mapping[str, list[str]], cube: Cube) -> None:
    _allowed(given, (*cube.dimension, *(each.name for each in cube.coded), *CHOICE, *PRESENTATION))


def _allowed(given: Iterable[str], allowed: Sequence[str]) -> None:
    for name in given:
        if name not in allowed:
            raise refused(
                name,
                f"no such parameter here; there are {', '.join(allowed)}",
                f"このパラメーターはありません。使えるもの: {', '.join(allowed)}",
                allowed=list(allowed),
            )


# --- values of dimensions and attributes --------------------------------------------------------


def _chosen(cube: Cube, name: str, values: list[str]) -> tuple[Code, ...]:
    """The codes that the values name, in the order of the code list; none if nothing narrows the component."""
    if not values or ALL in values:
        return ()
    component = cube.components[name]
    found = {code.notation for value in values for code in _codes(component, value)}
    return tuple(code for code in component.codes if code.notation in found)


def _codes(component: Component, value: str) -> Iterator[Code]:
    if value in component.by_notation:
        yield component.by_notation[value]
    elif value in component.by_iri:
        yield component.by_iri[value]
    elif value == LATEST and component.role == "time" and component.codes:
        yield component.codes[-1]
    elif RANGE in value:
        yield from _between(component, value)
    else:
        raise _not_one_of(component.name, value, component.by_notation)


def _between(component: Component, value: str) -> Iterator[Code]:
    """`1990..2024`: both ends included, either may be left out; `..2024` includes `2024-12`."""
    if len(value) > MAX_RANGE:
        raise _not_one_of(component.name, value, component.by_notation)
    first, _, last = value.partition(RANGE)
    found = [
        code
        for code in component.codes
        if (not first or natural(code.notation) >= natural(first))
        and (not last or natural(code.notation) <= natural(last) or code.notation.startswith(last))
    ]
    if not found and first and last and natural(first) > natural(last):
        raise _reversed(component, first, last)
    if not found:
        raise _not_one_of(component.name, value, component.by_notation)
    yield from found


def _reversed(component: Component, first: str, last: str) -> BadRequestError:
    return refused(
        component.name,
        f"the range {first}{RANGE}{last} ends before it begins; {last}{RANGE}{first} expected",
        f"範囲 {first}{RANGE}{last} は終わりが始まりより前です。{last}{RANGE}{first} のように指定してください",
        allowed=[f"{last}{RANGE}{first}"],
    )


def _not_one_of(parameter: str, value: str, allowed: Iterable[str]) -> BadRequestError:
    names = list(allowed)
    listed = ", ".join(names[:NAMED])
    more_en = f", and {len(names) - NAMED} more (see /structure)" if len(names) > NAMED else ""
    more_ja = f" ほか{len(names) - NAMED}個（/structure を参照）" if len(names) > NAMED else ""
    return refused(
        parameter,
        f"one of {listed}{more_en} expected, “{value[:80]}” found",
        f"{listed}{more_ja} のいずれかが必要です（「{value[:80]}」でした）",
        allowed=names[:NAMED],
    )


# --- the other parameters -----------------------------------------------------------------------


def _measure(given: Mapping[str, list[str]], cube: Cube) -> Measure:
    if not cube.measures:
        raise BadRequestError("this cube has no measure that is a number", "この統計には数値の測度がありません")
    wanted = _one(given, "measure") or cube.measures[0].name
    for measure in cube.measures:
        if measure.name == wanted:
            return measure
    raise _not_one_of("measure", wanted, [each.name for each in cube.measures])


def _group(given: Mapping[str, list[str]], cube: Cube) -> tuple[str, ...] | None:
    """In the order of the structure, however it was asked."""
    if "group" not in given:
        return None
    allowed = [*cube.dimension, *(each.name for each in cube.coded)]
    for name in given["group"]:
        if name not in allowed:
            raise _not_one_of("group", name, allowed)
    return tuple(name for name in allowed if name in given["group"])


def _one(given: Mapping[str, list[str]], name: str) -> str:
    values = given.get(name, [])
    if len(set(values)) > 1:
        raise refused(name, f"one value expected, {len(values)} found", f"値は1つだけです（{len(values)}個でした）")
    return values[0] if values else ""


def _of(parameter: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise _not_one_of(parameter, value, allowed)
    return value


def _date(parameter: str, value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise refused(
            parameter,
            f"a day such as 2024-01-01 expected, “{value[:80]}” found",
            f"2024-01-01 のような日付が必要です（「{value[:80]}」でした）",
        ) from None


def _whole(parameter: str, value: str, least: int, most: int) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 12 and least <= int(value) <= most):
        raise refused(
            parameter,
            f"a whole number from {least} to {most} expected, “{value[:80]}” found",
            f"{least}から{most}までの整数が必要です（「{value[:80]}」でした）",
            least=least,
            most=most,
        )
    return int(value)
