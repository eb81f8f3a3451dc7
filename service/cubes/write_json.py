"""A table as JSON-stat 2.0 and GeoJSON, and the structure of a cube as JSON."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from service.cubes.model import APPROXIMATION, CONFIDENTIALITY, STATUS, Code, Component, Cube, Names
from service.cubes.parameters import LABELS
from service.cubes.table import COUNTS, STATES, Number, Row, Table
from service.cubes.write_csv import axis_text, fact_text
from service.things.geojson import geometry

METRIC = "measure"
# Up to this many places values are an array; beyond, an object that leaves the empty ones out (JSON-stat 2.0, value).
DENSE = 50_000
FREE = "F"


def encoded(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, default=_number, allow_nan=False).encode()


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"a number expected, {type(value).__name__} found")


# --- JSON-stat 2.0 ------------------------------------------------------------------------------


def json_stat(table: Table, url: str, language: str) -> Mapping[str, Any]:
    """A dataset response. The measure is a dimension of one category, which carries the unit."""
    axes = [list(table.used(each.name)) for each in table.keys]
    size = [*(len(axis) for axis in axes), 1]
    places = [{name: place for place, name in enumerate(axis)} for axis in axes]
    cells = {_place(row, places, size): row for row in table.rows}
    about = table.cube.about
    return {
        "version": "2.0",
        "class": "dataset",
        "href": url,
        "label": about.title.text(language),
        "source": about.credit.text(language),
        "updated": about.modified,
        "id": [*(each.name for each in table.keys), METRIC],
        "size": size,
        "role": _roles(table),
        "dimension": _axes(table, axes, language),
        "value": _spread({place: row.value for place, row in cells.items()}, math.prod(size)),
        "status": {str(place): status for place, row in cells.items() if (status := status_of(table, row))},
        "extension": _extension(table, cells, language),
    }


def _place(row: Row, places: Sequence[Mapping[str, int]], size: Sequence[int]) -> int:
    """Row-major order, the last dimension running fastest (JSON-stat 2.0, value)."""
    place = 0
    for name, axis, width in zip(row.key, places, size, strict=False):
        place = place * width + axis[name]
    return place


def _spread(values: Mapping[int, object], count: int) -> list[object] | Mapping[str, object]:
    if count <= DENSE:
        return [values.get(place) for place in range(count)]
    return {str(place): value for place, value in values.items() if value is not None}


def _roles(table: Table) -> Mapping[str, Sequence[str]]:
    roles: dict[str, list[str]] = {"metric": [METRIC]}
    for each in table.keys:
        if each.role:
            roles.setdefault(each.role, []).append(each.name)
    return roles


def _axes(table: Table, axes: Sequence[Sequence[str]], language: str) -> Mapping[str, Any]:
    found: dict[str, Any] = {
        each.name: {
            "label": each.label(language),
            "category": {"index": axis, "label": {name: axis_text(each, name, language) for name in axis}},
        }
        for each, axis in zip(table.keys, axes, strict=True)
    }
    name, unit = table.measure.name, table.measure.unit
    category: dict[str, Any] = {"index": [name], "label": {name: table.measure.label(language)}}
    if unit:
        category["unit"] = {name: {"label": unit.label(language)}}
    found[METRIC] = {"label": "測度" if language == "ja" else "measure", "category": category}
    return found


def status_of(table: Table, row: Row) -> str:
    """The state of a sum, the confidentiality of an observation, or else the status of the figures."""
    if row.state and table.sums:
        return row.state
    hidden, status = table.code(row, CONFIDENTIALITY), table.code(row, STATUS)
    if hidden and hidden.notation != FREE:
        return hidden.notation
    return status.notation if status else "M" if row.value is None else ""


def _extension(table: Table, cells: Mapping[int, Row], language: str) -> Mapping[str, Any]:
    """What JSON-stat has no place for: what was added up, and of how many cells."""
    count = max(cells, default=-1) + 1
    found: dict[str, Any] = {
        "cube": table.cube.iri,
        "license": table.cube.about.license,
        "status": {"label": _status_labels(table, language)},
        "added": {each.name: [code.notation for code in codes] for each, codes in table.fixed},
    }
    found |= _approximations(table, cells, language)
    if table.sums:
        found |= {name: _spread({p: getattr(row, name) for p, row in cells.items()}, count) for name in COUNTS}
    if table.as_of:
        found["asOf"] = table.as_of
        found["comparability"] = _spread({place: row.comparability for place, row in cells.items()}, count)
        found["method"] = _spread({place: row.method.text(language) for place, row in cells.items()}, count)
    return found


def _approximations(table: Table, cells: Mapping[int, Row], language: str) -> Mapping[str, Any]:
    """Which figures are only about what they say, or more than it: place → in words."""
    if APPROXIMATION not in table.cube.components:
        return {}
    said = ((str(place), table.approximation(row)) for place, row in cells.items())
    return {APPROXIMATION: {place: code.label(language) for place, code in said if code}}


def _status_labels(table: Table, language: str) -> Mapping[str, str]:
    labels = {state: names.text(language) for state, names in STATES.items()} if table.sums else {}
    for each in table.attributes:
        if each.name in {STATUS, CONFIDENTIALITY}:
            labels |= {code.notation: code.label(language) for code in each.codes}
    return labels


# --- GeoJSON ------------------------------------------------------------------------------------


def geo_json(table: Table, outlines: Mapping[str, str], language: str) -> Mapping[str, Any]:
    """A feature an area, with one value. An area without an outline has the geometry null (RFC 7946, 3.2)."""
    about = table.cube.about
    return {
        "type": "FeatureCollection",
        "title": about.title.text(language),
        "attribution": about.credit.text(language),
        "license": about.license,
        "measure": table.measure.label(language),
        "unit": table.measure.unit.label(language) if table.measure.unit else None,
        "selection": {
            each.label(language): "・".join(code.label(language) for code in codes) for each, codes in table.fixed
        },
        "features": [_feature(table, row, outlines) for row in table.rows],
    }


def _feature(table: Table, row: Row, outlines: Mapping[str, str]) -> Mapping[str, Any]:
    code = table.keys[0].by_notation[row.key[0]]
    named = zip(table.attributes, row.attributes, strict=True)
    attributes = {each.name: fact_text(each, value, LABELS[0]) or None for each, value in named}
    wkt = outlines.get(code.iri)
    return {
        "type": "Feature",
        "id": code.iri,
        "geometry": geometry(wkt) if wkt else None,
        "properties": {
            "code": code.notation, "name": code.label("ja"), "name_en": code.label("en"), "value": row.value,
            "state": row.state, **attributes, **{name: getattr(row, name) for name in COUNTS},
        },
    }  # fmt: skip


# --- structure ----------------------------------------------------------------------------------


def structure(cube: Cube, url: str, formats: Iterable[tuple[str, str]]) -> Mapping[str, Any]:
    """Dimensions, measures and attributes with their codes, in both languages."""
    about = cube.about
    return {
        "id": cube.id, "iri": cube.iri, "structure": cube.dsd, "url": url, "observations": cube.rows,
        "title": _both(about.title), "description": _both(about.description), "attribution": _both(about.credit),
        "license": about.license, "modified": about.modified, "sources": about.sources,
        "dimensions": [
            {**_component(each), "role": each.role or None, "total": each.total.notation if each.total else None}
            for each in cube.dimensions
        ],
        "measures": [
            {"name": each.name, "property": each.iri, "label": _both(each.names), "type": each.number,
             "unit": _code(each.unit) if each.unit else None, "additive": each.additive}
            for each in cube.measures
        ],
        "attributes": [_component(each) for each in cube.attributes],
        "dataset": [{"label": _both(names), "value": _code(code)} for names, code in about.facts],
        "formats": dict(formats),
    }  # fmt: skip


def _component(each: Component) -> Mapping[str, Any]:
    codes = [_code(code) for code in each.codes]
    return {"name": each.name, "property": each.iri, "label": _both(each.names), "codes": codes}


def _code(code: Code) -> Mapping[str, Any]:
    return {"notation": code.notation, "iri": code.iri, "label": _both(code.names)}


def _both(names: Names) -> Mapping[str, str]:
    return {language: text for language in ("ja", "en") if (text := names.text(language))}


def value_or_none(value: Number | None) -> float | None:
    """For a chart, which knows no decimals."""
    return None if value is None else float(value)
