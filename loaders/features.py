"""GeoJSON of a publisher → rows, a feature each; numbers stay the digits that were published."""

import json
from pathlib import Path
from typing import Any

from loaders.errors import Problem, Refused, Text
from loaders.table import Row, Table

LONGITUDE, LATITUDE = "longitude", "latitude"


def read_features(path: Path, properties: tuple[str, ...]) -> Table:
    """The features of points at `path`, which must have these properties and no others.

    The columns are the properties, longitude and latitude. A list becomes its items with spaces between, null is
    empty. Row 1 is the first feature. Raises Refused when the file is not such a collection.
    """
    try:
        content = json.loads(path.read_bytes(), parse_float=str, parse_int=str)
    except ValueError as error:
        raise Refused([Problem(path.name, Text("正しいGeoJSON", f"well-formed GeoJSON ({error})"))]) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not features:
        raise Refused([Problem(path.name, Text("1件以上の地物", "a FeatureCollection with features"))])
    rows = tuple(_cells(path.name, number, each, properties) for number, each in enumerate(features, start=1))
    return Table(path.name, (*properties, LONGITUDE, LATITUDE), rows, first=1)


def _cells(file: str, number: int, feature: dict[str, Any], properties: tuple[str, ...]) -> tuple[str, ...]:
    found = feature.get("properties") or {}
    if set(found) != set(properties):
        names = Text(f"項目「{', '.join(properties)}」", f"the properties “{', '.join(properties)}”")
        raise Refused([Problem(file, names, ", ".join(found), row=number)])
    geometry = feature.get("geometry") or {}
    position = geometry.get("coordinates") or ()
    if geometry.get("type") != "Point" or len(position) != 2:
        raise Refused([Problem(file, Text("点の位置", "the position of a point"), str(geometry)[:100], row=number)])
    return (*(_text(found[name]) for name in properties), *map(str, position))


def _text(value: Any) -> str:
    """
    >>> _text(["flood", "tsunami"]), _text(True), _text(None)
    ('flood tsunami', 'true', '')
    """
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def pointer(row: Row) -> str:
    """Where the row stands in the file (RFC 6901)."""
    return f"/features/{row.number - 1}"
