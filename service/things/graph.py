"""A description as a page reads it: an expanded JSON-LD answer by subject and property."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"
DCAT = "http://www.w3.org/ns/dcat#"
FOAF = "http://xmlns.com/foaf/0.1/"
GEO = "http://www.opengis.net/ont/geosparql#"
ODRS = "http://schema.theodi.org/odrs#"
PROV = "http://www.w3.org/ns/prov#"
QB = "http://purl.org/linked-data/cube#"
SCHEMA = "http://schema.org/"
SDMX_ATTRIBUTE = "http://purl.org/linked-data/sdmx/2009/attribute#"
SDMX_DIMENSION = "http://purl.org/linked-data/sdmx/2009/dimension#"
SH = "http://www.w3.org/ns/shacl#"
VOID = "http://rdfs.org/ns/void#"
WGS = "http://www.w3.org/2003/01/geo/wgs84_pos#"

TYPE = f"{RDF}type"
NUMBERS = frozenset(f"{XSD}{name}" for name in ("integer", "nonNegativeInteger", "int", "long", "decimal", "double"))
NAMES = (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCT}title")


class Term(NamedTuple):
    """An RDF term. `language` and `datatype` are empty for what is not a literal.

    `kind` is iri, blank or literal. A named tuple, since a description makes hundreds and a frozen dataclass
    takes four times as long to make.
    """

    value: str
    kind: str
    language: str = ""
    datatype: str = ""

    @property
    def is_iri(self) -> bool:
        return self.kind == "iri"

    @property
    def is_blank(self) -> bool:
        return self.kind == "blank"


@dataclass(frozen=True)
class Graph:
    """Subject → property → objects, each object once, in the order in which they came."""

    subjects: Mapping[str, Mapping[str, tuple[Term, ...]]]

    def properties(self, subject: str) -> Mapping[str, tuple[Term, ...]]:
        return self.subjects.get(subject, {})

    def objects(self, subject: str, *properties: str) -> Iterator[Term]:
        for each in properties:
            yield from self.properties(subject).get(each, ())

    def first(self, subject: str, *properties: str) -> Term | None:
        return next(self.objects(subject, *properties), None)

    def terms(self) -> Iterator[Term]:
        """Every object of every triple."""
        for properties in self.subjects.values():
            for objects in properties.values():
                yield from objects

    def names(self, subject: str) -> tuple[Term, ...]:
        """What the subject is called, in every language."""
        return tuple(self.objects(subject, *NAMES))

    def pointing_to(self, iri: str) -> Iterator[tuple[str, str]]:
        """Property and subject of each triple whose object this is."""
        target = Term(iri, "iri")
        for subject, properties in self.subjects.items():
            for name, objects in properties.items():
                if target in objects:
                    yield name, subject


def read_jsonld(content: bytes) -> Graph:
    """The graph of an expanded JSON-LD document without contexts, lists or named graphs."""
    found: dict[str, dict[str, dict[Term, None]]] = {}
    for node in json.loads(content):
        properties = found.setdefault(node["@id"], {})
        for name, values in node.items():
            if name == "@type":
                terms: Iterable[Term] = (_resource(value) for value in values)
                properties.setdefault(TYPE, {}).update(dict.fromkeys(terms))
            elif name != "@id":
                properties.setdefault(name, {}).update(dict.fromkeys(map(_term, values)))
    return Graph(
        {subject: {name: tuple(values) for name, values in properties.items()} for subject, properties in found.items()}
    )


def _term(value: Mapping[str, Any]) -> Term:
    if "@id" in value:
        return _resource(value["@id"])
    content = value["@value"]
    text = str(content).lower() if isinstance(content, bool) else str(content)
    return Term(text, "literal", value.get("@language", "").lower(), _datatype(value, content))


def _datatype(value: Mapping[str, Any], content: object) -> str:
    """JSON's own numbers and booleans stand for XML Schema's (JSON-LD 1.1 API, 8.6)."""
    native = {bool: "boolean", int: "integer", float: "double"}.get(type(content))
    return str(value.get("@type") or (f"{XSD}{native}" if native else ""))


def _resource(iri: str) -> Term:
    return Term(iri, "blank" if iri.startswith("_:") else "iri")
