"""docs/cubes.md is true: its addresses answer, its SQL runs, its settings and columns exist."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import duckdb
import httpx
import pytest

from service.settings import Settings

DOCS = (Path(__file__).parents[3] / "docs" / "cubes.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"`(/cubes/[^`<>]+\?[^`]+)`", DOCS)
SQL, PYTHON, R = (re.findall(rf"```{each}\n(.*?)```", DOCS, re.DOTALL) for each in ("sql", "python", "r"))
HOST = "http://localhost:8000/"
REMOTE = f"{HOST}cubes/"


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10
    assert (len(SQL), len(PYTHON), len(R)) == (2, 2, 1)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.partition("?")[2])
def test_each_address_answers(http: httpx.Client, example: str) -> None:
    answer = http.get(example)
    assert answer.status_code == 200, answer.text
    assert len(answer.text.splitlines()) > 1 or answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("sql", SQL)
def test_the_sql_runs_over_the_published_files(http: httpx.Client, tmp_path: Path, sql: str) -> None:
    """On a copy fetched from the service, since an extension for HTTP may not be installed without a network."""
    for name in re.findall(rf"{re.escape(REMOTE)}([\w.-]+)", sql):
        (tmp_path / name).write_bytes(http.get(f"/cubes/{name}").content)
    rows = duckdb.execute(sql.replace(REMOTE, f"{tmp_path}/")).fetchall()
    assert len(rows) >= 18
    assert all(value is not None for row in rows for value in row)


@pytest.mark.parametrize("program", PYTHON, ids=lambda program: program.split()[1])
def test_the_python_runs_as_it_stands(http: httpx.Client, program: str) -> None:
    said = _run([sys.executable, "-W", "error", "-c", _here(program, http)])
    assert "365316" in said


@pytest.mark.parametrize("program", R)
def test_the_r_runs_as_it_stands(http: httpx.Client, program: str) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("Rscript is not installed (Debian: r-base-core)")
    said = _run(["Rscript", "--vanilla", "-e", _here(program, http)])
    assert re.search(r"港北区\s+365316", said)


def _here(program: str, http: httpx.Client) -> str:
    return program.replace(HOST, f"{http.base_url}/")


def _run(command: list[str]) -> str:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "POLARS_FMT_MAX_ROWS": "-1", "NO_PROXY": "127.0.0.1"}
    found = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=120)
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_the_settings_exist() -> None:
    named = set(re.findall(r"LOD_[A-Z_]+", DOCS))
    known = {Settings.variable(each.name) for each in fields(Settings)}
    ours = {each for each in known if each.startswith(("LOD_CUBE_", "LOD_CHART_"))}
    assert ours <= named <= known


def test_the_columns_are_those_described(http: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "cube.parquet"
    path.write_bytes(http.get("/cubes/population-ward-history.parquet").content)
    described = "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(?))"
    found = dict(duckdb.execute(described, [str(path)]).fetchall())
    for column in ("observation", "refArea", "refArea_code", "refArea_ja", "refArea_en", "wasDerivedFrom", "obsStatus"):
        assert found[column] == "VARCHAR"
        assert column in DOCS or column.rpartition("_")[2] in DOCS
    assert found["population"] == "BIGINT"
