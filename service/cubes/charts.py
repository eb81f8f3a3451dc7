"""Tables of cubes → Vega-Lite drawings: a line chart, a population pyramid, a map of areas.

Whatever colour says is said a second way: by dashes and a name at the end of a line, by the side of a bar, by the
number on an area. Gaps stay gaps: a missing figure breaks the line and is never drawn as zero.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from service.cubes.labelling import roomiest
from service.cubes.model import VERSION, Code, Component, Dimension, Names
from service.cubes.parameters import refused
from service.cubes.table import NOT_COMPARABLE, STATES, Row, Table, marked, plain
from service.cubes.write_csv import fact_text, key_text
from service.cubes.write_json import status_of, value_or_none
from service.things.geojson import geometry

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONTS = "Noto Sans JP, Noto Sans CJK JP, Hiragino Sans, Yu Gothic, Meiryo, IPAGothic, sans-serif"
# Distinguishable with any colour vision: the palette of Okabe and Ito, without yellow.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#56b4e9", "#e69f00", "#666666")
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (1, 0), (4, 2), (10, 4), (2, 4))
MAX_SERIES = len(COLOURS)
# Labels of an axis that leave room to their neighbours; those that find none are left out.
APART = MappingProxyType({"labelOverlap": "greedy", "labelSeparation": 10})
MAX_NAMED = 45  # bars of a pyramid
MAX_ADDED = 4  # codes that a title names
WIDTH = 640
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")

WORDS: Mapping[str, Names] = MappingProxyType(
    {
        "unit": Names("単位", "Unit"),
        "source": Names("出典", "Source"),
        "note": Names("注", "Note"),
        "ground": Names("区域が変わったところで線を切っている", "lines break where the boundaries changed"),
        "as_of": Names("{}の区域", "boundaries of {}"),
        "undrawn": Names(
            "当時の区域が今と異なる地域など、境界のデータがない地域は描いていない",
            "areas of which there is no outline, such as those with other boundaries then, are not drawn",
        ),
        "left_out": Names("比べられない時点の値は示していない", "figures that cannot be compared are left out"),
        "male": Names("男", "male"),
        "female": Names("女", "female"),
        "none": Names("値なし", "no figure"),
        "approximate": Names("概数を含む（{}）", "some figures are approximate ({})"),
    }
)


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite specification and what it shows in words."""

    spec: Mapping[str, Any]
    title: str
    notes: tuple[str, ...]
    alternative: str

    def in_font(self, family: str) -> Mapping[str, Any]:
        """The specification with another font first."""
        return {**self.spec, "config": {**self.spec["config"], "font": f"{family}, {FONTS}"}}


def word(key: str, language: str) -> str:
    return WORDS[key].text(language)


# --- a line for each series ---------------------------------------------------------------------


def line(table: Table, language: str, outlines: Mapping[str, str]) -> Chart:  # noqa: ARG001 - charts are called alike
    """Values over time; a series for each combination of the other keys, at most as many as can be told apart."""
    time = _key(table, "time", "type=line")
    others = [each for each in table.keys if each is not time]
    place = table.place(time.name)
    points = [_point(table, row, place, others, language) for row in table.rows]
    series = list(dict.fromkeys(point["series"] for point in points))
    if len(series) > MAX_SERIES:
        en, ja = (", ".join(each.label(name) for each in others) for name in ("en", "ja"))
        raise refused(
            "type",
            f"a line chart shows at most {MAX_SERIES} lines, {len(series)} found; choose fewer values of {en}",
            f"折れ線は{MAX_SERIES}本までです（{len(series)}本でした）。{ja}の値を絞ってください",
            limit=MAX_SERIES,
        )
    dated = all(_DAY.fullmatch(point["period"]) for point in points)
    order = [code.notation for code in time.codes]
    axis = _time_axis(time, dated, order, language)
    return _chart(table, language, _layers(table, points, series, axis, language), 300)


def _point(table: Table, row: Row, place: int, others: Sequence[Component], language: str) -> dict[str, Any]:
    named = dict(zip((each.name for each in table.keys), row.key, strict=True))
    return {
        "period": row.key[place],
        "value": value_or_none(row.value),
        "series": " ".join(key_text(each, named[each.name], language) for each in others),
        "status": _status(table, row, language),
        "ground": _ground(table, row, language),
    }


def _ground(table: Table, row: Row, language: str) -> str:
    """Changes where a line must break: the area became another in between."""
    named = zip(table.attributes, row.attributes, strict=True)
    found = (fact_text(each, value, language) for each, value in named if each.name == VERSION)
    return "" if table.as_of else next(found, "")


def _status(table: Table, row: Row, language: str) -> str:
    """What makes a figure other than an ordinary one, in words."""
    approximation = table.approximation(row)
    return ", ".join([*_state(table, row, language), *([approximation.label(language)] if approximation else [])])


