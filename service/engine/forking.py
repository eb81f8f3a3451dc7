"""The service's side of the template: has workers forked, kills them, learns how they ended."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from service.engine.template import NUMBER

ROOT = Path(__file__).parent.parent.parent


class Fork:
    """A process that the template has forked, with its errors and its leash (service/engine/template.py)."""

    def __init__(self, pid: int, leash: socket.socket, errors: int) -> None:
        self.pid = pid
        self._leash, self._errors = leash, errors

    def kill(self) -> None:
        """At once; also if it has ended already."""
        with suppress(OSError):
            self._leash.shutdown(socket.SHUT_WR)

    async def ended(self) -> tuple[int, bytes]:
        """Its exit code, negative for a signal, and the end of what it wrote to its errors. For once."""
        said = await asyncio.get_running_loop().sock_recv(self._leash, NUMBER.size)
        # Without a word the template has gone, and all workers with it.
        code = NUMBER.unpack(said)[0] if len(said) == NUMBER.size else -signal.SIGKILL
        self._leash.close()
        with os.fdopen(self._errors, "rb") as errors:
            os.set_blocking(errors.fileno(), False)
            return code, (errors.read() or b"")[-4_096:]


class Template:
    """The process that workers are forked from: started with the first of them, and again if it has ended."""

    def __init__(self, setup: Mapping[str, Any]) -> None:
        self._arguments = [str(setup[name]) for name in ("release", "planner_bytes")]
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None

    async def fork(self, connection: socket.socket) -> Fork:
        """A worker at the other end of the connection; OSError if there is no template to make one."""
        template = self._started()
        with ExitStack() as held:
            readable, writable = os.pipe()
            held.callback(os.close, readable)
            ours, theirs = socket.socketpair()
            held.enter_context(ours)
            try:
                with theirs:
                    socket.send_fds(template, [b"+"], [connection.fileno(), writable, theirs.fileno()])
            finally:
                os.close(writable)
            ours.setblocking(False)
            said = await asyncio.get_running_loop().sock_recv(ours, NUMBER.size)
            if len(said) < NUMBER.size:
                raise OSError("the process that workers are forked from has ended")
            held.pop_all()
            return Fork(NUMBER.unpack(said)[0], ours, readable)

    def stop(self) -> None:
        """Returns when it has ended."""
        if self._connection is not None and self._process is not None:
            self._connection.close()
            self._process.wait()

    def _started(self) -> socket.socket:
        if self._connection is None or self._process is None or self._process.poll() is not None:
            self.stop()
            self._connection, theirs = socket.socketpair()
            with theirs:
                self._process = _spawn(theirs.fileno(), self._arguments)
        return self._connection


def _spawn(descriptor: int, arguments: list[str]) -> subprocess.Popen[bytes]:
    """A process that inherits this socket, the service's errors and nothing else."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "service.engine.template", str(descriptor), *arguments],
        pass_fds=[descriptor],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath, "LANG": "C.UTF-8"},
    )
