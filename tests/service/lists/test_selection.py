"""What a list shows for which parameters."""

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

from loaders.lists import LISTS
from service.errors import BadRequestError
from service.lists.database import Code, Lists, Page, open_lists
from service.lists.kinds import AREAS, DATASETS, FACILITIES, KINDS
from service.lists.parameters import parameters
from service.lists.selection import Cursor
from service.lists.values import read_codes, write_cursor

LIBRARY, PARK, HALL = "141003-test-0001", "141003-test-0002", "141003-test-0003"


def encoded(content: str) -> str:
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def page(town: Lists, kind: Any = FACILITIES, /, **given: Any) -> Page:
    texts = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    pairs = [(name, str(each)) for name, values in texts.items() for each in values]
    return asyncio.run(town.page(parameters(kind, town).select(pairs)))


def found(town: Lists, kind: Any = FACILITIES, /, **given: Any) -> list[str]:
    return [each.identifier for each in page(town, kind, **given).things]


def test_a_name_that_several_codes_share_asks_for_any_of_them() -> None:
    towns = {value: Code(value, f"/id/area/{value}", "吉田町", "") for value in ("141046-t0001", "141100-t0002")}
    assert read_codes(["吉田町"], towns) == ("141046-t0001", "141100-t0002")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [LIBRARY, PARK, HALL]),
        ({"type": "park"}, [PARK]),
        ({"type": "park,public-facility"}, [LIBRARY, PARK, HALL]),
        ({"type": ["park", "public-facility"]}, [LIBRARY, PARK, HALL]),
        ({"type": "aed"}, []),
        ({"ward": "141011"}, [LIBRARY, HALL]),
        ({"ward": "鶴見区"}, [LIBRARY, HALL]),
        ({"ward": "Tsurumi-ku"}, [LIBRARY, HALL]),
        ({"ward": "141011", "type": "park"}, []),
        ({"town": "141011-t0001"}, [LIBRARY]),
        ({"hazard": "flood"}, [PARK]),
        ({"amenity": "wheelchair-toilet"}, [LIBRARY]),
        ({"bbox": "139.63,35.44,139.65,35.46"}, [LIBRARY]),
        ({"bbox": "139.640,35.450,139.640,35.450"}, [LIBRARY]),
        ({"bbox": "139.64001,35.45,139.65,35.46"}, []),
        ({"near": "35.45,139.64", "within": 100}, [LIBRARY]),
        ({"near": "35.45,139.64", "within": 3000}, [LIBRARY, PARK]),
        ({"near": "35.47,139.62", "sort": "distance"}, [PARK, LIBRARY]),
        ({"near": "35.47,139.62", "sort": "-distance"}, [LIBRARY, PARK]),
        ({"sort": "name"}, [PARK, HALL, LIBRARY]),
        ({"sort": "-name"}, [LIBRARY, HALL, PARK]),
        ({"sort": "-identifier"}, [HALL, PARK, LIBRARY]),
        ({"q": "図書"}, [LIBRARY]),
        ({"q": "図書館"}, [LIBRARY]),
        ({"q": "みなととしょ"}, [LIBRARY]),
        ({"q": "ﾐﾅﾄ"}, [LIBRARY]),
        ({"q": "ＨＡＲＢＯＵＲ Library"}, [LIBRARY]),
        ({"q": "1丁目"}, [LIBRARY]),
        ({"q": '公園" OR "x'}, []),
        ({"open": "2026-04-06T09:00"}, [LIBRARY]),
        ({"open": "2026-04-06T17:00"}, []),
        ({"open": "2026-04-05T23:30"}, [PARK]),
        ({"open": "2026-04-06T01:59"}, [PARK]),
        ({"open": "2026-04-05T15:30:00Z"}, [PARK]),
    ],
)
def test_a_list_shows_what_was_asked_for(town: Lists, given: dict[str, Any], expected: list[str]) -> None:
    assert found(town, **given) == expected


def test_a_list_without_things_is_empty(write_lists: Any, tmp_path: Path) -> None:
    lists = open_lists(write_lists(tmp_path))
    assert lists
    assert page(lists, open="now").things == ()
    lists.stop()


def test_areas_and_data_sets_are_lists_too(town: Lists) -> None:
    assert found(town, AREAS, level="town", ward="141011") == ["141011-t0001"]
    assert found(town, AREAS, bbox="139.69,35.49,139.9,35.6") == ["141011"]
    assert found(town, DATASETS, theme="justice-safety") == ["town"]
    assert found(town, DATASETS, publisher="test") == ["town"]


