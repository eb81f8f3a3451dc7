"""The W3C's SPARQL test suites: what their manifests ask for, and whether an answer is the expected one.

    python -m tests.service.sparql.w3c       asks them through the endpoint and of Oxigraph, and prints what differs

The suites are not part of the project; tests/tools.sh fetches them.
"""

import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF

from service.settings import Settings
from tests.service.sparql.partners import HERE, Behaviour, partner
from tests.service.sparql.results import GRAPHS, MEDIA_TYPES, Results, read_expected, read_rows, same
from tests.service.sparql.servers import Server, serving, write_release

# Where the suites lie, each in a folder of its own, unless the environment says otherwise.
FOLDER = Path(os.environ.get("W3C_SUITES", Path(__file__).parents[2] / "w3c" / "suites"))
needed = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="the W3C's tests are not here: tests/tools.sh fetches them, or W3C_SUITES names their folder",
)
MANIFESTS = ("dawg-data-r2/manifest-evaluation.ttl", "dawg-data-r2/manifest-syntax.ttl", "sparql11/manifest-all.ttl")
# What the files are called in the store and in queries.
SITE = "http://suites.example/"
EMPTY = SITE + "empty"
FEDERATED = "sparql11/service"
EVALUATION = frozenset({"QueryEvaluationTest", "CSVResultFormatTest"})
POSITIVE = frozenset({"PositiveSyntaxTest", "PositiveSyntaxTest11"})
NEGATIVE = frozenset({"NegativeSyntaxTest", "NegativeSyntaxTest11"})
TEXTS = {".csv": ox.QueryResultsFormat.CSV, ".tsv": ox.QueryResultsFormat.TSV}
DATA = {**GRAPHS, ".n3": ox.RdfFormat.N3}

_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
DAWGT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#")


@dataclass(frozen=True)
class Case:
    """One test about a query. Files are named by the IRIs that they have on SITE; `graphs` are named graphs,
    `services` endpoints with their files.
    """

    iri: str
    kind: str
    query: str
    data: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    result: str = ""
    lax: bool = False
    services: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def group(self) -> str:
        """The folder that it is in."""
        return self.query.removeprefix(SITE).rpartition("/")[0]

    @property
    def text(self) -> str:
        return file(self.query).read_text(encoding="utf-8")

    @property
    def clauses(self) -> tuple[str, ...]:
        """The graphs that the query names itself, with FROM; then the dataset is its own."""
        named = (urljoin(self.query, each) for each in _FROM.findall(self.text))
        return tuple(each for each in named if file(each).is_file())


def file(iri: str) -> Path:
    return FOLDER / iri.removeprefix(SITE)


def cases() -> list[Case]:
    """Every test about a query that the working group has not withdrawn."""
    found = [case for each in MANIFESTS for manifest in _manifests(SITE + each) for case in _cases(manifest)]
    return list({each.iri: each for each in found}.values())


def _manifests(iri: str) -> Iterator[rdflib.Graph]:
    graph = rdflib.Graph().parse(file(iri), format="turtle", publicID=iri)
    yield graph
    for list_ in graph.objects(None, MF.include):
        for each in Collection(graph, list_):
            yield from _manifests(str(each))


def _cases(manifest: rdflib.Graph) -> Iterator[Case]:
    for list_ in manifest.objects(None, MF.entries):
        for iri in Collection(manifest, list_):
            kind = str(manifest.value(iri, RDF.type) or "").rpartition("#")[2]
            withdrawn = manifest.value(iri, DAWGT.approval) in {DAWGT.Withdrawn, DAWGT.Rejected}
            if kind in EVALUATION | POSITIVE | NEGATIVE and not withdrawn:
                yield _case(manifest, iri, kind)


def _case(manifest: rdflib.Graph, iri: rdflib.term.Node, kind: str) -> Case:
    action = manifest.value(iri, MF.action)
    graphs = [manifest.value(each, QT.graph) or each for each in manifest.objects(action, QT.graphData)]
    return Case(
        iri=str(iri),
        kind=kind,
        query=str(manifest.value(action, QT.query) or action),
        data=tuple(map(str, manifest.objects(action, QT.data))),
        graphs=tuple(map(str, graphs)),
        result=str(manifest.value(iri, MF.result) or ""),
        services=tuple(
            (str(manifest.value(each, QT.endpoint)), tuple(map(str, manifest.objects(each, QT.data))))
            for each in manifest.objects(action, QT.serviceData)
        ),
        lax=manifest.value(iri, MF.resultCardinality) == MF.LaxCardinality,
    )


# --- whoever answers --------------------------------------------------------------------------------

# The answer, or None for a query that was refused as none.
Answering = Callable[[Case], Results | None]


def by_oxigraph(case: Case) -> Results | None:
    """What the store answers by itself, each file in the graph where the test wants it."""
    if case.group == FEDERATED:
        raise ValueError("it would ask machines elsewhere")
    store = _default_graph(case.data)
    for each in (*case.graphs, *case.clauses):
        _load(store, each)
    try:
        found = store.query(case.text, base_iri=case.query)
    except SyntaxError:
        return None
    if case.kind in POSITIVE:
        return Results()
    if isinstance(found, ox.QuerySolutions) and (written := TEXTS.get(file(case.result).suffix)):
        return read_rows(found.serialize(format=written) or b"", MEDIA_TYPES[file(case.result).suffix])
    if isinstance(found, ox.QueryBoolean):
        return Results(boolean=bool(found))
    if isinstance(found, ox.QueryTriples):
        return Results(graph=list(found))
    return Results(tuple(each.value for each in found.variables), [list(each) for each in found])


