"""What a hostile visitor cannot do: leave the columns, take long, take much, crowd out the rest."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from service.cubes import asking
from service.cubes.catalogue import Cubes
from service.cubes.columns import Columns, Limits
from service.cubes.parameters import read_selection
from service.cubes.table import Table
from service.errors import BadRequestError, TimedOutError, UnavailableError
from service.opening import open_service
from service.settings import Settings

SLOW = "SELECT count(*) FROM range(100000000) a, range(100000) b WHERE a.range * b.range % 7 = 3"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cube.parquet"
    duckdb.execute(f"COPY (SELECT 'x' || range AS code, range AS figure FROM range(1000)) TO '{path}'")
    return path


@contextmanager
def opened(file: Path, **changes: float) -> Iterator[Columns]:
    limits = Limits(**{"timeout": 10.0, "memory": 300_000_000, "threads": 1, "queue": 4, **changes})  # type: ignore[arg-type]
    columns = Columns({"cube": file}, limits)
    try:
        yield columns
    finally:
        columns.close()


def test_values_are_parameters_and_rows_come_back(file: Path) -> None:
    with opened(file) as columns:
        found = asyncio.run(columns.rows('SELECT figure FROM "cube" WHERE code IN (?, ?)', ["x7", "x' OR 1=1"]))
    assert found == [(7,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/a.csv')",
        "COPY (SELECT 1) TO '/tmp/leak.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '8GB'",
    ],
)
def test_no_statement_can_leave_the_columns_or_lift_a_limit(file: Path, sql: str) -> None:
    with opened(file) as columns, pytest.raises(duckdb.Error, match=r"(?i)permission|cannot|disabled|locked"):
        asyncio.run(columns.rows(sql))


def test_a_question_that_takes_too_long_is_interrupted_and_the_next_is_answered(file: Path) -> None:
    async def ask(columns: Columns) -> int:
        with pytest.raises(TimedOutError) as caught:
            await columns.rows(SLOW)
        assert caught.value.fields["limit"] == "LOD_CUBE_TIMEOUT"
        return int((await columns.rows('SELECT count(*) FROM "cube"'))[0][0])

    with opened(file, timeout=0.3) as columns:
        assert asyncio.run(ask(columns)) == 1000


def test_a_client_that_leaves_frees_its_thread(file: Path) -> None:
    async def ask(columns: Columns) -> int:
        task = asyncio.create_task(columns.rows(SLOW))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return int((await columns.rows('SELECT count(*) FROM "cube"'))[0][0])

    with opened(file) as columns:
        assert asyncio.run(ask(columns)) == 1000


def test_beyond_the_queue_the_answer_is_to_come_back_later(file: Path) -> None:
    @asynccontextmanager
    async def busy(columns: Columns, count: int) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(columns.rows(SLOW)) for _ in range(count)]
        await asyncio.sleep(0)
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def ask(columns: Columns) -> None:
        async with busy(columns, 3):
            with pytest.raises(UnavailableError) as caught:
                await columns.rows("SELECT 1")
        assert caught.value.headers["Retry-After"]

    with opened(file, queue=2) as columns:
        asyncio.run(ask(columns))


def test_memory_is_bounded_and_the_refusal_names_the_limit(file: Path) -> None:
    big = "SELECT list(a.range || '-' || b.range) FROM range(3000) a, range(3000) b"
    with opened(file, memory=50_000_000) as columns, pytest.raises(BadRequestError) as caught:
        asyncio.run(columns.rows(big))
    assert caught.value.fields["limit"] == "LOD_CUBE_MEMORY"


def test_nothing_is_left_behind(file: Path) -> None:
    before = threading.active_count()
    with opened(file) as columns:
        body = asyncio.run(columns.parquet('SELECT * FROM "cube" WHERE figure < ?', [10]))
        outbox = columns._open().outbox
        assert list(outbox.iterdir()) == []
    assert body.startswith(b"PAR1")
    assert not outbox.exists()
    assert threading.active_count() == before


@pytest.mark.parametrize("query", [{}, {"group": "refPeriod"}, {"asOf": "2024-01-01"}])
def test_rows_are_read_beside_the_event_loop(
    cube_releases: Path, monkeypatch: pytest.MonkeyPatch, query: dict[str, str]
) -> None:
    """A hundred thousand of them take a second in which others want their answers."""
    threads, made = set[int](), asking._table

    def table(*parts: Any) -> Table:
        threads.add(threading.get_ident())
        return made(*parts)

    monkeypatch.setattr(asking, "_table", table)
    settings = Settings(releases=cube_releases)
    service = open_service(settings)
    cubes = Cubes(service.release, service.entities, settings)

    async def ask() -> Table:
        cube = await cubes.cube("population-ward-history")
        return await cubes.table(cube, read_selection(list(query.items()), cube, 1_000))

    assert asyncio.run(ask()).rows
    cubes.close()
    assert threads
    assert threading.get_ident() not in threads
