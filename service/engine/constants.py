"""One spelling for each IRI of ours in a query: percent-encoded, decomposed and escaped constants
become what the data use (service/uris.py). Anyone else's IRIs stay as they were written.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from service.engine.names import Names
from service.engine.tokens import IRI, NAME, STRING, Token, tokens, unescaped
from service.uris import BadPathError, UrlSpace


def canonical_constants(text: str, base_iri: str, prefixes: Mapping[str, str]) -> str:
    """The query with each constant of ours in its canonical spelling.

    >>> canonical_constants("ASK { <http://e/%e6%B5%9c> ?p '%e6' }", "http://e/", {})
    "ASK { <http://e/浜> ?p '%e6' }"
    """
    if not _spelt_otherwise(text):
        return text
    words = _Words(base_iri, prefixes)
    parts, done = [], 0
    for token in tokens(text):
        replacement = words.read(token)
        if replacement is not None:
            parts += [text[done : token.start], replacement]
            done = token.end
    return "".join(parts) + text[done:]


def _spelt_otherwise(text: str) -> bool:
    """Whether any spelling but the canonical one can be in the text; most queries have none."""
    return "%" in text or "\\u" in text or "\\U" in text or not unicodedata.is_normalized("NFC", text)


class _Words:
    """Reads tokens in order."""

    def __init__(self, base_iri: str, prefixes: Mapping[str, str]) -> None:
        self._urls = UrlSpace(base_iri)
        self._names = Names(base_iri, prefixes)

    def read(self, token: Token) -> str | None:
        """The canonical spelling of a constant; None if it has that already or is none."""
        if self._names.declared_by(token) or token.kind not in {IRI, NAME} or not _spelt_otherwise(token.text):
            return None
        iri = self._names.iri(token)
        return None if iri is None else self._canonical(iri)

    def _canonical(self, iri: str) -> str | None:
        try:
            found = self._urls.canonical_iri(iri)
        except BadPathError:
            return None
        # A foreign IRI is given back as it was.
        return None if self._urls.path(iri) is None else f"<{found}>"


def plain(text: str) -> str:
    r"""The query without codepoint escapes outside strings and IRIs, which Oxigraph reads only inside them.

    >>> plain(r"ASK { \u003Fs ?p '\u003F' }")
    "ASK { ?s ?p '\\u003F' }"
    """
    if "\\u" not in text and "\\U" not in text:
        return text
    return "".join(_plain(text))


def _plain(text: str) -> Iterator[str]:
    done = 0
    for token in tokens(text):
        if token.kind in {STRING, IRI}:
            yield unescaped(text[done : token.start]) + token.text
            done = token.end
    yield unescaped(text[done:])
