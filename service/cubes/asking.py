"""A plan → SQL → a table. Names in the SQL are those of the cube's own columns; values are parameters."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.cubes.columns import Columns, quoted
from service.cubes.model import CONFIDENTIALITY, Code, Component, Cube, Dimension
from service.cubes.rollup import Plan, differing
from service.cubes.table import Row, Table
from service.errors import BadRequestError

# confStatus F (free) says that a figure is not confidential: every other code is a reason for a gap.
FREE = "F"
# Codes that fit into a BIGINT, one a bit.
BITS = 62


@dataclass(frozen=True)
class Most:
    """The most rows that an answer may have, and the setting that says so."""

    rows: int
    setting: str


@dataclass
class _Statement:
    """SQL under construction with its parameters, in the order in which they occur in it."""

    sql: str
    parameters: list[object]


async def ask(columns: Columns, cube: Cube, asked: Plan, most: Most) -> Table:
    """The rows of a plan; BadRequestError if there are more than one answer may hold."""
    if not asked.sums:
        return await _observations(columns, cube, asked, most)
    statement = _sums(cube, asked)
    found = await columns.rows(f"{statement.sql} LIMIT ?", [*statement.parameters, most.rows + 1])
    bounded_sums(len(found), most)
    return await asyncio.to_thread(_read_sums, cube, asked, found)


async def count(columns: Columns, cube: Cube, asked: Plan) -> int:
    """How many observations there are, whatever the page."""
    where = _where(cube, asked.selection.filters)
    sql = f"SELECT count(*) FROM {quoted(cube.id)}{where.sql}"  # noqa: S608 - our own names
    found: int = (await columns.rows(sql, where.parameters))[0][0]
    return found


async def pieces(columns: Columns, cube: Cube, asked: Plan) -> AsyncIterator[Table]:
    """All observations, a few thousand a table, in the order of the file: sorting them would cost memory."""
    statement = _listed(cube, asked)
    async for rows in columns.pieces(statement.sql, statement.parameters):
        yield await asyncio.to_thread(_read_observations, cube, asked, rows)


async def export(columns: Columns, cube: Cube, asked: Plan) -> bytes:
    """The observations of a plan as a Parquet file, columns as in the cube's own file."""
    where = _where(cube, asked.selection.filters)
    select = f"SELECT * EXCLUDE (file_row_number) FROM {quoted(cube.id)}{where.sql} ORDER BY file_row_number"  # noqa: S608
    page = _page(asked.selection.limit, asked.selection.offset)
    return await columns.parquet(select + page, where.parameters)


# --- observations -------------------------------------------------------------------------------


async def _observations(columns: Columns, cube: Cube, asked: Plan, most: Most) -> Table:
    statement = _listed(cube, asked, _order(cube), _places(cube))
    page = _page(asked.selection.limit or most.rows + 1, asked.selection.offset)
    found = await columns.rows(statement.sql + page, statement.parameters)
    if asked.selection.limit is None:
        bounded(len(found), most)
        total = asked.selection.offset + len(found)
    else:
        total = await count(columns, cube, asked)
    return await asyncio.to_thread(_read_observations, cube, asked, found, total)


def _listed(cube: Cube, asked: Plan, order: _Statement | None = None, places: str = "") -> _Statement:
    where, order = _where(cube, asked.selection.filters), order or _Statement("", [])
    names = [*map(column, cube.dimensions), quoted(asked.selection.measure.name)]
    names += [quoted(each.name) for each in cube.attributes]
    source = f"FROM {quoted(cube.id)}{order.sql}{where.sql}"
    sql = f"SELECT observation, {_suppressed(cube)}, {', '.join(names)} {source}{places}"
    return _Statement(sql, [*order.parameters, *where.parameters])


