"""What the endpoint says about itself (SPARQL 1.1 Service Description), made from what the code can do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from service.engine.syntaxes import GRAPHS
from service.formats import CSV, JSON, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TSV, TURTLE, XML, Format

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DCT = "http://purl.org/dc/terms/"
_FORMATS = "http://www.w3.org/ns/formats/"
# Names of the formats in the W3C's list of them.
_NAMES = {
    JSON: "SPARQL_Results_JSON",
    XML: "SPARQL_Results_XML",
    CSV: "SPARQL_Results_CSV",
    TSV: "SPARQL_Results_TSV",
    TURTLE: "Turtle",
    TRIG: "TriG",
    NTRIPLES: "N-Triples",
    NQUADS: "N-Quads",
    RDFXML: "RDF_XML",
    JSONLD: "JSON-LD",
}

Node = ox.NamedNode | ox.BlankNode
Object = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True)
class Endpoint:
    """What there is to say. IRIs are absolute; `triples` counts the default graph, `features` are names of sd:."""

    url: str
    triples: int
    named_graphs: Sequence[str]
    formats: Iterable[Format]
    licenses: Iterable[str]
    features: Iterable[str] = ()


def describe(endpoint: Endpoint, format_: Format, prefixes: Mapping[str, str]) -> bytes:
    """The description in one of the formats for graphs."""
    body = ox.serialize(_triples(endpoint), format=GRAPHS[format_.name], prefixes={**prefixes, "sd": _SD})
    return body or b""


def _triples(endpoint: Endpoint) -> Iterator[ox.Triple]:
    service = ox.NamedNode(endpoint.url)
    dataset, default = ox.BlankNode("dataset"), ox.BlankNode("default")
    yield _triple(service, _RDF + "type", ox.NamedNode(_SD + "Service"))
    yield _triple(service, _SD + "endpoint", service)
    yield _triple(service, _SD + "supportedLanguage", ox.NamedNode(_SD + "SPARQL11Query"))
    for each in endpoint.formats:
        yield _triple(service, _SD + "resultFormat", ox.NamedNode(_FORMATS + _NAMES[each]))
    for feature in endpoint.features:
        yield _triple(service, _SD + "feature", ox.NamedNode(_SD + feature))
    for license_ in endpoint.licenses:
        yield _triple(service, _DCT + "license", ox.NamedNode(license_))
    yield _triple(service, _SD + "defaultDataset", dataset)
    yield _triple(dataset, _RDF + "type", ox.NamedNode(_SD + "Dataset"))
    yield _triple(dataset, _SD + "defaultGraph", default)
    yield _triple(default, _RDF + "type", ox.NamedNode(_SD + "Graph"))
    yield _triple(default, _VOID + "triples", ox.Literal(endpoint.triples))
    for index, name in enumerate(endpoint.named_graphs):
        yield from _named_graph(dataset, ox.BlankNode(f"graph{index}"), name)


def _named_graph(dataset: Node, graph: Node, name: str) -> Iterator[ox.Triple]:
    yield _triple(dataset, _SD + "namedGraph", graph)
    yield _triple(graph, _RDF + "type", ox.NamedNode(_SD + "NamedGraph"))
    yield _triple(graph, _SD + "name", ox.NamedNode(name))


def _triple(subject: Node, predicate: str, object_: Object) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), object_)
