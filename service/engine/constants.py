"""One spelling for each IRI of ours in a query: percent-encoded, decomposed and escaped constants
become what the data use (service/uris.py). Anyone else's IRIs stay as they were written.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from service.engine.tokens import IRI, NAME, STRING, Token, tokens, unescaped
from service.uris import BadPathError, UrlSpace

_LOCAL_ESCAPE = re.compile(r"\\([_~.\-!$&'()*+,;=/?#@%])")


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
    """Reads tokens in order and knows the BASE and the prefixes that hold where it is."""

    def __init__(self, base_iri: str, prefixes: Mapping[str, str]) -> None:
        self._urls = UrlSpace(base_iri)
        self._base = base_iri
        self._prefixes = dict(prefixes)
        self._before: tuple[Token | None, Token | None] = (None, None)

    def read(self, token: Token) -> str | None:
        """The canonical spelling of a constant; None if it has that already or is none."""
        first, second = self._before
        self._before = (second, token)
        if token.kind == NAME and not _declares(second):
            return self._name(token)
        if token.kind == IRI:
            return self._iri(token, first, second)
        return None

    def _iri(self, token: Token, first: Token | None, second: Token | None) -> str | None:
        iri = _resolved(self._base, unescaped(token.text[1:-1]))
        if second and second.is_word("BASE"):
            self._base = iri
        elif _declares(first) and second:
            self._prefixes[second.text[:-1]] = iri
        elif _spelt_otherwise(token.text):
            return self._canonical(iri)
        return None

    def _name(self, token: Token) -> str | None:
        if not _spelt_otherwise(token.text):
            return None
        prefix, _, local = token.text.partition(":")
        namespace = self._prefixes.get(prefix)
        return None if namespace is None else self._canonical(namespace + _LOCAL_ESCAPE.sub(r"\1", local))

    def _canonical(self, iri: str) -> str | None:
        try:
            found = self._urls.canonical_iri(iri)
        except BadPathError:
            return None
        # A foreign IRI is given back as it was.
        return None if self._urls.path(iri) is None else f"<{found}>"


def _resolved(base: str, reference: str) -> str:
    """RFC 3986, 5.2; urljoin drops an empty fragment, which namespaces end in."""
    return urljoin(base, reference) + ("#" if reference.endswith("#") else "")


def _declares(token: Token | None) -> bool:
    return token is not None and token.is_word("PREFIX")


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
