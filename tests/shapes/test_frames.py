"""The columns of a cube are checked by the same rules as its triples, with the same findings."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyoxigraph as ox
import pytest
import rdflib

from loaders import gate
from loaders.gate.tables import Column, Data, Frame, open_data

BASE = "http://localhost:8000/"
QB = "http://purl.org/linked-data/cube#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DATA_SET = ox.NamedNode(QB + "dataSet")
OBSERVATION = ox.NamedNode(QB + "Observation")
CASES = sorted(
    case
    for case in Path(__file__).parent.glob("*.ru")
    if "/obs/" in case.read_text(encoding="utf-8") or "/dsd/" in case.read_text(encoding="utf-8")
)
# What a column cannot hold: two values in a cell, a figure that is no number, an observation without its data set.
NOT_IN_COLUMNS = {
    "ObservationArea", "ObservationDataSet", "ObservationStatus", "ObservationVersionOnce", "HouseholdsOnce",
    "PopulationOnce", "PopulationInteger", "VersionEndOnce",
}  # fmt: skip


def observations(store: ox.Store) -> dict[ox.NamedNode, dict[str, list[ox.NamedNode | ox.Literal]]]:
    """Each observation with its values by property."""
    found: dict[ox.NamedNode, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for quad in store.quads_for_pattern(None, TYPE, OBSERVATION, None):
        values = found.setdefault(quad.subject, {})
        for each in store.quads_for_pattern(quad.subject, None, None, None):
            values.setdefault(each.predicate.value, []).append(each.object)
    return found


def frame(data_set: str, rows: dict[ox.NamedNode, dict[str, list[ox.NamedNode | ox.Literal]]], path: Path) -> Frame:
    """Writes the observations of a data set as the Parquet file of a release."""
    given = {TYPE.value, DATA_SET.value}
    properties = sorted({iri for values in rows.values() for iri in values} - given)
    columns = {}
    for number, iri in enumerate(properties):
        some = next(values[iri][0] for values in rows.values() if iri in values)
        kind = some.datatype.value.rsplit("#")[-1] if isinstance(some, ox.Literal) else "iri"
        columns[iri] = Column(f"column{number}", kind)
    types = {"iri": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(18, 3)"}
    with duckdb.connect() as db:
        named = "".join(f", {each.name} {types[each.type]}" for each in columns.values())
        db.execute(f"CREATE TABLE rows (observation VARCHAR{named})")
        for subject, values in rows.items():
            cells = [values[iri][0].value if iri in values else None for iri in properties]
            db.execute(f"INSERT INTO rows VALUES (?{', ?' * len(cells)})", [subject.value, *cells])
        db.execute(f"COPY rows TO '{path}' (FORMAT parquet)")
    return Frame(data_set, path, columns)


def columns(store: ox.Store, folder: Path) -> Data:
    """The store for the gate, its observations as columns."""
    found = observations(store)
    data_sets = sorted({values[DATA_SET.value][0].value for values in found.values()})
    frames = [
        frame(
            data_set,
            {node: values for node, values in found.items() if values[DATA_SET.value][0].value == data_set},
            folder / f"{number}.parquet",
        )
        for number, data_set in enumerate(data_sets)
    ]
    rest = folder / "rest.nt"
    rest.write_text("".join(f"{quad.triple} .\n" for quad in store if quad.subject not in found), encoding="utf-8")
    return open_data(BASE, {"rest": rest}, frames)


def keys(report: gate.Report) -> set[tuple[str, ...]]:
    return {
        (str(each.focus), str(each.path), number(each.value), str(each.shape), str(each.severity), each.message.en)
        for each in report.findings
    }


def number(value: object) -> str:
    return str(float(value.value)) if isinstance(value, rdflib.Literal) else str(value)


def test_there_are_cases() -> None:
    assert len(CASES) > len(NOT_IN_COLUMNS) + 25
    assert {case.stem for case in CASES} > NOT_IN_COLUMNS - {"VersionEndOnce"}


@pytest.mark.parametrize(
    "case", [None, *(case for case in CASES if case.stem not in NOT_IN_COLUMNS)], ids=lambda case: case and case.stem
)
def test_columns_and_triples_have_the_same_findings(
    case: Path | None,
    example: Callable[..., ox.Store],
    opened: Callable[[ox.Store], Data],
    shapes: rdflib.Graph,
    prologue: str,
    tmp_path: Path,
) -> None:
    store = example("statistics")
    if case:
        store.update(prologue + case.read_text(encoding="utf-8"))
    with columns(store, tmp_path) as data:
        assert data.views
        found = keys(gate.columnar(data, shapes))
    assert bool(found) == bool(case)
    assert found == keys(gate.columnar(opened(store), shapes))


def test_rows_about_the_same_observation_are_checked_as_triples(
    example: Callable[..., ox.Store], shapes: rdflib.Graph, tmp_path: Path
) -> None:
    store = example("statistics")
    found = observations(store)
    households = {node: values for node, values in found.items() if "households" in node.value}
    written = frame(f"{BASE}id/dataset/example-households", households, tmp_path / "once.parquet")
    twice = tmp_path / "twice.parquet"
    measure = written.columns[f"{BASE}def/core#households"].name
    with duckdb.connect() as db:
        rows = f"FROM '{written.parquet}'"
        changed = f"{rows} SELECT * REPLACE ({measure} + 1 AS {measure})"
        db.execute(f"COPY ({rows} UNION ALL {changed}) TO '{twice}' (FORMAT parquet)")
    rest = tmp_path / "rest.nt"
    rest.write_text("".join(f"{quad.triple} .\n" for quad in store if quad.subject not in households))
    with open_data(BASE, {"rest": rest}, [Frame(written.data_set, twice, written.columns)]) as data:
        report = gate.columnar(data, shapes)
    assert f"{BASE}shapes/statistics#HouseholdsOnce" in {str(each.shape) for each in report.violations}
