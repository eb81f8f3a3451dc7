"""Work in the background: its items arrive, its faults are told, and it ends when nobody waits for it any more."""

import os
import sys
import threading
import weakref
from collections.abc import Generator

import pytest

from loaders.background import NICER, ahead, giving_way


def test_items_arrive_in_order_though_they_are_made_before_they_are_asked_for() -> None:
    made = threading.Event()

    def items() -> Generator[int, None, None]:
        yield from range(3)
        made.set()

    with ahead(items()) as received:
        assert made.wait(10)
        assert list(received) == [0, 1, 2]


def test_what_goes_wrong_in_the_background_is_raised_where_the_items_are_asked_for() -> None:
    def items() -> Generator[int, None, None]:
        yield 1
        raise OSError("no room")

    with ahead(items()) as received:
        assert next(received) == 1
        with pytest.raises(OSError, match="no room"):
            next(received)


def test_whoever_leaves_ends_the_work_and_what_it_holds_open() -> None:
    going_on, ended = threading.Event(), threading.Event()

    def items() -> Generator[int, None, None]:
        try:
            while True:
                yield 1
                going_on.set()
        finally:
            ended.set()

    def refuse() -> None:
        with ahead(items()):
            assert going_on.wait(10)
            raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        refuse()
    assert ended.is_set()


class Held:
    """Something that a failing function holds."""


def test_work_that_gives_way_is_done_and_only_its_threads_are_nicer() -> None:
    def niceness() -> tuple[int, int]:
        own, childs = os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), []
        child = threading.Thread(
            target=lambda: childs.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        )
        child.start()
        child.join()
        return own, childs[0]

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    nicer = min(before + NICER, 19) if sys.platform == "linux" else before
    assert giving_way(niceness) == (nicer, nicer)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def test_what_goes_wrong_in_work_that_gives_way_is_raised_and_what_it_held_ends_in_its_thread() -> None:
    ended: list[int] = []

    def fails(_what: str) -> None:
        held = Held()
        weakref.finalize(held, lambda: ended.append(threading.get_ident()))
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        giving_way(fails, "anything")
    assert ended
    assert ended[0] != threading.get_ident()
