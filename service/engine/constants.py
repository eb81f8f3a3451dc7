"""One spelling for each IRI of ours in a query: percent-encoded, decomposed and escaped constants
become what the data use (service/uris.py). Anyone else's IRIs stay what they are.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping

from service.engine.comparisons import without_comparisons
from service.engine.names import Names
from service.engine.tokens import COMMENT, IRI, LAST_IN_NAMES, NAME, STRING, Token, escapes, tokens
from service.uris import BadPathError, UrlSpace

_CLOSE_TO_BRACKETS = ("CONCAT", "COALESCE")
_SPACED = re.compile(rf"(?:{'|'.join(_CLOSE_TO_BRACKETS)})[\s#]", re.IGNORECASE | re.ASCII)


def canonical_constants(text: str, base_iri: str, prefixes: Mapping[str, str]) -> str:
    """The query with each constant of ours in its canonical spelling.

    >>> canonical_constants("ASK { <http://e/%e6%B5%9c> ?p '%e6' }", "http://e/", {})
    "ASK { <http://e/浜> ?p '%e6' }"
    """
    if not _spelt_otherwise(text):
        return text
    constants = _Constants(base_iri, prefixes)
    parts, done = [], 0
    for token in without_comparisons(text, base_iri, prefixes):
        replacement = constants.read(token)
        if replacement is not None:
            # After a < that compares, another one would make << of it.
            gap = " " if text[token.start - 1] == "<" else ""
            parts += [text[done : token.start], gap, replacement]
            done = token.end
    return "".join(parts) + text[done:]


def _spelt_otherwise(text: str) -> bool:
    """Whether any spelling can be in the text but the canonical one that Oxigraph reads; most queries have none."""
    if "%" in text or "\\u" in text or "\\U" in text:
        return True
    return not text.isascii() and (max(text) > LAST_IN_NAMES or not unicodedata.is_normalized("NFC", text))


class _Constants:
    """Reads tokens in order."""

    def __init__(self, base_iri: str, prefixes: Mapping[str, str]) -> None:
        self._urls = UrlSpace(base_iri)
        self._names = Names(base_iri, prefixes)

    def read(self, token: Token) -> str | None:
        """The canonical spelling of a constant; None if it has that already or is none."""
        if self._names.declared_by(token) or token.kind not in {IRI, NAME}:
            return None
        # The spelling is that of the whole: the half of a name that is not in the token may be the other one.
        iri = self._names.iri(token)
        if iri is None:
            return None
        found = self._canonical(iri)
        unreadable = token.kind == NAME and max(token.text) > LAST_IN_NAMES
        return f"<{found}>" if unreadable or found != iri else None

    def _canonical(self, iri: str) -> str:
        """The one spelling of an IRI of ours; anyone else's as it is."""
        try:
            return self._urls.canonical_iri(iri)
        except BadPathError:
            return iri


def plain(text: str) -> str:
    r"""The query in a spelling that Oxigraph reads: it takes codepoint escapes only inside strings and IRIs, and no
    space before the bracket of two functions. Nothing but an escape changes its length.

    >>> plain(r"ASK { \u003Fs ?p '\u003F' FILTER(CONCAT (?s) != '') }")
    "ASK { ?s ?p '\\u003F' FILTER( CONCAT(?s) != '') }"
    """
    if "\\u" in text or "\\U" in text:
        text = "".join(_unescaped_words(text))
    return "".join(_closed_up(text)) if _SPACED.search(text) else text


def as_sent(text: str, offset: int) -> int:
    r"""Where in a text a place of its plain spelling is.

    >>> as_sent(r"ASK { \u003Fs ?p", len("ASK { ?"))
    12
    """
    for start, end, character in _escapes(text):
        if start >= offset:
            break
        offset += end - start - len(character)
    return offset


def _unescaped_words(text: str) -> Iterator[str]:
    done = 0
    for start, end, character in _escapes(text):
        yield text[done:start] + character
        done = end
    yield text[done:]


def _escapes(text: str) -> Iterator[tuple[int, int, str]]:
    """Where the codepoint escapes outside strings and IRIs begin and end, and what they stand for."""
    done = 0
    for token in itertools.chain(tokens(text), [Token(STRING, "", len(text))]):
        if token.kind in {STRING, IRI}:
            yield from escapes(text, done, token.start)
            done = token.end


def _closed_up(text: str) -> Iterator[str]:
    """The names of functions moved to their brackets."""
    done, word = 0, None
    for token in tokens(text):
        if word is not None and token.text == "(":
            yield text[done : word.start] + text[word.end : token.start] + word.text
            done = token.start
        if token.kind != COMMENT:
            word = token if token.is_word(*_CLOSE_TO_BRACKETS) else None
    yield text[done:]
