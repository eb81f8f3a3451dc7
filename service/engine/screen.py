"""What is refused before a query is evaluated: what is nested too deeply to be parsed, and whatever
would make a request to another machine.
"""

import itertools
import re
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from service.engine.faults import Fault
from service.engine.tokens import WORD, depth, tokens

_OPENINGS = re.compile(r"[(\[{]")
# Oxigraph compares keywords in ASCII only, so that the long s (ſ) does not make one.
_SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)
_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
_PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})
_MAX_EXPECTED = 200


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
    word = next(each for each in _other_words() if each not in text.lower())
    masked = _masked(text, word)
    try:
        parse(masked, base_iri, {_masked(name, word): iri for name, iri in prefixes.items()})
    except SyntaxError as error:
        if _at_a_mask(masked, word, str(error)):
            raise _federated() from None
        raise


def _masked(text: str, word: str) -> str:
    """Letters keep their case: ?service and ?SERVICE are two variables."""

    def replaced(match: re.Match[str]) -> str:
        return "".join(new.upper() if old.isupper() else new for old, new in zip(match[0], word, strict=True))

    return _SERVICE.sub(replaced, text)


def _other_words() -> Iterator[str]:
    """Words of the same length of letters that are neither hexadecimal nor any keyword's."""
    return map("".join, itertools.product("qxzjvkw", repeat=len("service")))


def _at_a_mask(text: str, word: str, message: str) -> bool:
    place = _AT.match(message)
    if place is None:
        return False
    where = _offset(text, int(place[1]), int(place[2]))
    return any(each.start() <= where <= each.end() + 1 for each in re.finditer(word, text, re.IGNORECASE))


def _offset(text: str, line: int, column: int) -> int:
    return sum(len(each) for each in text.split("\n")[: line - 1]) + line - 1 + column - 1


def _federated() -> Fault:
    return Fault(
        400,
        "SERVICE is not available: this endpoint makes no requests to others. "
        "Ask each endpoint by itself, or from a client that federates (Comunica, Jena).",
        "SERVICEは使えません。このエンドポイントは他へ問い合わせません。"
        "それぞれに問い合わせるか、統合問合せのできるクライアントを使ってください。",
        limit="federation",
    )


def parse(text: str, base_iri: str, prefixes: Mapping[str, str]) -> None:
    """SyntaxError if the text is no query. It is evaluated on nothing, which is as near as the library lets us."""
    try:
        ox.Store().query(text, base_iri=base_iri, prefixes=dict(prefixes))
    except SyntaxError:
        raise
    except (ValueError, RuntimeError, OSError):
        return


def syntax_fault(text: str, error: SyntaxError) -> Fault:
    """What the parser says about a text, with line and column."""
    if update := _update(text):
        return Fault(
            400,
            f"{update} is SPARQL Update, which this endpoint refuses: the data are read-only.",
            f"{update}はSPARQL Updateです。このデータは読み取り専用のため、更新は受け付けません。",
            limit="read-only",
        )
    place = _AT.match(str(error))
    if place is None:
        return Fault(400, f"Syntax error: {_short(str(error))}", f"構文の誤り: {_short(str(error))}")
    line, column, expected = int(place[1]), int(place[2]), _short(place[3])
    return Fault(
        400,
        f"Syntax error in line {line}, column {column}: {expected}",
        f"{line}行{column}文字目に構文の誤りがあります: {expected}",
        line=line,
        column=column,
    )


def _short(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= _MAX_EXPECTED else line[:_MAX_EXPECTED].rpartition(",")[0] + ", …"


def _update(text: str) -> str:
    """The first keyword after the prologue if it begins an update."""
    for token in tokens(text):
        if token.kind == WORD and token.text.upper() not in _PROLOGUE:
            return token.text.upper() if token.text.upper() in _UPDATES else ""
    return ""
