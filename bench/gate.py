"""The gate beside pySHACL, on synthetic facilities and observations.

    python -m bench.gate [--facilities 20000] [--observations 100000] [--fraction 0.02]

pySHACL does not finish the whole within minutes, so it gets a fraction of it, which is said in the table; its time for
the whole is at least that many times more, since no rule gets cheaper as the data grow. Each validator runs in a
process of its own. Everything is made up: facilities in a grid, figures that count up.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyoxigraph as ox

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from loaders import gate  # noqa: E402
from loaders.gate.shapes import read_shapes  # noqa: E402
from loaders.gate.tables import Column, Data, Frame, open_data  # noqa: E402
from loaders.terms import ONTOLOGY, prefixes, vocabulary_files  # noqa: E402

BASE = "http://localhost:8000/"
FACILITY = """</id/facility/141003-synthetic-{n:06d}> a ic:施設型 , schema:CivicStructure , geo:Feature ;
  dct:identifier "141003-synthetic-{n:06d}" ; dct:type </code/facility-type/community-disaster-base> ;
  rdfs:label "合成施設{n}"@ja , "ゴウセイシセツ"@ja-Hrkt ; schema:containedInPlace </id/area/141178> ;
  ic:住所 </id/facility/141003-synthetic-{n:06d}#address> ; schema:telephone "045-000-0000" ;
  wgs:lat {y:.6f} ; wgs:long {x:.6f} ; geo:hasDefaultGeometry </id/geometry/synthetic-{n}> ;
  prov:wasDerivedFrom </id/source/example/example.csv#row={row}> .
</id/facility/141003-synthetic-{n:06d}#address> a ic:住所型 ; ic:表記 "神奈川県横浜市青葉区合成町{n}" ;
  ic:都道府県 "神奈川県" ; ic:市区町村 "横浜市" ; ic:区 "青葉区" ; ic:市区町村コード sac:C14117 .
