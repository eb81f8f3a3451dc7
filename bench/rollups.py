"""A researcher's queries over one synthetic cube: the planner beside plain Oxigraph, bare DuckDB and Virtuoso.

    python -m bench.rollups                           100 k and 1 M observations
    python -m bench.rollups --observations 10000000   10 M (minutes to make, kept in bench/data)
    python -m bench.rollups --virtuoso                with Debian's virtuoso-opensource, where it is installed

Each question is a file of bench/rollups: .rq as SPARQL, .sql as one would ask DuckDB for the same figures.
"""

import argparse
import multiprocessing
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox

from bench import synthetic, virtuoso
from service.cube.evaluator import Cubes, columns
from service.engine.worker import OXIGRAPH

HERE = Path(__file__).parent
QUESTIONS = sorted((HERE / "rollups").glob("*.rq"))
REPEATS = 7
THREADS = 2


@dataclass(frozen=True)
class Measured:
    """Seconds; None where there was no end within the cap. `first` is the planner's without a plan."""

    name: str
    engine: str
    first: float
    planner: float
    duckdb: float
    oxigraph: float | None
    virtuoso: float | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--observations", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--cap", type=float, default=60.0, help="seconds that Oxigraph may take for a query")
    parser.add_argument("--virtuoso", action="store_true")
    parser.add_argument("--data", type=Path, default=HERE / "data")
    options = parser.parse_args()
    for observations in options.observations:
        folder = options.data / f"rollups-{observations}"
        if not (folder / "release.json").exists():
            print(f"making {observations:,} observations ...", flush=True)
            synthetic.large(folder, observations)
        with virtuoso.serving(folder) if options.virtuoso else virtuoso.absent() as ask:
            report(observations, [measure(folder, each, options.cap, ask) for each in QUESTIONS])


def measure(folder: Path, question: Path, cap: float, ask: Callable[[str], float | None]) -> Measured:
    text = question.read_text(encoding="utf-8")
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in synthetic.PREFIXES.items())
    with duckdb.connect(config={"threads": THREADS}) as bare:
        _tables(bare, folder)
        sql = question.with_suffix(".sql").read_text(encoding="utf-8")
        by_hand = typical(lambda: bare.execute(sql).fetchall())
    engine, first, planner = planned(folder, text)
    oxigraph = capped(folder, text, cap)
    measured = Measured(question.stem, engine, first, planner, by_hand, oxigraph, ask(prologue + text))
    print(f"  {question.stem}", flush=True)
    return measured


def _tables(bare: duckdb.DuckDBPyConnection, folder: Path) -> None:
    bare.execute("SET parquet_metadata_cache = true")
    bare.execute(f"CREATE VIEW syn AS FROM read_parquet('{folder}/cubes/syn.parquet')")
    area = f"'{synthetic.BASE}id/area/'"
    bare.execute(
        f"CREATE TABLE town AS SELECT {area} || (141000 + n) AS town, {area} || 'w' || n % 18 AS ward, '町' || n AS ja "
        "FROM range(10000) r(n)"
    )


def planned(folder: Path, text: str) -> tuple[str, float, float]:
    """Who answers, the seconds of the first time, and the typical seconds afterwards."""
    store = ox.Store.read_only(str(folder / "store"))
    cubes = Cubes(store, synthetic.PREFIXES, columns(folder, 2 << 30), THREADS)
    cubes.answer("ASK { ?o qb:dataSet ?d }", synthetic.BASE)
    engine = OXIGRAPH

    def ask() -> None:
        nonlocal engine
        answer = cubes.answer(text, synthetic.BASE)
        results: Any = answer.results if answer else store.query(text, prefixes=synthetic.PREFIXES)
        engine = "cube" if answer else OXIGRAPH
        for _ in results:
            pass

    first = seconds(ask)
    return engine, first, typical(ask)


def capped(folder: Path, text: str, cap: float) -> float | None:
    """Seconds of plain Oxigraph, in a process that is killed at the cap; the better of two if there is time."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_plain, args=(str(folder / "store"), text, theirs))
    process.start()
    found: list[float] = []
    end = time.monotonic() + cap + 5
    while ours.poll(max(0.0, end - time.monotonic())) and len(found) < REPEATS:
        found.append(ours.recv())
        if sum(found) > cap / 10:
            break
    process.kill()
    process.join()
    return statistics.median(found) if found else None


def _plain(store: str, text: str, connection: Any) -> None:
    opened = ox.Store.read_only(store)
    for _ in range(REPEATS):
        connection.send(seconds(lambda: list(opened.query(text, prefixes=synthetic.PREFIXES))))


def typical(work: Callable[[], Any]) -> float:
    return statistics.median(seconds(work) for _ in range(REPEATS))


def seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def report(observations: int, found: list[Measured]) -> None:
    print(f"\n{observations:,} observations; milliseconds, median of {REPEATS}\n")
    print("| question | by | first | planner | DuckDB | ÷ DuckDB | Oxigraph | Oxigraph ÷ | Virtuoso | Virtuoso ÷ |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for each in found:
        cells = [each.name, each.engine, _ms(each.first), _ms(each.planner), _ms(each.duckdb)]
        cells.append(f"{each.planner / each.duckdb:.1f}")
        for other in (each.oxigraph, each.virtuoso):
            cells += [_ms(other), f"{other / each.planner:.1f}" if other else "–"]
        print("| " + " | ".join(cells) + " |")
    print(flush=True)


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value * 1000:,.1f}"


if __name__ == "__main__":
    main()
