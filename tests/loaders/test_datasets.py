"""The data sets themselves: ten real rows and the exact graph they become, and no drift from the publishers' files."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from rdflib.compare import graph_diff, to_isomorphic

from loaders import columns, embed, fetch, observations, sources
from loaders.areas import Gazetteer
from loaders.dataset import DataSet, Source, Tables
from loaders.datasets import all_data_sets
from loaders.errors import Text
from loaders.rdf import ntriples
from loaders.table import Table, write_csv

BASE = "http://localhost:8000/"
GRAPHS = Path(__file__).parent / "graphs"
EMBEDDED = {id_: each for id_, each in all_data_sets().items() if each.source.embedded}
SOURCES = {each.source.id: each.source for each in EMBEDDED.values()}
NAMES = sorted(path.stem for path in GRAPHS.glob("*.ttl"))


@pytest.fixture(scope="module")
def areas() -> Gazetteer:
    return sources.gazetteer({"areas": SOURCES["areas"].read()})


def first_ten(data_set: DataSet) -> Tables:
    tables = data_set.source.read()
    return {name: replace(table, rows=table.rows[:10]) for name, table in tables.items()}


def lines(data_set: DataSet, tables: Tables, areas: Gazetteer, folder: Path) -> Iterator[str]:
    """The triples that a release gets from the tables."""
    known = areas if data_set.id != "areas" else Gazetteer(dict(list(areas.areas.items())[:10]), areas.changes)
    yield from ntriples(data_set.triples(tables, known), BASE)
    if data_set.cube:
        yield observed(data_set, tables[data_set.cube.table], folder)


def observed(data_set: DataSet, table: Table, folder: Path) -> str:
    assert data_set.cube
    path, parquet = folder / table.file, folder / "cube.parquet"
    write_csv(path, table)
    with columns.workspace(folder / "work") as db:
        tidy = columns.read_tidy(db, data_set.cube, path, BASE)
        observations.write_parquet(columns.frame(tidy, folder), BASE, lambda _: Text("", ""), parquet)
    return b"".join(observations.lines(data_set.cube, BASE, parquet)).decode()


def test_there_are_graphs_to_compare_with() -> None:
    assert len(NAMES) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_ten_real_rows_become_exactly_this_graph(name: str, areas: Gazetteer, tmp_path: Path) -> None:
    data_set = all_data_sets()[name]
    made = rdflib.Graph().parse(data="".join(lines(data_set, first_ten(data_set), areas, tmp_path)), format="nt")
    expected = rdflib.Graph().parse(GRAPHS / f"{name}.ttl", publicID=BASE)
    _, missing, unexpected = graph_diff(to_isomorphic(expected), to_isomorphic(made))
    assert (set(missing), set(unexpected)) == (set(), set())


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_the_embedded_tables_are_what_the_publishers_files_say(
    source: Source, areas: Gazetteer, shared_data: Path
) -> None:
    made, embedded = sources.tidy(source, fetch.find(shared_data, source.patterns), areas), source.read()
    for name in source.tables:
        assert made[name] == embedded[name], f"python -m loaders embed --source … changes {name}"


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_every_source_file_has_the_recorded_checksum(source: Source, shared_data: Path) -> None:
    known = {record.file: record for record in fetch.read_records(source.folder)}
    for file in fetch.find(shared_data, source.patterns):
        assert fetch.describe(file, None, "", "").sha256 == known[file.name].sha256, file.name


def test_tables_written_by_hand_that_are_sources_have_the_recorded_checksum() -> None:
    by_hand = set()
    for source in SOURCES.values():
        for record in fetch.read_records(source.folder):
            if record.file in source.tables:
                by_hand.add(record.file)
                assert record == fetch.measured(record, source.folder / record.file), "python -m loaders embed areas"
    assert by_hand == {"area-changes.csv", "city-extent.csv"}


def test_embedding_counts_a_table_written_by_hand_anew_and_keeps_its_origin(tmp_path: Path) -> None:
    source = replace(SOURCES["areas"], folder=tmp_path)
    (tmp_path / "area-changes.csv").write_bytes(b"changed")
    known = fetch.SourceRecord("area-changes.csv", "0" * 64, "1", "", "/id/org/x", "", "https://example.org/page")
    fetch.write_records(tmp_path, [known])
    [record] = embed.records(source, [], EMBEDDED["areas"].publication)
    assert (record.bytes, record.taken_from) == ("7", known.taken_from)
    assert record.sha256 == hashlib.sha256(b"changed").hexdigest()


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_every_folder_says_where_its_facts_come_from(source: Source) -> None:
    readme = (source.folder / "README.md").read_text(encoding="utf-8")
    for record in fetch.read_records(source.folder):
        assert record.sha256 in readme, record.file


def test_the_point_in_hokkaido_is_set_aside_with_its_row(releases: Path) -> None:
    report = rdflib.Graph().parse(releases / "current" / "report.ttl")
    row = "/id/source/disaster-shelters/hinanjo_20260401.csv#row=487"
    assert any(str(term).endswith(row) for term in report.all_nodes())


def test_what_is_set_aside_is_not_published(releases: Path) -> None:
    with gzip.open(releases / "current" / "dumps" / "disaster-shelters.nt.gz", "rt", encoding="utf-8") as dump:
        assert "43.214176" not in dump.read()
