"""Work in the background: its items arrive, its faults are told, and it ends when nobody waits for it any more."""

import threading
from collections.abc import Generator

import pytest

from loaders.background import ahead


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
