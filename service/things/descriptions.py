"""What a document says about a thing: bounded, the same graph in every format.

A description holds the thing's own triples, its blank nodes two deep, its geometry, the names of what it points to, a
page of what points to it, and of the document itself: data set, licence, attribution, release, provenance.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from service import texts
from service.engine.lookup import Lookup, Properties
from service.http.caching import Memory
from service.release import Release
from service.things.graph import (
    DCAT,
    DCT,
    FOAF,
    GEO,
    NUMBERS,
    ODRS,
    PROV,
    QB,
    RDFS,
    SCHEMA,
    SDMX_ATTRIBUTE,
    SDMX_DIMENSION,
    SH,
    SKOS,
    TYPE,
    VOID,
    XSD,
    Graph,
    Term,
    is_without_figure,
)
from service.uris import UrlSpace

# Triples that point to the thing, and triples of its own, on one page.
PAGE_SIZE, OWN_SIZE = 100, 500
# The depth of its blank nodes, and how many nodes (blank, or with an address inside its own) are told in full.
DEPTH, PARTS = 4, 500
TERMS = 5_000
DATA_SETS = 20
NAMES_BYTES, ORIGIN_WEIGHT = 16 * 1024 * 1024, 4_000

_DERIVED = (f"{PROV}wasDerivedFrom", f"{DCT}source")
# Things whose own statements say where their data come from.
_SAYS_ITSELF = (f"{QB}structure", f"{DCAT}distribution")
_COLLECTIONS = (f"{QB}dataSet", f"{SKOS}inScheme")
_RULES = (f"{SH}NodeShape", f"{SH}PropertyShape", f"{SH}SPARQLConstraint")

_Subjects = dict[str, Properties]


@dataclass(frozen=True)
class Status:
    """What the answer about a thing must know besides the graph. `invalidated` is empty for what is in force,
    `located` true of what has a geometry."""

    invalidated: str = ""
    types: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    more: bool = False
    located: bool = False


@dataclass(frozen=True)
class Description:
    """One page about one thing."""

    graph: Graph
    status: Status


@dataclass(frozen=True)
class _Origin:
    """What documents about things of one origin have in common: triples about data sets, licences and files, and what
    each document says of itself."""

    subjects: _Subjects
    document: Properties


class Describer:
    """Describes the things of one release. Names of what is pointed to often are remembered."""

    def __init__(self, lookup: Lookup, release: Release) -> None:
        self._lookup = lookup
        self._release = release
        self._urls = UrlSpace(release.base_iri)
        self._names: Memory[Properties] = Memory(NAMES_BYTES)
        self._counts: Memory[int] = Memory(NAMES_BYTES // 16)
        self._origins: Memory[_Origin] = Memory(NAMES_BYTES // 4)
        found = set(lookup.subjects(TYPE, f"{QB}DimensionProperty"))
        # Those that all cubes may have first: area, period, sex, age.
        self.dimensions = sorted(found, key=lambda each: (not each.startswith(SDMX_DIMENSION), each))
        self._loads = {each.iri: each.graph for each in release.datasets if each.graph}
        catalogs = lookup.subjects(TYPE, f"{DCAT}Catalog")
        self._catalog_licenses = tuple(chain.from_iterable(lookup.objects(each, f"{DCT}license") for each in catalogs))

    def describe(self, path: str, page: int) -> Description | None:
        """None for what the release does not mention, and for a page beyond the last."""
        iri = self._urls.iri(path)
        own, more_own, paged = self._own(iri, page)
        pointing, more = self._lookup.pointing_to(iri, (page - 1) * PAGE_SIZE, PAGE_SIZE)
        if not pointing and not paged and (page > 1 if own else not self._lookup.mentions(iri)):
            return None
        subjects: _Subjects = {iri: own} if own else {}
        self._add_parts(subjects, iri)
        self._add_names(subjects)
        for subject, name in pointing:
            self._add_pointer(subjects, subject, name, iri)
        document = self._add_document(subjects, iri, path, own)
        listed = [subject for subject, name in pointing if name == f"{DCAT}dataset"]
        return Description(Graph(subjects), _status(own, document, listed, more or more_own))

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
        return tuple(chain.from_iterable(self.named(iri).values()))

    def notation(self, code: str) -> str:
        """The notation of a code, empty if it has none."""
        found = self._lookup.objects(code, f"{SKOS}notation")
        return found[0].value if found else ""

    def pointing_count(self, iri: str) -> int:
        """How many triples point to something. Not for the loop."""
        known = self._counts.get(iri)
        if known is None:
            known = self._lookup.pointing_count(iri)
            self._counts.put(iri, known, 200 + len(iri))
        return known

    def observed(self, observation: str, thing: str, language: str) -> str:
        """What an observation is about, in words, and its figure or that there is none; what is known from the thing it
        is listed with is left out. Of a finding of the rules, what it says. Empty for anything else."""
        properties, _ = self._lookup.about(observation, 0, OWN_SIZE)
        if message := texts.best(properties.get(f"{SH}resultMessage", ()), language):
            return message.value
        if f"{QB}dataSet" not in properties:
            return ""
        named = [properties[name][0].value for name in self.dimensions if name in properties]
        codes = [each for each in named if each != thing]
        words = [name.value for code in codes if (name := texts.best(self.names(code), language))]
        figures = [term.value for terms in properties.values() for term in terms if term.datatype in NUMBERS]
        if not figures and is_without_figure(properties):
            figures = [texts.text("no_figure", language)]
        return ("・" if language == "ja" else ", ").join(words) + "".join(f": {each}" for each in figures)

    def outline(self, graph: Graph, iri: str) -> str:
        """The outline, as WKT, of the smallest area around a thing that has one; empty if none has."""
        around = [f"{SCHEMA}containedInPlace", f"{DCT}isPartOf"]
        owners = (subject for name, subject in graph.pointing_to(iri) if name == f"{GEO}hasDefaultGeometry")
        areas = [term.value for each in chain([iri], owners) for term in graph.objects(each, *around)]
        wider = [term.value for each in areas for term in self._lookup.objects(each, f"{DCT}isPartOf")]
        return next((wkt for each in (*areas, *wider) if (wkt := self._polygon(each))), "")

    # --- parts of a description ----------------------------------------------------------------

    def _own(self, iri: str, page: int) -> tuple[Properties, bool, bool]:
        """The thing's own triples; of more than a page holds, the page's part and what the thing is called. Also
        whether more follow, and whether these are such a part."""
        own, more = self._lookup.about(iri, 0, OWN_SIZE)
        if not more:
            return own, False, False
        part, more = self._lookup.about(iri, (page - 1) * OWN_SIZE, OWN_SIZE)
        return {**part, **self.named(iri)}, more, bool(part)

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
        if iri not in subjects and (names := self.named(iri)):
            subjects[iri] = names

    def _add_pointer(self, subjects: _Subjects, subject: str, name: str, iri: str) -> None:
        self._add_name(subjects, subject)
        known = subjects.get(subject, {})
        pointed = known.get(name, ())
        target = Term(iri, "iri")
        if target not in pointed:
            subjects[subject] = {**known, name: (*pointed, target)}

    def named(self, iri: str) -> Properties:
        """What something is called, by the property that says so."""
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

    def _add_document(self, subjects: _Subjects, iri: str, path: str, own: Properties) -> Properties:
        """Says of the document what it is about, where that comes from and how it may be used."""
        origin = self._origin(own)
        for subject, properties in origin.subjects.items():
            known = subjects.get(subject)
            subjects[subject] = {**properties, **known} if known else properties
        document = {f"{FOAF}primaryTopic": (Term(iri, "iri"),), **origin.document}
        subjects[self._urls.iri(self._urls.page(path))] = document
        return document

    def _origin(self, own: Properties) -> _Origin:
        """Where a thing comes from, which most things of a data set have in common: remembered by what it depends on.

        That is the data set, as an observation says, otherwise those made from the files that the thing was read from.
        """
        stated = tuple(each.value for each in own.get(f"{QB}dataSet", ()))
        places = chain.from_iterable(own.get(each, ()) for each in _DERIVED)
        files = tuple(dict.fromkeys(each.value.partition("#")[0] for each in places if each.is_iri))
        says_itself = any(each in own for each in _SAYS_ITSELF)
        key = (stated, files, says_itself, own.get(f"{DCT}license", ()))
        known = self._origins.get(key)
        if known is None:
            known = self._trace(*key)
            self._origins.put(key, known, ORIGIN_WEIGHT)
        return known

    def _trace(
        self, stated: tuple[str, ...], files: tuple[str, ...], says_itself: bool, own_licenses: tuple[Term, ...]
    ) -> _Origin:
        made = () if stated or says_itself else chain.from_iterable(map(self._made_from, files))
        data_sets = stated or tuple(islice(dict.fromkeys(made), DATA_SETS))
        subjects: _Subjects = {each: self._data_set(each, with_unit=bool(stated)) for each in data_sets}
        licenses = [*own_licenses, *chain.from_iterable(each.get(f"{DCT}license", ()) for each in subjects.values())]
        licenses = list(dict.fromkeys(licenses or self._catalog_licenses))
        units = chain.from_iterable(each.get(f"{SDMX_ATTRIBUTE}unitMeasure", ()) for each in list(subjects.values()))
        loads = [self._loads[each] for each in data_sets if each in self._loads]
        for name in [*(each.value for each in (*licenses, *units)), *files, *loads]:
            self._add_name(subjects, name)
        credits_ = dict.fromkeys(chain.from_iterable(map(self._credits, data_sets)))
        said = {
            TYPE: (Term(f"{FOAF}Document", "iri"),),
            f"{VOID}inDataset": tuple(Term(each, "iri") for each in data_sets),
            f"{DCT}license": tuple(licenses),
            f"{SCHEMA}creditText": tuple(credits_),
            f"{PROV}wasDerivedFrom": tuple(Term(each, "iri") for each in loads),
            f"{DCAT}version": (Term(self._release.id, "literal"),),
            f"{DCT}modified": (Term(f"{self._release.created:%Y-%m-%d}", "literal", "", f"{XSD}date"),),
        }
        return _Origin(subjects, {name: terms for name, terms in said.items() if terms})

    def _made_from(self, file: str) -> Iterator[str]:
        """The data sets made from a file."""
        data_set = Term(f"{DCAT}Dataset", "iri")
        made = islice(self._lookup.subjects(f"{PROV}wasDerivedFrom", file), TERMS)
        return islice((each for each in made if data_set in self._lookup.objects(each, TYPE)), DATA_SETS)

    def _data_set(self, iri: str, *, with_unit: bool) -> Properties:
        """A data set's title, licence and date; for an observation also its unit."""
        wanted = [f"{DCT}license", f"{DCT}modified", *([f"{SDMX_ATTRIBUTE}unitMeasure"] if with_unit else [])]
        stated = {name: self._lookup.objects(iri, name) for name in wanted}
        return {**self.named(iri), **{name: terms for name, terms in stated.items() if terms}}

    def _credits(self, data_set: str) -> Iterator[Term]:
        for rights in self._lookup.objects(data_set, f"{DCT}rights"):
            yield from self._lookup.objects(rights.value, f"{ODRS}attributionText")


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
        located=f"{GEO}hasDefaultGeometry" in own,
    )
