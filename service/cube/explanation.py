"""How a query is answered, for people."""

from dataclasses import dataclass

import pyoxigraph as ox

from service.cube.kinds import DOUBLE, STRING, integer
from service.cube.relation import Column
from service.cube.solutions import solutions


@dataclass(frozen=True)
class Step:
    """What was done where: a question to Oxigraph in SPARQL or a statement of DuckDB in SQL."""

    engine: str
    text: str
    rows: int
    seconds: float


@dataclass(frozen=True)
class Explanation:
    """Who answers a query: the steps of a plan, or the reason why there is none."""

    engine: str
    reason: str = ""
    steps: tuple[Step, ...] = ()


_COLUMNS = {
    "step": integer(10**6),
    "engine": STRING,
    "text": STRING,
    "rows": integer(10**18),
    "milliseconds": DOUBLE,
}


def table(explanation: Explanation) -> ox.QuerySolutions:
    """A solution for each step; if there is none, one whose ?text is the reason."""
    rows: list[tuple[object, ...]] = [
        (number, each.engine, each.text, each.rows, round(each.seconds * 1000, 3))
        for number, each in enumerate(explanation.steps, 1)
    ]
    rows = rows or [(1, explanation.engine, explanation.reason, None, None)]
    columns = {ox.Variable(name): Column(kind, nullable=True) for name, kind in _COLUMNS.items()}
    return solutions(tuple(_COLUMNS), columns, iter([rows]))
