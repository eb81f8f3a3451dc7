"""What is refused before a query is evaluated: what is nested too deeply to be parsed, and whatever
would make a request to another machine.
"""

import itertools
import re
from collections.abc import Iterator, Mapping

from service.engine.faults import Fault
from service.engine.parsing import parse, place
from service.engine.tokens import COMMENT, depth, tokens

_OPENINGS = re.compile(r"[(\[{]")
# Oxigraph compares keywords in ASCII only, so that the long s (ſ) does not make one.
_SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)


def check_nesting(text: str, limit: int) -> None:
    """Fault for brackets nested so deeply that the parser's time or stack would not do."""
    if len(_OPENINGS.findall(text)) <= limit:
        return
    found = depth(text)
    if found > limit:
        raise Fault(
            400,
            f"Brackets nested at most {limit} deep expected, {found} found. Take parts out into BIND or a subquery.",
            f"括弧の入れ子は{limit}段までです（{found}段でした）。BINDや副問合せに分けてください。",
            limit="nesting",
            value=limit,
        )


def check_federation(text: str, base_iri: str, prefixes: Mapping[str, str]) -> None:
    """Fault for a query that would ask another endpoint.

    Only the parser knows for sure whether “service” is the keyword or part of a string, an IRI, a
    name or a comment. So it is asked about the same query with another word in its place: wherever
    any word may stand the query stays well-formed; where the keyword stood it does not.
    """
    if not _SERVICE.search(text):
        return
    word, masked, declared = without_service(text, prefixes)
    try:
        parse(masked, base_iri, declared)
    except SyntaxError as error:
        if _at_a_mask(masked, word, str(error)):
            raise _federated() from None
        raise


def without_service(text: str, prefixes: Mapping[str, str]) -> tuple[str, str, Mapping[str, str]]:
    """Another word, and the text and its prefixes with it in the place of “service”, every character in its place."""
    word = next(each for each in _other_words() if each not in text.lower())
    return word, _masked(text, word), {_masked(name, word): iri for name, iri in prefixes.items()}


def _masked(text: str, word: str) -> str:
    """Letters keep their case: ?service and ?SERVICE are two variables."""

    def replaced(match: re.Match[str]) -> str:
        return "".join(new.upper() if old.isupper() else new for old, new in zip(match[0], word, strict=True))

    return _SERVICE.sub(replaced, text)


def _other_words() -> Iterator[str]:
    """Words of the same length of letters that are neither hexadecimal nor any keyword's."""
    return map("".join, itertools.product("qxzjvkw", repeat=len("service")))


def _at_a_mask(text: str, word: str, message: str) -> bool:
    """Whether reading stopped at the word where it may be the keyword, and not after a name, a string or a comment."""
    where = place(text, message)
    if where is None:
        return False
    masks = re.finditer(rf"(?<![\w?$:@]){word}(?!['\">])", text, re.IGNORECASE)
    near = [each.start() for each in masks if each.start() <= where.offset <= each.end() + 1]
    comments = [each for each in tokens(text) if near and each.kind == COMMENT]
    return any(not any(each.start < start < each.end for each in comments) for start in near)


def _federated() -> Fault:
    return Fault(
        400,
        "SERVICE is not available: this endpoint makes no requests to others. "
        "Ask each endpoint by itself, or from a client that federates (Comunica, Jena).",
        "SERVICEは使えません。このエンドポイントは他へ問い合わせません。"
        "それぞれに問い合わせるか、統合問合せのできるクライアントを使ってください。",
        limit="federation",
    )
