"""A researcher's queries over one synthetic cube: the planner beside plain Oxigraph, bare DuckDB and Virtuoso.

    python -m bench.rollups                           100 k and 1 M observations
    python -m bench.rollups --observations 10000000   10 M (half an hour and 2 GB of memory to make, kept in bench/data)
    python -m bench.rollups --virtuoso                with Debian's virtuoso-opensource, where it is installed

Each question is a file of bench/rollups: .rq as SPARQL, .sql as one would ask DuckDB for the same figures. "first" is
the first time that the planner sees a text, in a process that has been warmed as a worker is. What did not end within
the cap shows as "> cap". "missed" names the bounds that are not kept.
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
from bench.virtuoso import Ask, Took
from service.cube.evaluator import Columns, Cubes, columns
from service.engine.setup import Setup
from service.engine.worker import OXIGRAPH

HERE = Path(__file__).parent
QUESTIONS = sorted((HERE / "rollups").glob("*.rq"))
REPEATS = 7
THREADS = 2


@dataclass(frozen=True)
class Measured:
    """Seconds; `first` is the planner's without a plan."""

    name: str
    engine: str
    first: float
    planner: float
    duckdb: float
    oxigraph: Took
    virtuoso: Took | None

    def missed(self) -> str:
        """Which of the bounds of a roll-up it misses; one that Oxigraph answers must only not be slower than that."""
        slow, virtuoso = self.oxigraph, self.virtuoso
        bounds = {
            "DuckDB": self.planner > 3 * self.duckdb + 0.010,
            "100 ×": self.engine != OXIGRAPH and not slow.over and 1 < slow.seconds < 100 * self.planner,
            "1.2 ×": self.engine == OXIGRAPH and self.planner > 1.2 * slow.seconds + 0.001,
            "Virtuoso": self.engine != OXIGRAPH and virtuoso is not None and virtuoso.seconds < self.planner,
        }
        return ", ".join(name for name, missed in bounds.items() if missed)


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
        with virtuoso.serving(folder, options.cap) if options.virtuoso else virtuoso.absent() as ask:
            report(observations, [measure(folder, each, options.cap, ask) for each in QUESTIONS])


def measure(folder: Path, question: Path, cap: float, ask: Ask) -> Measured:
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
    cubes = Cubes(store, synthetic.PREFIXES, _warmed(folder), THREADS)
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


def _warmed(folder: Path) -> Columns:
    """As a worker has them (service/engine/template.py)."""
    looked_at = columns(folder, Setup.planner_bytes)
    survey = looked_at.duck.survey(looked_at.cubes)
    opened = columns(folder, Setup.planner_bytes, survey)
    opened.duck.warm(opened.cubes[0])
    return opened


def capped(folder: Path, text: str, cap: float) -> Took:
    """Seconds of plain Oxigraph, in a process that is killed at the cap; a median if there is time."""
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
    return Took(statistics.median(found)) if found else Took(cap, over=True)


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
    print("| question | by | first | planner | DuckDB | ÷ | Oxigraph | ÷ | Virtuoso | ÷ | missed |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|")
    for each in found:
        cells = [each.name, each.engine, _ms(each.first), _ms(each.planner), _ms(each.duckdb)]
        cells.append(f"{each.planner / each.duckdb:.1f}")
        for other in (each.oxigraph, each.virtuoso):
            over = "> " if other and other.over else ""
            cells += [over + _ms(other.seconds), f"{over}{other.seconds / each.planner:,.1f}"] if other else ["–", "–"]
        print("| " + " | ".join([*cells, each.missed()]) + " |")
    print(flush=True)


def _ms(value: float) -> str:
    return f"{value * 1000:,.1f}"


if __name__ == "__main__":
    main()
