"""A description as pages and formats read it: terms by subject and property."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple

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
_MISSING = "http://purl.org/linked-data/sdmx/2009/code#obsStatus-M"
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


def told(description: Mapping[str, Mapping[str, Sequence[Sequence[str]]]]) -> dict[str, dict[str, tuple[Term, ...]]]:
    """The terms of a description that was prepared (service/lists/tables.py)."""
    return {
        subject: {name: tuple(starmap(Term, terms)) for name, terms in properties.items()}
        for subject, properties in description.items()
    }


def is_without_figure(properties: Mapping[str, tuple[Term, ...]]) -> bool:
    """Whether an observation says that its figure is missing or withheld."""
    statuses = properties.get(f"{SDMX_ATTRIBUTE}obsStatus", ())
    return f"{SDMX_ATTRIBUTE}confStatus" in properties or any(each.value == _MISSING for each in statuses)
