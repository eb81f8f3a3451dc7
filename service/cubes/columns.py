"""The columns of a release: read-only SQL over the cubes' Parquet files, bounded in time, memory and number.

Nothing here can leave the release: external access is off but for the cubes' own files and one folder of its own
for selections on their way out, and the configuration is locked.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from service.errors import BadRequestError, TimedOutError, UnavailableError

Found = TypeVar("Found")
RETRY_AFTER = 2
PIECE = 5_000  # rows
AGAIN = 0.05  # seconds until an interrupt is tried again


@dataclass(frozen=True)
class Limits:
    """Seconds for a query, bytes of memory for all, threads, and how many may wait."""

    timeout: float
    memory: int
    threads: int
    queue: int


class Columns:
    """Answers from the Parquet files: cube id → path."""

    def __init__(self, files: Mapping[str, Path], limits: Limits) -> None:
        self._files, self._limits = files, limits
        self._threads = ThreadPoolExecutor(limits.threads, "columns")
        self._under_way = 0
        self._running: dict[Future[Any], duckdb.DuckDBPyConnection] = {}
        self._opened: _Opened | None = None

    async def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a statement of ours; values enter as parameters only."""
        return await self._run(partial(_fetch, sql=sql, parameters=parameters))

    async def pieces(self, sql: str, parameters: Sequence[object] = ()) -> AsyncIterator[list[tuple[Any, ...]]]:
        """The rows of a statement as they are wanted. Each piece has the time of a question, all together one place;
        between pieces no thread is held."""
        with self._place():
            cursor = self._open().connection.cursor()
            await self._bounded(lambda cursor: cursor.execute(sql, parameters), cursor)
            while rows := await self._bounded(lambda cursor: cursor.fetchmany(PIECE), cursor):
                yield rows
            cursor.close()

    async def parquet(self, sql: str, parameters: Sequence[object] = ()) -> bytes:
        """The rows of a statement as a Parquet file."""
        return await self._run(partial(_export, sql=sql, parameters=parameters, folder=self._open().outbox))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        while running := dict(self._running):
            for cursor in running.values():
                _interrupt(cursor)
            wait(running, AGAIN)
        if self._opened is not None:
            self._opened.close()

    def _open(self) -> "_Opened":
        """The files are opened with the first question: a service that nobody asks about cubes needs none of it."""
        if self._opened is None:
            self._opened = _Opened(self._files, self._limits)
        return self._opened

    async def _run(self, work: Callable[[duckdb.DuckDBPyConnection], Found]) -> Found:
        with self._place():
            return await self._bounded(work, self._open().connection.cursor())

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._under_way >= self._limits.threads + self._limits.queue:
            raise UnavailableError(
                f"{self._under_way} questions to the cubes are under way already; try again shortly",
                f"統計への問い合わせが{self._under_way}件処理中です。少し後でお試しください",
                {"Retry-After": str(RETRY_AFTER)},
                limit="LOD_CUBE_QUEUE",
            )
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    async def _bounded(
        self, work: Callable[[duckdb.DuckDBPyConnection], Found], cursor: duckdb.DuckDBPyConnection
    ) -> Found:
        """The work's result; interrupts it at the deadline or when the client leaves, and then waits for its end."""
        running = self._threads.submit(work, cursor)
        self._running[running] = cursor
        running.add_done_callback(self._running.pop)
        future = asyncio.wrap_future(running)
        try:
            done, _ = await asyncio.wait({future}, timeout=self._limits.timeout)
            if not done:
                raise self._too_slow()
            return _result(future)
        finally:
            if not future.done():
                future.cancel()
                self._stop(asyncio.get_running_loop(), running, cursor)

    def _stop(self, loop: asyncio.AbstractEventLoop, running: "Future[Any]", cursor: duckdb.DuckDBPyConnection) -> None:
        """Interrupts until it has ended: an interrupt before the statement has begun is lost."""
        if not running.done():
            _interrupt(cursor)
            loop.call_later(AGAIN, self._stop, loop, running, cursor)

    def _too_slow(self) -> TimedOutError:
        seconds = self._limits.timeout
        return TimedOutError(
            f"the answer takes longer than {seconds:g} s; choose fewer values, or take the whole Parquet file",
            f"{seconds:g}秒以内に答えられません。値を絞るか、Parquetファイル全体を取得してください",
            limit="LOD_CUBE_TIMEOUT",
            seconds=seconds,
        )


class _Opened:
    """A connection to the files, and the folder for selections on their way out."""

    def __init__(self, files: Mapping[str, Path], limits: Limits) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="cubes-")
        self.outbox = Path(self._folder.name)
        self.connection = _connect(files, self.outbox, limits)

    def close(self) -> None:
        self.connection.close()
        self._folder.cleanup()


def quoted(name: str) -> str:
    """A name of ours as an SQL identifier.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def _connect(files: Mapping[str, Path], outbox: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        ":memory:", config={"memory_limit": f"{limits.memory // 1_000_000}MB", "threads": limits.threads}
    )
    connection.execute("SET allowed_directories = $folders", {"folders": [str(outbox)]})
    connection.execute("SET allowed_paths = $paths", {"paths": [str(path) for path in files.values()]})
    for setting in ("temp_directory = ''", "enable_external_access = false", "lock_configuration = true"):
        connection.execute(f"SET {setting}")
    for cube, path in files.items():
        source = f"read_parquet('{str(path).replace(chr(39), chr(39) * 2)}', file_row_number = true)"
        connection.execute(f"CREATE VIEW {quoted(cube)} AS SELECT * FROM {source}")  # noqa: S608 - our own names
    return connection


def _interrupt(cursor: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.ConnectionException):  # it has ended in this very moment
        cursor.interrupt()


def _result(future: "asyncio.Future[Found]") -> Found:
    try:
        return future.result()
    except duckdb.OutOfMemoryException as error:
        raise BadRequestError(
            "the answer needs more memory than a question may use; choose fewer values or take the whole Parquet file",
            "メモリの上限を超えます。値を絞るか、Parquetファイル全体を取得してください",
            limit="LOD_CUBE_MEMORY",
        ) from error


def _fetch(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    with cursor:
        return cursor.execute(sql, parameters).fetchall()


def _export(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object], folder: Path) -> bytes:
    with tempfile.TemporaryDirectory(dir=folder) as own, cursor:
        path = Path(own) / "selection.parquet"
        cursor.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)", parameters)
        return path.read_bytes()
