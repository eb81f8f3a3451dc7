"""Answers a query about observations from the cubes' Parquet, exactly as Oxigraph would, or not at all."""

import re
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import duckdb
import pyoxigraph as ox

from service.cube.aggregates import FAILURE
from service.cube.catalogue import Cube
from service.cube.duck import Duck
from service.cube.errors import NotUnderstood
from service.cube.explanation import Explanation, Step
from service.cube.pattern_reader import read_query
from service.cube.patterns import compile_group, contains_star
from service.cube.question import Desk
from service.cube.relation import Column, Relation
from service.cube.selects import compile_select
from service.cube.solutions import Rows, boolean, solutions
from service.cube.syntax import Ask, Query
from service.cube.worth import refuse_few

_PIECE = 2_000
_PARAMETER = re.compile(r"\$(p[0-9]+)\b")


@dataclass(frozen=True)
class CubeAnswer:
    """What a store's query method would have returned; `seconds` by stage."""

    results: ox.QuerySolutions | ox.QueryBoolean
    seconds: Mapping[str, float]


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


class Planner:
    """The cubes of one release. For one thread, like the store; a new release has a new planner.

    `few` is how many observations Oxigraph may look through by itself, `plans` how many plans are kept by their text.
    """

    def __init__(
        self,
        cubes: Sequence[Cube],
        store: ox.Store,
        prefixes: Mapping[str, str],
        duck: Duck,
        few: int = 1_000,
        plans: int = 256,
    ) -> None:
        self._cubes, self._store, self._prefixes, self._duck = cubes, store, prefixes, duck
        self._few, self._plans = few, plans
        self._known: OrderedDict[tuple[str, str], Plan | Refusal] = OrderedDict()
        self._empty = ox.Store()

    def answer(self, text: str, base_iri: str = "") -> CubeAnswer | None:
        """The answer to a query over the default graph; None if it is for Oxigraph.

        A syntax error, too, is for Oxigraph to report.
        """
        begun = time.perf_counter()
        plan = self._plan(text, base_iri)
        planned = time.perf_counter()
        if isinstance(plan, Refusal):
            return None
        try:
            results = self._results(plan)
        except duckdb.Error as error:
            self._keep((text, base_iri), Refusal(f"DuckDB: {error}"))
            return None
        return CubeAnswer(results, {"plan": planned - begun, "cube": time.perf_counter() - planned})

    def explain(self, text: str, base_iri: str = "") -> Explanation:
        """What `answer` does with the query, step by step."""
        begun = time.perf_counter()
        answer = self.answer(text, base_iri)
        plan = self._plan(text, base_iri)
        if answer is None or isinstance(plan, Refusal):
            return Explanation("oxigraph", plan.reason if isinstance(plan, Refusal) else "")
        rows = sum(1 for _ in answer.results) if isinstance(answer.results, ox.QuerySolutions) else 1
        last = Step("duckdb", plan.sql, rows, time.perf_counter() - begun - answer.seconds["plan"])
        return Explanation("cube", "", (*plan.steps, last))

    def reason(self, text: str, base_iri: str = "") -> str:
        """Why Oxigraph answers the query; empty if a cube does."""
        plan = self._plan(text, base_iri)
        return plan.reason if isinstance(plan, Refusal) else ""

    def _plan(self, text: str, base_iri: str) -> Plan | Refusal:
        key = (text, base_iri)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        desk = Desk(self._duck, self._store, self._cubes)
        try:
            found: Plan | Refusal = self._compiled(desk, text, base_iri)
        except (NotUnderstood, duckdb.Error, RecursionError) as reason:
            self._duck.drop(desk.tables)
            found = Refusal(f"{type(reason).__name__}: {reason}")
        self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, str], plan: Plan | Refusal) -> None:
        old = [self._known.pop(key, None)]
        self._known[key] = plan
        while len(self._known) > self._plans:
            old.append(self._known.popitem(last=False)[1])
        for each in old:
            if isinstance(each, Plan):
                self._duck.drop(each.tables)

    def _compiled(self, desk: Desk, text: str, base_iri: str) -> Plan:
        query = read_query(text, base_iri, self._prefixes)
        if not contains_star(query.where, desk):
            raise NotUnderstood("no observations of a cube in the pattern")
        refuse_few(query, desk, self._few)
        variables = self._checked(text, base_iri)
        relation = _relation(desk, query)
        used = set(_PARAMETER.findall(relation.sql))
        parameters = {name: value for name, value in desk.parameters.values.items() if name in used}
        return Plan(relation.sql, parameters, relation.columns, variables, tuple(desk.tables), tuple(desk.steps))

    def _checked(self, text: str, base_iri: str) -> tuple[str, ...] | None:
        """Oxigraph's opinion of the text: the variables of the answer in its order, None for ASK."""
        try:
            found = self._empty.query(text, base_iri=base_iri or None, prefixes=dict(self._prefixes))
        except (SyntaxError, ValueError) as error:
            raise NotUnderstood(f"not a query: {error}") from error
        return tuple(each.value for each in found.variables) if isinstance(found, ox.QuerySolutions) else None

    def _results(self, plan: Plan) -> ox.QuerySolutions | ox.QueryBoolean:
        """The first rows are there when it returns; the others come as they are read, if no later one can fail."""
        cursor = self._duck.run(plan.sql, dict(plan.parameters))
        if plan.variables is None:
            return boolean(bool(cursor.fetchall()))
        pieces = iter([cursor.fetchall()]) if f"{FAILURE}(" in plan.sql else _pieces(cursor)
        first = next(pieces, [])
        return solutions(plan.variables, plan.columns, chain([first], pieces))


def _pieces(cursor: duckdb.DuckDBPyConnection) -> Iterator[Rows]:
    while rows := cursor.fetchmany(_PIECE):
        yield rows


def _relation(desk: Desk, query: Query) -> Relation:
    if isinstance(query, Ask):
        found = compile_group(desk, query.where)
        return Relation(f"SELECT 1 FROM ({found.sql}) AS t LIMIT 1", {}, 1)
    return compile_select(desk, query, compile_group, outermost=True)
