"""What can be wrong with the input, said so that a person can mend it: file, row, column, expected, found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["ja", "en"]


@dataclass(frozen=True)
class Text:
    """A sentence or phrase in both languages of the project."""

    ja: str
    en: str

    def in_(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    `row` counts as a spreadsheet does: the header is row 1 (RFC 7111). `column` is the header cell. `rule` is the
    IRI of the shape that refused it, by which problems can be grouped; `expected` is then its message, a sentence.
    """

    file: str
    expected: Text
    found: str = ""
    row: int | None = None
    column: str | None = None
    rule: str | None = None

    def sentence(self, language: Language) -> str:
        return _japanese(self) if language == "ja" else _english(self)


def _english(problem: Problem) -> str:
    place = problem.file
    place += f", row {problem.row}" if problem.row else ""
    place += f", column “{problem.column}”" if problem.column else ""
    found = f"; found “{problem.found}”" if problem.found else ""
    expected = problem.expected.en if problem.rule else f"expected {problem.expected.en}"
    return f"{place}: {expected}{found}"


def _japanese(problem: Problem) -> str:
    place = problem.file
    place += f" {problem.row}行目" if problem.row else ""
    place += f"「{problem.column}」列" if problem.column else ""
    found = f"（実際の値: 「{problem.found}」）" if problem.found else ""
    expected = problem.expected.ja if problem.rule else f"{problem.expected.ja}であること"
    return f"{place}: {expected}{found}"


class Unexpected(ValueError):
    """A value is not what it should be. Whoever knows the place turns this into a Problem."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.expected = Text(ja, en)


class LoadError(Exception):
    """A load or a build that stops; the class knows the exit status of the command."""

    status = 1

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(ja, en)


class Refused(LoadError):
    """The data may not be published as they are. Nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = len(problems)
        super().__init__(
            f"公開できません: {count:,} 件の問題があります。現在の公開版はそのままです。",
            f"Refused: {count:,} problem(s). The current release is unchanged.",
        )
        self.problems = tuple(problems)


class WrongCall(LoadError):
    """The command cannot do what was asked: a name that does not exist, a file that is not there."""

    status = 2


class Busy(LoadError):
    """Another command is writing to the folder."""

    status = 3


class CannotWrite(LoadError):
    """The disk is full or the folder is not writable."""

    status = 4
