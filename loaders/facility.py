"""Facilities: one record a row, and its triples in the words of IMI, schema.org and GeoSPARQL (MODEL 3.6)."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import BNode, Literal, URIRef

from loaders.areas import SAC, area_iri, point
from loaders.rdf import Triple
from loaders.terms import DCT, GEO, IC, PROV, RDF, RDFS, SCHEMA


@dataclass(frozen=True)
class Address:
    """`text` as published; the parts that the source tells apart. Plain strings, as IMI has them."""

    text: str
    prefecture: str
    city: str
    ward: str
    ward_code: str

    def triples(self, node: BNode) -> Iterator[Triple]:
        yield node, RDF.type, IC.住所型
        yield node, IC.表記, Literal(self.text)
        yield node, IC.都道府県, Literal(self.prefecture)
        yield node, IC.市区町村, Literal(self.city)
        yield node, IC.区, Literal(self.ward)
        yield node, IC.市区町村コード, URIRef(f"{SAC}C{self.ward_code[:5]}")


@dataclass(frozen=True)
class Facility:
    """A facility as published. `kana` may be empty; latitude and longitude are the source's own digits."""

    key: str
    type: str
    schema_type: URIRef
    name: str
    kana: str
    address: Address
    latitude: str
    longitude: str
    derived_from: URIRef

    @property
    def iri(self) -> URIRef:
        return URIRef(f"/id/facility/{self.key}")

    def triples(self) -> Iterator[Triple]:
        iri = self.iri
        yield iri, RDF.type, IC.施設型
        yield iri, RDF.type, self.schema_type
        yield iri, RDF.type, GEO.Feature
        yield iri, RDFS.label, Literal(self.name, lang="ja")
        if self.kana:
            yield iri, RDFS.label, Literal(self.kana, lang="ja-Hrkt")
        yield iri, DCT.identifier, Literal(self.key)
        yield iri, DCT.type, URIRef(f"/code/facility-type/{self.type}")
        yield iri, SCHEMA.containedInPlace, area_iri(self.address.ward_code)
        address = BNode(f"address-{self.key}")
        yield iri, IC.住所, address
        yield from self.address.triples(address)
        geometry = URIRef(f"/id/geometry/facility/{self.key}")
        yield from point(iri, geometry, self.latitude, self.longitude, self.derived_from)
        yield iri, PROV.wasDerivedFrom, self.derived_from
