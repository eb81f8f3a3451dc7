"""What the OpenAPI document says of the routes for lists: parameters with examples that answer, formats, errors."""

from collections.abc import Iterable
from typing import Any

from service import texts
from service.formats import CSV, GEOJSON, HTML, JSONLD, PLAIN_JSON, TURTLE
from service.lists.kinds import Kind
from service.lists.parameters import Parameter
from service.lists.values import read_one_of

# The one that comes for `*/*` first.
FORMATS = (JSONLD, GEOJSON, CSV, TURTLE, PLAIN_JSON, HTML)
FLAT_FORMATS = tuple(each for each in FORMATS if each is not GEOJSON)
_LABEL = {"type": "object", "additionalProperties": {"type": "string"}}
_REFERENCE = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uri"}}}


def format_parameter(kind: Kind) -> Parameter:
    allowed = [each.extension for each in (FORMATS if kind.located else FLAT_FORMATS)]
    return Parameter(
        "format",
        "The format, whatever Accept says; or as an extension of the path",
        "形式（Acceptより優先）。パスの拡張子でも指定できる",
        {"type": "string", "enum": allowed},
        lambda texts: texts[0],
        JSONLD.extension,
    )


BOM_PARAMETER = Parameter(
    "bom",
    "CSV for Excel: with a byte order mark, and with cells that begin like a formula made harmless",
    "Excel用のCSV（BOM付き。数式とみなされるセルは無害化する）",
    {"type": "string", "enum": ["0", "1"], "default": "0"},
    lambda texts: read_one_of(texts, ("0", "1")),
    "0",
)


LANGUAGE_PARAMETER = Parameter(
    "lang",
    "The language of the page for people, whatever Accept-Language says, and of headings and names in CSV; without it, "
    "headings of CSV are for programs",
    "ページの言語（Accept-Languageより優先）と、CSVの見出し・名称の言語。指定しないCSVの見出しはプログラム用の名前",
    {"type": "string", "enum": list(texts.LANGUAGES)},
    lambda given: read_one_of(given, texts.LANGUAGES),
    texts.DEFAULT,
)


# The parameters that say how an answer looks, not what is in it.
PASSED = ("format", BOM_PARAMETER.name, LANGUAGE_PARAMETER.name)


def passed(kind: Kind) -> dict[str, Parameter]:
    return {each.name: each for each in (format_parameter(kind), BOM_PARAMETER, LANGUAGE_PARAMETER)}


def operation(kind: Kind, parameters: Iterable[Parameter]) -> dict[str, Any]:
    """The arguments that a route of the framework takes for it (OpenAPI 3.1, 4.8.10)."""
    return {
        "operation_id": f"list_{kind.name}",
        "summary": f"List {kind.en} / {kind.ja}の一覧",
        "description": (
            f"Pages of {kind.en}, filtered and sorted. Follow `next` until there is none; its value stays valid when "
            "things are added. A parameter that is not listed here is refused."
        ),
        "responses": _responses(kind),
        "openapi_extra": {"parameters": [each.openapi for each in parameters]},
    }


def _responses(kind: Kind) -> dict[int | str, dict[str, Any]]:
    content: dict[str, Any] = {
        JSONLD.media_type: {"schema": _COLLECTION},
        PLAIN_JSON.media_type: {"schema": _COLLECTION},
        CSV.media_type: {"schema": {"type": "string"}},
        TURTLE.media_type: {"schema": {"type": "string"}},
        HTML.media_type: {"schema": {"type": "string"}},
    }
    if kind.located:
        content[GEOJSON.media_type] = {"schema": _FEATURES}
    problem = {"application/problem+json": {"schema": _PROBLEM}}
    return {
        200: {"description": "A page / 1ページ分", "content": content},
        304: {"description": "Not modified since the ETag given / 変更なし"},
        400: {"description": "A parameter is not as it should be / パラメータの誤り", "content": problem},
        406: {"description": "None of the formats is accepted / 形式が合わない", "content": problem},
    }


_UNKNOWN: dict[str, Any] = {
    "description": "How many things that meet all other conditions say nothing of this one, and so are not listed",
    "type": "array",
    "items": {
        "type": "object",
        "required": ["parameter", "count", "note"],
        "properties": {"parameter": {"type": "string"}, "count": {"type": "integer"}, "note": _LABEL},
    },
}
_COLLECTION: dict[str, Any] = {
    "type": "object",
    "required": ["@context", "id", "type", "items", "view"],
    "properties": {
        "@context": {"type": "string", "format": "uri"},
        "id": {"type": "string", "format": "uri"},
        "type": {"type": "array", "items": {"type": "string"}},
        "totalItems": {"type": ["integer", "null"]},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type"],
                "properties": {
                    "id": {"type": "string", "format": "uri"},
                    "type": {"type": "array", "items": {"type": "string"}},
                    "label": _LABEL,
                },
            },
        },
        "view": {
            "type": "object",
            "required": ["id", "first", "next"],
            "properties": {
                "id": {"type": "string", "format": "uri"},
                "first": _REFERENCE,
                "next": {"oneOf": [_REFERENCE, {"type": "null"}]},
            },
        },
        "facets": {"type": "object"},
        "unknown": _UNKNOWN,
    },
}
_FEATURES: dict[str, Any] = {
    "type": "object",
    "required": ["type", "features", "numberReturned", "links"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {"type": "object", "required": ["type", "id", "geometry", "properties"]},
        },
        "numberReturned": {"type": "integer"},
        "numberMatched": {"type": "integer"},
        "links": {"type": "array", "items": {"type": "object", "required": ["href", "rel"]}},
        "attribution": {"type": "array", "items": {"type": "string"}},
        "facets": {"type": "object"},
        "unknown": _UNKNOWN,
    },
}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "detail_ja": {"type": "string"},
        "parameter": {"type": "string"},
        "allowed": {"type": "array", "items": {"type": "string"}},
    },
}
