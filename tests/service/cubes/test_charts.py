"""Drawings: what they show, what they never show, and that drawing cannot exhaust the server."""

import asyncio
import contextlib
import re
import select
import socket
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.cubes import charts, studio
from service.cubes.answers import chart_selection
from service.cubes.catalogue import Cubes
from service.cubes.labelling import roomiest
from service.cubes.parameters import read_selection
from service.cubes.studio import Studio
from service.cubes.table import Table
from service.errors import ServiceError, TimedOutError, UnavailableError
from service.opening import open_service
from service.settings import Settings

HISTORY, GAPS = "population-ward-history", "synthetic-gaps"
SPEC: dict[str, Any] = {
    "data": {"values": [{"a": 1}]},
    "mark": "point",
    "encoding": {"x": {"field": "a"}},
    "config": {},
}


@pytest.fixture(scope="module")
def table_of(cube_releases: Path) -> Any:
    """The table that a chart is drawn from: (cube, query, type) → table, outlines."""
    settings = Settings(releases=cube_releases)
    service = open_service(settings)
    cubes = Cubes(service.release, service.entities, settings)

    def table(id_: str, type_: str, **query: str) -> tuple[Table, Any]:
        async def ask() -> tuple[Table, Any]:
            cube = await cubes.cube(id_)
            selection = read_selection(list(query.items()), cube, 1_000)
            selection = await chart_selection(cubes, cube, selection, type_)
            return await cubes.table(cube, selection), await cubes.outlines()

        return asyncio.run(ask())

    yield table
    cubes.close()


@pytest.mark.parametrize("type_", ["line", "map"])
def test_a_chart_is_an_svg_with_title_unit_and_source(http: httpx.Client, type_: str) -> None:
    answer = http.get(f"/cubes/{HISTORY}/chart.svg?type={type_}&lang=ja")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml; charset=utf-8")
    text = " ".join(ET.fromstring(answer.content).itertext())
    for part in ("人口", "単位: ", "出典: 横浜市「行政区別世帯数及び人口の推移」を加工して作成"):
        assert part in text
    assert "http" not in re.sub(r'xmlns(:xlink)?="[^"]*"', "", answer.text)


def test_a_chart_is_a_png_too(http: httpx.Client) -> None:
    answer = http.get(f"/cubes/{HISTORY}/chart.png?lang=ja")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert http.get(f"/cubes/{HISTORY}/chart.png?lang=ja").headers["etag"] == answer.headers["etag"]


def test_a_chart_that_has_not_changed_is_not_drawn_again(http: httpx.Client) -> None:
    tag = http.get(f"/cubes/{HISTORY}/chart.svg").headers["etag"]
    assert http.get(f"/cubes/{HISTORY}/chart.svg", headers={"If-None-Match": tag}).status_code == 304


def test_lines_break_where_the_boundaries_changed(table_of: Any) -> None:
    table, outlines = table_of(HISTORY, "line", refArea="141101", refPeriod="1980..1995")
    chart = charts.line(table, "en", outlines)
    grounds = {point["period"]: point["ground"] for point in chart.spec["data"]["values"]}
    assert grounds["1985"] != grounds["1990"] == grounds["1995"]
    assert "lines break where the boundaries changed" in chart.alternative


def test_a_line_that_does_not_break_is_not_said_to(table_of: Any) -> None:
    table, outlines = table_of(HISTORY, "line", refArea="141011,141020", refPeriod="1980..1995")
    assert "lines break" not in charts.line(table, "en", outlines).alternative


def test_places_of_one_name_are_two_lines(table_of: Any) -> None:
    table, outlines = table_of("population-town-age", "line", refArea="141101-t0046,141046-t0253")
    series = {point["series"] for point in charts.line(table, "ja", outlines).spec["data"]["values"]}
    assert series == {"吉田町（141101-t0046）", "吉田町（141046-t0253）"}


def test_the_title_names_the_parts_that_were_added(table_of: Any) -> None:
    for age, said in (
        ("Y0T14,Y15T64", "0 to 14 years + 15 to 64 years"),
        ("Y0T14", "population, 2022, total, 0 to 14 years"),
    ):
        table, outlines = table_of(GAPS, "map", age=age)
        assert said in charts.area_map(table, "en", outlines).title
    table, outlines = table_of("population-ward-age", "map", age="Y0,Y1,Y2,Y3,Y4,Y5")
    assert charts.area_map(table, "ja", outlines).title.endswith("0歳 + … + 5歳")