def _state(table: Table, row: Row, language: str) -> list[str]:
    if row.state:
        return [STATES[row.state].text(language)]
    status, component = status_of(table, row), table.cube.status
    return [key_text(component, status, language)] if component and status not in {"", "A"} else []


def _time_axis(time: Component, dated: bool, order: Sequence[str], language: str) -> Mapping[str, Any]:
    title = {"title": time.label(language)}
    if not dated:
        return {"field": "period", "type": "ordinal", "sort": list(order), **title}
    axis = {"format": "%Y-%m" if any("-" in each for each in order) else "%Y", "labelFlush": False, **APART}
    return {"field": "period", "type": "temporal", "scale": {"type": "utc"}, "axis": axis, **title}


def _layers(
    table: Table, points: Sequence[Mapping[str, Any]], series: Sequence[str], axis: Mapping[str, Any], language: str
) -> Mapping[str, Any]:
    value = {
        "field": "value",
        "type": "quantitative",
        "title": table.measure.label(language),
        "axis": {"format": ",~f"},
    }
    told: dict[str, Any] = {"field": "series", "type": "nominal", "legend": None, "sort": list(series)}
    colour = {**told, "scale": {"domain": list(series), "range": list(COLOURS[: len(series)])}}
    dash = {**told, "scale": {"domain": list(series), "range": [list(each) for each in DASHES[: len(series)]]}}
    noted = any(point["status"] for point in points if point["value"] is not None)
    mark = {
        "mark": {"type": "line", "strokeWidth": 2, "invalid": "break-paths-show-path-domains"},
        "encoding": {"color": colour, "strokeDash": dash, "detail": {"field": "ground"}},
    }
    dots = {
        "transform": [{"filter": "isValid(datum.value)"}],
        "mark": {"type": "point", "filled": True, "size": 28},
        "encoding": {"color": colour, **(_shapes(points) if noted else {})},
    }
    names = {**_last_points(), "encoding": {"text": {"field": "series"}, "color": colour}}
    return {"data": {"values": list(points)}, "encoding": {"x": axis, "y": value}, "layer": [mark, dots, names]}


def _last_points() -> Mapping[str, Any]:
    """A text at the end of each line."""
    return {
        "transform": [
            {"filter": "isValid(datum.value)"},
            {"window": [{"op": "row_number", "as": "last"}], "groupby": ["series"],
             "sort": [{"field": "period", "order": "descending"}]},
            {"filter": "datum.last == 1"},
        ],
        "mark": {"type": "text", "align": "left", "dx": 7, "limit": 140},
    }  # fmt: skip


