"""Triples → N-Triples lines. The one place where terms become text and where the base is applied."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

Triple = tuple[Node, Node, Node]


def ntriples(triples: Iterable[Triple], base: str) -> Iterator[str]:
    """One line a triple, each ending in a newline."""
    for subject, predicate, object_ in triples:
        yield f"{term(subject, base)} {term(predicate, base)} {term(object_, base)} .\n"


def term(node: Node, base: str) -> str:
    """The N-Triples form of a term; IRIs of ours (`/id/…`) get the base, which ends in a slash."""
    if isinstance(node, URIRef):
        return str(ox.NamedNode(absolute(node, base)))
    if isinstance(node, BNode):
        return str(ox.BlankNode(node))
    if isinstance(node, Literal):
        return _literal(node)
    raise TypeError(f"not an RDF term: {node!r}")


def absolute(iri: str, base: str) -> str:
    """
    >>> absolute("/id/area/141178", "http://localhost:8000/")
    'http://localhost:8000/id/area/141178'
    """
    return base[:-1] + iri if iri.startswith("/") else iri


def _literal(node: Literal) -> str:
    if node.language:
        return str(ox.Literal(str(node), language=node.language))
    datatype = ox.NamedNode(node.datatype) if node.datatype else None
    return str(ox.Literal(str(node), datatype=datatype))