def test_the_parts_of_what_has_no_total_need_no_name(table_of: Any) -> None:
    table, outlines = table_of("population-town-age", "line", refArea="141101-t0046")
    assert [len(codes) for each, codes in table.fixed if each.name == "sex"] == [2]
    assert "男" not in charts.line(table, "ja", outlines).title


def test_periods_do_not_depend_on_where_the_server_stands(table_of: Any) -> None:
    """A day without a time is one of UTC to a program that draws: west of Greenwich it would be the day before."""
    table, outlines = table_of("population-ward-month", "line")
    assert charts.line(table, "en", outlines).spec["encoding"]["x"]["scale"] == {"type": "utc"}


def test_a_gap_is_no_zero_in_a_line(table_of: Any) -> None:
    table, outlines = table_of(GAPS, "line", refArea="141011", sex="F", age="Y65T")
    chart = charts.line(table, "en", outlines)
    values = {point["period"]: point["value"] for point in chart.spec["data"]["values"]}
    assert values["2021"] is None
    assert values["2020"] > 0
    assert "suppressed" in chart.alternative


def test_figures_that_are_not_ordinary_have_a_shape_of_their_own(table_of: Any) -> None:
    table, outlines = table_of(HISTORY, "line", refArea="141003")
    spec = charts.line(table, "en", outlines).spec
    shape = spec["layer"][1]["encoding"]["shape"]
    assert shape["scale"]["domain"] == ["", "provisional value"]
    assert len(set(shape["scale"]["range"])) == 2


def test_series_differ_in_more_than_colour(table_of: Any) -> None:
    table, outlines = table_of(HISTORY, "line", refArea="141101,141097,141178")
    line = charts.line(table, "en", outlines).spec["layer"][0]["encoding"]
    assert len({tuple(each) for each in line["strokeDash"]["scale"]["range"]}) == 3
    assert len(set(line["color"]["scale"]["range"])) == 3


def test_more_series_than_can_be_told_apart_are_refused(http: httpx.Client) -> None:
    answer = http.get(f"/cubes/{HISTORY}/chart.svg?type=line&group=refArea,refPeriod")
    assert answer.status_code == 400
    assert answer.json()["limit"] == charts.MAX_SERIES


def test_a_chart_of_too_many_rows_is_refused_by_its_own_limit(serve: Any, cube_releases: Path) -> None:
    with serve(Settings(releases=cube_releases, chart_rows=20)) as address, httpx.Client(base_url=address) as other:
        answer = other.get(f"/cubes/{HISTORY}/chart.svg")
        assert (answer.status_code, answer.json()["limit"], answer.json()["rows"]) == (400, "LOD_CHART_ROWS", 20)


