"""Our answers are those of bare pyoxigraph, byte for byte, in every format; but several default graphs are merged."""

import dataclasses
import socket
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine import wire
from service.engine.setup import Setup
from service.engine.syntaxes import GRAPHS, LINES, SOLUTIONS
from service.engine.worker import Asked, Evaluators, answer
from tests.service.engine import queries

SETUP = Setup(store="", base_iri=queries.BASE, prefixes=queries.PREFIXES)
BUDGET = settings(max_examples=150, deadline=None, derandomize=True)


def loaded(trig: str) -> ox.Store:
    store = ox.Store()
    store.load(trig.encode(), format=ox.RdfFormat.TRIG)
    return store


def asked(store: ox.Store, text: str, **named: Any) -> wire.Frame:
    """What a worker answers to a query."""
    ours, theirs = socket.socketpair()
    formats = {"solutions_format": "JSON", "graph_format": "N-Triples"}
    with ours, theirs:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8_000_000)
        unset = {"default_graphs": None, "named_graphs": None}
        answer(Evaluators(store, None), SETUP, Asked(text, **{**unset, **formats, **named}), theirs)
        theirs.shutdown(socket.SHUT_WR)
        reader = wire.Reader()
        frames = [frame for data in iter(lambda: ours.recv(1 << 20), b"") for frame in reader.feed(data)]
    [frame] = frames
    return frame


def bare(store: ox.Store, text: str, solutions: str, graph: str) -> bytes:
    results = store.query(text, base_iri=queries.BASE, prefixes=queries.PREFIXES)
    if isinstance(results, ox.QueryTriples):
        prefixes = None if graph in LINES else queries.PREFIXES
        return ox.serialize(results, format=GRAPHS[graph], prefixes=prefixes) or b""
    return results.serialize(format=SOLUTIONS[solutions]) or b""


@BUDGET
@given(queries.datasets(), queries.queries, st.sampled_from(sorted(SOLUTIONS)), st.sampled_from(sorted(GRAPHS)))
def test_every_answer_is_the_bare_engines(trig: str, text: str, solutions: str, graph: str) -> None:
    store = loaded(trig)
    frame = asked(store, text, solutions_format=solutions, graph_format=graph)
    assert frame.kind == wire.ANSWER, frame.record
    assert frame.body == bare(store, text, solutions, graph)


def rows(body: bytes) -> Counter[str]:
    return Counter(map(str, ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)))


def merged(store: ox.Store, default: list[str], named: list[str]) -> ox.Store:
    """The dataset by the letter of the standard (SPARQL 1.1 Query, 13.2), built apart from our code."""
    made = ox.Store()
    for quad in store:
        name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        if name in default:
            made.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        if name in named:
            made.add(quad)
    return made


@BUDGET
@given(
    queries.datasets(),
    queries.groups,
    st.lists(st.sampled_from(queries.GRAPHS), max_size=4),
    st.lists(st.sampled_from(queries.GRAPHS), max_size=2),
    st.booleans(),
)
def test_a_dataset_is_what_the_standard_says(
    trig: str, group: str, default: list[str], named: list[str], by_request: bool
) -> None:
    store = loaded(trig)
    clauses = "".join(f"FROM <{each}> " for each in default) + "".join(f"FROM NAMED <{each}> " for each in named)
    text = f"SELECT * {clauses if not by_request else ''} WHERE {{ {group} }}"
    graphs = {"default_graphs": default, "named_graphs": named} if by_request else {}
    frame = asked(store, text, **graphs)
    expected_store = store if not default and not named and not by_request else merged(store, default, named)
    expected = bare(expected_store, f"SELECT * WHERE {{ {group} }}", "JSON", "Turtle")
    assert rows(frame.body) == rows(expected)


def test_the_comparison_can_fail() -> None:
    store = loaded("PREFIX ex: <http://localhost:8000/def/ex#> ex:a ex:p 1 .")
    one, other = (asked(store, f"SELECT * {{ ?s ex:p {n} }}").body for n in (1, 2))
    assert rows(one) != rows(other)


def test_a_triple_in_two_default_graphs_is_there_once() -> None:
    both = "<http://localhost:8000/id/a> <http://localhost:8000/def/ex#p> 1"
    store = loaded("".join(f"<{graph}> {{ {both} }}\n" for graph in queries.GRAPHS))
    text = f"SELECT * FROM <{queries.GRAPHS[0]}> FROM <{queries.GRAPHS[1]}> {{ ?s ex:p ?o }}"
    assert rows(bare(store, text, "JSON", "Turtle")).total() == 2, "Oxigraph merges by now: dataset.py can go"
    assert rows(asked(store, text).body).total() == 1


def test_merging_has_a_limit_that_is_told() -> None:
    store = loaded("".join(f"<{graph}> {{ <http://a/{graph[-3:]}> <http://a/> 1, 2 }}\n" for graph in queries.GRAPHS))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        limited = dataclasses.replace(SETUP, merged_triples=3)
        answer(Evaluators(store, None), limited, Asked("ASK {}", queries.GRAPHS, None, "JSON", None), theirs)
        [frame] = wire.Reader().feed(ours.recv(1 << 16))
    about: Mapping[str, Any] = frame.record
    assert frame.kind == wire.FAULT
    assert about["status"] == 400
    assert about["fields"] == {"limit": "merged_triples", "value": 3}


@pytest.mark.parametrize(
    "text", ["SELECT (<http://no/such>(1) AS ?x) {}", "SELECT ?x ?x {}", "SELECT (SUM(?x) AS ?x) {?x ?y ?z}"]
)
def test_what_the_engine_refuses_is_the_clients_error(text: str) -> None:
    frame = asked(ox.Store(), text)
    assert frame.kind in {wire.FAULT, wire.ANSWER}
    if frame.kind == wire.FAULT:
        assert frame.record["status"] == 400
