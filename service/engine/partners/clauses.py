"""The SERVICE blocks of a query: where they are, whom they ask, what is asked, and the query with their answers.

They are found in the tokens, of which nothing that must be certain may rest: whoever is asked is on the list, and a
worker refuses whatever SERVICE is left (service/engine/screen.py).
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.engine.faults import Fault
from service.engine.names import Names
from service.engine.partners.errors import too_many_blocks
from service.engine.tokens import COMMENT, IRI, NAME, VARIABLE, Token, tokens

_NOT_A_LINE_END = re.compile(r"[^\r\n]")


@dataclass(frozen=True)
class Block:
    """A SERVICE block. It begins at `start`, its braces at `brace`; `question` asks for all that its pattern binds,
    which are some of `variables` (without their signs).
    """

    endpoint: str
    silent: bool
    start: int
    brace: int
    end: int
    question: str
    variables: frozenset[str]


def blocks(text: str, base_iri: str, prefixes: Mapping[str, str], limit: int) -> list[Block]:
    """The blocks in order; Fault for more than the limit, one inside another, one whose endpoint is a variable, or half
    a one.
    """
    names = Names(base_iri, prefixes)
    words = [token for token in tokens(text) if token.kind != COMMENT and not names.declared_by(token)]
    places = [index for index, token in enumerate(words) if token.is_word("SERVICE")]
    if len(places) > limit:
        raise too_many_blocks(limit, len(places))
    found = [_block(text, words[index:], names) for index in places]
    if any(inner.start < outer.end for outer, inner in itertools.pairwise(found)):
        raise _nested()
    return found


def _block(text: str, words: Sequence[Token], names: Names) -> Block:
    silent = len(words) > 1 and words[1].is_word("SILENT")
    rest = words[1 + silent :]
    if len(rest) > 1 and rest[0].kind == VARIABLE:
        raise _of_a_variable(rest[0].text)
    if len(rest) < 3 or rest[0].kind not in {IRI, NAME} or rest[1].text != "{":
        raise _half()
    pattern = _group(rest[1:])
    brace, end = pattern[0].start, pattern[-1].end
    return Block(
        endpoint=names.iri(rest[0]) or rest[0].text,
        silent=silent,
        start=words[0].start,
        brace=brace,
        end=end,
        question=_question(text[brace:end], pattern, names),
        variables=frozenset(each.text[1:] for each in pattern if each.kind == VARIABLE),
    )


def _group(words: Sequence[Token]) -> Sequence[Token]:
    """The words from the first, which is a brace, to the one that closes it. No IRI has braces, so that they are
    counted right even where a comparison is taken for one.
    """
    level = 0
    for index, token in enumerate(words):
        level += {"{": 1, "}": -1}.get(token.text, 0)
        if level == 0:
            return words[: index + 1]
    raise _half()


def _question(group: str, pattern: Sequence[Token], names: Names) -> str:
    """A query of its own: with the declarations that the pattern needs, ours among them, which partners do not know."""
    used = dict.fromkeys(each.text.partition(":")[0] for each in pattern if each.kind == NAME)
    declared = [f"PREFIX {each}: <{names.prefixes[each]}>" for each in used if each in names.prefixes]
    return "\n".join([f"BASE <{names.base}>", *declared, f"SELECT * WHERE {group}"])


def without(text: str, found: Sequence[Block]) -> str:
    """The query with plain groups where the blocks are, every character in its old place.

    >>> text = "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }"
    >>> without(text, blocks(text, "http://e/", {}, 1))
    'SELECT * {                     { ?s ?p ?o } }'
    """
    for each in found:
        blank = _NOT_A_LINE_END.sub(" ", text[each.start : each.brace])
        text = text[: each.start] + blank + text[each.brace :]
    return text


def answered(text: str, found: Sequence[Block], answers: Sequence[str]) -> str:
    """The query with answers where the blocks were.

    >>> text = "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }"
    >>> answered(text, blocks(text, "http://e/", {}, 1), ["VALUES () { () }"])
    'SELECT * { VALUES () { () } }'
    """
    for each, answer in zip(reversed(found), reversed(answers), strict=True):
        text = text[: each.start] + answer + text[each.end :]
    return text


def _nested() -> Fault:
    return Fault(
        400,
        "A SERVICE block inside another is not available: a partner would have to ask on our behalf. "
        "Put the blocks side by side.",
        "SERVICEブロックの中にSERVICEは書けません。並べて書いてください。",
        limit="federation",
    )


def _half() -> Fault:
    return Fault(
        400,
        "SERVICE, perhaps SILENT, the IRI of an endpoint and a pattern in braces expected.",
        "SERVICE（またはSERVICE SILENT）の後には、エンドポイントのIRIと波括弧で囲んだパターンが必要です。",
        limit="federation",
    )


def _of_a_variable(name: str) -> Fault:
    return Fault(
        400,
        f"SERVICE takes the IRI of an endpoint here, not a variable ({name[:40]}).",
        f"SERVICEのエンドポイントには変数（{name[:40]}）を使えません。IRIで指定してください。",
        limit="federation",
    )