def _order(cube: Cube) -> _Statement:
    """Joins with the place of each code, for dimensions whose codes do not lie in their order in the file: there
    100 years come before 11 years."""
    joins, parameters = [], list[object]()
    for place, each in enumerate(cube.dimensions):
        if not each.lies_in_order:
            names = f'unnest(?) AS "code {place}", unnest(?) AS "place {place}"'
            joins.append(f' LEFT JOIN (SELECT {names}) ON "code {place}" = {column(each)}')
            parameters += [[code.notation if _by_notation(each) else code.iri for code in each.codes]]
            parameters += [list(range(len(each.codes)))]
    return _Statement("".join(joins), parameters)


def _places(cube: Cube) -> str:
    if all(each.lies_in_order for each in cube.dimensions):
        return " ORDER BY file_row_number"
    places = (quoted(each.name) if each.lies_in_order else f'"place {at}"' for at, each in enumerate(cube.dimensions))
    return f" ORDER BY {', '.join(places)}"


def _page(limit: int | None, offset: int) -> str:
    return (f" LIMIT {limit:d}" if limit else "") + f" OFFSET {offset:d}"


def _read_observations(cube: Cube, asked: Plan, found: Sequence[Sequence[Any]], total: int | None = None) -> Table:
    return _table(cube, asked, [_observation(cube, row) for row in found], total)


def _observation(cube: Cube, row: Sequence[Any]) -> Row:
    width = len(cube.dimensions)
    iri, suppressed, key, value = row[0], row[1], row[2 : 2 + width], row[2 + width]
    if not all(each.coded for each in cube.dimensions):
        key = [_notation(cube, each.name, value) for each, value in zip(cube.dimensions, key, strict=True)]
    there = value is not None
    hidden = bool(suppressed) and not there
    return Row(
        tuple(key), value, int(there), int(not there and not hidden), int(hidden), 0, tuple(row[3 + width :]), iri
    )


# --- sums ---------------------------------------------------------------------------------------


def _sums(cube: Cube, asked: Plan) -> _Statement:
    """One row a group of all that the filters let through; only the cells to be added count in it, so that a group
    without any is seen to lack them."""
    selection = asked.selection
    keys = [f"{column(cube.components[name])} AS {quoted(name)}" for name in asked.keys]
    chosen = _chosen(cube, asked)
    only = f" FILTER (WHERE {chosen.sql})" if chosen.sql else ""
    parts, parameters = list(keys), list[object]()
    for name, aggregate in _aggregates(cube, asked).items():
        parts.append(f"{aggregate.sql}{only} AS {quoted(name)}")
        parameters += [*aggregate.parameters, *chosen.parameters]
    where = _where(cube, selection.filters)
    groups = f" GROUP BY {', '.join(str(place + 1) for place in range(len(keys)))}" if keys else ""
    sql = f"SELECT {', '.join(parts)} FROM {quoted(cube.id)}{where.sql}{groups}"  # noqa: S608 - our own names
    return _Statement(sql, [*parameters, *where.parameters])


def _chosen(cube: Cube, asked: Plan) -> _Statement:
    """The condition on the cells that are added, as far as the filters do not say it already."""
    narrowed = {
        name: codes
        for name, codes in asked.used.items()
        if name not in asked.selection.filters and len(codes) < len(cube.dimension[name].codes)
    }
    where = _where(cube, narrowed)
    return _Statement(where.sql.removeprefix(" WHERE "), where.parameters)


def _aggregates(cube: Cube, asked: Plan) -> Mapping[str, _Statement]:
    """Column of the answer → aggregate. What a cube without gaps has one of is not counted twice."""
    measure = quoted(asked.selection.measure.name)
    found = {asked.selection.measure.name: _Statement(f"sum({measure})", []), "rows": _Statement("count(*)", [])}
    if cube.gaps:
        found["cells"] = _Statement(f"count({measure})", [])
        found["suppressed"] = _Statement(f"count(CASE WHEN {measure} IS NULL AND {_suppressed(cube)} THEN 1 END)", [])
    for name in _compared(cube, asked):
        found |= _alike(cube.components[name])
    return found


