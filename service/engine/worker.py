"""The process that evaluates visitors' queries: opens the store read-only, gives up the network, and answers one
query after the other until it is killed. It is forked from service/engine/template.py.
"""

import resource
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from service.engine import confine, wire
from service.engine.constants import canonical_constants, plain
from service.engine.dataset import Dataset, clauses, named_by_request, select
from service.engine.faults import Fault
from service.engine.outlet import Outlet
from service.engine.parsing import parse
from service.engine.screen import check_federation, check_nesting
from service.engine.setup import Setup
from service.engine.syntax_errors import syntax_fault
from service.engine.syntaxes import GRAPHS, LINES, SOLUTIONS
from service.formats import BOOLEAN, GRAPH
from service.formats import SOLUTIONS as ROWS

if TYPE_CHECKING:
    from service.cube.evaluator import Columns, Cubes

# What may have answered: the store, the columns of cubes, or the planner about itself.
OXIGRAPH, CUBE, PLAN = "oxigraph", "cube", "plan"
# Why the store answers where the planner is not asked.
_NO_COLUMNS = "no columns of cubes are in use"
_OTHER_GRAPHS = "the query or the request names graphs; columns hold the default graph of the release"
# What needs a format, in both languages; rows by whether they are an explanation.
_ABOUT_GRAPHS = ("The answer to this query is a graph", "この問合せの結果はグラフで、それ")
_ABOUT_ROWS = (
    ("The answer to this query is a table of solutions or a boolean", "この問合せの結果は表か真偽値で、それ"),
    ("What explain=1 answers is a table of solutions, whatever the query", "explain=1の結果は常に表で、それ"),
)


@dataclass(frozen=True)
class Asked:
    """One query as it comes over the wire. Formats are names; None where the client takes none of a kind."""

    text: str
    default_graphs: list[str] | None
    named_graphs: list[str] | None
    solutions_format: str | None
    graph_format: str | None
    coding: str = ""
    bindings: Mapping[str, str] = field(default_factory=dict)
    explain: bool = False


@dataclass(frozen=True)
class Job:
    """A query that has passed the screen, with the dataset it is about."""

    text: str
    dataset: Dataset
    asked: Asked
    setup: Setup

    @property
    def plain(self) -> bool:
        """Whether it is about the default graph of the release as it is."""
        return self.dataset.default is None and self.dataset.named is None and not self.asked.bindings


def oxigraph(job: Job) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Evaluates with the store's own engine, which answers every query."""
    bound: dict[ox.Variable, Any] = {ox.Variable(name): ox.NamedNode(iri) for name, iri in job.asked.bindings.items()}
    return job.dataset.store.query(
        job.text,
        base_iri=job.setup.base_iri,
        # Each prefix given costs the parser about a microsecond.
        prefixes={name: iri for name, iri in job.setup.prefixes.items() if f"{name}:" in job.text},
        default_graph=job.dataset.default,
        named_graphs=job.dataset.named,
        substitutions=bound or None,
    )


@dataclass(frozen=True)
class Evaluators:
    """What evaluates queries: the cubes of the release, if it has any, those they understand; the store all others."""

    store: ox.Store
    cubes: "Cubes | None"

    def evaluate(self, job: Job, timings: dict[str, float]) -> tuple[str, Any]:
        """The name of the engine that answers, and the results."""
        if job.asked.explain:
            return PLAN, self._explained(job)
        if self.cubes is None or not job.plain:
            return OXIGRAPH, oxigraph(job)
        answered = self.cubes.answer(job.text, job.setup.base_iri)
        if answered is None:
            return OXIGRAPH, oxigraph(job)
        timings["cube"] = sum(answered.seconds.values())
        return CUBE, answered.results

    def _explained(self, job: Job) -> ox.QuerySolutions:
        """How the query would be answered; SyntaxError if it is none."""
        from service.cube.explanation import Explanation, table

        parse(job.text, job.setup.base_iri, job.setup.prefixes)
        if self.cubes is not None and job.plain:
            return self.cubes.explain(job.text, job.setup.base_iri)
        return table(Explanation(OXIGRAPH, _NO_COLUMNS if self.cubes is None else _OTHER_GRAPHS))


def main(descriptor: int, columns: "Columns | None") -> None:
    """Answers until the other end of the socket closes; service/engine/wire.py is spoken on it."""
    confine.die_with_parent()
    connection = socket.socket(fileno=descriptor)
    reader = wire.Reader()
    frames = _frames(connection, reader)
    setup = Setup(**next(frames).record)
    store = ox.Store.read_only(setup.store)
    confine.limit_memory(setup.worker_bytes)
    offline = confine.leave_network()
    engines = Evaluators(store, _cubes(store, setup, columns))
    connection.sendall(wire.pack(wire.READY, {"offline": offline}))
    # Nobody is left who could be told once the service has closed its end: the answer was not wanted any more.
    with suppress(ConnectionError):
        for frame in frames:
            answer(engines, setup, Asked(**frame.record), connection)
            if _resident() > setup.worn_bytes:
                connection.sendall(wire.pack(wire.WORN, {}))


