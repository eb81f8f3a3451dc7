"""What IRIs stand for the relative references and prefixed names of a query (SPARQL 1.1, 4.1.1)."""

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from service.engine.tokens import COMMENT, IRI, Token, unescaped

_LOCAL_ESCAPE = re.compile(r"\\([_~.\-!$&'()*+,;=/?#@%])")


class Names:
    """Reads tokens in order and knows the BASE and the prefixes that hold where it is."""

    def __init__(self, base_iri: str, prefixes: Mapping[str, str]) -> None:
        self.base = base_iri
        self.prefixes = dict(prefixes)
        self._before: tuple[Token | None, Token | None] = (None, None)

    def declared_by(self, token: Token) -> bool:
        """Takes note of the next token; whether it is a name or an IRI that belongs to a declaration."""
        if token.kind == COMMENT:
            return False
        first, second = self._before
        self._before = (second, token)
        if _is(second, "PREFIX"):
            return True
        if token.kind != IRI:
            return False
        if _is(second, "BASE"):
            self.base = self.iri(token) or self.base
            return True
        if _is(first, "PREFIX") and second is not None:
            self.prefixes[second.text[:-1]] = self.iri(token) or ""
            return True
        return False

    def iri(self, token: Token) -> str | None:
        """The absolute IRI that an IRI or a name stands for here; None if its prefix is not declared."""
        if token.kind == IRI:
            return _resolved(self.base, unescaped(token.text[1:-1]))
        prefix, _, local = token.text.partition(":")
        namespace = self.prefixes.get(prefix)
        return None if namespace is None else namespace + _LOCAL_ESCAPE.sub(r"\1", local)


def _is(token: Token | None, keyword: str) -> bool:
    return token is not None and token.is_word(keyword)


def _resolved(base: str, reference: str) -> str:
    """RFC 3986, 5.2; urljoin drops an empty query, and an empty fragment, which namespaces end in."""
    before, hash_, fragment = reference.partition("#")
    if fragment:
        return urljoin(base, reference)
    query = "?" if before.endswith("?") and before.count("?") == 1 else ""
    return urljoin(base, reference) + query + hash_
