"""What has a place → GeoJSON (RFC 7946): numbers for maps, and beside them the same keys as in our JSON-LD."""

import json
import re
from collections.abc import Mapping
from typing import Any

from service.things.graph import Graph
from service.things.jsonld import Node, Writer, dumps

GEO = "http://www.opengis.net/ont/geosparql#"
WGS = "http://www.w3.org/2003/01/geo/wgs84_pos#"
# Said by `geometry` and by nothing else.
LEFT_OUT = frozenset({"id", "geometry"})
JAPANESE, ENGLISH = "ja", "en"

_KINDS = {
    kind.upper(): kind for kind in ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
}
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_WKT = re.compile(r"\s*([A-Za-z]+)\s*(\([-0-9.,()\s]+\))\s*")
_PAIR = re.compile(rf"({_NUMBER})\s+({_NUMBER})")


def geometry(wkt: str) -> dict[str, Any] | None:
    """WKT in CRS84, longitude before latitude as GeoJSON has it; None for what GeoJSON cannot say.

    >>> geometry("POINT(139.6 35.4)")
    {'type': 'Point', 'coordinates': [139.6, 35.4]}
    """
    found = _WKT.fullmatch(wkt)
    kind = _KINDS.get(found[1].upper()) if found else None
    if found is None or kind is None:
        return None
    text = _PAIR.sub(r"[\1,\2]", found[2]).replace("(", "[").replace(")", "]")
    try:
        coordinates = json.loads(text)
    except ValueError:
        return None
    return {"type": kind, "coordinates": coordinates[0] if kind == "Point" else coordinates}


def shape(graph: Graph, iri: str) -> dict[str, Any] | None:
    """The geometry of a thing; of one that has only latitude and longitude, a point."""
    for place in graph.objects(iri, f"{GEO}hasDefaultGeometry"):
        for wkt in graph.objects(place.value, f"{GEO}asWKT"):
            if found := geometry(wkt.value):
                return found
    latitude, longitude = graph.first(iri, f"{WGS}lat"), graph.first(iri, f"{WGS}long")
    return geometry(f"POINT({longitude.value} {latitude.value})") if latitude and longitude else None


def feature(node: Node, place: Mapping[str, Any] | None) -> dict[str, Any]:
    """A GeoJSON feature of a thing as our JSON-LD has it, with `name` and `name_en` for map programs."""
    label = node.get("label") or {}
    return {
        "type": "Feature",
        "id": node["id"],
        "geometry": place,
        "properties": {
            "name": label.get(JAPANESE),
            "name_en": label.get(ENGLISH),
            **{key: value for key, value in node.items() if key not in LEFT_OUT},
        },
    }


def document(writer: Writer, graph: Graph, iri: str) -> bytes:
    """The feature of one thing."""
    return dumps(feature(writer.root(graph, iri), shape(graph, iri)))
