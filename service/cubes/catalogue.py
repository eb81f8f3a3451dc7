"""The cubes of one release: opened when first asked for, and asked what visitors ask."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from service.cubes import as_of
from service.cubes.asking import Most, ask, bounded, count, export, pieces
from service.cubes.columns import Columns, Limits
from service.cubes.lineage import Lineage, read_lineage
from service.cubes.model import Cube
from service.cubes.opening import Opening, parents_of
from service.cubes.parameters import Selection
from service.cubes.rollup import plan
from service.cubes.table import Table
from service.cubes.write_parquet import as_select
from service.errors import NotFoundError
from service.release import CubeFile, Release
from service.settings import Settings
from service.things.entities import Entities


class Cubes:
    """Questions to the columns of a release. What is known of a cube is kept, since a release never changes."""

    def __init__(self, release: Release, entities: Entities, settings: Settings) -> None:
        self._release = release
        self._entities = entities
        self.most = Most(settings.cube_rows, settings.variable("cube_rows"))
        self.most_streamed = Most(settings.cube_csv_rows, settings.variable("cube_csv_rows"))
        self.most_drawn = Most(settings.chart_rows, settings.variable("chart_rows"))
        limits = Limits(settings.cube_timeout, settings.cube_memory, settings.cube_threads, settings.cube_queue)
        self._columns = Columns({each.id: release.path / each.parquet for each in release.cubes}, limits)
        self._opening: Opening | None = None
        self._cubes: dict[str, Cube] = {}
        self._heads: list[Cube] = []
        self._lineage: Lineage | None = None
        self._outlines: Mapping[str, str] | None = None
        self._lock = asyncio.Lock()

    @property
    def vocabulary(self) -> str:
        """The namespace of our words."""
        return f"{self._release.base_iri}def/core#"

    @property
    def files(self) -> tuple[CubeFile, ...]:
        return self._release.cubes

    def file(self, id_: str) -> CubeFile:
        """The cube's file; NotFoundError if the release has no such cube."""
        for each in self.files:
            if each.id == id_:
                return each
        raise NotFoundError(
            f"there is no cube “{id_[:80]}”; /cubes lists what there is",
            f"統計「{id_[:80]}」はありません。/cubes に一覧があります",
            allowed=[each.id for each in self.files],
        )

    async def cube(self, id_: str) -> Cube:
        file = self.file(id_)
        async with self._lock:
            if id_ not in self._cubes:
                self._cubes[id_] = await (await self._opened()).cube(file)
            return self._cubes[id_]

    async def heads(self) -> list[Cube]:
        """The cubes as a list tells of them: without codes."""
        if not self._heads:
            opening = await self._opened()
            self._heads = [await opening.head(each) for each in self.files]
        return self._heads

    async def about(self, area: str) -> list[Cube]:
        """The cubes that have figures about an area, which is given by its code."""
        cubes = [await self.cube(file.id) for file in self.files]
        return [cube for cube in cubes if (areas := cube.role("geo")) is not None and area in areas.by_notation]

    async def table(self, cube: Cube, selection: Selection, most: Most | None = None) -> Table:
        """The answer to a selection; BadRequestError where it would be wrong or too large."""
        most = most or self.most
        if selection.as_of is not None:
            return await as_of.series(self._columns, cube, selection, await self.lineage(), most)
        return await ask(self._columns, cube, plan(cube, selection), most)

    async def pieces(self, cube: Cube, selection: Selection) -> AsyncIterator[Table] | None:
        """The observations of a selection a piece after the other if they are too many for one table, else None;
        BadRequestError if they are too many for that as well."""
        asked = plan(cube, selection)
        page = selection.limit is not None or selection.offset > 0
        if page or asked.sums or selection.as_of is not None or cube.rows <= self.most.rows:
            return None
        rows = await count(self._columns, cube, asked)
        if rows <= self.most.rows:
            return None
        bounded(rows, self.most_streamed)
        return pieces(self._columns, cube, asked)

    async def parquet(self, cube: Cube, selection: Selection) -> tuple[bytes, int]:
        """A selection as a file, and how many rows there are whatever the page: sums if there are not too many for one
        answer, or any number of observations."""
        asked = plan(cube, selection)
        if asked.sums:
            table = await ask(self._columns, cube, asked, self.most)
            sql, parameters = await asyncio.to_thread(as_select, table)
            return await self._columns.parquet(sql, parameters), table.total
        return await export(self._columns, cube, asked), await count(self._columns, cube, asked)

    async def lineage(self) -> Lineage:
        if self._lineage is None:
            versions, changes = await self._entities.rows("area-versions"), await self._entities.rows("area-changes")
            self._lineage = read_lineage(versions, changes)
        return self._lineage

    async def outlines(self) -> Mapping[str, str]:
        """Area → its outline as WKT, for those that have one."""
        if self._outlines is None:
            rows = await self._entities.rows("area-outlines")
            self._outlines = {row["area"]["value"]: row["wkt"]["value"] for row in rows}
        return self._outlines

    async def outlines_of(self, table: Table) -> Mapping[str, str]:
        """The same for the areas of a table with one figure an area. Outlines are those of today: areas that were cut
        otherwise when their figures were counted have none."""
        outlines = await self.outlines()
        if [each.role for each in table.keys] != ["geo"]:
            return outlines
        alike = as_of.as_today(table, await self.lineage())
        return {area: wkt for area, wkt in outlines.items() if area in alike}

    def close(self) -> None:
        self._columns.close()

    async def _opened(self) -> Opening:
        if self._opening is None:
            parents = parents_of(await self._entities.rows("cube-parents"))
            self._opening = Opening(self._columns, self._entities, parents)
        return self._opening
