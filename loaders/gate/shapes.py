"""The shapes as a graph, and what the validators ask of it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import rdflib
from rdflib import BNode, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from loaders.rdf import absolute
from loaders.terms import prefixes, shape_files

PREFIX_DECLARATIONS = "/shapes/prefixes"


def read_shapes(base: str, files: Iterable[Path] | None = None) -> rdflib.Graph:
    """The shapes with the base, and the prefixes of their SPARQL: sh:namespace is a literal, so code writes it."""
    shapes = rdflib.Graph()
    for path in files or shape_files():
        shapes.parse(path, publicID=base)
    holder = URIRef(absolute(PREFIX_DECLARATIONS, base))
    for prefix, namespace in prefixes().items():
        node = BNode()
        shapes.add((holder, SH.declare, node))
        shapes.add((node, SH.prefix, Literal(prefix)))
        shapes.add((node, SH.namespace, Literal(absolute(namespace, base), datatype=rdflib.XSD.anyURI)))
    return shapes


def targeted(shapes: rdflib.Graph) -> list[Node]:
    """The shapes that have targets (SHACL 2.1.3), in the order of their names."""
    found = {shape for property_ in _TARGETS for shape in shapes.subjects(property_)}
    found |= {shape for shape in shapes.subjects(RDF.type, SH.NodeShape) if (shape, RDF.type, RDFS.Class) in shapes}
    return sorted(found, key=str)


def targets(shapes: rdflib.Graph, shape: Node) -> Iterator[tuple[URIRef, Node]]:
    """Each target of the shape as its property and value; an implicit class target as sh:targetClass."""
    for property_ in _TARGETS:
        for value in shapes.objects(shape, property_):
            yield property_, value
    if (shape, RDF.type, RDFS.Class) in shapes:
        yield SH.targetClass, shape


_TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)


def severity(shapes: rdflib.Graph, shape: Node) -> URIRef:
    return URIRef(str(shapes.value(shape, SH.severity, default=SH.Violation)))


def members(shapes: rdflib.Graph, head: Node) -> list[Node]:
    """The members of an RDF list."""
    return list(Collection(shapes, head))


def sparql_prologue(shapes: rdflib.Graph) -> str:
    """The PREFIX lines of what is declared with sh:declare."""
    lines = {
        f"PREFIX {shapes.value(node, SH.prefix)}: <{shapes.value(node, SH.namespace)}>"
        for node in shapes.objects(None, SH.declare)
    }
    return "\n".join(sorted(lines)) + "\n"
