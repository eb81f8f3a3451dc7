"""DuckDB over the Parquet files of a release, with no way out: one connection, used by one thread.

It starts no thread before it is locked, so that a process that has opened it can be forked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import duckdb
import pyoxigraph as ox

from service.cube.catalogue import Cube
from service.cube.errors import NotUnderstood
from service.cube.kinds import Kind, decimal, integer
from service.cube.relation import Terms
from service.cube.sql import Parameters, quoted
from service.cube.survey import MAX_ROWS, Survey
from service.release import Component

MAX_DOMAIN = 20_000
# Rows of a cube that the first statement goes through.
_WARMING = 1_000
# What makes a term of a text, by the type of a component.
_TERMS: Mapping[str, Callable[[str], ox.NamedNode | ox.Literal]] = MappingProxyType(
    {"iri": ox.NamedNode, "string": ox.Literal}
)


class Duck:
    """Reads the Parquet files of these cubes and nothing else.

    `memory` is in bytes; what does not fit ends in an error, nothing is spilled to disk. `survey` is what need not be
    looked up again.
    """

    def __init__(self, cubes: Sequence[Cube], memory: int = 512 << 20, survey: Survey | None = None) -> None:
        known = survey or Survey()
        self._connection = duckdb.connect(":memory:", config={"threads": 1, "async_threads": 0})
        self._tables = 0
        self._domains = dict(known.domains)
        self._kinds = dict(known.kinds)
        self._shut(sorted({str(cube.parquet.resolve()) for cube in cubes}), memory)
        for cube in cubes:
            path = str(cube.parquet.resolve()).replace("'", "''")
            self._connection.execute(f"CREATE VIEW {table_of(cube)} AS SELECT * FROM read_parquet('{path}')")

    def lock(self, threads: int) -> None:
        """From now on so many threads, and no setting changes any more."""
        self._connection.execute(f"SET threads = {int(threads)}")
        self._connection.execute("SET lock_configuration = true")

    def _shut(self, files: list[str], memory: int) -> None:
        run = self._connection.execute
        run(f"SET memory_limit = '{memory // 1024} KiB'")
        run("SET temp_directory = ''")
        run("SET python_enable_replacements = false")
        run("SET parquet_metadata_cache = true")
        run("SET preserve_insertion_order = true")
        run("SET allowed_paths = $files", {"files": files})
        run("SET autoinstall_known_extensions = false")
        run("SET autoload_known_extensions = false")
        run("SET enable_external_access = false")

    def close(self) -> None:
        self._connection.close()

    def run(self, sql: str, parameters: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        """The result of a statement: fetch from it before the next statement runs."""
        return self._connection.execute(sql, parameters) if parameters else self._connection.execute(sql)

    def table(self, columns: Mapping[str, tuple[Kind, Sequence[Any]]]) -> str:
        """A table of these columns, each with its values; its name."""
        name = f"t{self._tables}"
        self._tables += 1
        parameters = Parameters()
        selected = [
            f"CAST(unnest({parameters.add(_plain(kind, values), _list_type(kind))}) AS {kind.sql}) AS {column}"
            for column, (kind, values) in columns.items()
        ]
        self.run(f"CREATE TEMP TABLE {name} AS SELECT {', '.join(selected)}", parameters.values)
        return name

    def drop(self, tables: Iterable[str]) -> None:
        for name in tables:
            self.run(f"DROP TABLE IF EXISTS {name}", {})

    def domain(self, cube: Cube, component: Component) -> Terms | None:
        """Every value of a component of the cube, in N-Triples; None if there are very many or they are numbers."""
        key = (cube.id, component.name)
        if component.type not in _TERMS:
            return None
        if key not in self._domains:
            self._domains[key] = self._distinct(cube, component)
        return self._domains[key]

    def warm(self, cube: Cube) -> None:
        """Goes the whole way of a query once, for whatever is made with the first. A few rows will do, and fit."""
        few = f"(SELECT observation FROM {table_of(cube)} LIMIT {_WARMING})"
        self.run(
            f"SELECT o.observation, count(*) FROM {few} AS o JOIN {few} AS e USING (observation) "
            "GROUP BY ALL ORDER BY ALL LIMIT 1",
            {},
        ).fetchall()

    def survey(self, cubes: Sequence[Cube]) -> Survey:
        """What is known of all columns of these cubes that are not too large to be looked at in advance."""
        for cube in (each for each in cubes if each.rows <= MAX_ROWS):
            self._look_through(cube)
            for component in cube.components:
                with suppress(NotUnderstood):
                    self.kind(cube, component)
        return Survey(self._kinds, self._domains)

    def _look_through(self, cube: Cube) -> None:
        """The values of all dimensions and codes at once: each statement has its price."""
        found = [each for each in cube.components if each.kind == "dimension" or each.codes is not None]
        named = [each for each in found if each.type in _TERMS]
        lists = ", ".join(f"list(DISTINCT {quoted(each.name)})" for each in named)
        row = self.run(f"SELECT {lists} FROM {table_of(cube)}", {}).fetchall()[0] if named else ()
        for component, values in zip(named, row, strict=True):
            few = values is None or len(values) <= MAX_DOMAIN
            self._domains[cube.id, component.name] = _terms(component, values or ()) if few else None

    def _distinct(self, cube: Cube, component: Component) -> Terms | None:
        column, table = quoted(component.name), table_of(cube)
        about = self.run(f"SELECT approx_count_distinct({column}) FROM {table}", {}).fetchall()[0][0]
        if about > MAX_DOMAIN:
            return None
        rows = self.run(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL", {}).fetchall()
        return _terms(component, [value for (value,) in rows])

    def kind(self, cube: Cube, component: Component) -> Kind:
        """What the values of a component are, with the limits of its numbers."""
        key = (cube.id, component.name)
        if key not in self._kinds:
            self._kinds[key] = self._measured(cube, component)
        return self._kinds[key]

    def _measured(self, cube: Cube, component: Component) -> Kind:
        column = quoted(component.name)
        if component.type == "double":
            odd = f"NOT isfinite({column}) OR ({column} = 0 AND signbit({column}))"
            if self.run(f"SELECT count(*) FROM {table_of(cube)} WHERE {odd}", {}).fetchall()[0][0]:
                raise NotUnderstood(f"{component.property} with infinity, NaN or minus zero")
        if component.type not in {"integer", "decimal"}:
            return Kind(component.type)
        sql = f"SELECT max({column}), min({column}), any_value(typeof({column})) FROM {table_of(cube)}"
        highest, lowest, type_ = self.run(sql, {}).fetchall()[0]
        if highest is None:
            return Kind(component.type)
        limit = int(max(abs(highest), abs(lowest))) + 1
        if component.type == "integer":
            return integer(limit)
        return decimal(int(type_.rstrip(")").rpartition(",")[2]), limit)


def _terms(component: Component, values: Iterable[Any]) -> Terms:
    """Sorted: what Oxigraph is asked about them is the same question, with the same answer, in every process."""
    return tuple(sorted(str(_TERMS[component.type](value)) for value in values if value is not None))


def table_of(cube: Cube) -> str:
    return quoted(f"cube {cube.id}")


def _plain(kind: Kind, values: Sequence[Any]) -> list[Any]:
    return [None if each is None else str(each) for each in values] if kind.name == "decimal" else list(values)


def _list_type(kind: Kind) -> str:
    return "VARCHAR[]" if kind.name == "decimal" else f"{kind.sql}[]"
