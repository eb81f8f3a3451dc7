"""Tells people how far a long piece of work is: bars in a terminal, plain lines elsewhere."""

import sys
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

from tqdm import tqdm

T = TypeVar("T")
LINE_EVERY = 5_000_000


class Progress:
    """`quiet` says nothing; results and errors are not its business."""

    def __init__(self, stream: TextIO = sys.stderr, *, quiet: bool = False) -> None:
        self._stream = stream
        self._quiet = quiet
        self._bars = stream.isatty()

    def each(self, items: Iterable[T], total: int, task: str, unit: str = "") -> Iterator[T]:
        """The items, while a bar or a closing line says how many have passed."""
        if self._quiet:
            yield from items
            return
        if self._bars:
            yield from tqdm(items, total=total, desc=f"{task:<34}", unit=unit, file=self._stream, leave=True)
            return
        self.say(f"{task} ...")
        yield from items

    def amount(self, done: Iterable[int], total: int, task: str, unit: str = "") -> None:
        """Works through what is done, each item being an amount, while a bar or a line now and then tells how far."""
        if self._bars and not self._quiet:
            with tqdm(total=total, desc=f"{task:<34}", unit=unit, file=self._stream, unit_scale=True) as bar:
                for amount in done:
                    bar.update(amount)
            return
        self.say(f"{task} ...")
        passed, told = 0, LINE_EVERY
        for amount in done:
            passed += amount
            if passed >= told:
                self.say(f"{task}: {passed:,} of {total:,}{unit}")
                told = passed + LINE_EVERY

    def say(self, line: str) -> None:
        if not self._quiet:
            print(line, file=self._stream, flush=True)
