"""`explain=1` explains every query, and evaluates none that has no plan."""

import socket
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox
import pytest

from bench import synthetic
from service.cube.evaluator import Cubes, columns
from service.engine import wire
from service.engine.setup import Setup
from service.engine.worker import PLAN, Asked, Evaluators, answer

SETUP = Setup(store="", base_iri=synthetic.BASE, prefixes=synthetic.PREFIXES)
SUM = "SELECT (SUM(?v) AS ?sum) { { ?o em:population ?v } UNION { ?o em:population ?v } }"
GRAPH = "http://e.example/graph"


@pytest.fixture(scope="module")
def evaluators(tmp_path_factory: pytest.TempPathFactory) -> Evaluators:
    folder = tmp_path_factory.mktemp("release")
    synthetic.small(folder, 0)
    store = ox.Store.read_only(str(folder / "store"))
    return Evaluators(store, Cubes(store, synthetic.PREFIXES, columns(folder, 100_000_000), 1))


def explained(evaluators: Evaluators, text: str, **named: Any) -> tuple[Mapping[str, Any], str]:
    ours, theirs = socket.socketpair()
    unset = {"default_graphs": None, "named_graphs": None, "graph_format": None, "solutions_format": "CSV"}
    with ours, theirs:
        answer(evaluators, SETUP, Asked(text, explain=True, **{**unset, **named}), theirs)
        [frame] = wire.Reader().feed(ours.recv(1_000_000))
    return frame.record, frame.body.decode()


def test_a_plan_is_a_step_in_each_row(evaluators: Evaluators) -> None:
    assert "duckdb" in explained(evaluators, SUM)[1]


@pytest.mark.parametrize(
    ("text", "graphs"),
    [
        (SUM.replace("{", f"FROM <{GRAPH}> {{", 1), None),
        (SUM.replace("{", f"FROM NAMED <{GRAPH}> {{", 1), None),
        (SUM, [GRAPH]),
        (f"CONSTRUCT FROM <{GRAPH}> WHERE {{ ?s ?p ?o }}", None),
    ],
)
def test_a_dataset_is_a_reason_why_oxigraph_answers(
    evaluators: Evaluators, text: str, graphs: list[str] | None
) -> None:
    about, body = explained(evaluators, text, default_graphs=graphs)
    assert about["engine"] == PLAN
    assert body.startswith("step,engine,text,rows,milliseconds\r\n1,oxigraph,the query or the request names graphs")


def test_a_release_without_columns_is_a_reason_why_oxigraph_answers(evaluators: Evaluators) -> None:
    about, body = explained(Evaluators(evaluators.store, None), SUM)
    assert about["engine"] == PLAN
    assert "1,oxigraph,no columns of cubes are in use" in body


@pytest.mark.parametrize("text", ["ASK {", f"ASK FROM <{GRAPH}> {{ ?s ?p }}", "SELECT * { ?s em:population }"])
def test_what_is_no_query_has_no_explanation(evaluators: Evaluators, text: str) -> None:
    assert explained(evaluators, text)[0]["status"] == 400


def test_an_explanation_is_no_graph_whatever_the_query(evaluators: Evaluators) -> None:
    construct = "CONSTRUCT WHERE { ?s ?p ?o }"
    about, _ = explained(evaluators, construct, solutions_format=None, graph_format="Turtle")
    assert about["status"] == 406
    assert about["fields"]["available"] == ["CSV", "JSON", "TSV", "XML"]
    assert "explain=1 answers is a table" in about["en"]
    assert "Accept one of CSV, JSON, TSV, XML" in about["en"]
    assert "explain=1の結果は常に表" in about["ja"]