def _default_graph(files: Iterable[str]) -> ox.Store:
    store = ox.Store()
    for each in files:
        store.load(path=str(file(each)), format=DATA[file(each).suffix], base_iri=each)
    return store


def by(server: Server, partners: Mapping[tuple[str, str], str]) -> Answering:
    """What the endpoint answers to the same question: the files are graphs of its release. `partners` are the
    listeners that stand for the endpoints of a test.
    """

    def answer(case: Case) -> Results | None:
        default = [] if case.clauses else [("default-graph-uri", each) for each in case.data or (EMPTY,)]
        named = [] if case.clauses else [("named-graph-uri", each) for each in case.graphs]
        media_type = MEDIA_TYPES.get(file(case.result).suffix, "application/sparql-results+xml")
        headers = {"Accept": f"{media_type}, application/n-triples"}
        text = f"BASE <{case.query}>\n{case.text}"
        for endpoint, _ in case.services:
            text = text.replace(f"<{endpoint}>", f"<{partners[case.iri, endpoint]}>")
        response = server.client.get("/sparql", params=[("query", text), *default, *named], headers=headers)
        return _read(response)

    return answer


def _read(response: httpx.Response) -> Results | None:
    if response.status_code == 400:
        problem = response.json()
        if problem.keys() & {"line", "limit"}:
            return None
        raise ValueError(problem["detail"])
    media_type = response.raise_for_status().headers["content-type"].partition(";")[0]
    if media_type == "application/n-triples":
        return Results(graph=[each.triple for each in ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES)])
    return read_rows(response.content, media_type)


def _load(store: ox.Store, iri: str) -> None:
    path = file(iri)
    store.load(path=str(path), format=DATA[path.suffix], base_iri=iri, to_graph=ox.NamedNode(iri))


def passes(case: Case, answering: Answering) -> bool:
    """Whether an answer is what the test expects."""
    try:
        found = answering(case)
    except (ValueError, RuntimeError):
        # It is a query that cannot be evaluated, such as one with a function that is not there.
        return case.kind in POSITIVE
    if case.kind in NEGATIVE:
        return found is None
    if found is None or case.kind in POSITIVE:
        return found is not None
    return same(found, read_expected(file(case.result), case.result), case.lax)


# --- all of them ------------------------------------------------------------------------------------


@dataclass
class Outcome:
    """The tests that each passed."""

    cases: Sequence[Case]
    ours: set[str] = field(default_factory=set)
    oxigraph: set[str] = field(default_factory=set)

    def lost(self) -> list[Case]:
        """Those that Oxigraph passes and we do not."""
        return [each for each in self.cases if each.iri in self.oxigraph - self.ours]


@contextmanager
def endpoint(folder: Path, chosen: Sequence[Case]) -> Iterator[Answering]:
    """The endpoint with a release in which every file is a graph, and partners for the tests of SERVICE."""
    write_suite(folder, chosen)
    keys = [(case.iri, endpoint, files) for case in chosen for endpoint, files in case.services]

    def answer(path: str, query: str) -> Behaviour:
        found = _default_graph(keys[int(path[1:])][2]).query(query)
        return Behaviour(found.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    with partner(answer=answer) as listener:
        at = {(iri, name): listener.at(f"/{index}") for index, (iri, name, _) in enumerate(keys)}
        settings = Settings(releases=folder, log_level="ERROR", partners=tuple(at.values()))
        with serving(settings, HERE) as server:
            yield by(server, at)


def run(answer: Answering, chosen: Sequence[Case]) -> Outcome:
    outcome = Outcome(chosen)
    for case in chosen:
        for passed, answering in ((outcome.ours, answer), (outcome.oxigraph, by_oxigraph)):
            if passes(case, answering):
                passed.add(case.iri)
    return outcome


def write_suite(folder: Path, chosen: Sequence[Case]) -> None:
    """A release in which each file that some test is about is a graph, under its IRI."""
    named = {iri for case in chosen for iri in (*case.data, *case.graphs, *case.clauses)}

    def fill(store: ox.Store) -> None:
        for iri in sorted(named):
            _load(store, iri)

    write_release(folder, fill, prefixes={})


def main() -> None:
    """Prints who passes what."""
    chosen = cases()
    with tempfile.TemporaryDirectory() as folder, endpoint(Path(folder), chosen) as answer:
        outcome = run(answer, chosen)
    groups = Counter(each.group for each in chosen)
    for group, total in groups.items():
        ours, theirs = (
            sum(c.iri in each for c in chosen if c.group == group) for each in (outcome.ours, outcome.oxigraph)
        )
        print(f"{group:40} {total:5} ours {ours:5} Oxigraph {theirs:5}")
    print(f"{'together':40} {len(chosen):5} ours {len(outcome.ours):5} Oxigraph {len(outcome.oxigraph):5}")
    for case in outcome.lost():
        print("only Oxigraph passes", case.iri, case.query)
    for case in chosen:
        if case.iri in outcome.ours - outcome.oxigraph:
            print("only we pass", case.iri, case.query)


if __name__ == "__main__":
    sys.exit(main())