def _shapes(points: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """A shape a status, explained by a legend."""
    statuses = sorted({point["status"] for point in points if point["value"] is not None})
    shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
    scale = {"domain": statuses, "range": [shapes[place % len(shapes)] for place in range(len(statuses))]}
    legend = {"title": None, "orient": "bottom", "values": [each for each in statuses if each], "labelLimit": 400}
    return {"shape": {"field": "status", "type": "nominal", "scale": scale, "legend": legend}}


# --- a pyramid of ages and sexes ----------------------------------------------------------------


def pyramid(table: Table, language: str, outlines: Mapping[str, str]) -> Chart:  # noqa: ARG001 - charts are called alike
    """Men to the left, women to the right, the oldest on top."""
    names = [each.name for each in table.keys]
    if sorted(names) != ["age", "sex"]:
        raise refused(
            "type",
            "a pyramid needs rows of age and sex and nothing else: choose one value of every other dimension",
            "ピラミッドは年齢と男女別だけの表から描きます。ほかの次元は値を1つ選んでください",
        )
    table = finest_ages(table)
    age, sex = table.keys[table.place("age")], table.place("sex")
    bars = [
        {
            "age": age.by_notation[row.key[1 - sex]].label(language),
            "value": (-1 if row.key[sex] == "M" else 1) * float(row.value or 0),
            "side": row.key[sex],
            "mark": "" if row.value is not None and marked(table, row) == plain(row.value) else marked(table, row),
        }
        for row in table.rows
        if row.key[sex] in {"M", "F"}
    ]
    if len({bar["side"] for bar in bars}) < 2:
        raise refused("type", "a pyramid needs figures of men and of women", "男女別の値がないため描けません")
    order = [age.by_notation[each].label(language) for each in reversed(list(table.used("age")))]
    return _chart(
        table, language, _bars(table, bars, order, age.label(language), language), min(max(20 * len(order), 120), 900)
    )


def finest_ages(table: Table) -> Table:
    """Without the totals and groups of ages whose parts are there too: a pyramid shows nobody twice."""
    parts, place = table.cube.dimension["age"].parts, table.place("age")
    occurring = set(table.used("age"))
    rows = (row for row in table.rows if not parts.get(row.key[place], frozenset()) & occurring)
    return replace(table, rows=tuple(rows))


def _bars(
    table: Table, bars: Sequence[Mapping[str, Any]], order: Sequence[str], title: str, language: str
) -> Mapping[str, Any]:
    number = "format(abs(datum.value), ',~f')"
    male, female = word("male", language), word("female", language)
    sides = {"domain": ["M", "F"], "range": [COLOURS[0], COLOURS[1]]}
    text = f"datum.value < 0 ? '← {male}  ' + {number} : datum.value > 0 ? {number} + '  {female} →' : {number}"
    return {
        "data": {"values": list(bars)},
        "encoding": {
            "y": {"field": "age", "type": "ordinal", "sort": list(order), "title": title,
                  "axis": {"values": _named(order), "labelOverlap": False}},
            "x": {"field": "value", "type": "quantitative", "title": table.measure.label(language),
                  "axis": {"labelExpr": text, "tickCount": 6, **APART}},
        },
        "layer": [
            {"mark": "bar", "encoding": {"color": {"field": "side", "scale": sides, "legend": None}}},
            {"mark": {"type": "text", "align": "center"}, "encoding": {"text": {"field": "mark"}, "x": {"datum": 0}}},
        ],
    }  # fmt: skip


def _named(order: Sequence[str]) -> Sequence[str]:
    """The bars that are named: all, or every fifth from the top and the last, which may be of ages not known."""
    return order if len(order) <= MAX_NAMED else [*order[:-1:5], order[-1]]


# --- a map of areas -----------------------------------------------------------------------------


def area_map(table: Table, language: str, outlines: Mapping[str, str]) -> Chart:
    """Areas that have an outline, shaded by value and labelled with name and number."""
    area = _key(table, "geo", "type=map")
    if len(table.keys) > 1:
        raise refused(
            "type",
            "a map shows one value an area: choose one value of every other dimension",
            "地図は地域ごとに1つの値を示します。ほかの次元は値を1つ選んでください",
        )
    wkts = ((row, outlines.get(area.by_notation[row.key[0]].iri, "")) for row in table.rows)
    drawn = [(row, outline) for row, wkt in wkts if (outline := geometry(wkt))]
    if not drawn:
        raise refused("type", "no area of the answer has an outline", "答えの地域には境界のデータがありません")
    squeeze = math.cos(math.radians(_middle([outline["coordinates"] for _, outline in drawn])[1]))
    shapes = [_shape(table, row, outline, squeeze, language) for row, outline in drawn]
    notes = [word("undrawn", language)] if _undrawn(table, [row for row, _ in drawn]) else []
    return _chart(table, language, _areas(table, shapes, language), 720, notes)


def _undrawn(table: Table, drawn: Sequence[Row]) -> bool:
    """Whether an area has a figure but no outline, and holds no other areas."""
    area, keys = table.keys[0], {row.key for row in drawn}
    whole = area.parts if isinstance(area, Dimension) else {}
    return any(row.value is not None and row.key not in keys and row.key[0] not in whole for row in table.rows)


def _shape(table: Table, row: Row, shape: Mapping[str, Any], squeeze: float, language: str) -> Mapping[str, Any]:
    """A feature on a plane: longitudes are squeezed by the cosine of the middle latitude of the map."""
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    flat = [[[[x * squeeze, y] for x, y in ring] for ring in polygon] for polygon in polygons]
    place = roomiest(max(flat, key=lambda polygon: len(polygon[0]))[0])
    name = table.keys[0].by_notation[row.key[0]].label(language)
    value = marked(table, row, ",") or word("none", language)
    return {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": flat},
        "properties": {"name": name, "value": value_or_none(row.value), "text": value, "x": place[0], "y": place[1]},
    }


def _dark(values: Sequence[float | None]) -> float:
    """From which value on the shade of an area is too dark for black letters: white ones have a contrast of 4 there."""
    known = [each for each in values if each is not None]
    return min(known) + 0.6 * (max(known) - min(known)) if known else 0.0


def _middle(coordinates: Any) -> tuple[float, float]:
    """The middle of the box around all positions."""
    xs, ys = zip(*_positions(coordinates), strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _positions(coordinates: Any) -> list[tuple[float, float]]:
    if isinstance(coordinates[0], (int, float)):
        return [(coordinates[0], coordinates[1])]
    return [position for each in coordinates for position in _positions(each)]


def _areas(table: Table, shapes: Sequence[Mapping[str, Any]], language: str) -> Mapping[str, Any]:
    plane = {"type": "identity", "reflectY": True}
    shade = {
        "condition": {
            "test": "isValid(datum.properties.value)", "field": "properties.value", "type": "quantitative",
            "scale": {"scheme": "blues"}, "title": table.measure.label(language), "legend": {"format": ",~f"},
        },
        "value": "#eeeeee",
    }  # fmt: skip
    labels = [dict(each["properties"]) for each in shapes]
    dark = f"isValid(datum.value) && datum.value > {_dark([each['value'] for each in labels])}"
    text = {"type": "text", "fontSize": 11, "strokeWidth": 2.5}
    ink = {"condition": {"test": dark, "value": "white"}, "value": "#111"}
    halo = {"condition": {"test": dark, "value": "#08306b"}, "value": "white"}
    place = {"longitude": {"field": "x", "type": "quantitative"}, "latitude": {"field": "y", "type": "quantitative"}}
    lines = [("name", -6), ("text", 6)]
    return {
        "projection": plane,
        "layer": [
            {"data": {"values": list(shapes)}, "mark": {"type": "geoshape", "stroke": "#444", "strokeWidth": 0.8},
             "encoding": {"color": shade}},
            *(
                {"data": {"values": labels}, "mark": {**text, "dy": dy},
                 "encoding": {**place, "text": {"field": field}, "color": ink, **around}}
                for field, dy in lines
                for around in ({"stroke": halo}, {"strokeWidth": {"value": 0}})
            ),
        ],
    }  # fmt: skip


# --- what all charts have -----------------------------------------------------------------------

DRAWINGS: Mapping[str, Callable[[Table, str, Mapping[str, str]], Chart]] = MappingProxyType(
    {"line": line, "pyramid": pyramid, "map": area_map}
)


def _key(table: Table, role: str, parameter: str) -> Component:
    found = next((each for each in table.keys if each.role == role), None)
    if found is None:
        name = {"time": "refPeriod", "geo": "refArea"}[role]
        raise refused("group", f"{parameter} needs {name} in group", f"{parameter} にはgroupの {name} が必要です")
    return found


def title_of(table: Table, language: str) -> str:
    """What is shown: the measure and the values that were fixed."""
    fixed = [_fixed(each, codes, language) for each, codes in table.fixed if not _is_whole(each, codes)]
    ground = [word("as_of", language).format(table.as_of)] if table.as_of else []
    parts = [table.measure.label(language), *fixed, *ground]
    return "・".join(parts) if language == "ja" else ", ".join(parts)


def _is_whole(component: Component, codes: Sequence[Code]) -> bool:
    """Whether the parts of a dimension without a total were added up, all of them."""
    return isinstance(component, Dimension) and len(codes) > 1 and set(codes) == set(component.broadest)


def _fixed(component: Component, codes: Sequence[Code], language: str) -> str:
    """`Y0T4 + Y5T9`; of many only the first and the last."""
    names = [component.name_of(code, language) for code in codes]
    return " + ".join(names if len(names) <= MAX_ADDED else [names[0], "…", names[-1]])


def notes_of(table: Table, language: str) -> list[str]:
    """Unit, source and what there is to know of the values, one sentence a note."""
    about = table.cube.about
    unit = table.measure.unit
    notes = [f"{word('unit', language)}: {unit.label(language)}"] if unit else []
    notes.append(f"{word('source', language)}: {about.credit.text(language) or about.title.text(language)}")
    states = dict.fromkeys(row.state for row in table.rows if row.state)
    said = [word("left_out", language) if each == NOT_COMPARABLE else STATES[each].text(language) for each in states]
    if any(each.role == "time" for each in table.keys) and _breaks(table, language):
        said.append(word("ground", language))
    approximations = dict.fromkeys(code.label(language) for row in table.rows if (code := table.approximation(row)))
    if approximations:
        said.append(word("approximate", language).format(", ".join(approximations)))
    notes += [f"{word('note', language)}: {each}" for each in said]
    return notes


def _breaks(table: Table, language: str) -> bool:
    """Whether one line at least is for different boundaries."""
    at = next(at for at, each in enumerate(table.keys) if each.role == "time")
    grounds = {((*row.key[:at], *row.key[at + 1 :]), _ground(table, row, language)) for row in table.rows}
    return len(grounds) > len({line for line, _ in grounds})


def _chart(table: Table, language: str, body: Mapping[str, Any], height: int, more: Sequence[str] = ()) -> Chart:
    title = title_of(table, language)
    notes = [*notes_of(table, language), *(f"{word('note', language)}: {each}" for each in more)]
    spec = {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": [table.cube.about.title.text(language), *notes], "anchor": "start"},
        "width": WIDTH,
        "height": height,
        "background": "white",
        "padding": {"left": 8, "top": 8, "right": 8, "bottom": 8},
        "config": {"font": FONTS, "title": {"fontSize": 15, "subtitleColor": "#444"}, "view": {"stroke": None}},
        **body,
    }
    return Chart(
        spec, title, tuple(notes), "。".join([title, *notes]) if language == "ja" else ". ".join([title, *notes])
    )
