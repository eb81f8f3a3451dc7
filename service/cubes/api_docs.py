"""What the OpenAPI document says of the routes about cubes."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.cubes.parameters import LABELS
from service.formats import CHART, CUBE, HTML, JSONSTAT, Format, carrying

_CUBE = "population-ward-history"


def _parameter(name: str, about: str, example: str, where: str = "query", **schema: Any) -> Mapping[str, Any]:
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "description": about,
        "schema": {"type": "string", **schema},
        "example": example,
    }


def _answers(formats: Sequence[Format], about: str, examples: Mapping[str, str] | None = None) -> Mapping[int, Any]:
    content = {
        each.media_type: {"example": examples[each.extension]} if examples and each.extension in examples else {}
        for each in formats
    }
    problem: dict[str, Any] = {"content": {"application/problem+json": {}}}
    return {
        200: {"description": about, "content": content},
        304: {"description": "Unchanged since the ETag or date that was sent"},
        400: {"description": "A parameter is wrong: `parameter` names it, `allowed` lists what would do", **problem},
        404: {"description": "There is no such cube", **problem},
        406: {"description": "None of the formats asked for is offered", **problem},
        503: {"description": "Too much is under way; Retry-After says when to come back", **problem},
    }


_LANG = _parameter("lang", "Language of labels: ja or en; else Accept-Language decides.", "en", enum=["ja", "en"])
_NAME = _parameter("name", "The cube, with an extension that names the format or without.", f"{_CUBE}.csv", "path")
_ID = _parameter("name", "The cube.", _CUBE, "path")
_AREA = _parameter("refArea", "Only cubes that have figures about this area, by its code.", "141011")
_CHOICE = (
    _parameter("refArea", "Areas by code, separated by commas.", "141011,141020"),
    _parameter("refPeriod", "Periods: codes, a range such as 1990..2024, or `latest`.", "1990..2024"),
    _parameter("sex", "T both, M male, F female. Every dimension and coded attribute is a parameter like these.", "T"),
    _parameter("age", "TOTAL, or groups such as Y65T (65 and over), Y0T14, Y30.", "TOTAL"),
    _parameter(
        "group",
        "Dimensions to keep apart; the measure is summed over the others, using totals where there are any. Each sum "
        "says how many cells were used, missing, suppressed and absent.",
        "refPeriod",
    ),
    _parameter("measure", "The measure, where there are several.", "population"),
    _parameter("asOf", "A day on whose boundaries areas are compared over time.", "2024-01-01", format="date"),
    _LANG,
)
_LOOKS = (
    _parameter("format", "Instead of an extension or Accept.", "csv", enum=[each.extension for each in carrying(CUBE)]),
    _parameter("labels", "CSV: codes, or labels in a language.", "codes", enum=list(LABELS)),
    _parameter("bom", "CSV: 1 for Excel.", "1", enum=["0", "1"]),
    _parameter("pivot", "CSV: a dimension whose codes become columns.", "refPeriod"),
    _parameter("limit", "CSV, JSON-LD, Parquet: rows of a page; Link rel=next leads on.", "1000"),
    _parameter("offset", "CSV, JSON-LD, Parquet: rows to skip.", "0"),
)
_CSV = "refPeriod,population,cells,missing,suppressed,absent,state\r\n2024,3769220,1,0,0,0,\r\n"

LIST_DOCS: Mapping[str, Any] = {
    "summary": "All cubes, or those about an area, with their titles, dimensions and measures",
    "responses": _answers((JSONSTAT, HTML), "The cubes"),
    "openapi_extra": {"parameters": [_AREA, _LANG]},
}
DATA_DOCS: Mapping[str, Any] = {
    "summary": "Figures of a cube, filtered and added up",
    "responses": _answers((*carrying(CUBE), HTML), "The figures", {"csv": _CSV}),
    "openapi_extra": {"parameters": [_NAME, *_CHOICE, *_LOOKS]},
}
STRUCTURE_DOCS: Mapping[str, Any] = {
    "summary": "Dimensions, measures and attributes of a cube with their codes",
    "responses": _answers((JSONSTAT,), "The structure"),
    "openapi_extra": {"parameters": [_ID]},
}
CHART_DOCS: Mapping[str, Any] = {
    "summary": "A chart as an image",
    "responses": _answers(carrying(CHART), "The image"),
    "openapi_extra": {
        "parameters": [
            _ID,
            _parameter("extension", "The image format.", "svg", "path", enum=["svg", "png"]),
            _parameter("type", "What to draw.", "line", enum=["line", "pyramid", "map"]),
            *_CHOICE,
        ]
    },
}
