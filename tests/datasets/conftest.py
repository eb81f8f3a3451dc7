"""What the tests of the data sets share: a real file through its data set's own code, to observations."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import duckdb
import pyoxigraph as ox
import pytest

from loaders import columns, cube_checks, observations
from loaders.areas import Gazetteer, read_gazetteer
from loaders.dataset import Given, Source, Tables
from loaders.datasets import areas as area_tables
from loaders.errors import Text
from loaders.fetch import SourceFile
from loaders.statistics import Cube
from loaders.table import write_csv

BASE = "http://localhost:8000/"
NAMELESS = Text("", "")
Observations = Mapping[str, frozenset[tuple[str, str]]]  # subject → predicate and object


@pytest.fixture(scope="session")
def areas() -> Gazetteer:
    return read_gazetteer(area_tables.FOLDER)


@pytest.fixture
def tidy(areas: Gazetteer) -> Callable[..., Tables]:
    """The tidy tables that a source makes of files."""

    def read(source: Source, *paths: Path) -> Tables:
        return source.tidy([SourceFile(path) for path in paths], Given(areas, source.registry()))

    return read


@pytest.fixture
def db(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with columns.workspace(tmp_path / "work") as connection:
        yield connection


@pytest.fixture
def observed(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[[Cube, Tables, Collection[str]], Observations]:
    """What a build writes about the named observations of a cube; raises Refused as a build does."""

    def write(cube: Cube, tables: Tables, about: Collection[str]) -> Observations:
        path = tmp_path / cube.table
        write_csv(path, tables[cube.table])
        table = columns.read_tidy(db, cube, path, BASE)
        cube_checks.check(table)
        frame, parquet = columns.frame(table, tmp_path), tmp_path / f"{cube.id}.parquet"
        observations.write_parquet(frame, BASE, lambda _iri: NAMELESS, parquet)
        subjects = {iri.encode() for iri in about}
        lines = (line for block in observations.lines(cube, BASE, parquet) for line in block.splitlines(keepends=True))
        found = b"".join(line for line in lines if line.partition(b" ")[0] in subjects)
        return statements(found.decode(), ox.RdfFormat.N_TRIPLES)

    return write


def statements(text: str, syntax: ox.RdfFormat) -> Observations:
    """The statements about each subject."""
    found: dict[str, set[tuple[str, str]]] = {}
    for quad in ox.parse(text, format=syntax, base_iri=BASE):
        found.setdefault(str(quad.subject), set()).add((str(quad.predicate), str(quad.object)))
    return {subject: frozenset(about) for subject, about in found.items()}


@pytest.fixture(scope="session")
def expected() -> Callable[[Cube], Observations]:
    """The observations that stand in `tests/datasets/observations/<cube>.ttl`, written from the publishers' files."""

    def read(cube: Cube) -> Observations:
        path = Path(__file__).parent / "observations" / f"{cube.id}.ttl"
        return statements(path.read_text(encoding="utf-8"), ox.RdfFormat.TURTLE)

    return read
