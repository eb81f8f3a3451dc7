"""The words of a SPARQL query (section 19.8 of SPARQL 1.1), in one expression; what it does not match is not read."""

import re
from dataclasses import dataclass

from service.cube.errors import NotUnderstood

_TOKEN = re.compile(
    r"""
    (?P<space>(?:\s+|\#[^\n\r]*)+)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\[tbnrf\\"']))*\"\"\"|'''(?:'{0,2}(?:[^'\\]|\\[tbnrf\\"']))*'''
      |"(?:[^"\\\n\r]|\\[tbnrf\\"'])*"|'(?:[^'\\\n\r]|\\[tbnrf\\"'])*')
  | (?P<variable>[?$]\w+)
  | (?P<blank>_:\w+)
  | (?P<double>(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+)
  | (?P<decimal>[0-9]*\.[0-9]+)
  | (?P<integer>[0-9]+)
  | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:[\w:](?:[\w.:-]*[\w:-])?)?)
  | (?P<language>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
  | (?P<word>[A-Za-z_]+[0-9]*)
  | (?P<sign>\^\^|&&|\|\||!=|<=|>=|[{}()\[\].,;=<>+*/!|^?-])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is a group of the expression above; `text` is the word as written, keywords in capitals."""

    kind: str
    text: str


END = Token("end", "")


def tokens(text: str) -> list[Token]:
    """The words of the text, and END."""
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise NotUnderstood(f"not read by the planner: {text[position : position + 20]!r}")
        position = match.end()
        if match.lastgroup != "space":
            found.append(_token(match.lastgroup, match.group()))
    return [*found, END]


def _token(kind: str, text: str) -> Token:
    if kind == "word" and text != "a":
        return Token(kind, text.upper())
    return Token(kind, text)
