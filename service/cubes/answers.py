"""What is asked of a cube → the bytes of one format."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from service.cubes import charts
from service.cubes.catalogue import Cubes
from service.cubes.model import Code, Cube, Dimension, Names
from service.cubes.parameters import Pairs, Presentation, Selection, read_presentation, read_selection, refused
from service.cubes.studio import Studio
from service.cubes.table import Table
from service.cubes.write_csv import write_csv, write_rest
from service.cubes.write_json import encoded, geo_json, json_stat
from service.cubes.write_jsonld import aggregates, observations
from service.errors import BadRequestError
from service.formats import CSV, GEOJSON, JSONLD, JSONSTAT, PARQUET, PNG, Format

CHART_TYPES = tuple(charts.DRAWINGS)


@dataclass(frozen=True)
class Question:
    """A request for the data of a cube, read and found good. `url` is its own address, `vocabulary`
    the namespace of our words."""

    cube: Cube
    selection: Selection
    presentation: Presentation
    language: str
    url: str
    vocabulary: str


@dataclass(frozen=True)
class Answer:
    """`more` tells whether a page is followed by another, `language` in which language a chart is."""

    body: bytes
    more: bool = False
    language: str = ""


class Answers:
    """Data in every format, and charts."""

    def __init__(self, cubes: Cubes, studio: Studio) -> None:
        self._cubes, self._studio = cubes, studio

    async def read(self, id_: str, pairs: Pairs, language: str, url: str) -> Question:
        cube = await self._cubes.cube(id_)
        selection = read_selection(pairs, cube, self._cubes.most.rows)
        return Question(
            cube, selection, read_presentation(pairs, cube, selection.group), language, url, self._cubes.vocabulary
        )

    async def data(self, question: Question, format_: Format) -> Answer:
        if format_ is PARQUET:
            return await self._parquet(question)
        if format_ is GEOJSON:
            return Answer(await self._geojson(question))
        part = _part(question.selection)
        if format_ is JSONSTAT and part:
            raise refused(
                part,
                f"JSON-stat holds a whole selection; leave {part} out, or ask for csv",
                f"JSON-statは選択した全体を含む形式です。{part}を外すか、csvを使ってください",
            )
        if format_ is CSV and question.presentation.pivot and part:
            raise refused(
                part,
                f"a pivot holds a whole selection: a page could end within a row. Leave {part} or pivot out",
                f"pivotは選択した全体を含みます（途中の行で切れるため）。{part}かpivotを外してください",
            )
        table = await self._cubes.table(question.cube, question.selection)
        body = await asyncio.to_thread(_WRITERS[format_], table, question)
        return Answer(body, table.offset + len(table.rows) < table.total)

    async def streamed(self, question: Question) -> AsyncIterator[bytes] | None:
        """A CSV of more observations than one table may hold; None for others. The first piece is there when it
        returns: what fails later can only break the transfer off."""
        if question.presentation.pivot:
            return None
        tables = await self._cubes.pieces(question.cube, question.selection)
        if tables is None:
            return None
        first = await asyncio.to_thread(write_csv, await anext(tables), question.presentation)
        return _begun(first, tables, question.presentation)

    async def chart(self, question: Question, type_: str, format_: Format) -> Answer:
        """An image; as PNG in English where the machine has no font with Japanese glyphs."""
        selection = await chart_selection(self._cubes, question.cube, question.selection, type_)
        table = await self._cubes.table(question.cube, selection, self._cubes.most_drawn)
        language, font = question.language, ""
        if format_ is PNG:
            font = await self._studio.font()
            language, table = (language, table) if font else ("en", _in_latin(table))
        chart = charts.DRAWINGS[type_](table, language, await self._cubes.outlines_of(table))
        spec = chart.in_font(font) if font else chart.spec
        return Answer(await self._studio.draw(spec, format_.extension), language=language)

    async def _parquet(self, question: Question) -> Answer:
        if question.selection.as_of is not None:
            raise refused(
                "asOf",
                "a series on other boundaries comes as csv or json, not as parquet",
                "区域をそろえた系列はcsvかjsonで取得してください（parquetはありません）",
                allowed=["csv", "json"],
            )
        body, total = await self._cubes.parquet(question.cube, question.selection)
        limit, offset = question.selection.limit, question.selection.offset
        return Answer(body, limit is not None and offset + limit < total)

    async def _geojson(self, question: Question) -> bytes:
        selection = await chart_selection(self._cubes, question.cube, question.selection, "map")
        table = await self._cubes.table(question.cube, selection)
        if [each.role for each in table.keys] != ["geo"]:
            raise BadRequestError(
                "GeoJSON holds one value an area: choose one value of every other dimension, or leave group out",
                "GeoJSONは地域ごとに1つの値です。ほかの次元は値を1つ選ぶか、groupを外してください",
            )
        outlines = await self._cubes.outlines_of(table)
        return await asyncio.to_thread(lambda: encoded(geo_json(table, outlines, question.language)))


def _part(selection: Selection) -> str:
    """The parameter by which only a part was asked for, if any."""
    if selection.limit is not None:
        return "limit"
    return "offset" if selection.offset else ""


async def _begun(first: bytes, tables: AsyncIterator[Table], how: Presentation) -> AsyncIterator[bytes]:
    yield first
    async for each in tables:
        yield await asyncio.to_thread(write_rest, each, how)


_WRITERS: Mapping[Format, Callable[[Table, Question], bytes]] = MappingProxyType(
    {
        CSV: lambda table, question: write_csv(table, question.presentation),
        JSONSTAT: lambda table, question: encoded(json_stat(table, question.url, question.language)),
        JSONLD: lambda table, question: encoded(
            aggregates(table, question.url, question.vocabulary) if table.sums else observations(table)
        ),
    }
)


async def chart_selection(
    cubes: Cubes, cube: Cube, selection: Selection, type_: str, *, of_several: bool = False
) -> Selection:
    """What a chart or map shows where the query leaves it open: the total of each other dimension, the latest period
    that has a figure, all ages in a pyramid. With `of_several` the latest of several periods that were chosen, too."""
    filters = dict(selection.filters)
    group = _axes(cube, selection, type_) if selection.group is None else selection.group
    for each in cube.dimensions:
        if each.alternatives and each.name not in group and each.name not in filters:
            filters[each.name] = each.codes[-1:]
    found = replace(selection, group=group, filters=MappingProxyType(filters), limit=None, offset=0)
    time = cube.role("time")
    if time and time.name not in group and (of_several or time.name not in selection.filters):
        latest = await _latest(cubes, cube, found, time, selection.filters.get(time.name, time.codes))
        found = replace(found, filters=MappingProxyType({**filters, time.name: latest}))
    return found


async def _latest(
    cubes: Cubes, cube: Cube, selection: Selection, time: Dimension, periods: tuple[Code, ...]
) -> tuple[Code, ...]:
    """The last of the periods of which the total was published: projections end for the city before they do for
    wards."""
    if len(periods) == 1:
        return periods
    filters = MappingProxyType({**selection.filters, time.name: periods})
    try:
        table = await cubes.table(cube, replace(selection, group=(time.name,), filters=filters))
    except BadRequestError:  # what cannot be added up has no total
        return periods[-1:]
    known = [row.key[0] for row in table.rows if row.value is not None]
    return (time.by_notation[known[-1]],) if known else periods[-1:]


def _axes(cube: Cube, selection: Selection, type_: str) -> tuple[str, ...]:
    """What is kept apart: for a line, time and whatever several values were chosen of."""
    if type_ == "pyramid":
        return ("sex", "age") if {"sex", "age"} <= cube.dimension.keys() else ()
    if type_ == "map":
        area = cube.role("geo")
        return (area.name,) if area else ()
    return tuple(each.name for each in cube.dimensions if each.role == "time" or _several(selection, each.name))


def _in_latin(table: Table) -> Table:
    """With the title of the cube for its attribution, which is in Japanese only."""
    about = table.cube.about
    return replace(table, cube=replace(table.cube, about=replace(about, credit=Names(en=about.title.en))))


def _several(selection: Selection, name: str) -> bool:
    return len(selection.filters.get(name, ())) > 1


def chart_types(cube: Cube, selection: Selection, areas_drawn: Collection[str]) -> list[str]:
    """The charts that there are figures for. `areas_drawn` are the areas with an outline."""
    area, time = cube.role("geo"), cube.role("time")
    age, sex = cube.dimension.get("age"), cube.dimension.get("sex")
    possible = {
        "line": time is not None and len(selection.filters.get(time.name, time.codes)) > 1,
        "pyramid": age is not None and sex is not None and len(age.codes) > 2 and {"M", "F"} <= sex.rank.keys(),
        "map": area is not None and any(code.iri in areas_drawn for code in area.codes),
    }
    return [type_ for type_ in CHART_TYPES if possible[type_]]