@pytest.mark.parametrize("order", [{}, {"sort": "name"}, {"sort": "-name"}, {"sort": "distance", "near": "35.4,139.6"}])
def test_pages_follow_one_another_and_leave_nothing_out(town: Lists, order: dict[str, str]) -> None:
    whole = found(town, **order)
    seen, after = [], {}
    while True:
        shown = page(town, limit=1, **order, **after)
        seen += [each.identifier for each in shown.things]
        if shown.next is None:
            break
        after = {"after": write_cursor(shown.next)}
    assert seen == whole


def test_a_next_link_keeps_its_place_when_things_are_added_before_it(town: Lists) -> None:
    shown = page(town, limit=2)
    assert shown.next
    assert found(town, after=write_cursor(shown.next)) == [HALL]


def test_counts_and_facets_speak_of_all_pages(town: Lists) -> None:
    shown = page(town, limit=1, count="true", facets="type,ward")
    assert shown.total == 3
    assert shown.facets["type"] == (("public-facility", 2), ("park", 1))
    assert shown.facets["ward"] == (("141011", 2), ("141020", 1))
    assert page(town).total is None


@pytest.mark.parametrize(
    ("kind", "given", "parameter", "said"),
    [
        (FACILITIES, {"tpye": "park"}, "tpye", "type"),
        (FACILITIES, {"type": "castle"}, "type", "park"),
        (FACILITIES, {"type": ""}, "type", "park"),
        (FACILITIES, {"ward": "141097x"}, "ward", "141011"),
        (FACILITIES, {"bbox": "1,2,3"}, "bbox", "west,south,east,north"),
        (FACILITIES, {"bbox": "139.7,35.4,139.6,35.5"}, "bbox", "west,south,east,north"),
        (FACILITIES, {"bbox": "nan,35.4,139.6,35.5"}, "bbox", "degrees"),
        (FACILITIES, {"near": "139.64,35.45"}, "near", "latitude first"),
        (FACILITIES, {"within": "100"}, "within", "near"),
        (FACILITIES, {"near": "35.4,139.6", "within": "-1"}, "within", "metres"),
        (FACILITIES, {"near": "35.4,139.6", "within": "inf"}, "within", "metres"),
        (FACILITIES, {"sort": "distance"}, "sort", "near"),
        (FACILITIES, {"sort": "colour"}, "sort", "identifier"),
        (FACILITIES, {"open": "yes"}, "open", "now"),
        (FACILITIES, {"open": "0001-01-01T00:00+23:00"}, "open", "now"),
        (FACILITIES, {"open": "9999-12-31T23:00-05:00"}, "open", "now"),
        (FACILITIES, {"q": " "}, "q", "words"),
        (FACILITIES, {"q": "あ" * 101}, "q", "100"),
        (FACILITIES, {"limit": "0"}, "limit", "1000"),
        (FACILITIES, {"limit": "1001"}, "limit", "1000"),
        (FACILITIES, {"limit": ["1", "2"]}, "limit", "one value"),
        (FACILITIES, {"after": "%%%"}, "after", "next"),
        (FACILITIES, {"after": "W10"}, "after", "next"),
        (FACILITIES, {"after": encoded('["\\ud800","x"]')}, "after", "next"),
        (FACILITIES, {"after": encoded('["x","\\ud800"]')}, "after", "next"),
        (FACILITIES, {"near": "35.4,139.6", "sort": "distance", "after": encoded('[NaN,"x"]')}, "after", "next"),
        (FACILITIES, {"after": encoded("[" * 40_000)}, "after", "next"),
        (FACILITIES, {"after": write_cursor(Cursor(1.5, "x"))}, "after", "sort"),
        (FACILITIES, {"count": "maybe"}, "count", "true"),
        (FACILITIES, {"facets": "colour"}, "facets", "hazard"),
        (DATASETS, {"bbox": "1,2,3,4"}, "bbox", "theme"),
        (AREAS, {"open": "now"}, "open", "level"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_with_what_would_do(
    town: Lists, kind: Any, given: dict[str, Any], parameter: str, said: str
) -> None:
    with pytest.raises(BadRequestError) as refused:
        page(town, kind, **given)
    assert refused.value.fields["parameter"] == parameter
    assert said in refused.value.en
    assert refused.value.ja


def test_the_loaders_write_the_lists_and_filters_that_the_service_knows() -> None:
    written = {each.name: [tag.name for tag in each.tags] for each in LISTS}
    assert written == {kind.name: [each.name for each in kind.filters] for kind in KINDS}
