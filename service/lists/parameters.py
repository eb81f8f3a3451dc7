"""The parameters of a list: one table for reading them, for refusing them and for documenting them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any

from service.errors import BadRequestError
from service.lists import values
from service.lists.database import Lists
from service.lists.kinds import Filter, Kind, Text
from service.lists.selection import DISTANCE, IDENTIFIER, NAME, SORTS, Cursor, Selection
from service.lists.tables import Description, unpacked
from service.lists.values import DEFAULT_LIMIT, MAX_LIMIT, MAX_TEXT, MAX_WITHIN, Unfit

_POINT = re.compile(r"POINT\(([-0-9.]+) ([-0-9.]+)\)")


@dataclass(frozen=True)
class Choice:
    """A value that a parameter may have, with its names in Japanese and English."""

    value: str
    names: Text


@dataclass(frozen=True)
class Parameter:
    """`read` makes a value of all the texts given under the name, or raises Unfit. `label` (Japanese, English) is what
    a form calls it, `ja` and `en` say what it does; `choices` are all values, where they are few enough to choose from.
    """

    name: str
    en: str
    ja: str
    schema: Mapping[str, Any]
    read: Callable[[Sequence[str]], Any]
    example: object = None
    many: bool = False
    required: bool = False
    label: Text = ("", "")
    choices: tuple[Choice, ...] = ()

    def value(self, texts: Sequence[str]) -> Any:
        """BadRequestError names the parameter and what would do."""
        if len(texts) > 1 and not self.many:
            raise refusal(self.name, texts, Unfit("one value only", "1つだけの値"))
        try:
            return self.read(texts)
        except Unfit as wrong:
            raise refusal(self.name, texts, wrong) from wrong

    @property
    def openapi(self) -> dict[str, Any]:
        """A Parameter Object (OpenAPI 3.1, 4.8.12)."""
        about: dict[str, Any] = {
            "name": self.name,
            "in": "query",
            "required": self.required,
            "description": f"{self.en} / {self.ja}",
            "schema": {"title": " / ".join(self.label), **self.schema} if all(self.label) else dict(self.schema),
        }
        if self.many:
            about |= {"style": "form", "explode": True}
        return about if self.example is None else {**about, "example": self.example}


@dataclass(frozen=True)
class Parameters:
    """All parameters of one list, by name. `passed` are read elsewhere, such as the format."""

    kind: Kind
    table: Mapping[str, Parameter]
    passed: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def documented(self) -> list[Parameter]:
        return [*self.table.values(), *self.passed.values()]

    def select(self, given: Iterable[tuple[str, str]]) -> Selection:
        """What the query string asks for; BadRequestError names the first parameter that is not as it should be."""
        texts: dict[str, list[str]] = {}
        for name, value in given:
            texts.setdefault(name, []).append(value)
        self._refuse_unknown(texts)
        read = {name: self.table[name].value(found) for name, found in texts.items() if name in self.table}
        _refuse_contradictions(read)
        filters = {each.name for each in self.kind.filters}
        return Selection(
            list=self.kind.name,
            tags={name: value for name, value in read.items() if name in filters},
            bbox=read.get("bbox"),
            near=read.get("near"),
            within=read.get("within"),
            open_at=read.get("open"),
            words=read.get("q", ()),
            sort=read.get("sort", (IDENTIFIER, False))[0],
            descending=read.get("sort", (IDENTIFIER, False))[1],
            limit=read.get("limit", DEFAULT_LIMIT),
            after=_cursor_for(read),
            count=read.get("count", False),
            facets=read.get("facets", ()),
        )

    def _refuse_unknown(self, texts: Mapping[str, Sequence[str]]) -> None:
        known = [each.name for each in self.documented]
        for name in texts:
            if name not in known:
                raise BadRequestError(
                    f"There is no parameter “{name}” here. There are: {', '.join(known)}.",
                    f"「{name}」というパラメータはありません。使えるのは {'、'.join(known)} です。",
                    parameter=name,
                    allowed=known,
                )


def refusal(name: str, texts: Sequence[str], wrong: Unfit) -> BadRequestError:
    found = ", ".join(texts)[:200]
    fields = {"parameter": name, "expected": wrong.en, "found": found}
    if wrong.allowed:
        fields |= {"allowed": list(wrong.allowed)}  # type: ignore[dict-item]
    return BadRequestError(
        f"Parameter “{name}”: {wrong.en} expected, “{found}” found.",
        f"パラメータ「{name}」には{wrong.ja}が必要です（「{found}」でした）。",
        None,
        **fields,
    )


def parameters(kind: Kind, lists: Lists) -> Parameters:
    """The parameters of a list, with values and examples from the release."""
    example = lists.example(kind.name)
    table = [_filter(each, kind, lists) for each in kind.filters]
    if kind.located:
        table += _places(_position(unpacked(example.description)) if example else None)
    if kind.hours:
        table.append(_OPEN)
    table += [_text(kind), _sort(kind), _LIMIT, _AFTER, _COUNT, _facets(kind)]
    return Parameters(kind, {each.name: each for each in table})


# --- filters by code --------------------------------------------------------------------------


def _filter(about: Filter, kind: Kind, lists: Lists) -> Parameter:
    codes = lists.codes.get(about.name, {})
    items: dict[str, Any] = {"type": "string"}
    if about.named and codes:
        items["enum"] = list(codes)
    example = lists.frequent(kind.name, about.name)
    return Parameter(
        about.name,
        f"Only things with {about.en}; several values: any of them",
        f"{about.ja}で絞り込む。複数ならいずれか",
        {"type": "array", "items": items},
        lambda texts: values.read_codes(texts, codes),
        [example] if example else None,
        many=True,
        label=about.label,
        choices=tuple(Choice(each.value, (each.ja, each.en or each.ja)) for each in codes.values() if about.named),
    )


# --- places and times -------------------------------------------------------------------------


def _position(description: Description) -> tuple[float, float] | None:
    """Latitude and longitude of an example."""
    wkts = (value for said in description.values() for value, *_ in chain.from_iterable(said.values()))
    found = next(filter(None, map(_POINT.fullmatch, wkts)), None)
    return (float(found[2]), float(found[1])) if found else None


def _places(example: tuple[float, float] | None) -> list[Parameter]:
    box = point = None
    if example:
        latitude, longitude = (round(each, 3) for each in example)
        box = ",".join(f"{each:.3f}" for each in (longitude - 0.02, latitude - 0.02, longitude + 0.02, latitude + 0.02))
        point = f"{latitude},{longitude}"
    return [
        Parameter(
            "bbox",
            "Only what meets the box: west,south,east,north in degrees (WGS 84)",
            "矩形と重なるものだけ。西端,南端,東端,北端（度）",
            {"type": "string"},
            lambda texts: values.read_bbox(texts[0]),
            box,
            label=("矩形の範囲", "Box"),
        ),
        Parameter(
            "near",
            "A point, latitude,longitude, for `within` and for sort=distance",
            "地点（緯度,経度）。within と sort=distance で使う",
            {"type": "string"},
            lambda texts: values.read_near(texts[0]),
            point,
            label=("地点", "Point"),
        ),
        Parameter(
            "within",
            f"Only what is at most so many metres from `near` (at most {MAX_WITHIN})",
            f"near からの距離（メートル、{MAX_WITHIN}まで）",
            {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_WITHIN},
            lambda texts: values.read_within(texts[0]),
            1000 if point else None,
            label=("地点からの距離（m）", "Metres from the point"),
        ),
    ]


_OPEN = Parameter(
    "open",
    "Only what is open at this time in Japan, by its published weekly hours (public holidays are not known): "
    "`now` or a time such as 2026-04-01T10:00",
    "公表された曜日ごとの利用時間により、その日時（日本時間）に開いているものだけ（祝日は考慮しない）。now または日時",
    {"type": "string"},
    lambda texts: values.read_open(texts[0]),
    None,
    label=("利用できる日時", "Open at"),
)


# --- text, order, pages -----------------------------------------------------------------------


def _text(kind: Kind) -> Parameter:
    return Parameter(
        "q",
        "Only what mentions all of these words in its name, reading, address or description; width, case and kind of "
        "kana make no difference",
        "名称・読み・住所・説明にこれらの語をすべて含むものだけ。全角・半角、大文字・小文字、かな・カナは区別しない",
        {"type": "string", "minLength": 1, "maxLength": MAX_TEXT},
        lambda texts: values.read_words(texts[0]),
        "横浜市" if kind.name == "facilities" else None,
        label=("言葉", "Words"),
    )


_ORDERS: Mapping[str, Text] = MappingProxyType(
    {
        IDENTIFIER: ("番号順", "identifier"),
        f"-{IDENTIFIER}": ("番号の逆順", "identifier, descending"),
        NAME: ("読みの順", "reading"),
        f"-{NAME}": ("読みの逆順", "reading, descending"),
        DISTANCE: ("地点から近い順", "nearest to the point"),
        f"-{DISTANCE}": ("地点から遠い順", "farthest from the point"),
    }
)


def _sort(kind: Kind) -> Parameter:
    sorts = [each for each in SORTS if each != DISTANCE or kind.located]
    allowed = [sign + each for each in sorts for sign in ("", "-")]

    def read(texts: Sequence[str]) -> tuple[str, bool]:
        chosen = values.read_one_of(texts, allowed)
        return chosen.lstrip("-"), chosen.startswith("-")

    return Parameter(
        "sort",
        f"The order; `{NAME}` is the order of the readings, “-” turns it around",
        f"並び順。{NAME} は読みの順。「-」を付けると逆順",
        {"type": "string", "enum": allowed, "default": IDENTIFIER},
        read,
        NAME,
        label=("並び順", "Order"),
        choices=tuple(Choice(each, _ORDERS[each]) for each in allowed),
    )


_LIMIT = Parameter(
    "limit",
    f"How many things on a page, at most {MAX_LIMIT}",
    f"1ページの件数（{MAX_LIMIT}まで）",
    {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    lambda texts: values.read_limit(texts[0]),
    10,
    label=("1ページの件数", "Things on a page"),
)


_AFTER = Parameter(
    "after",
    "Where the page begins: taken from the `next` link of the page before",
    "ページの始まり。前のページの next のリンクにある値",
    {"type": "string"},
    lambda texts: values.read_cursor(texts[0]),
)


def _cursor_for(read: Mapping[str, Any]) -> Cursor | None:
    cursor: Cursor | None = read.get("after")
    by_number = read.get("sort", (IDENTIFIER, False))[0] == DISTANCE
    if cursor and isinstance(cursor.value, float) != by_number:
        raise refusal("after", [], Unfit("a `next` link of the same `sort`", "同じ sort の「next」のリンクの値"))
    return cursor


_COUNT = Parameter(
    "count",
    "Whether to say how many things there are on all pages together",
    "全体の件数を数えるか",
    {"type": "boolean", "default": False},
    lambda texts: values.read_flag(texts[0]),
    True,
)


def paging() -> tuple[Parameter, ...]:
    """The parameters that every list has."""
    return _LIMIT, _AFTER, _COUNT


def _facets(kind: Kind) -> Parameter:
    allowed = [each.name for each in kind.filters]

    def read(texts: Sequence[str]) -> tuple[str, ...]:
        wanted = [part.strip() for text in texts for part in text.split(",")]
        if not set(wanted) <= set(allowed):
            raise Unfit(f"one or more of {', '.join(allowed)}", f"次のうちの1つ以上: {'、'.join(allowed)}", allowed)
        return tuple(dict.fromkeys(wanted))

    return Parameter(
        "facets",
        "For each of these filters: how many of the things selected have which value",
        "選ばれたものを、これらの項目の値ごとに数える",
        {"type": "array", "items": {"type": "string", "enum": allowed}},
        read,
        [allowed[0]],
        many=True,
    )


def _refuse_contradictions(read: Mapping[str, Any]) -> None:
    needs_point = "within" if "within" in read else ""
    if read.get("sort", ("", False))[0] == DISTANCE:
        needs_point = "sort"
    if needs_point and "near" not in read:
        raise BadRequestError(
            f"Parameter “{needs_point}” needs a point to measure from: give “near” as well.",
            f"パラメータ「{needs_point}」には、距離の起点となる「near」も指定してください。",
            parameter=needs_point,
        )
