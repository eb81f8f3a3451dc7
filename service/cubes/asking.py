"""A plan → SQL → a table. Names in the SQL are those of the cube's own columns; values are parameters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.cubes.columns import Columns, quoted
from service.cubes.model import Code, Component, Cube, Dimension
from service.cubes.rollup import Plan, differing
from service.cubes.table import Row, Table
from service.errors import BadRequestError

# confStatus F (free) says that a figure is not confidential: every other code is a reason for a gap.
FREE = "F"


@dataclass
class _Statement:
    """SQL under construction with its parameters, in the order in which they occur in it."""

    sql: str
    parameters: list[object]


async def ask(columns: Columns, cube: Cube, asked: Plan, most_rows: int) -> Table:
    """The rows of a plan; BadRequestError if there are more than one answer may hold."""
    if not asked.sums:
        return await _observations(columns, cube, asked, most_rows)
    statement = _sums(cube, asked)
    found = await columns.rows(f"{statement.sql} LIMIT ?", [*statement.parameters, most_rows + 1])
    _bounded(len(found), most_rows)
    return _paged(_table(cube, asked, [_sum(cube, asked, row) for row in found]), asked)


async def export(columns: Columns, cube: Cube, asked: Plan) -> bytes:
    """The observations or sums of a plan as a Parquet file, columns as in the cube's own file."""
    if asked.sums:
        statement = _sums(cube, asked)
    else:
        where = _where(cube, asked.selection.filters)
        select = f"SELECT * EXCLUDE (file_row_number) FROM {quoted(cube.id)}{where.sql} ORDER BY file_row_number"  # noqa: S608
        statement = _Statement(select + _page(asked), where.parameters)
    return await columns.parquet(statement.sql, statement.parameters)


# --- observations -------------------------------------------------------------------------------


async def _observations(columns: Columns, cube: Cube, asked: Plan, most_rows: int) -> Table:
    where = _where(cube, asked.selection.filters)
    names = [*map(column, cube.dimensions), quoted(asked.selection.measure.name)]
    names += [quoted(each.name) for each in cube.attributes]
    source = f"FROM {quoted(cube.id)}{where.sql}"
    rows = f"SELECT observation, {_suppressed(cube)}, {', '.join(names)} {source} ORDER BY file_row_number"
    page = _page(asked) or f" LIMIT {most_rows + 1:d}"
    found = await columns.rows(rows + page, where.parameters)
    if asked.selection.limit is None:
        _bounded(len(found), most_rows)
        total = len(found)
    else:
        total = (await columns.rows(f"SELECT count(*) {source}", where.parameters))[0][0]
    return _table(cube, asked, [_observation(cube, row) for row in found], total)


def _page(asked: Plan) -> str:
    """Both are whole numbers that the parameters were read as."""
    limit, offset = asked.selection.limit, asked.selection.offset
    return "" if limit is None else f" LIMIT {limit:d} OFFSET {offset:d}"


def _observation(cube: Cube, row: Sequence[Any]) -> Row:
    width = len(cube.dimensions)
    iri, suppressed, key, value = row[0], row[1], row[2 : 2 + width], row[2 + width]
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
    counted = _Statement("", [])
    parts = [*keys, *(_filtered(aggregate, chosen, counted) for aggregate in _aggregates(cube, asked))]
    where = _where(cube, selection.filters)
    order = f" GROUP BY {', '.join(str(place + 1) for place in range(len(keys)))}" if keys else ""
    sql = f"SELECT {', '.join(parts)} FROM {quoted(cube.id)}{where.sql}{order}"  # noqa: S608 - our own names
    return _Statement(sql, [*counted.parameters, *where.parameters])


def _aggregates(cube: Cube, asked: Plan) -> Iterable[str]:
    measure = quoted(asked.selection.measure.name)
    yield f"sum({measure}) #  AS {measure}"
    yield f"count({measure}) # AS cells"
    yield "count(*) # AS rows"
    if cube.gaps:
        yield f"count_if({measure} IS NULL AND {_suppressed(cube)}) # AS suppressed"
    for name in asked.agree:
        yield f"min({quoted(name)}) #"
        yield f"max({quoted(name)}) #"


def _filtered(aggregate: str, chosen: "_Statement", counted: "_Statement") -> str:
    """The aggregate with its FILTER clause where `#` marks the place."""
    counted.parameters.extend(chosen.parameters)
    return aggregate.replace("#", f"FILTER (WHERE {chosen.sql})" if chosen.sql else "")


