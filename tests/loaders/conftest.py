"""What the tests of the loaders share."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import duckdb
import pytest

from loaders import columns, cube_checks, observations
from loaders.columns import Frame
from loaders.errors import Text
from loaders.statistics import Cube
from loaders.table import write_csv

BASE = "https://data.example/"
Rows = list[Mapping[str, object]]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with columns.workspace(tmp_path / "work") as connection:
        yield connection


@pytest.fixture
def checked(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[[Cube, Rows], Frame]:
    """Rows of a tidy table as checked columns; raises Refused as a build does."""

    def read(cube: Cube, rows: Rows) -> Frame:
        path = tmp_path / cube.table
        write_csv(path, cube.tidy(rows))
        tidy = columns.read_tidy(db, cube, path, BASE)
        cube_checks.check(tidy)
        return columns.frame(tidy, tmp_path)

    return read


@pytest.fixture
def published(checked: Callable[[Cube, Rows], Frame], tmp_path: Path) -> Callable[[Cube, Rows], tuple[Path, str]]:
    """Rows of a tidy table as the Parquet file and the N-Triples of a release."""

    def write(cube: Cube, rows: Rows) -> tuple[Path, str]:
        frame, path = checked(cube, rows), tmp_path / f"{cube.id}.parquet"
        observations.write_parquet(frame, BASE, lambda iri: Text(f"名{iri[-1]}", ""), path)
        return path, b"".join(observations.lines(cube, BASE, path)).decode()

    return write
