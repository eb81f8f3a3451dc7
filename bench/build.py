"""How long a build takes beside a bare bulk load of the same triples, with a synthetic cube of any size.

    python -m bench.build [--observations 1000000] [--folder DIR]

Prints seconds and peak memory of both, each in a process of its own, and the ratio. The figures of the cube mean
nothing: they are made so that both sexes add up to the total.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

BASE = "http://localhost:8000/"
ID = "population-ward-month"
FIRST_YEAR = 2000


@dataclass(frozen=True)
class Run:
    """Seconds on the clock and of processor time, and peak memory in MB, of a process."""

    seconds: float
    processor: float
    memory: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--observations", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--folder", type=Path, help="where the files go (default: a temporary folder, removed)")
    parser.add_argument("--step", choices=("compare", "build", "load", "optimize"), default="compare")
    options = parser.parse_args()
    if options.step == "build":
        build(options.folder, options.observations)
    elif options.step != "compare":
        load(options.folder, optimize=options.step == "optimize")
    elif options.folder:
        compare(options.folder, options.observations)
    else:
        with tempfile.TemporaryDirectory() as folder:
            compare(Path(folder), options.observations)


def compare(folder: Path, observations: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_synthetic(folder, observations)
    built = run("build", folder, observations)
    unpack(folder)
    bare, ready = (run(step, folder, observations) for step in ("load", "optimize"))
    print(f"{observations:,} observations, {os.cpu_count()} cores: seconds, processor seconds, peak memory, ratio")
    for name, each in (("bulk load", bare), ("bulk load and optimize", ready), ("file to published release", built)):
        ratio = each.seconds / bare.seconds
        print(f"{name:<26}{each.seconds:8.1f} s {each.processor:8.1f} s {each.memory:7,} MB {ratio:6.2f}")
    print(f"release / (bulk load and optimize): {built.seconds / ready.seconds:.2f}")


def run(step: str, folder: Path, observations: int) -> Run:
    command = [sys.executable, __file__, "--step", step, "--folder", str(folder), "--observations", str(observations)]
    started = time.monotonic()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{step} failed")
    return Run(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def keys(observations: int) -> Iterator[tuple[str, str, str, str]]:
    """Area, month, age and sex of the first observations, sexes last."""
    from loaders.datasets.areas import SOURCE
    from loaders.structures import notations, structure

    ages = next(each for each in structure(ID).components if each.name == "age").codes
    areas = [row["code"] for row in SOURCE.read()["areas.csv"] if row["level"] != "prefecture"]
    months = (f"{FIRST_YEAR + number // 12}-{number % 12 + 1:02}" for number in range(observations))
    for month in months:
        yield from product(areas, [month], sorted(notations(ages or "")), "TMF")


def write_synthetic(folder: Path, observations: int) -> None:
    """The tidy table; observations beyond the last whole group of sexes are left out."""
    with (folder / f"{ID}.csv").open("w", encoding="utf-8") as file:
        file.write("refArea,refPeriod,sex,age,population,obsStatus,source,row,column\n")
        for number, (area, month, age, sex) in enumerate(islice(keys(observations), observations // 3 * 3)):
            men, women = number // 3 % 4_001, number // 3 % 3_989
            figure = {"T": men + women, "M": men, "F": women}[sex]
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
