"""The words of a query text: enough of SPARQL's grammar (19.8, terminals) to know what is a string,
an IRI, a comment, a name or a bracket.

Nothing that must be certain rests on it: a `<` that compares may be read as the start of an IRI. What
must be certain is asked of the parser itself (screen.py, comparisons.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

COMMENT, STRING, IRI, VARIABLE, LABEL, NAME, WORD, NUMBER, OPEN, CLOSE, OTHER = (
    "comment",
    "string",
    "iri",
    "variable",
    "label",
    "name",
    "word",
    "number",
    "open",
    "close",
    "other",
)
_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_PREFIX = r"(?:[^\W\d_](?:[\w.\-·]*[\w\-·])?)?"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[\w:]|{_PLX})(?:(?:[\w:.\-·]|{_PLX})*(?:[\w:\-·]|{_PLX}))?"
# \w lets combining marks pass as well, which names in decomposed (NFD) Japanese consist of.
_MARKS = "\u0300-\u036f\u3099\u309a"
# Oxigraph's names end here, the standard's go on (docs/sparql.md).
LAST_IN_NAMES = "\uffff"
_BEYOND = "\U00010000-\U000effff"
_TOKEN = re.compile(
    rf"""
      (?P<comment>\#[^\n\r]*)
    | (?P<string>\"{{3}}(?:\"{{0,2}}(?:[^\"\\]|\\.))*\"{{3}} | '{{3}}(?:'{{0,2}}(?:[^'\\]|\\.))*'{{3}}
               | \"(?:[^\"\\\n\r]|\\.)*\" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<iri><(?:[^<>\"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>)
    | (?P<variable>[?$][\w·]+)
    | (?P<label>_:(?:\w(?:[\w.\-·]*[\w\-·])?)?)
    | (?P<name>{_PREFIX}:(?:{_LOCAL})?)
    | (?P<word>@?[^\W\d_][\w\-]*)
    | (?P<number>[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?)
    | (?P<open>[(\[{{])
    | (?P<close>[)\]}}])
    | (?P<other>.)
    """.replace("[\\w", f"[\\w{_MARKS}{_BEYOND}"),
    re.VERBOSE | re.DOTALL,
)
# What follows the colon of a prefixed name begins with no slash.
_WITH_AUTHORITY = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, which are written in any case."""
        return self.kind == WORD and self.text.upper() in words

    @property
    def may_compare(self) -> bool:
        """Whether an IRI could as well be a < that compares, and more: ?a<?b&&?c>?d has <?b&&?c> in it."""
        return self.kind == IRI and not _WITH_AUTHORITY.match(self.text)


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """The tokens of a text, or of the rest of it, without its spaces.

    >>> [token.kind for token in tokens("ASK { ?s <http://e/p> 'SERVICE' } # SERVICE")]
    ['word', 'open', 'variable', 'iri', 'string', 'close', 'comment']
    """
    for match in _TOKEN.finditer(text, start):
        if not match[0].isspace():
            yield Token(match.lastgroup or OTHER, match[0], match.start())


def depth(text: str) -> int:
    """How deeply brackets of any kind are nested.

    >>> depth("SELECT * { FILTER(?x = '(((') }")
    2
    """
    deepest = level = 0
    for token in tokens(text):
        if token.kind == OPEN:
            level += 1
            deepest = max(deepest, level)
        elif token.kind == CLOSE:
            level = max(level - 1, 0)
    return deepest


def redacted(text: str) -> str:
    """The text without what was asked for: strings and numbers become “…”, and with them all that follows a quotation
    mark without its other half, as in the beginning of a text.

    >>> redacted("ASK { ?s <http://e/p> 'secret', 42 }"), redacted("ASK { ?s <http://e/p> 'sec")
    ('ASK { ?s <http://e/p> …, … }', 'ASK { ?s <http://e/p> …')
    """
    parts, done = [], 0
    rest = tokens(text)
    while token := next(rest, None):
        if token.may_compare:
            rest = tokens(text, token.start + 1)
        half = _is_half_a_string(token, text)
        if half or token.kind in {STRING, NUMBER}:
            parts += [text[done : token.start], "…"]
            done = len(text) if half else token.end
        if half:
            break
    return "".join(parts) + text[done:]


def _is_half_a_string(token: Token, text: str) -> bool:
    """A single quotation mark, or three that read as an empty string and a single one."""
    single = token.kind == OTHER and token.text in "'\""
    return single or (token.text in {"''", '""'} and text[token.end : token.end + 1] == token.text[0])


def unescaped(text: str) -> str:
    r"""Codepoint escapes replaced by what they stand for (SPARQL 1.1, 19.2).

    >>> unescaped(r"caf\u00e9")
    'café'
    """
    return _CODEPOINT.sub(_character, text)


def escapes(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Where the codepoint escapes between two places begin and end, and what they stand for."""
    for match in _CODEPOINT.finditer(text, start, end):
        yield match.start(), match.end(), _character(match)


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]