def _cubes(store: ox.Store, setup: Setup, columns: "Columns | None") -> "Cubes | None":
    """DuckDB starts its threads here, when there is no network any more."""
    if columns is None:
        return None
    from service.cube.evaluator import Cubes

    return Cubes(store, setup.prefixes, columns, setup.planner_threads)


def _frames(connection: socket.socket, reader: wire.Reader) -> Any:
    while data := connection.recv(256 * 1024):
        yield from reader.feed(data)


def _resident() -> int:
    """Bytes of memory that the process holds now (proc(5), statm)."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * resource.getpagesize() if statm.exists() else 0


def answer(engines: Evaluators, setup: Setup, asked: Asked, connection: socket.socket) -> None:
    """Parses, evaluates and serialises one query. Its results are used and dropped here, on this thread."""
    outlet = Outlet(connection, asked.coding, setup.spool_bytes, setup.result_bytes)
    started = time.perf_counter()
    try:
        job = _screened(engines.store, setup, asked)
        engine, results = engines.evaluate(job, outlet.timings)
        outlet.timings["parse"] = time.perf_counter() - started - outlet.timings.get("cube", 0.0)
        outlet.about = {"engine": engine}
        _write(results, asked, setup, outlet)
    except ConnectionError:
        raise
    except Fault as fault:
        connection.sendall(wire.pack(wire.FAULT, _record(fault)))
    except SyntaxError:
        # Of the text as it was sent: with canonical constants it may be longer or shorter.
        refusal = syntax_fault(asked.text, setup.base_iri, setup.prefixes)
        connection.sendall(wire.pack(wire.FAULT, _record(refusal)))
    except (RuntimeError, ValueError, OSError) as error:
        connection.sendall(wire.pack(wire.FAULT, _record(_failed(error))))


def _screened(store: ox.Store, setup: Setup, asked: Asked) -> Job:
    text = plain(asked.text)
    check_nesting(text, setup.nesting)
    text = canonical_constants(text, setup.base_iri, setup.prefixes)
    check_federation(text, setup.base_iri, setup.prefixes)
    dataset = _dataset(store, setup, asked, text)
    return Job(text, dataset, asked, setup)


def _dataset(store: ox.Store, setup: Setup, asked: Asked, text: str) -> Dataset:
    if named_by_request(asked.default_graphs, asked.named_graphs):
        return select(store, asked.default_graphs or (), asked.named_graphs or (), setup.merged_triples)
    default, named = clauses(text, setup.base_iri, setup.prefixes)
    if default or named:
        return select(store, default, named, setup.merged_triples)
    return Dataset(store)


def _write(results: Any, asked: Asked, setup: Setup, outlet: Outlet) -> None:
    started = time.perf_counter()
    sink = cast("IO[bytes]", outlet)
    if isinstance(results, ox.QueryTriples):
        name = _wanted(asked.graph_format, *_ABOUT_GRAPHS, GRAPHS)
        outlet.about |= {"form": GRAPH, "format": name}
        prefixes = None if name in LINES else dict(setup.prefixes)
        ox.serialize(results, sink, format=GRAPHS[name], prefixes=prefixes)
    else:
        name = _wanted(asked.solutions_format, *_ABOUT_ROWS[asked.explain], SOLUTIONS)
        outlet.about |= {"form": BOOLEAN if isinstance(results, ox.QueryBoolean) else ROWS, "format": name}
        results.serialize(sink, format=SOLUTIONS[name])
    outlet.timings["evaluate"] = time.perf_counter() - started
    outlet.close()


def _wanted(name: str | None, en: str, ja: str, formats: Iterable[str]) -> str:
    """The name of a format, if there is one; of what it would be the format is said in both languages."""
    if name is None:
        available = sorted(formats)
        raise Fault(
            406,
            f"{en}; none of the accepted media types can carry it. Accept one of {', '.join(available)}.",
            f"{ja}を表せる形式がAcceptやformat=にありません。{'、'.join(available)}のいずれかを指定してください。",
            available=available,
        )
    return name


def _failed(error: Exception) -> Fault:
    """The evaluator cannot do what the query asks, such as call a function that it does not have."""
    message = " ".join(str(error).split())[:500]
    return Fault(400, f"The query cannot be evaluated: {message}", f"この問合せは評価できません: {message}")


def _record(fault: Fault) -> Mapping[str, Any]:
    return {"status": fault.status, "en": fault.en, "ja": fault.ja, "fields": fault.fields}