def test_a_pyramid_has_men_to_the_left_and_marks_for_gaps(table_of: Any) -> None:
    table, outlines = table_of(GAPS, "pyramid", refArea="141011", refPeriod="2021")
    bars = charts.pyramid(table, "en", outlines).spec["data"]["values"]
    values = {(each["side"], each["age"]): each["value"] for each in bars}
    assert values["M", "0 to 14 years"] < 0 < values["F", "0 to 14 years"]
    assert {age for _, age in values} == {"0 to 14 years", "15 to 64 years", "65 years and over"}
    assert [each["mark"] for each in bars if each["side"] == "F" and each["value"] == 0] == ["X"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("type=pie", "type"), ("type=pyramid", "type"), ("type=map&group=refArea,refPeriod", "type")],
)
def test_what_cannot_be_drawn_is_refused(http: httpx.Client, query: str, parameter: str) -> None:
    answer = http.get(f"/cubes/{HISTORY}/chart.svg?{query}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


def test_a_chart_shows_the_latest_period_that_has_a_figure(table_of: Any) -> None:
    """The last year's figure of this ward is on another population basis."""
    for more, year in (({}, "2022"), ({"populationBasis": "code/population-basis/estimate"}, "2021")):
        table, _ = table_of(GAPS, "map", refArea="141020", **more)
        assert [codes[0].notation for each, codes in table.fixed if each.name == "refPeriod"] == [year]


def test_a_map_keeps_the_shape_of_the_city(table_of: Any) -> None:
    """18 wards, on one plane: the city is about as high as it is wide."""
    table, outlines = table_of(HISTORY, "map")
    shapes = charts.area_map(table, "ja", outlines).spec["layer"][0]["data"]["values"]
    places = [
        place for each in shapes for polygon in each["geometry"]["coordinates"] for ring in polygon for place in ring
    ]
    width = max(x for x, _ in places) - min(x for x, _ in places)
    height = max(y for _, y in places) - min(y for _, y in places)
    assert len(shapes) == 18
    assert 0.6 < width / height < 1.2
    assert {each["properties"]["text"] for each in shapes} > {"365,316"}
    assert "境界のデータがない" not in charts.area_map(table, "ja", outlines).alternative


def test_without_a_japanese_font_a_png_is_in_english(
    http: httpx.Client, cube_releases: Path, monkeypatch: pytest.MonkeyPatch, serve: Any
) -> None:
    monkeypatch.setattr(studio.shutil, "which", lambda _: None)
    with serve(Settings(releases=cube_releases)) as address, httpx.Client(base_url=address, timeout=60) as other:
        japanese, english = (other.get(f"/cubes/{HISTORY}/chart.png?lang={each}") for each in ("ja", "en"))
    assert japanese.content == english.content
    assert japanese.headers["content-language"] == "en"


# --- where they are drawn -----------------------------------------------------------------------


def test_a_drawing_that_takes_too_long_is_ended_and_the_next_is_drawn() -> None:
    async def draw() -> bytes:
        slow = Studio(timeout=0.01, queue=4)
        with pytest.raises(TimedOutError) as caught:
            await slow.draw(SPEC, "svg")
        assert caught.value.fields["limit"] == "LOD_CHART_TIMEOUT"
        assert slow._process is None
        slow._timeout = 30.0
        try:
            return await slow.draw(SPEC, "svg")
        finally:
            await slow.close()

    assert asyncio.run(draw()).startswith(b"<svg")


def test_beyond_the_queue_drawing_is_refused_at_once() -> None:
    async def draw() -> None:
        place = Studio(timeout=30.0, queue=1)
        tasks = [asyncio.create_task(place.draw(SPEC, "svg")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(UnavailableError) as caught:
            await place.draw(SPEC, "svg")
        assert caught.value.headers["Retry-After"]
        await asyncio.gather(*tasks)
        await place.close()

    asyncio.run(draw())


def test_a_process_that_dies_costs_one_drawing() -> None:
    async def draw() -> bytes:
        place = Studio(timeout=30.0, queue=4)
        await place.draw(SPEC, "svg")
        assert place._process is not None
        place._process.kill()
        await place._process.wait()
        try:
            return await place.draw(SPEC, "svg")
        finally:
            await place.close()

    assert asyncio.run(draw()).startswith(b"<svg")


def test_an_idle_process_ends() -> None:
    async def draw() -> int | None:
        place = Studio(timeout=30.0, queue=4, idle=0.01)
        await place.draw(SPEC, "svg")
        process = place._process
        assert process is not None
        await asyncio.wait_for(process.wait(), 10)
        await place.close()
        return process.returncode

    assert asyncio.run(draw()) == -9


def test_no_specification_can_fetch_anything() -> None:
    async def draw(port: int) -> None:
        place = Studio(timeout=30.0, queue=4)
        outside = {**SPEC, "data": {"url": f"http://127.0.0.1:{port}/data.json"}}
        try:
            with contextlib.suppress(ServiceError):
                await place.draw(outside, "svg")
        finally:
            await place.close()

    with socket.create_server(("127.0.0.1", 0)) as canary:
        asyncio.run(draw(canary.getsockname()[1]))
        assert select.select([canary], [], [], 0) == ([], [], [])


def test_a_label_stands_where_its_area_has_room() -> None:
    """In a hook: the middle of the box around it lies outside. Letters stand side by side, so its arm is roomier."""
    hook = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (6.0, 9.0), (6.0, 2.0), (0.0, 2.0), (0.0, 0.0)]
    x, y = roomiest(hook)
    assert 0 < x < 9
    assert 0.5 < y < 1.5
