"""Where charts are drawn: one process beside the server, bounded in time and in the number of those who wait."""

import asyncio
import json
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from typing import Any

from service.errors import ServiceError, TimedOutError, UnavailableError

RETRY_AFTER = 3
COMMAND = (sys.executable, "-m", "service.cubes.painter")


class Studio:
    """Draws one chart after the other. The process starts with the first, ends when there is nothing to do for a
    while, and is replaced when it is too slow."""

    def __init__(self, timeout: float, queue: int, font: str = "", idle: float = 60.0) -> None:
        self._timeout, self._queue, self._idle = timeout, queue, idle
        self._font = font
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._rest: asyncio.TimerHandle | None = None

    async def draw(self, spec: Mapping[str, Any], format_: str) -> bytes:
        """An SVG or PNG; UnavailableError when too many wait, TimedOutError when it takes too long."""
        if self._waiting > self._queue:
            raise UnavailableError(
                f"{self._waiting} charts wait to be drawn already; try again shortly",
                f"図の作成が{self._waiting}件待っています。少し後でお試しください",
                {"Retry-After": str(RETRY_AFTER)},
                limit="LOD_CHART_QUEUE",
            )
        self._waiting += 1
        try:
            async with self._turn:
                return await self._drawn(json.dumps({"spec": spec, "format": format_}).encode() + b"\n")
        finally:
            self._waiting -= 1

    async def font(self) -> str:
        """A font family with Japanese glyphs on this machine; empty if none is known."""
        if self._font or not shutil.which("fc-list"):
            return self._font
        command = ("fc-list", ":lang=ja", "family")
        process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
        families, _ = await process.communicate()
        names = sorted(line.split(",")[0].strip() for line in families.decode("utf-8", "replace").splitlines())
        return next(iter(names), "")

    async def close(self) -> None:
        if self._rest:
            self._rest.cancel()
        await self._end()

    async def _drawn(self, request: bytes) -> bytes:
        process = await self._started()
        try:
            kind, image = await asyncio.wait_for(_exchange(process, request), self._timeout)
        except TimeoutError:
            await self._end()
            raise TimedOutError(
                f"drawing took longer than {self._timeout:g} s; choose fewer values",
                f"図の作成が{self._timeout:g}秒を超えました。値を絞ってください",
                limit="LOD_CHART_TIMEOUT",
            ) from None
        except BaseException:  # a client that left, or a process that died: what is in the pipe is nobody's
            await self._end()
            raise
        self._rest_later()
        if kind != b"ok":
            raise ServiceError(f"the chart cannot be drawn: {image.decode('utf-8', 'replace')}", "図を作成できません")
        return image

    async def _started(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(*COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        return self._process

    def _rest_later(self) -> None:
        if self._rest:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(self._idle, self._stop_if_idle)

    def _stop_if_idle(self) -> None:
        if self._process is not None and not self._waiting:
            process, self._process = self._process, None
            _kill(process)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            _kill(process)
            await process.wait()


async def _exchange(process: Process, request: bytes) -> tuple[bytes, bytes]:
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(request)
    await process.stdin.drain()
    head = await process.stdout.readline()
    if not head:
        raise ServiceError("the process that draws charts ended", "図を作成するプロセスが終了しました")
    kind, length = head.split()
    return kind, await process.stdout.readexactly(int(length))


def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()
