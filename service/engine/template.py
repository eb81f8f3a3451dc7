"""The process that workers are forked from. It has loaded all that they need, and answers nothing itself.

    python -m service.engine.template FD RELEASE BYTES

FD is one end of a socket: each byte on it, with three descriptors, asks for a worker (service/engine/forking.py).
RELEASE, with the memory for its columns, is empty where the store answers everything.

A fork is ready in milliseconds and shares the memory of what was loaded. But it has none of its parent's threads, so
the template has one: it opens the columns, whose threads start later, but not the store.
"""

import gc
import os
import pickle
import selectors
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from service.cube.survey import Survey
from service.engine import confine, worker

if TYPE_CHECKING:
    from service.cube.evaluator import Columns

# A process id, later the code with which the process ended.
NUMBER = struct.Struct("=i")


class Template:
    """Forks on request, ends what nobody holds any more, and tells how it ended.

    A worker's leash is a socket to the service: the process id goes out on it, in the end its exit code, and when the
    service closes it, the worker is killed. So no process id is used after the process has gone.
    """

    def __init__(self, service: socket.socket, columns: "Columns | None") -> None:
        self._service, self._columns = service, columns
        self._leashes: dict[int, socket.socket] = {}
        self._deaths, self._waker = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._watch(service, self._fork)
        self._watch(self._deaths, self._tell)

    def run(self) -> NoReturn:
        """Until the service closes its end; workers, which cannot outlive their parent, end as well."""
        self._waker.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            for key, _ in self._selector.select():
                key.data()

    def _watch(self, connection: socket.socket, work: Callable[[], None]) -> None:
        self._selector.register(connection, selectors.EVENT_READ, work)

    def _fork(self) -> None:
        asked, descriptors, _, _ = socket.recv_fds(self._service, 1, 3)
        if not asked:
            sys.exit()
        connection, errors, leash_end = descriptors
        leash = socket.socket(fileno=leash_end)
        pid = os.fork()
        if pid == 0:
            leash.close()
            self._become_worker(connection, errors)
        os.close(connection)
        os.close(errors)
        self._leashes[pid] = leash
        self._watch(leash, partial(self._kill, pid))
        _say(leash, pid)

    def _become_worker(self, connection: int, errors: int) -> NoReturn:
        os.dup2(errors, sys.stderr.fileno())
        os.close(errors)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        for each in (self._service, self._deaths, self._waker, *self._leashes.values()):
            each.close()
        _finish(lambda: worker.main(connection, self._columns))

    def _kill(self, pid: int) -> None:
        if pid in self._leashes:
            self._selector.unregister(self._leashes[pid])
            os.kill(pid, signal.SIGKILL)

    def _tell(self) -> None:
        """Of every worker that has ended since."""
        self._deaths.recv(4_096)
        while self._leashes:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            leash = self._leashes.pop(pid)
            with suppress(KeyError):
                self._selector.unregister(leash)
            _say(leash, os.waitstatus_to_exitcode(status))
            leash.close()


def _say(leash: socket.socket, number: int) -> None:
    with suppress(OSError):
        leash.sendall(NUMBER.pack(number))


def _finish(work: Callable[[], None]) -> NoReturn:
    """Does the work of a fork and ends it, whatever happens; a fault of ours leaves a trace."""
    try:
        work()
    except BaseException:
        # The sockets must not close before the trace is written and the status is set: it is taken for the end.
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def opened(release: Path, memory: int) -> "Columns | None":
    """The columns as they are to be handed on, with all that makes the first query slow done; None without cubes."""
    from service.cube.evaluator import columns

    found = columns(release, memory, surveyed(release, memory))
    if not found.cubes:
        return None
    found.duck.warm(found.cubes[0])
    return found


def surveyed(release: Path, memory: int) -> Survey:
    """Made by a process of its own, with which the memory for it goes. Empty if that fails: it only saves time."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        with os.fdopen(theirs, "wb") as file:
            _finish(lambda: _survey(release, memory, file))
    os.close(theirs)
    with os.fdopen(ours, "rb") as file:
        said = file.read()
    _, status = os.waitpid(pid, 0)
    found: Survey = pickle.loads(said) if status == 0 else Survey()  # noqa: S301 - our own process
    return found


def _survey(release: Path, memory: int, file: IO[bytes]) -> None:
    from service.cube.evaluator import columns

    found = columns(release, memory)
    pickle.dump(found.duck.survey(found.cubes), file)
    file.flush()


def main(descriptor: int, release: str, memory: int) -> None:
    confine.die_with_parent()
    columns = opened(Path(release), memory) if release else None
    gc.collect()
    gc.freeze()
    Template(socket.socket(fileno=descriptor), columns).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
