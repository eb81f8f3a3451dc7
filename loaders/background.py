"""Work that goes on while other work is done."""

import threading
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


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