</id/geometry/synthetic-{n}> a geo:Geometry ; geo:asWKT "POINT({x:.6f} {y:.6f})"^^geo:wktLiteral ;
  dct:source </id/source/example/example.csv#row={row}> .
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facilities", type=int, default=20_000)
    parser.add_argument("--observations", type=int, default=100_000)
    parser.add_argument("--fraction", type=float, default=0.02, help="what pySHACL gets (%(default)s)")
    parser.add_argument("--run", nargs=2, metavar=("VALIDATOR", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        validate(options.run[0], Path(options.run[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), options.facilities, options.observations, options.fraction)


def compare(folder: Path, facilities: int, observations: int, fraction: float) -> None:
    whole, part = folder / "whole", folder / "part"
    sizes = [(whole, facilities, observations), (part, int(facilities * fraction), int(observations * fraction))]
    for path, *counts in sizes:
        write(path, *counts)
    print("| validator | facilities | observations | findings | s | processor s | peak MB |")
    print("|---|---|---|---|---|---|---|")
    runs = [("columns", *sizes[0]), ("triples", *sizes[0]), ("columns", *sizes[1]), ("pyshacl", *sizes[1])]
    results = {}
    for name, path, *counts in runs:
        result = results[name, path] = run(name, path)
        print("| {} | {:,} | {:,} | {findings:,} | {s:.1f} | {cpu:.1f} | {mb:.0f} |".format(name, *counts, **result))
    slow, same, fast = results["pyshacl", part], results["columns", part], results["columns", whole]
    print(f"\nfindings of pySHACL and ours on the fraction are the same: {slow['keys'] == same['keys']}")
    print(f"processor time on the same fraction: {slow['cpu'] / same['cpu']:.0f} times")
    print(f"on the whole, if pySHACL grew only in proportion: {slow['cpu'] / fraction / fast['cpu']:.0f} times")


def run(name: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--run", name, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def validate(name: str, folder: Path) -> None:
    shapes = read_shapes(BASE)
    before, started = time.process_time(), time.perf_counter()
    with opened(name, folder) as data:
        report = (gate.pyshacl if name == "pyshacl" else gate.columnar)(data, shapes)
    taken = {"s": time.perf_counter() - started, "cpu": time.process_time() - before}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    keys = sorted({f"{each.focus} {each.shape} {each.severity}" for each in report.findings})
    print(json.dumps({**taken, "mb": peak, "findings": len(report.findings), "keys": hash_of(keys)}))


def hash_of(keys: list[str]) -> str:
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def opened(name: str, folder: Path) -> Data:
    parts = {"facilities": folder / "facilities.nt"}
    if name == "triples":
        return open_data(BASE, {**parts, "observations": folder / "observations.nt"})
    return open_data(BASE, parts, [frame(folder)])


def frame(folder: Path) -> Frame:
    names = prefixes()
    columns = {
        f"{names['sdmx-dimension']}refArea": Column("area", "iri"),
        f"{names['sdmx-dimension']}refPeriod": Column("period", "iri"),
        f"{names['sdmx-dimension']}sex": Column("sex", "iri"),
        f"{names['sdmx-dimension']}age": Column("age", "iri"),
        f"{names['estat-measure']}population": Column("population", "integer"),
        f"{names['sdmx-attribute']}obsStatus": Column("status", "iri"),
        f"{names['prov']}wasDerivedFrom": Column("source", "iri"),
    }
    return Frame(f"{BASE}id/dataset/example-population", folder / "observations.parquet", columns)


def write(folder: Path, facilities: int, observations: int) -> None:
    """The examples of ontology/ with many more facilities; the observations as Parquet and as N-Triples."""
    folder.mkdir()
    with (folder / "facilities.nt").open("w", encoding="utf-8") as file:
        for path in (*vocabulary_files(), *sorted((ONTOLOGY / "examples").glob("*.ttl"))):
            for quad in ox.parse(path=path, base_iri=BASE, rename_blank_nodes=True):
                if "/id/obs/example-population/" not in str(quad.subject):
                    file.write(f"{quad.triple} .\n")
        ages = age_codes()
        number = observations // (9 * len(ages)) + 2
        text = "".join([*turtle(facilities), *months(number)])
        for triple in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=BASE):
            file.write(f"{triple.triple} .\n")
    with duckdb.connect() as db:
        db.execute(query(folder, observations, ages))
        columns = frame(folder).columns
        lines = [
            f"SELECT '<' || observation || '> <{iri}> ' || {term(column)} || ' .' AS line FROM rows"
            for iri, column in columns.items()
        ]
        types = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
        qb = prefixes()["qb"]
        lines.append(f"SELECT '<' || observation || '> <{types}> <{qb}Observation> .' FROM rows")
        lines.append(
            f"SELECT '<' || observation || '> <{qb}dataSet> <{BASE}id/dataset/example-population> .' FROM rows"
        )
        text = f"COPY ({' UNION ALL '.join(lines)}) TO '{folder}/observations.nt' "
        db.execute(text + "(FORMAT csv, HEADER false, DELIMITER '\t', QUOTE '', ESCAPE '')")


def query(folder: Path, number: int, ages: list[str]) -> str:
    return OBSERVATIONS.format(
        base=BASE,
        folder=folder,
        number=number,
        areas=list(AREAS),
        ages=len(ages),
        codes=ages,
        code=prefixes()["sdmx-code"],
    )


def age_codes() -> list[str]:
    path = ONTOLOGY / "codelists" / "age.ttl"
    return sorted(
        quad.subject.value for quad in ox.parse(path=path, base_iri=BASE) if quad.predicate.value.endswith("#inScheme")
    )


def turtle(facilities: int) -> Iterator[str]:
    """A grid of facilities inside the ward's rectangle, as Turtle."""
    for prefix, iri in prefixes().items():
        yield f"@prefix {prefix}: <{iri}> .\n"
    for n in range(facilities):
        yield FACILITY.format(n=n, row=n + 2, y=35.5301 + n // 200 * 0.0004, x=139.5001 + n % 200 * 0.0002)


def term(column: Column) -> str:
    number = f"'\"' || {column.name} || '\"^^<http://www.w3.org/2001/XMLSchema#integer>'"
    return number if column.type == "integer" else f"'<' || {column.name} || '>'"


def month(number: int) -> str:
    """A month from 1900-01 on."""
    return f"{1900 + number // 12}-{number % 12 + 1:02d}"


def months(number: int) -> Iterator[str]:
    """The synthetic months that the observations use, as Turtle."""
    for n in range(number):
        name = month(n)
        yield PERIOD.format(name=name, begin=f"{name}-01", end=f"{month(n + 1)}-01")


AREAS = ("141003", "141135", "141178")
PERIOD = """</id/period/{name}> a time:ProperInterval , skos:Concept ; skos:inScheme </code/period> ;
  dct:identifier "{name}" ; skos:notation "{name}" ; dct:type </code/period-kind/month> ;
  skos:prefLabel "{name}"@ja , "{name}"@en ;
  time:hasBeginning </id/period/{name}#begin> ; time:hasEnd </id/period/{name}#end> .
</id/period/{name}#begin> time:inXSDDate "{begin}"^^xsd:date .
</id/period/{name}#end> time:inXSDDate "{end}"^^xsd:date .
</code/period/collection/month> skos:member </id/period/{name}> .
"""
# All figures are zero, so that all totals agree.
OBSERVATIONS = """
CREATE TABLE rows AS SELECT '{base}id/obs/synthetic/' || n AS observation,
    '{base}id/area/' || {areas}[n % 3 + 1] AS area,
    '{base}id/period/' || (1900 + n // (9 * {ages}) // 12) || '-'
        || lpad((n // (9 * {ages}) % 12 + 1)::VARCHAR, 2, '0') AS period,
    '{code}sex-' || ['M', 'F', 'T'][n // 3 % 3 + 1] AS sex, {codes}[n // 9 % {ages} + 1] AS age, 0 AS population,
    '{code}obsStatus-A' AS status, '{base}id/source/example/example.csv#cell=' || (n + 2) || ',5' AS source
FROM range({number}) t(n);
COPY rows TO '{folder}/observations.parquet' (FORMAT parquet)
"""

if __name__ == "__main__":
    main()