def _compared(cube: Cube, asked: Plan) -> list[str]:
    """The attributes that a sum has too, then those in which its cells must agree."""
    return list(dict.fromkeys([*(each.name for each in cube.shared_beside(asked.keys)), *asked.agree]))


def _alike(component: Component) -> Mapping[str, _Statement]:
    """Which values occur: a bit a code where there are few (a fifth of the time that comparing texts takes), else the
    first and the last of them."""
    name = component.name
    if not 0 < len(component.codes) <= BITS:
        ends = {end: _Statement(f"{end}({quoted(name)})", []) for end in ("min", "max")}
        return {f"{name} {end}": statement for end, statement in ends.items()}
    cases = " ".join(f"WHEN ? THEN {1 << place:d}" for place in range(len(component.codes)))
    codes: list[object] = [code.iri for code in component.codes]
    return {f"{name} bits": _Statement(f"bit_or(CASE {quoted(name)} {cases} END)", codes)}


def _read_sums(cube: Cube, asked: Plan, found: Sequence[Sequence[Any]]) -> Table:
    reader = _SumReader(cube, asked)
    return sums_in_order(cube, asked, [reader.row(row) for row in found])


class _SumReader:
    """The rows of a statement of sums → rows of a table. Everything that is the same for all rows is looked up once:
    an answer may have a hundred thousand."""

    def __init__(self, cube: Cube, asked: Plan) -> None:
        self._cube, self._asked = cube, asked
        self._width = len(asked.keys)
        self._plain = all(_by_notation(cube.components[name]) for name in asked.keys)
        columns = list(_aggregates(cube, asked))
        self._gaps = cube.gaps
        self._shared = [_Occurring(each, columns) for each in cube.shared_beside(asked.keys)]
        self._agreeing = [_Occurring(cube.components[name], columns) for name in asked.agree]

    def row(self, values: Sequence[Any]) -> Row:
        key, found = values[: self._width], values[self._width :]
        for each in self._agreeing:
            self._agree(each.name, each.of(found))
        rows: int = found[1]
        cells, suppressed = (found[2], found[3]) if self._gaps else (rows, 0)
        expected = self._asked.expected
        return Row(
            tuple(key) if self._plain else self._notations(key),
            found[0],
            cells,
            rows - cells - suppressed,
            suppressed,
            None if expected is None else max(expected - rows, 0),
            tuple([each.of_sum(found) for each in self._shared]),
        )

    def _notations(self, key: Sequence[object]) -> tuple[str, ...]:
        named = zip(self._asked.keys, key, strict=True)
        return tuple(_notation(self._cube, name, each) for name, each in named)

    def _agree(self, name: str, values: tuple[object, ...]) -> None:
        """BadRequestError if figures were added that are of different kinds."""
        if len(values) > 1:
            one, other = (_notation(self._cube, name, each) for each in values)
            raise differing(name, (one, other))


class _Occurring:
    """Which values of an attribute occur in a group."""

    def __init__(self, component: Component, columns: Sequence[str]) -> None:
        self.name = component.name
        self._component = component
        self._places = [place for place, column in enumerate(columns) if column.startswith(f"{component.name} ")]
        self._known: dict[tuple[object, ...], tuple[object, ...]] = {}
        self._sums: dict[tuple[object, ...], object] = {}

    def of(self, found: Sequence[Any]) -> tuple[object, ...]:
        """The values, no more than two of them."""
        ends = tuple([found[place] for place in self._places])
        if ends not in self._known:
            self._known[ends] = self._read(ends)
        return self._known[ends]

    def of_sum(self, found: Sequence[Any]) -> object:
        values = self.of(found)
        if values not in self._sums:
            self._sums[values] = self._component.of_sum(values)
        return self._sums[values]

    def _read(self, ends: tuple[Any, ...]) -> tuple[object, ...]:
        if len(ends) > 1:
            return tuple(dict.fromkeys(ends))
        bits = ends[0] or 0
        return tuple(code.iri for place, code in enumerate(self._component.codes) if bits >> place & 1)[:2]


