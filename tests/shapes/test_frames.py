"""The columns of a cube are checked by the same rules as its triples, with the same findings."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyoxigraph as ox
import pytest
import rdflib

from loaders import gate
from loaders.gate import settled
from loaders.gate.tables import Data, Frame, open_data

Framed = Callable[[ox.Store, Path], tuple[Path, list[Frame]]]
BASE = "http://localhost:8000/"
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


def keys(report: gate.Report) -> set[tuple[str, ...]]:
    return {
        (str(each.focus), str(each.path), number(each.value), str(each.shape), str(each.severity), each.message.en)
        for each in report.findings
    }


def number(value: object) -> str:
    return str(float(value.value)) if isinstance(value, rdflib.Literal) else str(value)


@pytest.fixture(scope="module")
def keys_of_example(
    example: Callable[..., ox.Store], framed: Framed, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    rest, frames = framed(example("statistics"), tmp_path_factory.mktemp("example"))
    with open_data(BASE, {"rest": rest}, frames) as data:
        return settled.keys(data, "rules")


def test_there_are_cases() -> None:
    assert len(CASES) > len(NOT_IN_COLUMNS) + 25
    assert {case.stem for case in CASES} > NOT_IN_COLUMNS - {"VersionEndOnce"}


@pytest.mark.parametrize(
    "case", [None, *(case for case in CASES if case.stem not in NOT_IN_COLUMNS)], ids=lambda case: case and case.stem
)
def test_columns_and_triples_have_the_same_findings_which_change_the_key_of_the_cube(
    case: Path | None,
    example: Callable[..., ox.Store],
    opened: Callable[[ox.Store], Data],
    shapes: rdflib.Graph,
    prologue: str,
    framed: Framed,
    keys_of_example: dict[str, str],
    tmp_path: Path,
) -> None:
    store = example("statistics")
    if case:
        store.update(prologue + case.read_text(encoding="utf-8"))
    rest, frames = framed(store, tmp_path)
    with open_data(BASE, {"rest": rest}, frames) as data:
        assert data.views
        report = gate.columnar(data, shapes)
        changed = {each for each, key in settled.keys(data, "rules").items() if key != keys_of_example.get(each)}
        assert changed >= {each for each, findings in settled.about_rows(data, report.findings).items() if findings}
    found = keys(report)
    assert bool(found) == bool(case)
    assert found == keys(gate.columnar(opened(store), shapes))


def test_rows_about_the_same_observation_are_checked_as_triples(
    example: Callable[..., ox.Store], shapes: rdflib.Graph, framed: Framed, tmp_path: Path
) -> None:
    rest, frames = framed(example("statistics"), tmp_path)
    [written] = [each for each in frames if each.data_set.endswith("households")]
    twice = tmp_path / "twice.parquet"
    measure = written.columns[f"{BASE}def/core#households"].name
    with duckdb.connect() as db:
        rows = f"FROM '{written.parquet}'"
        changed = f"{rows} SELECT * REPLACE ({measure} + 1 AS {measure})"
        db.execute(f"COPY ({rows} UNION ALL {changed}) TO '{twice}' (FORMAT parquet)")
    others = [each for each in frames if each != written]
    with open_data(BASE, {"rest": rest}, [*others, Frame(written.data_set, twice, written.columns)]) as data:
        assert len(data.views) == len(others)
        report = gate.columnar(data, shapes)
    assert f"{BASE}shapes/statistics#HouseholdsOnce" in {str(each.shape) for each in report.violations}
