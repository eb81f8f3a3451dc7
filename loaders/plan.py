"""Plans of a city: measures, indicators, milestones, projects, bodies; a record a row, and its triples (MODEL 3.9)."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import Literal, URIRef

from loaders.areas import area_iri
from loaders.errors import Text
from loaders.fetch import source_iri
from loaders.rdf import Triple
from loaders.table import Row
from loaders.terms import DCT, ORG, OWL, PROV, RDF, RDFS, SCHEMA, SH, SKOS, XSD, YK

CITY = URIRef("/id/org/yokohama-city")
STATED_COLUMNS = ("source", "citation", "lines")
BODY_COLUMNS = ("key", "kind", "ja", "en", "alt_ja", "part_of", "replaced_by", *STATED_COLUMNS)
KINDS = {"unit": ORG.OrganizationalUnit, "platform": ORG.OrganizationalCollaboration}


@dataclass(frozen=True)
class Stated:
    """Where a document states something: the chapter in words, and the lines of its text, counted from 1."""

    source_id: str
    file: str
    citation: str
    lines: tuple[int, ...]

    def triples(self, thing: URIRef) -> Iterator[Triple]:
        """Positions between lines count from 0 (RFC 5147): line 512 stands between 511 and 512."""
        yield thing, DCT.source, source_iri(self.source_id, self.file)
        yield thing, DCT.bibliographicCitation, Literal(self.citation)
        for line in self.lines:
            yield thing, PROV.wasDerivedFrom, source_iri(self.source_id, self.file, f"line={line - 1},{line}")


def stated(row: Row, source_id: str) -> Stated:
    lines = tuple(int(line) for line in row["lines"].split())
    return Stated(source_id, row["source"], row["citation"], lines)


@dataclass(frozen=True)
class Plan:
    """The plan that the other records belong to, by its key."""

    key: str

    @property
    def iri(self) -> URIRef:
        return URIRef(f"/id/plan/{self.key}")

    def measure(self, number: str) -> URIRef:
        """
        >>> Plan("kanmin-data-2018").measure("3-2")
        rdflib.term.URIRef('/id/plan/kanmin-data-2018/measure/3/2')
        """
        return URIRef(f"{self.iri}/measure/{number.replace('-', '/')}")

    def indicator(self, number: str) -> URIRef:
        return URIRef(f"{self.iri}/indicator/{number}")

    def milestone(self, number: str) -> URIRef:
        return URIRef(f"{self.iri}/milestone/{number}")


def plan_triples(row: Row) -> Iterator[Triple]:
    iri = Plan(row["key"]).iri
    yield iri, RDF.type, YK.PolicyPlan
    yield iri, DCT.identifier, Literal(row["key"])
    yield from _named(iri, DCT.title, Text(row["ja"], row["en"]))
    yield iri, DCT.type, URIRef(f"/code/document-status/{row['status']}")
    yield iri, DCT.issued, Literal(row["issued"], datatype=XSD.gYearMonth)
    yield iri, DCT.temporal, _period(row)
    yield iri, DCT.publisher, URIRef(f"/id/org/{row['publisher']}")


def measure_triples(row: Row, plan: Plan) -> Iterator[Triple]:
    """A measure is part of the plan, a section of it part of the measure; both are said from both ends."""
    iri = plan.measure(row["number"])
    whole = plan.measure(row["part_of"]) if row["part_of"] else plan.iri
    yield from _numbered(iri, YK.PolicyMeasure, row)
    yield iri, DCT.isPartOf, whole
    yield whole, DCT.hasPart, iri
    for scheme in ("perspective", "point"):
        for code in row[f"{scheme}s"].split():
            yield iri, DCT.subject, URIRef(f"/code/plan-{scheme}/{code}")


def indicator_triples(row: Row, plan: Plan) -> Iterator[Triple]:
    iri, measure = plan.indicator(row["number"]), plan.measure(row["measure"])
    yield from _numbered(iri, YK.Indicator, row)
    yield iri, DCT.isPartOf, measure
    yield measure, YK.hasIndicator, iri
    if row["same_as"]:
        yield iri, OWL.sameAs, plan.indicator(row["same_as"])
    if row["about"]:
        yield iri, DCT.relation, URIRef(f"/id/platform/{row['about']}")
    if row["query"]:
        yield iri, YK.computedBy, query_iri(row["query"])
    yield from _noted(iri, row)


def milestone_triples(row: Row, plan: Plan) -> Iterator[Triple]:
    iri, measure = plan.milestone(row["number"]), plan.measure(row["measure"])
    yield from _numbered(iri, YK.Milestone, row)
    yield iri, DCT.isPartOf, measure
    yield measure, YK.hasMilestone, iri
    yield iri, DCT.temporal, _period(row)
    yield from _noted(iri, row)


def project_triples(row: Row, source_id: str) -> Iterator[Triple]:
    """A place that has no code of its own is part of its ward."""
    iri, place = URIRef(f"/id/project/{row['key']}"), area_iri(row["area"])
    if row["locality"]:
        ward, place = place, URIRef(f"{place}/locality/{row['locality']}")
        yield place, RDF.type, SCHEMA.Place
        yield place, RDFS.label, Literal(row["locality_ja"], lang="ja")
        yield place, DCT.isPartOf, ward
        yield from stated(row, source_id).triples(place)
    yield iri, RDF.type, SCHEMA.Project
    yield iri, DCT.identifier, Literal(row["key"])
    yield from _named(iri, RDFS.label, Text(row["ja"], row["en"]))
    yield from _named(iri, DCT.description, Text(row["description_ja"], row["description_en"]))
    yield iri, SCHEMA.location, place
    for issue in row["issues"].split():
        yield iri, DCT.subject, URIRef(f"/code/local-issue/{issue}")
    yield from stated(row, source_id).triples(iri)


def body_triples(row: Row, source_id: str) -> Iterator[Triple]:
    """A unit of the city or a platform on which it works with others; never the people in it."""
    iri = URIRef(f"/id/{'org' if row['kind'] == 'unit' else 'platform'}/{row['key']}")
    yield iri, RDF.type, KINDS[row["kind"]]
    yield iri, DCT.identifier, Literal(row["key"])
    yield from _named(iri, RDFS.label, Text(row["ja"], row["en"]))
    if row["alt_ja"]:
        yield iri, SKOS.altLabel, Literal(row["alt_ja"], lang="ja")
    if row["kind"] == "unit":
        yield iri, ORG.unitOf, CITY
    if row["part_of"]:
        yield iri, ORG.subOrganizationOf, URIRef(f"/id/org/{row['part_of']}")
    if row["replaced_by"]:
        yield iri, DCT.isReplacedBy, URIRef(f"/id/platform/{row['replaced_by']}")
    yield from stated(row, source_id).triples(iri)


def query_iri(name: str) -> URIRef:
    return URIRef(f"/query/{name}")


def query_triples(name: str, title: Text, text: str) -> Iterator[Triple]:
    """A query that anyone can run: its text, and a link that runs it here, for CSV."""
    iri = query_iri(name)
    yield iri, RDF.type, SH.SPARQLSelectExecutable
    yield from _named(iri, RDFS.label, title)
    yield iri, SH.select, Literal(text)
    yield iri, RDFS.seeAlso, URIRef(f"{iri}.csv")


def _numbered(iri: URIRef, class_: URIRef, row: Row) -> Iterator[Triple]:
    yield iri, RDF.type, class_
    yield iri, DCT.identifier, Literal(row["number"])
    yield from _named(iri, RDFS.label, Text(row["ja"], row["en"]))


def _noted(iri: URIRef, row: Row) -> Iterator[Triple]:
    if row["note_ja"]:
        yield from _named(iri, SKOS.note, Text(row["note_ja"], row["note_en"]))


def _period(row: Row) -> URIRef:
    return URIRef(f"/id/period/{row['period']}")


def _named(iri: URIRef, property_: URIRef, text: Text) -> Iterator[Triple]:
    yield iri, property_, Literal(text.ja, lang="ja")
    yield iri, property_, Literal(text.en, lang="en")
