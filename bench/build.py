"""How long a build takes beside a bare bulk load of the same triples, with a synthetic cube of any size.

    python -m bench.build [--observations 1000000] [--folder DIR]
    python -m bench.build --observations 10000000 --alone --folder DIR

Prints seconds on the clock, processor seconds and peak memory (of a process with all its children) of both, each in a
process of its own, and the ratios. `--alone` leaves the bulk load out: for ten million observations (90 million
triples) it would take as much disk again as the release. The figures of the cube mean nothing: they are made so that
sexes, ages and areas add up to their totals.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product
from pathlib import Path

import psutil
import rdflib
from rdflib.namespace import SKOS

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

BASE = "http://localhost:8000/"
ID = "population-ward-month"
FIRST_YEAR = 2000


@dataclass(frozen=True)
class Run:
    """Seconds on the clock and of processor time, and peak memory in MB, of a process and its children."""

    seconds: float
    processor: float
    memory: int

    def line(self, name: str, beside: "Run") -> str:
        ratios = f"{self.seconds / beside.seconds:6.2f} {self.processor / beside.processor:6.2f}"
        return f"{name:<26}{self.seconds:8.1f} s {self.processor:8.1f} s {self.memory:7,} MB {ratios}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--observations", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--folder", type=Path, help="where the files go (default: a temporary folder, removed)")
    parser.add_argument("--alone", action="store_true", help="build only, with no bulk load beside it")
    parser.add_argument("--step", choices=("build", "load", "optimize"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step == "build":
        build(options.folder, options.observations)
    elif options.step:
        load(options.folder, optimize=options.step == "optimize")
    elif options.folder:
        compare(options.folder, options.observations, alone=options.alone)
    else:
        with tempfile.TemporaryDirectory() as folder:
            # The folder names the source, whose name must be one that IRIs can have.
            compare(Path(folder) / "synthetic", options.observations, alone=options.alone)


def compare(folder: Path, observations: int, *, alone: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_synthetic(folder, observations)
    built = run("build", folder, observations)
    print(f"{observations:,} observations, {os.cpu_count()} cores: seconds, processor seconds, peak memory, ratios")
    if alone:
        print(built.line("file to published release", built))
        return
    unpack(folder)
    bare, ready = (run(step, folder, observations) for step in ("load", "optimize"))
    for name, each in (("bulk load", bare), ("bulk load and optimize", ready), ("file to published release", built)):
        print(each.line(name, bare))
    print(f"release / (bulk load and optimize): {built.seconds / ready.seconds:.2f}")


def run(step: str, folder: Path, observations: int) -> Run:
    command = [sys.executable, __file__, "--step", step, "--folder", str(folder), "--observations", str(observations)]
    started, peak, ended = time.monotonic(), 0, 0
    process = subprocess.Popen(command)
    while not ended:
        peak = max(peak, memory(process.pid))
        time.sleep(0.02)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{step} failed")
    return Run(time.monotonic() - started, usage.ru_utime + usage.ru_stime, peak // 2**20)


def memory(pid: int) -> int:
    """Resident bytes of a process and its children; 0 when it has ended."""
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(pid)
        return sum(each.memory_info().rss for each in (family, *family.children(recursive=True)))
    return 0


def keys(observations: int) -> Iterator[tuple[str, str, str, str]]:
    """Area, month, age and sex of the first observations, sexes last."""
    months = (f"{FIRST_YEAR + number // 12}-{number % 12 + 1:02}" for number in range(observations))
    for month in months:
        yield from product(areas(), [month], sorted(ages()), "TMF")


@cache
def areas() -> Mapping[str, int]:
    """The city and its wards, with the number of wards in each."""
    from loaders.datasets.areas import SOURCE

    levels = {row["code"]: row["level"] for row in SOURCE.read()["areas.csv"]}
    wards = [code for code, level in levels.items() if level == "ward"]
    return {code: 1 if level == "ward" else len(wards) for code, level in levels.items() if level in {"city", "ward"}}


@cache
def ages() -> Mapping[str, int]:
    """The notation of each age with the number of narrowest ages in it."""
    graph = rdflib.Graph().parse(ROOT / "ontology" / "codelists" / "age.ttl", publicID=BASE)
    narrowest = set(graph.subjects(SKOS.inScheme)) - set(graph.objects(None, SKOS.broader))
    return {
        str(graph.value(age, SKOS.notation)): len(narrowest & set(graph.transitive_subjects(SKOS.broader, age)))
        for age in graph.subjects(SKOS.inScheme)
    }


def write_synthetic(folder: Path, observations: int) -> None:
    """The tidy table; observations beyond the last whole group of sexes are left out.

    Every month is alike and all totals agree, so that the gate has nothing to say: real tables give it little to say.
    """
    each = {"T": 1_000, "M": 501, "F": 499}
    with (folder / f"{ID}.csv").open("w", encoding="utf-8") as file:
        file.write("refArea,refPeriod,sex,age,population,obsStatus,source,row,column\n")
        for number, (area, month, age, sex) in enumerate(islice(keys(observations), observations // 3 * 3)):
            figure = each[sex] * areas()[area] * ages()[age]
            file.write(f"{area},{month},{sex},{age},{figure},P,synthetic.csv,{number // 3 + 2},{6 + number % 3}\n")
    header = "file,sha256,bytes,date,publisher,license,taken_from\n"
    licence = "https://creativecommons.org/licenses/by/4.0/"
    source = f"synthetic.csv,{'0' * 64},1,2000,/id/org/yokohama-city,{licence},\n"
    (folder / "sources.csv").write_text(header + source, encoding="utf-8")


def build(folder: Path, observations: int) -> None:
    from loaders import pipeline
    from loaders.dataset import Source, of_cube
    from loaders.datasets import all_data_sets
    from loaders.datasets.population_ward_month import POPULATION_CUBE, PUBLICATION
    from loaders.errors import Text
    from loaders.progress import Progress
    from loaders.statistics import Sum

    cube = replace(POPULATION_CUBE, source_id=folder.name, sums=(Sum("sex", "T", ("M", "F")),))
    source = Source(folder, ("synthetic.csv",), {cube.table: cube.header}, lambda _files, _given: {})
    name = Text(
        f"試験用の合成データ（{observations}件）", f"Synthetic data for measuring ({observations} observations)"
    )
    data_set = of_cube(cube, source, PUBLICATION, title=name, description=name, keywords=(name,))
    shutil.rmtree(folder / "releases", ignore_errors=True)
    data_sets = [all_data_sets()["areas"], data_set]
    pipeline.build(pipeline.Order(data_sets, BASE, folder / "releases"), Progress(), "en")


def unpack(folder: Path) -> None:
    """The dumps of the release as one file for the bare load."""
    with (folder / "all.nt").open("wb") as whole:
        for dump in sorted((folder / "releases" / "current" / "dumps").iterdir()):
            with gzip.open(dump) as packed:
                shutil.copyfileobj(packed, whole, 2**20)


def load(folder: Path, *, optimize: bool) -> None:
    import pyoxigraph as ox

    shutil.rmtree(folder / "bare", ignore_errors=True)
    store = ox.Store(folder / "bare")
    store.bulk_load(path=folder / "all.nt", format=ox.RdfFormat.N_TRIPLES)
    if optimize:
        store.optimize()
    store.flush()


if __name__ == "__main__":
    main()