def _notation(cube: Cube, name: str, value: object) -> str:
    """Dimensions come as notations already, attributes as IRIs."""
    if _by_notation(cube.components[name]):
        return str(value)
    code = cube.components[name].by_iri.get(str(value))
    return code.notation if code else "" if value is None else str(value)


# --- both ---------------------------------------------------------------------------------------


def column(component: Component) -> str:
    """The column that filters and groups use: notations for dimensions, IRIs for attributes."""
    return quoted(f"{component.name}_code" if _by_notation(component) else component.name)


def _by_notation(component: Component) -> bool:
    return isinstance(component, Dimension) and component.coded


def _where(cube: Cube, filters: Mapping[str, Sequence[Code]]) -> _Statement:
    """Each component is one of its codes, given as parameters."""
    conditions, parameters = [], []
    for name, codes in filters.items():
        component = cube.components[name]
        marks = ", ".join("?" * len(codes))
        conditions.append(f"{column(component)} IN ({marks})")
        by_notation = _by_notation(component)
        parameters += [code.notation if by_notation else code.iri for code in codes]
    return _Statement(f" WHERE {' AND '.join(conditions)}" if conditions else "", [*parameters])


def _suppressed(cube: Cube) -> str:
    """Whether a figure is withheld for confidentiality, as SQL."""
    status = next((each for each in cube.attributes if each.name == CONFIDENTIALITY), None)
    if status is None:
        return "false"
    free = next((code.iri for code in status.codes if code.notation == FREE), "")
    name = quoted(status.name)
    return f"({name} IS NOT NULL AND {name} <> '{free.replace(chr(39), chr(39) * 2)}')"


def bounded(rows: int, most: Most) -> None:
    """BadRequestError for more rows than an answer may have."""
    if rows > most.rows:
        raise BadRequestError(
            f"the answer has more than {most.rows} rows; choose fewer values, use group, page with limit and offset, "
            "or take the whole cube as Parquet",
            f"答えが{most.rows}行を超えます。値を絞る、groupを使う、limitとoffsetで分ける、または全体をParquetで"
            "取得してください",
            limit=most.setting,
            rows=most.rows,
        )


def bounded_sums(rows: int, most: Most) -> None:
    """The same for sums, which are all made before any page of them."""
    if rows > most.rows:
        raise BadRequestError(
            f"there are more than {most.rows} sums; choose fewer values, keep less apart with group, or take the whole "
            "cube as Parquet",
            f"集計値が{most.rows}個を超えます。値を絞る、groupを減らす、または全体をParquetで取得してください",
            limit=most.setting,
            rows=most.rows,
        )


def _table(cube: Cube, asked: Plan, rows: Sequence[Row], total: int | None = None) -> Table:
    return Table(
        cube=cube,
        measure=asked.selection.measure,
        keys=tuple(cube.components[name] for name in asked.keys),
        attributes=cube.shared_beside(asked.keys) if asked.sums else cube.attributes,
        rows=tuple(rows),
        sums=asked.sums,
        fixed=tuple((cube.components[name], codes) for name, codes in asked.used.items()),
        total=len(rows) if total is None else total,
        offset=asked.selection.offset,
    )


def sums_in_order(cube: Cube, asked: Plan, rows: Sequence[Row]) -> Table:
    """Sums in the order of the codes; the part that limit and offset choose."""
    ranks = [cube.components[name].rank for name in asked.keys]
    ordered = sorted(rows, key=lambda row: [rank.get(name, -1) for rank, name in zip(ranks, row.key, strict=True)])
    first, limit = asked.selection.offset, asked.selection.limit
    return _table(cube, asked, ordered[first : None if limit is None else first + limit], len(rows))
