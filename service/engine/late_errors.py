"""Mistakes that the parser tells of only where a group or a query ends, found where they were made."""

import itertools
from collections.abc import Callable, Iterator, Sequence

from service.engine.parsing import goes_on
from service.engine.tokens import CLOSE, IRI, OPEN, VARIABLE, Token

# What the parser says of them, and we where it says nothing.
NO_IRI = "IRI parsing failed"
SELECTED_TWICE = "Duplicated variable name in SELECT"
ALL_GROUPED = "SELECT * is not authorized with GROUP BY"
OVERRIDDEN = "The SELECT overrides an existing variable using an expression"
BOUND_AGAIN = "a variable bound again"
# Variables after AS that are tried, from the last on.
_TRIED = 20


def half_read_iri(text: str, words: Sequence[Token], read: int) -> tuple[Sequence[Token], int]:
    """The words with one in place of those of an IRI that has spaces, and how many precede it."""
    if read == len(words) or words[read].text != ">":
        return words, read
    first = next((index for index in range(read, -1, -1) if words[index].text == "<"), read)
    start, end = words[first].start, words[read].end
    return [*words[:first], Token(IRI, text[start:end], start), *words[read + 1 :]], first


def made(text: str, words: Sequence[Token], read: int, said: str, attempt: Callable[[str], None]) -> tuple[int, str]:
    """How many words precede the mistake, and what is said of it, given where reading stopped and what was said."""
    if SELECTED_TWICE in said:
        return _selected_twice(words, read), SELECTED_TWICE
    if ALL_GROUPED in said:
        return _star(words, read), ALL_GROUPED
    named = OVERRIDDEN if OVERRIDDEN in said else BOUND_AGAIN
    if named == BOUND_AGAIN and (read == len(words) or words[read].text != "}"):
        return read, said
    for places, by, reason in (
        (_named(words, read), "{}", named),
        ([_star(words, read)], "(1 AS {})", ALL_GROUPED),
    ):
        for index in itertools.islice(places, _TRIED):
            if index < read and _would_go_on(text, words, read, index, by, attempt):
                return index, reason
    return read, said


def _selected_twice(words: Sequence[Token], read: int) -> int:
    for select in _selects(words, read):
        seen: set[str] = set()
        for index in _selected(words, select):
            if words[index].text[1:] in seen:
                return index
            seen.add(words[index].text[1:])
    return read


def _selects(words: Sequence[Token], read: int) -> Iterator[int]:
    """From the last on, since the innermost is the first to be wrong."""
    return (index for index in range(min(read, len(words) - 1), -1, -1) if words[index].is_word("SELECT"))


def _selected(words: Sequence[Token], select: int) -> Iterator[int]:
    """The variables that a SELECT clause names, by themselves or for an expression."""
    level = 0
    for index in range(select + 1, len(words)):
        word = words[index]
        if level == 0 and (word.text == "{" or word.is_word("WHERE", "FROM")):
            return
        level += _step(word)
        if word.kind == VARIABLE and (level == 0 or (level == 1 and words[index - 1].is_word("AS"))):
            yield index


def _star(words: Sequence[Token], read: int) -> int:
    """The star of the SELECT whose group or query ends here; one in a group that has ended already stands deeper."""
    levels = [0, *itertools.accumulate(map(_step, words))]
    for select in _selects(words, read):
        following = words[select + 1 : select + 3]
        star = next((index for index, each in enumerate(following, select + 1) if each.text == "*"), None)
        if star is not None and levels[select] <= levels[read]:
            return star
    return read


def _step(word: Token) -> int:
    return {OPEN: 1, CLOSE: -1}.get(word.kind, 0)


def _named(words: Sequence[Token], read: int) -> Iterator[int]:
    """The variables after AS, from the last on."""
    return (index for index in range(min(read, len(words) - 1), 0, -1) if words[index - 1].is_word("AS"))


def _would_go_on(
    text: str, words: Sequence[Token], read: int, index: int, by: str, attempt: Callable[[str], None]
) -> bool:
    """Whether reading would go on after the word where it stopped, with something about a new variable in place of one
    before.
    """
    new = next(name for name in map("?v{}".format, itertools.count()) if name not in text)
    end = words[read].end if read < len(words) else len(text)
    return goes_on(text[: words[index].start] + by.format(new) + text[words[index].end : end], attempt)
