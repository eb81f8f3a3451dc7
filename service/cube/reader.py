"""A cursor over the words of a query, and the terms it meets (SPARQL 1.1, section 4.1)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count

import pyoxigraph as ox

from service.cube.errors import NotUnderstood
from service.cube.syntax import XSD, Constant, Group, Node
from service.cube.tokens import Token

BLANK = "_blank_"
_MAX_DEPTH = 60
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", "\\": "\\", '"': '"', "'": "'"}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PLAIN_REFERENCE = re.compile(r"/?(?:[\w-][\w.-]*/)*(?:[\w-][\w.-]*)?(?:#[\w-]*)?")
_NUMBERS = frozenset({"integer", "decimal", "double"})


@dataclass
class Reader:
    """`group` reads a group graph pattern: expressions need it for EXISTS."""

    words: list[Token]
    base: str
    prefixes: dict[str, str]
    group: Callable[["Reader"], Group]
    position: int = 0
    depth: int = 0
    blank_nodes: dict[str, ox.Variable] = field(default_factory=dict)
    fresh: "count[int]" = field(default_factory=count)

    @property
    def next(self) -> Token:
        return self.words[self.position]

    def take(self) -> Token:
        token = self.words[self.position]
        self.position += 1
        return token

    def at(self, *texts: str) -> bool:
        token = self.next
        return token.text in texts and token.kind in {"word", "sign"}

    def skip(self, *texts: str) -> bool:
        """Takes the next word if it is one of these."""
        if self.at(*texts):
            self.position += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.skip(text):
            raise NotUnderstood(f"{text} expected, {self.next.text!r} found")

    def enter(self) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise NotUnderstood(f"nested more than {_MAX_DEPTH} deep")

    def leave(self) -> None:
        self.depth -= 1

    def variable(self) -> ox.Variable:
        token = self.take()
        if token.kind != "variable":
            raise NotUnderstood(f"a variable expected, {token.text!r} found")
        return ox.Variable(token.text[1:])

    def anonymous(self) -> ox.Variable:
        """A variable for a blank node."""
        return ox.Variable(f"{BLANK}{next(self.fresh)}")

    def iri(self) -> ox.NamedNode:
        token = self.take()
        if token.kind == "iri":
            return ox.NamedNode(self.resolve(token.text[1:-1]))
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix in self.prefixes:
                return ox.NamedNode(self.prefixes[prefix] + local)
        raise NotUnderstood(f"an IRI expected, {token.text!r} found")

    def resolve(self, reference: str) -> str:
        if _ABSOLUTE.match(reference):
            return reference
        base = re.match(r"(https?://[^/?#]+)(/(?:[^?#]*/)?)", self.base)
        if base is None or not _PLAIN_REFERENCE.fullmatch(reference) or not reference:
            raise NotUnderstood(f"the relative IRI <{reference}>")
        return (base[1] if reference.startswith("/") else base[1] + base[2]) + reference

    def at_term(self) -> bool:
        return self.next.kind not in {"sign", "word", "end", "language"} or self.at("TRUE", "FALSE", "+", "-")

    def node(self) -> Node:
        """A variable, a blank node or a constant."""
        if self.next.kind == "variable":
            return self.variable()
        if self.next.kind == "blank":
            return self.blank_nodes.setdefault(self.take().text, self.anonymous())
        return self.constant()

    def constant(self) -> Constant:
        kind = self.next.kind
        if kind in {"iri", "name"}:
            return self.iri()
        if kind == "string":
            return self._literal()
        if self.at("TRUE", "FALSE"):
            return ox.Literal(self.take().text.lower(), datatype=ox.NamedNode(XSD + "boolean"))
        return self._number()

    def _literal(self) -> ox.Literal:
        text = _unquoted(self.take().text)
        if self.next.kind == "language":
            return ox.Literal(text, language=self.take().text[1:].lower())
        if self.skip("^^"):
            return ox.Literal(text, datatype=self.iri())
        return ox.Literal(text)

    def _number(self) -> ox.Literal:
        sign = "-" if self.at("-") else ""
        self.skip("+", "-")
        token = self.take()
        if token.kind not in _NUMBERS:
            raise NotUnderstood(f"a term expected, {token.text!r} found")
        return ox.Literal(sign + token.text, datatype=ox.NamedNode(XSD + token.kind))


def _unquoted(text: str) -> str:
    quotes = 3 if text[:3] in {'"""', "'''"} else 1
    return _ESCAPE.sub(lambda match: _ESCAPES[match[1]], text[quotes:-quotes])


def open_reader(words: list[Token], base: str, prefixes: Mapping[str, str], group: Callable[[Reader], Group]) -> Reader:
    return Reader(words, base, dict(prefixes), group)
