"""Look-ups in a read-only store for our own bounded questions, answered where they are asked.

An entity takes some twenty look-ups, 0.2 ms together: less than a hop to a thread or a worker costs (DESIGN.md 5).
Terms come out as `service.things.graph` has them; nothing of the store's library leaves this module.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

from service.engine.pointing import Pointing
from service.formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from service.things.graph import NAMES, RDF, TYPE, XSD, Graph, Term

Properties = dict[str, tuple[Term, ...]]
Solution = Mapping[str, Mapping[str, str]]

_Node = ox.NamedNode | ox.BlankNode
_DEFAULT = ox.DefaultGraph()
_STRING = f"{XSD}string"
_KINDS_OF_PROPERTIES = (
    f"{RDF}Property",
    "http://www.w3.org/2002/07/owl#ObjectProperty",
)
_SYNTAXES = MappingProxyType(
    {
        TURTLE: ox.RdfFormat.TURTLE,
        NTRIPLES: ox.RdfFormat.N_TRIPLES,
        RDFXML: ox.RdfFormat.RDF_XML,
        JSONLD: ox.RdfFormat.JSON_LD,
    }
)


class Lookup:
    """Reads one store. Results are read and dropped on the thread that asked (DESIGN.md 5)."""

    def __init__(self, store: Path, base_iri: str) -> None:
        self._base_iri = base_iri
        self._store = ox.Store.read_only(str(store))
        kinds = map(ox.NamedNode, _KINDS_OF_PROPERTIES)
        declared = (quad.subject for kind in kinds for quad in self._quads(None, ox.NamedNode(TYPE), kind))
        properties = {each for each in declared if isinstance(each, ox.NamedNode)}
        self._pointing = Pointing(self._store, self._quads, sorted(filter(self._points, properties), key=str))

    def _points(self, name: ox.NamedNode) -> bool:
        """Whether a property is one that points to things of ours, as far as its first triple tells."""
        first = next(self._quads(None, name, None), None)
        pointed = first.object if first else None
        return isinstance(pointed, ox.NamedNode) and pointed.value.startswith(self._base_iri)

    def named_graphs(self) -> tuple[str, ...]:
        """The IRIs of the named graphs, in order."""
        return tuple(sorted(each.value for each in self._store.named_graphs() if isinstance(each, ox.NamedNode)))

    # --- about one resource --------------------------------------------------------------------

    def mentions(self, iri: str) -> bool:
        """Whether the IRI is a subject, an object or a graph."""
        node = ox.NamedNode(iri)
        patterns = ((node, None, None, None), (None, None, node, None), (None, None, None, node))
        return any(next(self._store.quads_for_pattern(*each), None) for each in patterns)

    def about(self, subject: str, skip: int = 0, limit: int | None = None) -> tuple[Properties, bool]:
        """What is said of a subject in any graph, each triple once, and whether there is more beyond the limit."""
        quads = self._quads(_node(subject), None, None)
        end = None if limit is None else skip + limit
        found: dict[str, tuple[Term, ...]] = {}
        for quad in islice(quads, skip, end):
            name = quad.predicate.value
            found[name] = (*found.get(name, ()), _term(quad.object))
        return found, next(quads, None) is not None

    def objects(self, subject: str, name: str) -> tuple[Term, ...]:
        return tuple(_term(quad.object) for quad in self._quads(_node(subject), ox.NamedNode(name), None))

    def subjects(self, name: str, object_: str) -> Iterator[str]:
        """The IRIs that point to something with one property."""
        for quad in self._quads(None, ox.NamedNode(name), ox.NamedNode(object_)):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value

    def names(self, iri: str) -> Properties:
        """What a resource is called, by the property that says so."""
        found = ((name, self.objects(iri, name)) for name in NAMES)
        return {name: terms for name, terms in found if terms}

    def pointing_to(self, iri: str, skip: int, limit: int) -> tuple[list[tuple[str, str]], bool]:
        """Subject and property of a page of the triples that point to an IRI, and whether more follow."""
        return self._pointing.page(iri, skip, limit)

    def pointing_count(self, iri: str) -> int:
        """How many triples point to an IRI. Not for the loop: of half a million it takes a fifth of a second."""
        return self._pointing.count(iri)

    # --- queries -------------------------------------------------------------------------------

    def select(self, text: str, base_iri: str, bindings: Mapping[str, str] = MappingProxyType({})) -> list[Solution]:
        """The solutions of a query of ours (variable → term as SPARQL 1.1 JSON results write it). Not for the loop."""
        bound: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
            ox.Variable(name): ox.NamedNode(iri) for name, iri in bindings.items()
        }
        results = self._store.query(text, base_iri=base_iri, substitutions=bound)
        if not isinstance(results, ox.QuerySolutions):
            raise TypeError("a SELECT query expected")
        body = results.serialize(format=ox.QueryResultsFormat.JSON) or b""
        found: list[Solution] = json.loads(body)["results"]["bindings"]
        return found

    def _quads(
        self, subject: _Node | None, predicate: ox.NamedNode | None, object_: ox.NamedNode | None
    ) -> Iterator[ox.Quad]:
        """The triples of all graphs, each once: the default graph's first, then what only named graphs say."""
        last: ox.Triple | None = None
        for quad in self._store.quads_for_pattern(subject, predicate, object_, None):
            if quad.graph_name != _DEFAULT:
                # Equal triples of named graphs are neighbours in each index of the store.
                if quad.triple == last or ox.Quad(quad.subject, quad.predicate, quad.object, _DEFAULT) in self._store:
                    continue
                last = quad.triple
            yield quad


def serialise(graph: Graph, format_: Format, prefixes: Mapping[str, str]) -> bytes:
    """The graph in a syntax for triples, with those prefixes that shorten something."""
    declared = None if format_ is NTRIPLES else dict(_used(graph, prefixes))
    return ox.serialize(_triples(graph), format=_SYNTAXES[format_], prefixes=declared) or b""


def _triples(graph: Graph) -> Iterator[ox.Triple]:
    for subject, properties in graph.subjects.items():
        node = _node(subject)
        for name, objects in properties.items():
            predicate = ox.NamedNode(name)
            for each in objects:
                yield ox.Triple(node, predicate, _object(each))


def _used(graph: Graph, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    iris = {name for properties in graph.subjects.values() for name in properties}
    for term in graph.terms():
        iris.add(term.value if term.is_iri else term.datatype)
    starts = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in iris}
    return ((prefix, namespace) for prefix, namespace in prefixes.items() if namespace in starts)


def _node(subject: str) -> _Node:
    return ox.BlankNode(subject[2:]) if subject.startswith("_:") else ox.NamedNode(subject)


def _object(term: Term) -> _Node | ox.Literal:
    if term.kind != "literal":
        return _node(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype)) if term.datatype else ox.Literal(term.value)


def _term(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    """The commonest kinds first: this runs once for each triple that is read."""
    if isinstance(node, ox.NamedNode):
        return Term(node.value, "iri")
    if isinstance(node, ox.Literal):
        if language := node.language:
            return Term(node.value, "literal", language)
        datatype = node.datatype.value
        return Term(node.value, "literal", "", "" if datatype == _STRING else datatype)
    if isinstance(node, ox.BlankNode):
        return Term(f"_:{node.value}", "blank")
    return Term(str(node), "literal")
