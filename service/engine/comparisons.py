"""IRIs, told from comparisons that look like one."""

from collections.abc import Iterator, Mapping, Sequence

from service.engine.names import Names
from service.engine.parsing import reads_through
from service.engine.tokens import OTHER, Token, tokens

_ANY = "<x:>"


def without_comparisons(text: str, base_iri: str, prefixes: Mapping[str, str]) -> Iterator[Token]:
    """The tokens of a query, in which each `<` that compares is a token by itself.

    Only the parser knows which one does. Where an IRI stands, any other may stand; in the place of a comparison, none
    may. A text that cannot be read is left as if nothing in it were compared.
    """
    query = _Query(text, base_iri, prefixes)
    doubtful = query.doubtful()
    if not doubtful or query.takes_any(doubtful) or not query.takes_any([]):
        return tokens(text)
    return query.tokens()


class _Query:
    def __init__(self, text: str, base_iri: str, prefixes: Mapping[str, str]) -> None:
        self._text = text
        self._base_iri = base_iri
        self._prefixes = prefixes

    def doubtful(self) -> list[Token]:
        """The tokens that could be comparisons."""
        names = Names(self._base_iri, self._prefixes)
        return [each for each in tokens(self._text) if _is_doubtful(each, names)]

    def takes_any(self, iris: Sequence[Token]) -> bool:
        """Whether it can be read with any IRIs in the places of these."""
        parts, done = [], 0
        for each in iris:
            parts += [self._text[done : each.start], _ANY]
            done = each.end
        return reads_through("".join(parts) + self._text[done:], self._base_iri, self._prefixes)

    def tokens(self) -> Iterator[Token]:
        """Each doubtful one is tried by itself, since what follows a comparison is read otherwise."""
        names = Names(self._base_iri, self._prefixes)
        rest = tokens(self._text)
        while token := next(rest, None):
            if _is_doubtful(token, names) and not self.takes_any([token]):
                token = Token(OTHER, "<", token.start)
                rest = tokens(self._text, token.end)
            yield token


def _is_doubtful(token: Token, names: Names) -> bool:
    """Takes note of declarations, which are none."""
    declared = names.declared_by(token)
    return token.may_compare and not declared
