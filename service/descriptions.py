"""What a document says about a thing: bounded, the same graph in every format.

A description holds the thing's own triples, its blank nodes two deep, its geometry, the names of what it points to, a
page of what points to it, and of the document itself: data set, licence, attribution, release, provenance.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from service.caching import Memory
from service.engine.lookup import Lookup, Properties
from service.graph import (
    DCAT,
    DCT,
    FOAF,
    GEO,
    ODRS,
    PROV,
    QB,
    RDFS,
    SCHEMA,
    SDMX_ATTRIBUTE,
    SH,
    SKOS,
    TYPE,
    VOID,
    XSD,
    Graph,
    Term,
)
from service.release import Release
from service.uris import UrlSpace

# Triples that point to the thing, and triples of its own, on one page.
PAGE_SIZE, OWN_SIZE = 100, 500
# The depth of its blank nodes, and how many nodes (blank, or with an address inside its own) are told in full.
DEPTH, PARTS = 2, 500
TERMS = 5_000
DATA_SETS = 20
NAMES_BYTES = 16 * 1024 * 1024

_DERIVED = (f"{PROV}wasDerivedFrom", f"{DCT}source")
# Things whose own statements say where their data come from.
_SAYS_ITSELF = (f"{QB}structure", f"{DCAT}distribution")
_COLLECTIONS = (f"{QB}dataSet", f"{SKOS}inScheme")
_RULES = (f"{SH}NodeShape", f"{SH}PropertyShape", f"{SH}SPARQLConstraint")

_Subjects = dict[str, Properties]


@dataclass(frozen=True)
class Status:
    """What the answer about a thing must know besides the graph. `invalidated` is empty for what is in force."""

    invalidated: str = ""
    types: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    more: bool = False


@dataclass(frozen=True)
class Description:
    """One page about one thing."""

    graph: Graph
    status: Status


class Describer:
    """Describes the things of one release. Names of what is pointed to often are remembered."""

    def __init__(self, lookup: Lookup, release: Release) -> None:
        self._lookup = lookup
        self._release = release
        self._urls = UrlSpace(release.base_iri)
        self._names: Memory[Properties] = Memory(NAMES_BYTES)
        self._origins: Memory[tuple[str, ...]] = Memory(NAMES_BYTES // 4)
        self._loads = {each.iri: each.graph for each in release.datasets if each.graph}
        catalogs = lookup.subjects(TYPE, f"{DCAT}Catalog")
        self._catalog_licenses = tuple(chain.from_iterable(lookup.objects(each, f"{DCT}license") for each in catalogs))

    def describe(self, path: str, page: int) -> Description | None:
        """None for what the release does not mention, and for a page beyond the last."""
        iri = self._urls.iri(path)
        own, more_own = self._own(iri, page)
        pointing, more = self._lookup.pointing_to(iri, (page - 1) * PAGE_SIZE, PAGE_SIZE)
        if not pointing and (page > 1 if own else not self._lookup.mentions(iri)):
            return None
        subjects: _Subjects = {iri: own} if own else {}
        self._add_parts(subjects, iri)
        self._add_names(subjects)
        for subject, name in pointing:
            self._add_pointer(subjects, subject, name, iri)
        document = self._add_document(subjects, iri, path, own)
        listed = [subject for subject, name in pointing if name == f"{DCAT}dataset"]
        return Description(Graph(subjects), _status(own, subjects[document], listed, more or more_own))

    def vocabulary(self, path: str) -> Description | None:
        """All terms that a vocabulary defines, or all rules of a set of shapes, in one document."""
        iri = self._urls.iri(path)
        own, _ = self._lookup.about(iri)
        terms = list(dict.fromkeys(islice(self._terms(iri), TERMS)))
        if not own and not terms:
            return None
        subjects: _Subjects = {iri: own} if own else {}
        for each in terms:
            subjects[each] = self._lookup.about(each)[0]
        self._add_blank_nodes(subjects, list(subjects.values()), depth=TERMS, limit=TERMS)
        self._add_names(subjects)
        return Description(Graph(subjects), _status(own, own, [], more=False))

    def names(self, iri: str) -> tuple[Term, ...]:
        """What something is called, in every language."""
        return tuple(chain.from_iterable(self._named(iri).values()))

    def outline(self, graph: Graph, iri: str) -> str:
        """The outline, as WKT, of the smallest area around a thing that has one; empty if none has."""
        around = [f"{SCHEMA}containedInPlace", f"{DCT}isPartOf"]
        owners = (subject for name, subject in graph.pointing_to(iri) if name == f"{GEO}hasDefaultGeometry")
        areas = [term.value for each in chain([iri], owners) for term in graph.objects(each, *around)]
        wider = [term.value for each in areas for term in self._lookup.objects(each, f"{DCT}isPartOf")]
        return next((wkt for each in (*areas, *wider) if (wkt := self._polygon(each))), "")

    # --- parts of a description ----------------------------------------------------------------

    def _own(self, iri: str, page: int) -> tuple[Properties, bool]:
        """The thing's own triples; of more than a page holds, the page's part."""
        own, more = self._lookup.about(iri, 0, OWN_SIZE)
        return self._lookup.about(iri, (page - 1) * OWN_SIZE, OWN_SIZE) if more and page > 1 else (own, more)

    def _add_parts(self, subjects: _Subjects, iri: str) -> None:
        """Blank nodes, the geometry, and things whose address is a fragment of the thing's own."""
        own = subjects.get(iri, {})
        fragments = (each.value for each in _iris(own) if each.value.startswith(f"{iri}#"))
        geometries = (each.value for each in own.get(f"{GEO}hasDefaultGeometry", ()) if each.is_iri)
        for each in islice(chain(geometries, fragments), PARTS):
            subjects[each], _ = self._lookup.about(each, 0, OWN_SIZE)
        self._add_blank_nodes(subjects, list(subjects.values()), DEPTH, PARTS)

    def _add_blank_nodes(self, subjects: _Subjects, start: list[Properties], depth: int, limit: int) -> None:
        level = start
        while level and depth and limit:
            found = dict.fromkeys(term.value for each in level for term in _blank(each) if term.value not in subjects)
            nodes = list(islice(found, limit))
            for each in nodes:
                subjects[each], _ = self._lookup.about(each, 0, OWN_SIZE)
            level = [subjects[each] for each in nodes]
            depth, limit = depth - 1, limit - len(nodes)

    def _add_names(self, subjects: _Subjects) -> None:
        for each in dict.fromkeys(term.value for properties in subjects.values() for term in _iris(properties)):
            self._add_name(subjects, each)

    def _add_name(self, subjects: _Subjects, iri: str) -> None:
        if iri not in subjects and (names := self._named(iri)):
            subjects[iri] = names

    def _add_pointer(self, subjects: _Subjects, subject: str, name: str, iri: str) -> None:
        self._add_name(subjects, subject)
        known = subjects.get(subject, {})
        pointed = known.get(name, ())
        target = Term(iri, "iri")
        if target not in pointed:
            subjects[subject] = {**known, name: (*pointed, target)}

    def _named(self, iri: str) -> Properties:
        known = self._names.get(iri)
        if known is None:
            known = self._lookup.names(iri)
            self._names.put(iri, known, 500 + 2 * len(iri) + 300 * len(known))
        return known

    def _polygon(self, area: str) -> str:
        geometries = self._lookup.objects(area, f"{GEO}hasDefaultGeometry")
        texts = chain.from_iterable(self._lookup.objects(each.value, f"{GEO}asWKT") for each in geometries)
        return next((each.value for each in texts if "POLYGON" in each.value[:20]), "")

    def _terms(self, iri: str) -> Iterator[str]:
        yield from self._lookup.subjects(f"{RDFS}isDefinedBy", iri)
        for kind in _RULES:
            yield from (each for each in self._lookup.subjects(TYPE, kind) if each.startswith(f"{iri}#"))

    # --- the document ---------------------------------------------------------------------------

    def _add_document(self, subjects: _Subjects, iri: str, path: str, own: Properties) -> str:
        """Says of the document what it is about, where that comes from and how it may be used."""
        document = self._urls.iri(self._urls.page(path))
        data_sets = self._data_sets(own)
        licenses: list[Term] = list(own.get(f"{DCT}license", ()))
        credits_: list[Term] = []
        for each in data_sets:
            about = self._add_data_set(subjects, each, with_unit=f"{QB}dataSet" in own)
            licenses += about.get(f"{DCT}license", ())
            credits_ += self._credits(each)
        licenses = list(dict.fromkeys(licenses or self._catalog_licenses))
        for each_license in licenses:
            self._add_name(subjects, each_license.value)
        for name in _DERIVED:
            for place in own.get(name, ()):
                self._add_name(subjects, place.value.partition("#")[0])
        loads = (self._loads[each] for each in data_sets if each in self._loads)
        said = {
            TYPE: (Term(f"{FOAF}Document", "iri"),),
            f"{FOAF}primaryTopic": (Term(iri, "iri"),),
            f"{VOID}inDataset": tuple(Term(each, "iri") for each in data_sets),
            f"{DCT}license": tuple(licenses),
            f"{SCHEMA}creditText": tuple(dict.fromkeys(credits_)),
            f"{PROV}wasDerivedFrom": tuple(Term(each, "iri") for each in loads),
            f"{DCAT}version": (Term(self._release.id, "literal"),),
            f"{DCT}modified": (Term(f"{self._release.created:%Y-%m-%dT%H:%M:%SZ}", "literal", "", f"{XSD}dateTime"),),
        }
        subjects[document] = {name: terms for name, terms in said.items() if terms}
        return document

    def _data_sets(self, own: Properties) -> list[str]:
        """The data sets: as an observation says, otherwise those made from the file that the thing was read from."""
        stated = own.get(f"{QB}dataSet", ())
        if stated:
            return [each.value for each in stated]
        if any(each in own for each in _SAYS_ITSELF):
            return []
        places = chain.from_iterable(own.get(each, ()) for each in _DERIVED)
        files = dict.fromkeys(each.value.partition("#")[0] for each in places if each.is_iri)
        found = chain.from_iterable(map(self._made_from, files))
        return list(islice(dict.fromkeys(found), DATA_SETS))

    def _made_from(self, file: str) -> tuple[str, ...]:
        known = self._origins.get(file)
        if known is None:
            data_set = Term(f"{DCAT}Dataset", "iri")
            made = islice(self._lookup.subjects(f"{PROV}wasDerivedFrom", file), TERMS)
            known = tuple(islice((each for each in made if data_set in self._lookup.objects(each, TYPE)), DATA_SETS))
            self._origins.put(file, known, 300 + 200 * len(known))
        return known

    def _add_data_set(self, subjects: _Subjects, iri: str, *, with_unit: bool) -> Properties:
        """A data set's title, licence and date; for an observation also its unit."""
        wanted = [f"{DCT}license", f"{DCT}modified", *([f"{SDMX_ATTRIBUTE}unitMeasure"] if with_unit else [])]
        stated = {name: self._remembered(iri, name) for name in wanted}
        about = {
            **self._named(iri),
            **subjects.get(iri, {}),
            **{name: terms for name, terms in stated.items() if terms},
        }
        subjects[iri] = about
        for unit in stated.get(f"{SDMX_ATTRIBUTE}unitMeasure", ()):
            self._add_name(subjects, unit.value)
        return about

    def _credits(self, data_set: str) -> Iterable[Term]:
        rights = self._remembered(data_set, f"{DCT}rights")
        return chain.from_iterable(self._remembered(each.value, f"{ODRS}attributionText") for each in rights)

    def _remembered(self, iri: str, name: str) -> tuple[Term, ...]:
        """Objects that the descriptions of many things repeat."""
        key = (iri, name)
        known = self._names.get(key)
        if known is None:
            known = {name: self._lookup.objects(iri, name)}
            self._names.put(key, known, 1_000)
        return known[name]


def _iris(properties: Mapping[str, tuple[Term, ...]]) -> Iterator[Term]:
    return (term for terms in properties.values() for term in terms if term.kind == "iri")


def _blank(properties: Mapping[str, tuple[Term, ...]]) -> Iterator[Term]:
    return (term for terms in properties.values() for term in terms if term.kind == "blank")


def _status(own: Properties, document: Properties, catalogs: Iterable[str], more: bool) -> Status:
    """From what the thing and its document say; `catalogs` list it as a data set of theirs."""
    invalidated = own.get(f"{PROV}invalidatedAtTime")
    stated = (each.value for name in _COLLECTIONS for each in own.get(name, ()))
    return Status(
        invalidated=invalidated[0].value if invalidated else "",
        types=tuple(each.value for each in own.get(TYPE, ())),
        collections=(*stated, *catalogs),
        licenses=tuple(each.value for each in document.get(f"{DCT}license", ())),
        more=more,
    )
