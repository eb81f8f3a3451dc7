"""Facilities: one record a row, and its triples in the words of IMI, schema.org and GeoSPARQL (MODEL 3.6)."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import BNode, Literal, URIRef

from loaders.areas import SAC, area_iri, point
from loaders.rdf import Triple
from loaders.terms import DCT, FOAF, GEO, IC, PROV, RDF, RDFS, SCHEMA, XSD, YK

# The last moment that a day has in XML Schema, where publishers write 24:00.
MIDNIGHT = "23:59:59"


@dataclass(frozen=True)
class Address:
    """`text` as published; the parts that the source tells apart. Plain strings, as IMI has them."""

    text: str
    prefecture: str
    city: str
    ward: str
    ward_code: str
    postal_code: str = ""
    town: str = ""
    building: str = ""

    def triples(self, node: BNode) -> Iterator[Triple]:
        yield node, RDF.type, IC.住所型
        yield node, IC.表記, Literal(self.text)
        yield node, IC.都道府県, Literal(self.prefecture)
        yield node, IC.市区町村, Literal(self.city)
        yield node, IC.区, Literal(self.ward)
        yield node, IC.市区町村コード, URIRef(f"{SAC}C{self.ward_code[:5]}")
        parts = ((IC.郵便番号, self.postal_code), (IC.町名, self.town), (IC.方書, self.building))
        yield from ((node, property_, Literal(text)) for property_, text in parts if text)


@dataclass(frozen=True)
class Hours:
    """`days` are names of schema.org (Monday, PublicHolidays); times are hh:mm, up to 24:00."""

    days: tuple[str, ...]
    opens: str
    closes: str

    def triples(self, node: BNode) -> Iterator[Triple]:
        yield node, RDF.type, SCHEMA.OpeningHoursSpecification
        for day in self.days:
            yield node, SCHEMA.dayOfWeek, getattr(SCHEMA, day)
        yield node, SCHEMA.opens, _time(self.opens)
        yield node, SCHEMA.closes, _time(self.closes)


@dataclass(frozen=True)
class Amenity:
    """`code` of </code/amenity>; whether it is there, how many or what it is called."""

    code: str
    value: bool | int | str

    def triples(self, node: BNode) -> Iterator[Triple]:
        yield node, RDF.type, SCHEMA.LocationFeatureSpecification
        yield node, SCHEMA.propertyID, URIRef(f"/code/amenity/{self.code}")
        yield node, SCHEMA.value, Literal(self.value)


@dataclass(frozen=True)
class Identifier:
    """What the publisher calls the facility: `scheme` names the system in `ontology/identifiers.ttl`."""

    scheme: str
    value: str

    def triples(self, node: BNode) -> Iterator[Triple]:
        yield node, RDF.type, IC.ID型
        yield node, IC.体系, URIRef(f"/id/identifier-scheme/{self.scheme}")
        yield node, IC.識別値, Literal(self.value)


@dataclass(frozen=True)
class Operator:
    """An organisation, never a person, and its part in the facility."""

    role: str
    organisation: URIRef

    def triples(self, node: BNode) -> Iterator[Triple]:
        yield node, RDF.type, IC.関与型
        yield node, IC.役割, Literal(self.role)
        yield node, IC.関与者, self.organisation


@dataclass(frozen=True)
class Places:
    """How many more children a class can take; `number` is None where there is no figure, and `note` says why."""

    age_class: str
    number: int | None
    note: str
    day: str

    def triples(self, node: BNode) -> Iterator[Triple]:
        yield node, RDF.type, IC.数量型
        yield node, IC.種別, Literal(self.age_class)
        if self.number is not None:
            yield node, IC.数値, Literal(self.number)
        if self.note:
            yield node, IC.説明, Literal(self.note)
        about, day = BNode(f"{node}-about"), BNode(f"{node}-day")
        yield node, IC.メタデータ, about
        yield about, RDF.type, IC.文書型
        yield about, IC.日付, day
        yield day, RDF.type, IC.日付型
        yield day, IC.標準型日付, Literal(self.day, datatype=XSD.date)


Part = Address | Hours | Amenity | Identifier | Operator | Places


@dataclass(frozen=True)
class Facility:
    """A facility as published. What the source does not say is empty or None.

    `latitude` and `longitude` are the source's own digits, both or neither; `hazards` codes of </code/hazard>.
    """

    key: str
    type: str
    schema_type: URIRef
    name: str
    kana: str
    address: Address
    latitude: str
    longitude: str
    derived_from: URIRef
    telephone: str = ""
    fax: str = ""
    pages: tuple[str, ...] = ()
    capacity: int | None = None
    hazards: tuple[str, ...] = ()
    also_designated_shelter: bool | None = None
    hours: tuple[Hours, ...] = ()
    amenities: tuple[Amenity, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    operators: tuple[Operator, ...] = ()
    places: tuple[Places, ...] = ()

    @property
    def iri(self) -> URIRef:
        return URIRef(f"/id/facility/{self.key}")

    def triples(self) -> Iterator[Triple]:
        yield from self._identity()
        yield from self._values()
        yield from self._parts()
        if self.latitude:
            geometry = URIRef(f"/id/geometry/facility/{self.key}")
            yield from point(self.iri, geometry, self.latitude, self.longitude, self.derived_from)
        yield self.iri, PROV.wasDerivedFrom, self.derived_from

    def _identity(self) -> Iterator[Triple]:
        iri = self.iri
        for class_ in (IC.施設型, self.schema_type, GEO.Feature):
            yield iri, RDF.type, class_
        yield iri, RDFS.label, Literal(self.name, lang="ja")
        if self.kana:
            yield iri, RDFS.label, Literal(self.kana, lang="ja-Hrkt")
        yield iri, DCT.identifier, Literal(self.key)
        yield iri, DCT.type, URIRef(f"/code/facility-type/{self.type}")
        yield iri, SCHEMA.containedInPlace, area_iri(self.address.ward_code)

    def _values(self) -> Iterator[Triple]:
        texts = ((SCHEMA.telephone, self.telephone), (SCHEMA.faxNumber, self.fax))
        yield from ((self.iri, property_, Literal(text)) for property_, text in texts if text)
        for page in self.pages:
            yield self.iri, FOAF.page, URIRef(page)
        if self.capacity is not None:
            yield self.iri, SCHEMA.maximumAttendeeCapacity, Literal(self.capacity)
        for hazard in self.hazards:
            yield self.iri, YK.hazard, URIRef(f"/code/hazard/{hazard}")
        if self.also_designated_shelter is not None:
            yield self.iri, YK.alsoDesignatedShelter, Literal(self.also_designated_shelter)

    def _parts(self) -> Iterator[Triple]:
        """The blank nodes that belong to the facility, each named by what it is and its number."""
        parts: tuple[tuple[str, URIRef, tuple[Part, ...]], ...] = (
            ("address", IC.住所, (self.address,)),
            ("hours", SCHEMA.openingHoursSpecification, self.hours),
            ("amenity", SCHEMA.amenityFeature, self.amenities),
            ("id", IC.ID, self.identifiers),
            ("operator", IC.関与, self.operators),
            ("places", YK.placesAvailable, self.places),
        )
        for kind, property_, members in parts:
            for number, part in enumerate(members):
                node = BNode(f"{kind}-{self.key}" + (f"-{number}" if number else ""))
                yield self.iri, property_, node
                yield from part.triples(node)


def _time(text: str) -> Literal:
    """
    >>> str(_time("09:00")), str(_time("24:00"))
    ('09:00:00', '23:59:59')
    """
    return Literal(MIDNIGHT if text == "24:00" else f"{text}:00", datatype=XSD.time)
