"""Answers a query whose pattern holds observations from the cubes' Parquet, exactly as Oxigraph would, or not at all."""

import logging
import re
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyoxigraph as ox

from service.cube.catalogue import Cube
from service.cube.duck import Duck
from service.cube.errors import NotUnderstood
from service.cube.pattern_reader import read_query
from service.cube.patterns import compile_group, contains_star
from service.cube.question import Desk, Step
from service.cube.relation import Column, Relation, column_name
from service.cube.selects import compile_select
from service.cube.solutions import Rows, boolean, solutions
from service.cube.syntax import Ask, Query, Select

_log = logging.getLogger(__name__)
_PIECE = 2_000
_PARAMETER = re.compile(r"\$(p[0-9]+)\b")


@dataclass(frozen=True)
class CubeAnswer:
    """What a store's query method would have returned, and how it came about. `seconds` is by name of the stage."""

    results: ox.QuerySolutions | ox.QueryBoolean
    seconds: Mapping[str, float]
    steps: Sequence[Step]


@dataclass(frozen=True)
class Plan:
    """A statement that answers a query. `variables` are in the order of the answer; none for ASK."""

    sql: str
    parameters: Mapping[str, Any]
    columns: Mapping[ox.Variable, Column]
    variables: tuple[str, ...] | None
    tables: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Refusal:
    """Why Oxigraph answers."""

    reason: str


@dataclass
class Planner:
    """The cubes of one release. For one thread, like the store; `plans` is how many plans are kept by their text.

    A new release has a new planner.
    """

    cubes: Sequence[Cube]
    store: ox.Store
    prefixes: Mapping[str, str]
    duck: Duck
    plans: int = 256
    _known: "OrderedDict[tuple[str, str], Plan | Refusal]" = field(default_factory=OrderedDict)
    _empty: ox.Store = field(default_factory=ox.Store)

    def __post_init__(self) -> None:
        names = {each.property for cube in self.cubes for each in cube.components}
        local = sorted({re.escape(re.split("[#/]", name)[-1]) for name in names} | {"dataSet", "Observation"})
        self._mentions = re.compile(rf"(?<![\w-])(?:{'|'.join(local)})(?![\w-])")

    def answer(self, text: str, base_iri: str = "") -> CubeAnswer | None:
        """The answer to a query over the default graph; None if it is for Oxigraph.

        A syntax error, too, is for Oxigraph to report.
        """
        if not self.cubes or not self._mentions.search(text):
            return None
        begun = time.perf_counter()
        plan = self._plan(text, base_iri)
        if isinstance(plan, Refusal):
            return None
        planned = time.perf_counter()
        try:
            results, rows = self._results(plan)
        except duckdb.Error as error:
            self._keep((text, base_iri), Refusal(f"DuckDB: {error}"))
            return None
        done = time.perf_counter()
        step = Step("duckdb", plan.sql, rows, done - planned)
        return CubeAnswer(results, {"plan": planned - begun, "cube": done - planned}, (*plan.steps, step))

    def reason(self, text: str, base_iri: str = "") -> str:
        """Why Oxigraph answers the query; empty if a cube does."""
        if not self.cubes or not self._mentions.search(text):
            return "no property of a cube in the text"
        plan = self._plan(text, base_iri)
        return plan.reason if isinstance(plan, Refusal) else ""

    def _plan(self, text: str, base_iri: str) -> Plan | Refusal:
        key = (text, base_iri)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        desk = Desk(self.duck, self.store, self.cubes)
        try:
            found: Plan | Refusal = self._compiled(desk, text, base_iri)
        except (NotUnderstood, duckdb.Error) as reason:
            self.duck.drop(desk.tables)
            found = Refusal(f"{type(reason).__name__}: {reason}")
        self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, str], plan: Plan | Refusal) -> None:
        old = [self._known.pop(key, None)]
        self._known[key] = plan
        while len(self._known) > self.plans:
            old.append(self._known.popitem(last=False)[1])
        for each in old:
            if isinstance(each, Plan):
                self.duck.drop(each.tables)

    def _compiled(self, desk: Desk, text: str, base_iri: str) -> Plan:
        query = read_query(text, base_iri, self.prefixes)
        if not contains_star(query.where, desk):
            raise NotUnderstood("no observations of a cube in the pattern")
        variables = self._checked(text, base_iri)
        relation = _relation(desk, query)
        used = set(_PARAMETER.findall(relation.sql))
        parameters = {name: value for name, value in desk.parameters.values.items() if name in used}
        return Plan(relation.sql, parameters, relation.columns, variables, tuple(desk.tables), tuple(desk.steps))

    def _checked(self, text: str, base_iri: str) -> tuple[str, ...] | None:
        """Oxigraph's opinion of the text: the variables of the answer in its order, None for ASK."""
        try:
            found = self._empty.query(text, base_iri=base_iri or None, prefixes=dict(self.prefixes))
        except (SyntaxError, ValueError) as error:
            raise NotUnderstood(f"not a query: {error}") from error
        return tuple(each.value for each in found.variables) if isinstance(found, ox.QuerySolutions) else None

    def _results(self, plan: Plan) -> tuple[ox.QuerySolutions | ox.QueryBoolean, int]:
        cursor = self.duck.run(plan.sql, dict(plan.parameters))
        if plan.variables is None:
            return boolean(bool(cursor.fetchall())), 1
        rows = cursor.fetchall()
        return solutions(plan.variables, plan.columns, _pieces(rows)), len(rows)


def _relation(desk: Desk, query: Query) -> Relation:
    if isinstance(query, Ask):
        found = compile_group(desk, query.where)
        return Relation(f"SELECT 1 FROM ({found.sql}) AS t LIMIT 1", {}, 1)
    found = compile_select(desk, query, compile_group)
    return found


def _pieces(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows), _PIECE):
        yield rows[start : start + _PIECE]


__all__ = ["CubeAnswer", "Planner", "Refusal", "Select", "column_name"]
