"""The store's parser, and how far into a text it gets.

It tries every keyword on as many characters as the keyword has. So the place that it names lies up to fourteen
characters beyond the word that is wrong, or at the end of the text (ENCODE_FOR_URI is the longest). Where that word
is, is found by parsing beginnings of the text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from service.engine.tokens import LABEL, LAST_IN_NAMES, NAME, OTHER, Token, tokens

_AT = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
# A character or a class of them, which is only tried where everything before it was read ([_] may be a keyword's);
# or what GROUP BY can still set right.
_GOES_ON = re.compile(r"\"|\[(?!_\])|The SELECT contains")
_BEYOND = re.compile(rf"[^\0-{LAST_IN_NAMES}]")
# No query ends like this, and no keyword that is tried before reaches to its end.
_WRONG = "\n" + " " * 20 + "\\"
# What comes after declarations and FROM, of which the parser only says that it is a keyword.
_CONTINUATIONS = ("", "ASK {}", "WHERE {}")
# Only a keyword can follow these.
_FIRST_HALVES = ("ORDER", "GROUP", "NOT")


@dataclass(frozen=True)
class Place:
    """Where the parser stopped: its offset in the text, and what it expected there."""

    offset: int
    said: str


def parse(text: str, base_iri: str, prefixes: Mapping[str, str]) -> None:
    """SyntaxError if the text is no query. It is evaluated on nothing, which is as near as the library lets us."""
    try:
        ox.Store().query(text, base_iri=base_iri, prefixes=dict(prefixes))
    except SyntaxError:
        raise
    except (ValueError, RuntimeError, OSError):
        return


def reads_through(text: str, base_iri: str, prefixes: Mapping[str, str]) -> bool:
    """Whether the parser gets to the end of a text. It evaluates nothing, since what comes after the end is wrong."""
    wrong = readable(text, list(tokens(text))) + _WRONG
    try:
        parse(wrong, base_iri, prefixes)
    except SyntaxError as error:
        where = place(wrong, str(error))
        return where is not None and where.offset >= len(wrong) - 1
    return False


def place(text: str, message: str) -> Place | None:
    """The place that a message of the parser is about."""
    found = _AT.match(message)
    if found is None:
        return None
    line, column = int(found[1]), int(found[2])
    return Place(sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1, found[3])


def readable(text: str, words: Sequence[Token]) -> str:
    """The text as the parser can read it until something is wrong, every word in its place: with [] for labels of blank
    nodes, since it reads a wrong text twice and takes each label for one that is used already, and with any letter for
    those in names that it would have as IRIs (service/engine/constants.py).
    """
    parts, done = [], 0
    for each in words:
        if each.kind == LABEL and max(each.text) <= LAST_IN_NAMES:
            parts += [text[done : each.start], "[]".ljust(len(each.text))]
            done = each.end
        elif each.kind == NAME:
            prefix, colon, local = each.text.partition(":")
            parts += [text[done : each.start], prefix, colon, _BEYOND.sub("a", local)]
            done = each.end
    return "".join(parts) + text[done:]


def words_read(text: str, words: Sequence[Token], attempt: Callable[[str], None]) -> int:
    """How many of the words some query begins with; all of them if only the end is missing.

    `attempt` parses; it is given up to three times the logarithm of their number of texts.
    """
    fewest, most = 0, len(words)
    while fewest < most:
        middle = (fewest + most + 1) // 2
        if _begin_a_query(text, words, middle, attempt):
            fewest = middle
        else:
            most = middle - 1
    return fewest


def _begin_a_query(text: str, words: Sequence[Token], count: int, attempt: Callable[[str], None]) -> bool:
    while count and _is_half(words, count):
        count -= 1
    return goes_on(text[: words[count - 1].end] if count else "", attempt)


def goes_on(beginning: str, attempt: Callable[[str], None]) -> bool:
    """Whether some query begins like this, with a whole word at the end."""
    beginning += " " if beginning else ""
    return any(_reads_on(beginning + each, attempt) for each in _CONTINUATIONS)


def _reads_on(beginning: str, attempt: Callable[[str], None]) -> bool:
    """Whether the parser gets to the end, and says that it would have read on or that this was all."""
    try:
        attempt(beginning)
    except SyntaxError as error:
        where = place(beginning, str(error))
        return where is not None and where.offset >= len(beginning) and bool(_GOES_ON.search(where.said))
    return True


def _is_half(words: Sequence[Token], count: int) -> bool:
    """Whether the last of so many words belongs to the next: && are two tokens, some keywords are two words, and some
    functions are only read with their bracket.
    """
    last = words[count - 1]
    if count == len(words):
        return last.is_word(*_FIRST_HALVES)
    following = words[count]
    together = following.text == "(" or last.kind == following.kind == OTHER
    return (together and last.end == following.start) or last.is_word(*_FIRST_HALVES) or following.is_word("SEPARATOR")
