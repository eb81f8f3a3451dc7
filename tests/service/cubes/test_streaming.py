"""A CSV of more observations than an answer may hold comes in pieces: complete or visibly broken."""

import csv
import html
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from service.settings import Settings

TOWNS, HISTORY = "/cubes/population-town-age", "/cubes/population-ward-history"


@pytest.fixture(scope="module")
def small(serve: Any, cube_releases: Path) -> Iterator[httpx.Client]:
    """A service whose answers may have few rows."""
    with serve(Settings(releases=cube_releases, cube_rows=100)) as url, httpx.Client(base_url=url, timeout=60) as http:
        yield http


@pytest.mark.parametrize("query", ["", "labels=ja&bom=1", "refArea=141003,141011,141020&labels=en"])
def test_a_streamed_csv_is_the_one_that_is_not(small: httpx.Client, http: httpx.Client, query: str) -> None:
    streamed, whole = (each.get(f"{HISTORY}.csv?{query}") for each in (small, http))
    assert "content-length" not in streamed.headers
    assert "content-length" in whole.headers
    assert streamed.content == whole.content


def test_a_streamed_csv_is_in_the_order_of_the_file(
    small: httpx.Client, http: httpx.Client, cube_releases: Path
) -> None:
    """Where 100 years come before 11: elsewhere codes come in their own order."""
    query = "refPeriod=latest&refArea=141011"
    streamed, whole = (each.get(f"/cubes/population-ward-age.csv?{query}").text.splitlines() for each in (small, http))
    path = cube_releases / "current" / "cubes" / "population-ward-age.parquet"
    sql = "SELECT observation FROM read_parquet(?) WHERE refArea_code = '141011' AND refPeriod_code = ? "
    period = streamed[1].split(",")[1]
    order = duckdb.execute(sql, [str(path), period]).fetchall()
    assert [line.rpartition(",")[2] for line in streamed[1:]] == [iri for (iri,) in order]
    assert sorted(streamed[1:]) == sorted(whole[1:])
    assert streamed != whole


def test_all_observations_of_the_largest_cube_come(http: httpx.Client, cube_releases: Path) -> None:
    path = cube_releases / "current" / "cubes" / "population-town-age.parquet"
    rows, figures = duckdb.execute("SELECT count(*), sum(population) FROM read_parquet(?)", [str(path)]).fetchall()[0]
    lines = csv.DictReader(io.StringIO(http.get(f"{TOWNS}.csv", timeout=120).text))
    found = [int(each["population"] or 0) for each in lines]
    assert (len(found), sum(found)) == (rows, figures)


def test_head_of_a_streamed_csv_has_no_body(small: httpx.Client) -> None:
    answer = small.head(f"{HISTORY}.csv")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_pivot_is_never_streamed(small: httpx.Client) -> None:
    answer = small.get(f"{HISTORY}.csv?pivot=refPeriod")
    assert answer.json()["limit"] == "LOD_CUBE_ROWS"


def test_the_page_of_a_pivot_leads_to_files_that_there_are(small: httpx.Client) -> None:
    page = small.get(f"{HISTORY}.html?pivot=refPeriod").text
    links = {html.unescape(each) for each in re.findall(r'href="([^"]+\.csv\?[^"]*limit=100[^"]*)"', page)}
    assert links
    assert {small.get(each).status_code for each in links} == {200}


def test_a_fault_on_the_way_breaks_the_transfer_off(serve: Any, cube_releases: Path, tmp_path: Path) -> None:
    """The file is damaged where the last observations are named: by then most of the answer has gone out."""
    source = (cube_releases / "current").resolve()
    shutil.copytree(source, tmp_path / source.name, ignore=shutil.ignore_patterns("store"))
    (tmp_path / source.name / "store").symlink_to(source / "store")
    (tmp_path / "current").symlink_to(source.name)
    _damage(tmp_path / "current" / "cubes" / "population-town-age.parquet")
    with serve(Settings(releases=tmp_path)) as url, httpx.Client(base_url=url, timeout=60) as http:
        with http.stream("GET", f"{TOWNS}.csv") as answer:
            assert answer.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError):
                answer.read()
        assert http.get(f"{HISTORY}.csv").status_code == 200


def _damage(path: Path) -> None:
    """Overwrites the last row group's names of observations, of many row groups."""
    small = f"COPY (FROM read_parquet('{path}')) TO '{path}.new' (FORMAT parquet, ROW_GROUP_SIZE 10000)"
    duckdb.execute(small)
    Path(f"{path}.new").replace(path)
    where = (
        "SELECT coalesce(dictionary_page_offset, data_page_offset), total_compressed_size FROM parquet_metadata(?) "
        "WHERE path_in_schema = 'observation' ORDER BY row_group_id DESC LIMIT 1"
    )
    offset, size = duckdb.execute(where, [str(path)]).fetchall()[0]
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * size)
