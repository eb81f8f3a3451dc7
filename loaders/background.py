"""Work that goes on while other work is done."""

import os
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
NICER = 19


def giving_way(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """The result of some work, before which everything else goes that the machine has to do.

    A thread does it that is `NICER`, and so are those that it starts. Elsewhere than on Linux niceness is the whole
    process's (nice(2)), and the work is done as any other.
    """
    done: Future[T] = Future()

    def run() -> None:
        if sys.platform == "linux":
            os.nice(NICER)
        try:
            done.set_result(work(*arguments, **named))
        except BaseException as problem:
            # What the frames hold ends where it was made: the store's answers belong to their thread.
            traceback.clear_frames(problem.__traceback__)
            done.set_exception(problem)

    # Whoever interrupts the program does not wait for it.
    threading.Thread(target=run, daemon=True).start()
    return done.result()


@contextmanager
def ahead(made: Generator[T, None, None]) -> Iterator[Iterator[T]]:
    """The items of a generator, which a thread makes from now on whether they are asked for or not.

    What goes wrong in the thread is raised where its items are asked for. Leaving the context ends the generator: at
    once after its present item, unless it has ended by itself.
    """
    passed = SimpleQueue[tuple[T, ...]]()
    stopped = threading.Event()

    def work() -> None:
        try:
            with closing(made):
                for item in made:
                    passed.put((item,))
                    if stopped.is_set():
                        return
        finally:
            passed.put(())

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        try:
            yield _received(passed, working)
        finally:
            stopped.set()


def _received(passed: SimpleQueue[tuple[T, ...]], working: Future[None]) -> Iterator[T]:
    while item := passed.get():
        yield item[0]
    working.result()
