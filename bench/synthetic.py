"""Synthetic cubes for benchmarks and tests: RDF, Parquet and release.json as the loaders write them. No figure is real.

`large` makes one cube of any size, `small` a few tiny ones with everything that is missing, doubled or odd.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox

BASE = "http://localhost:8000/"
DIMENSION = "http://purl.org/linked-data/sdmx/2009/dimension#"
ATTRIBUTE = "http://purl.org/linked-data/sdmx/2009/attribute#"
CODE = "http://purl.org/linked-data/sdmx/2009/code#"
YK = BASE + "def/core#"
QB = "http://purl.org/linked-data/cube#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {
    "sd": DIMENSION,
    "sa": ATTRIBUTE,
    "code": CODE,
    "em": "http://data.e-stat.go.jp/lod/ontology/measure/",
    "yk": YK,
    "qb": QB,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": XSD,
    "b": BASE,
}
# name → property, kind, type of every component used here
COMPONENTS = {
    "refArea": (DIMENSION + "refArea", "dimension", "iri"),
    "refPeriod": (DIMENSION + "refPeriod", "dimension", "iri"),
    "sex": (DIMENSION + "sex", "dimension", "iri"),
    "age": (DIMENSION + "age", "dimension", "iri"),
    "population": (PREFIXES["em"] + "population", "measure", "integer"),
    "households": (YK + "households", "measure", "integer"),
    "share": (YK + "share", "measure", "decimal"),
    "rate": (YK + "rate", "measure", "double"),
    "obsStatus": (ATTRIBUTE + "obsStatus", "attribute", "iri"),
    "note": (YK + "note", "attribute", "string"),
    "wasDerivedFrom": (PREFIXES["prov"] + "wasDerivedFrom", "attribute", "iri"),
}
# Observations in a file of triples: what Oxigraph and Virtuoso load at once (130 MB).
PIECE = 100_000
_SQL_TYPES = {
    "iri": "VARCHAR",
    "string": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DECIMAL(12,3)",
    "double": "DOUBLE",
}


@dataclass(frozen=True)
class Cube:
    """A cube in the making: its rows are the table of its name in a DuckDB connection."""

    id: str
    names: tuple[str, ...]

    @property
    def iri(self) -> str:
        return f"{BASE}id/dataset/{self.id}"


LARGE = Cube("syn", ("refArea", "refPeriod", "sex", "age", "population", "obsStatus", "wasDerivedFrom"))


def large(folder: Path, observations: int) -> None:
    """A release with one cube: town × year × sex × age, 1 of 37 figures missing. 10 M take 2 GB of memory."""
    areas = observations // 1000
    connection = duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(folder / "sorting")})
    connection.execute(
        f"""CREATE VIEW "syn" AS SELECT '{BASE}id/obs/syn/' || a || '/' || p || '/' || s || '/' || g AS observation,
        '{BASE}id/area/' || (141000 + a) AS "refArea", '{BASE}id/period/' || p AS "refPeriod",
        '{CODE}sex-' || s AS sex, '{BASE}code/age/' || g AS age,
        CASE WHEN (a * 7 + p * 3 + g) % 37 <> 0 THEN (a * 7919 + p * 104729 + g * 1299709) % 5000 END AS population,
        '{CODE}obsStatus-' || CASE WHEN (a * 7 + p * 3 + g) % 37 = 0 THEN 'M' ELSE 'A' END AS "obsStatus",
        '{BASE}id/source/syn/f.csv#cell=' || (a * 1000 + p) || ',' || g AS "wasDerivedFrom"
        FROM range({areas}) r(a), range(2000, 2025) q(p), (VALUES ('M'), ('F')) x(s), range(20) y(g)"""
    )
    publish(folder, connection, [LARGE], list(_towns(areas)), exclusive=everything([LARGE]))


def _towns(areas: int) -> Iterator[str]:
    label, part = f"<{PREFIXES['rdfs']}label>", f"<{PREFIXES['dct']}isPartOf>"
    for ward in range(18):
        yield f'<{BASE}id/area/w{ward}> {part} <{BASE}id/area/city> ; {label} "ward {ward}"@en , "区{ward}"@ja .'
    for town in range(areas):
        area = f"<{BASE}id/area/{141000 + town}>"
        yield f'{area} {part} <{BASE}id/area/w{town % 18}> ; {label} "town {town}"@en , "町{town}"@ja .'


def small(folder: Path, seed: int) -> None:
    """A release with three cubes of shared components, and what can go wrong: see the lists below."""
    chance = random.Random(seed)
    connection = duckdb.connect()
    cubes = [
        Cube("pop", ("refArea", "refPeriod", "sex", "population", "share", "rate", "obsStatus", "note")),
        Cube("house", ("refArea", "refPeriod", "households", "obsStatus")),
        Cube("proj", ("refArea", "refPeriod", "sex", "population", "obsStatus")),
    ]
    for cube in cubes:
        _fill(connection, cube, chance)
    publish(
        folder, connection, cubes, list(_surroundings(chance)), exclusive=everything(cubes) - {DIMENSION + "refArea"}
    )


AREAS = [f"{BASE}id/area/{each}" for each in ("a1", "a2", "a3", "a4", "a5")]
PERIODS = [f"{BASE}id/period/{each}" for each in ("2019", "2020", "2021", "2022")]
SEXES = [f"{CODE}sex-{each}" for each in "TMF"]
STATUSES = [f"{CODE}obsStatus-{each}" for each in "AMP"]


def _fill(connection: duckdb.DuckDBPyConnection, cube: Cube, chance: random.Random) -> None:
    columns = ", ".join(f'"{name}" {_SQL_TYPES[COMPONENTS[name][2]]}' for name in cube.names)
    connection.execute(f'CREATE TABLE "{cube.id}" (observation VARCHAR, {columns})')
    for area in AREAS[: chance.randint(3, 5)]:
        for period in PERIODS[chance.randint(0, 1) :]:
            for sex in SEXES if "sex" in cube.names else [""]:
                if chance.random() < 0.1:
                    continue
                key = f"{area[-2:]}/{period[-4:]}/{sex[-1:]}"
                given = {"refArea": area, "refPeriod": period, "sex": sex}
                row = [given[name] if name in given else _cell(name, chance) for name in cube.names]
                marks = ", ".join("?" * (len(row) + 1))
                connection.execute(f'INSERT INTO "{cube.id}" VALUES ({marks})', [f"{BASE}id/obs/{cube.id}/{key}", *row])


def _cell(name: str, chance: random.Random) -> Any:
    if chance.random() < 0.15:
        return None
    choices: Mapping[str, Sequence[Any]] = {
        "population": [0, 1, 2, 3, 5, 7, 10, 356368, -4],
        "households": [0, 1, 2, 100, 17],
        "share": ["0", "1.5", "66", "0.125", "-2.5", "100.001"],
        "rate": [0.0, 1.0, 0.1, 1e30, 2.5e-7, -3.0],
        "obsStatus": STATUSES,
        "note": ["", "a", 'say "x"\\\t', "町", "10", "a b"],
    }
    return chance.choice(choices[name])


def _surroundings(chance: random.Random) -> Iterator[str]:
    """Labels in no, one or several languages, levels, sizes of several datatypes, a slice."""
    label, part = f"<{PREFIXES['rdfs']}label>", f"<{PREFIXES['dct']}isPartOf>"
    for number, area in enumerate(AREAS):
        for text in chance.sample([f'"area {number}"', f'"area {number}"@en', f'"区{number}"@ja', '"same"'], k=2):
            yield f"<{area}> {label} {text} ."
        yield f"<{area}> {part} <{BASE}id/area/{chance.choice('wx')}> ."
        size = chance.choice(["5", "2.50", "1e1", '"12"^^<' + XSD + "int>", '"wide"', '"007"^^<' + XSD + "integer>"])
        yield f"<{area}> <{YK}size> {size} ."
        yield f"<{area}> <{YK}rank> {chance.randint(0, 3)} ."
    for each in "wx":
        yield f'<{BASE}id/area/{each}> {part} <{BASE}id/area/city> ; {label} "{each}"@en .'
    for each in SEXES[:2] + STATUSES[:2]:
        yield f'<{each}> <{PREFIXES["skos"]}prefLabel> "{each[-1]}"@en , "{each[-1]}の"@ja .'
    for each in PERIODS[1:]:
        yield f'<{each}> <{YK}year> "{each[-4:]}"^^<{XSD}gYear> ; <{YK}number> {each[-4:]} .'
    yield f'<{BASE}id/dataset/pop> <{PREFIXES["dct"]}title> "Population"@en . <{BASE}id/slice/1> a <{QB}Slice> .'
    yield f"<{BASE}id/slice/1> <{DIMENSION}refArea> <{AREAS[0]}> ; <{YK}rank> 2 ."


def everything(cubes: Sequence[Cube]) -> set[str]:
    return {COMPONENTS[name][0] for cube in cubes for name in cube.names} | {RDF_TYPE, QB + "dataSet"}


def publish(
    folder: Path, connection: duckdb.DuckDBPyConnection, cubes: Sequence[Cube], others: list[str], exclusive: set[str]
) -> None:
    """Writes the store, the Parquet files and release.json of the cubes and of other triples (Turtle)."""
    (folder / "cubes").mkdir(parents=True)
    store = ox.Store(folder / "store")
    for cube in cubes:
        order = ", ".join(f'"{name}"' for name in cube.names if COMPONENTS[name][1] == "dimension")
        target = folder / "cubes" / f"{cube.id}.parquet"
        connection.execute(f"COPY (SELECT * FROM \"{cube.id}\" ORDER BY {order}) TO '{target}' (FORMAT parquet)")
        for piece in pieces(target, cube, folder):
            store.bulk_load(path=piece)
            store.bulk_load(path=piece, to_graph=ox.NamedNode(BASE + "graph/copy")) if len(cubes) > 1 else None
    (folder / "others.ttl").write_text("\n".join(others), encoding="utf-8")
    store.bulk_load(path=folder / "others.ttl")
    store.optimize()
    store.flush()
    counts = [connection.execute(f'SELECT count(*) FROM "{cube.id}"').fetchall()[0][0] for cube in cubes]
    about = {
        "format": 1,
        "id": "20260101T000000Z",
        "base_iri": BASE,
        "created": "2026-01-01T00:00:00Z",
        "loader_version": "0",
        "fingerprint": "synthetic",
        "triples": len(store),
        "quads": len(store),
        "prefixes": PREFIXES,
        "datasets": [],
        "cubes": [_about(cube, rows, exclusive) for cube, rows in zip(cubes, counts, strict=True)],
    }
    (folder / "release.json").write_text(json.dumps(about), encoding="utf-8")


def pieces(parquet: Path, cube: Cube, folder: Path) -> Iterator[Path]:
    """The triples of a cube in one file after the other, each gone when the next is asked for."""
    subject = "'<' || observation || '> '"
    lines = [f"{subject} || '<{RDF_TYPE}> <{QB}Observation> .\n' || {subject} || '<{QB}dataSet> <{cube.iri}> .\n'"]
    lines += [
        f"coalesce({subject} || '<{COMPONENTS[name][0]}> ' || {_term(name)} || ' .\n', '')" for name in cube.names
    ]
    path = folder / "piece.nt"
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT {' || '.join(lines)} FROM read_parquet('{parquet}')")
        while some := rows.fetchmany(PIECE):
            path.write_text("".join(line for (line,) in some), encoding="utf-8")
            yield path
            path.unlink()


def _term(name: str) -> str:
    """The N-Triples form of a column's value, in SQL."""
    type_ = COMPONENTS[name][2]
    if type_ == "iri":
        return f"'<' || {_quoted(name)} || '>'"
    text = f"CAST({_quoted(name)} AS VARCHAR)"
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\t", "\\t")):
        text = f"replace({text}, '{character}', '{escape}')"
    return f"'\"' || {text} || '\"^^<{XSD}{type_}>'"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _about(cube: Cube, rows: int, exclusive: set[str]) -> dict[str, Any]:
    components = [
        {"name": name, "property": property_, "kind": kind, "type": type_, "codes": None, "attachment": "observation"}
        for name in cube.names
        for property_, kind, type_ in [COMPONENTS[name]]
    ]
    return {
        "id": cube.id,
        "iri": cube.iri,
        "dsd": f"{BASE}id/dsd/{cube.id}",
        "parquet": f"cubes/{cube.id}.parquet",
        "rows": rows,
        "components": components,
        "exclusive": sorted(exclusive),
    }