def _chosen(cube: Cube, asked: Plan) -> _Statement:
    """The condition on the cells that are added, as far as the filters do not say it already."""
    narrowed = {
        name: codes
        for name, codes in asked.used.items()
        if name not in asked.selection.filters and len(codes) < len(cube.dimension[name].codes)
    }
    where = _where(cube, narrowed)
    return _Statement(where.sql.removeprefix(" WHERE "), where.parameters)


def _sum(cube: Cube, asked: Plan, row: Sequence[Any]) -> Row:
    width = len(asked.keys)
    value, cells, rows = row[width : width + 3]
    rest = row[width + 3 :]
    suppressed = rest[0] if cube.gaps else 0
    for place, name in enumerate(asked.agree):
        low, high = rest[int(cube.gaps) + 2 * place : int(cube.gaps) + 2 * place + 2]
        if low != high:
            raise differing(name, (_notation(cube, name, low), _notation(cube, name, high)))
    absent = None if asked.expected is None else max(asked.expected - rows, 0)
    key = tuple(_notation(cube, name, each) for name, each in zip(asked.keys, row, strict=False))
    return Row(key, value, cells, rows - cells - suppressed, suppressed, absent)


def _notation(cube: Cube, name: str, value: object) -> str:
    """Dimensions come as notations already, attributes as IRIs."""
    if name in cube.dimension:
        return str(value)
    code = cube.components[name].by_iri.get(str(value))
    return code.notation if code else "" if value is None else str(value)


# --- both ---------------------------------------------------------------------------------------


def column(component: Component) -> str:
    """The column that filters and groups use: notations for dimensions, IRIs for attributes."""
    return quoted(f"{component.name}_code" if isinstance(component, Dimension) else component.name)


def _where(cube: Cube, filters: Mapping[str, Sequence[Code]]) -> _Statement:
    """Each component is one of its codes, given as parameters."""
    conditions, parameters = [], []
    for name, codes in filters.items():
        component = cube.components[name]
        marks = ", ".join("?" * len(codes))
        conditions.append(f"{column(component)} IN ({marks})")
        by_notation = isinstance(component, Dimension)
        parameters += [code.notation if by_notation else code.iri for code in codes]
    return _Statement(f" WHERE {' AND '.join(conditions)}" if conditions else "", [*parameters])


def _suppressed(cube: Cube) -> str:
    """Whether a figure is withheld for confidentiality, as SQL."""
    status = next((each for each in cube.attributes if each.name == "confStatus"), None)
    if status is None:
        return "false"
    free = next((code.iri for code in status.codes if code.notation == FREE), "")
    name = quoted(status.name)
    return f"({name} IS NOT NULL AND {name} <> '{free.replace(chr(39), chr(39) * 2)}')"


def _bounded(count: int, most_rows: int) -> None:
    if count > most_rows:
        raise BadRequestError(
            f"the answer has more than {most_rows} rows; choose fewer values, use group, page with limit and offset, "
            "or take the whole cube as Parquet",
            f"答えが{most_rows}行を超えます。値を絞る、groupを使う、limitとoffsetで分ける、または全体をParquetで"
            "取得してください",
            limit="LOD_CUBE_ROWS",
            rows=most_rows,
        )


def _table(cube: Cube, asked: Plan, rows: Sequence[Row], total: int | None = None) -> Table:
    return Table(
        cube=cube,
        measure=asked.selection.measure,
        keys=tuple(cube.components[name] for name in asked.keys),
        attributes=() if asked.sums else cube.attributes,
        rows=tuple(rows),
        sums=asked.sums,
        fixed=fixed(cube, asked),
        total=len(rows) if total is None else total,
        offset=asked.selection.offset,
    )


def fixed(cube: Cube, asked: Plan) -> tuple[tuple[Component, tuple[Code, ...]], ...]:
    return tuple((cube.components[name], codes) for name, codes in asked.used.items())


def _paged(table: Table, asked: Plan) -> Table:
    """Sums in the order of the codes; the part that limit and offset choose."""
    ranks = [each.rank for each in table.keys]
    rows = sorted(table.rows, key=lambda row: [rank.get(name, -1) for rank, name in zip(ranks, row.key, strict=True)])
    first, limit = asked.selection.offset, asked.selection.limit
    last = None if limit is None else first + limit
    return _table(table.cube, asked, rows[first:last], len(rows))
