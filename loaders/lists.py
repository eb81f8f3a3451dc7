"""The store of a release → lists.sqlite: what the lists of facilities, areas and data sets are read from.

Made from the store when it is complete, so a list says what the store says.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

import pyoxigraph as ox

from loaders.rdf import absolute
from loaders.release import Draft
from loaders.terms import DCAT, DCT, GEO, IC, ODRS, PROV, RDF, RDFS, SCHEMA, SKOS, WGS, XSD, YK
from service.lists import pieces
from service.lists.tables import FILE, FORMAT, TABLES, Description, folded, packed
from service.things.context_document import read_context
from service.things.jsonld import Writer
from service.uris import UrlSpace

Subject = ox.NamedNode | ox.BlankNode
Object = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

NAMES = (RDFS.label, SKOS.prefLabel, DCT.title)
# What a search looks through, besides the names.
TEXTS = (DCT.identifier, DCT.description, DCAT.keyword, SKOS.altLabel)
DAYS = {f"http://schema.org/{day}": number for number, day in enumerate(
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)}  # fmt: skip
THINGS_AT_ONCE = 10_000  # things, and what they refer to, that are held in memory
_PAIR = re.compile(r"(-?[0-9.]+) +(-?[0-9.]+)")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):[0-9]{2}")


@dataclass(frozen=True)
class Tag:
    """A filter: its name, the properties that lead to the value, and what the value is.

    `scheme` ends the IRI of the code list that names the allowed values; `level` the code of areas that are allowed.
    """

    name: str
    path: tuple[str, ...]
    scheme: str = ""
    level: str = ""


@dataclass(frozen=True)
class Listed:
    """A list: the classes whose instances stand in it, and what they can be filtered by."""

    name: str
    classes: tuple[str, ...]
    tags: tuple[Tag, ...]


_WARD, _TOWN = "/code/area-level/ward", "/code/area-level/town"
LISTS = (
    Listed(
        "facilities",
        (IC.施設型, IC.設備型),
        (
            Tag("type", (DCT.type,), scheme="/code/facility-type"),
            Tag("ward", (SCHEMA.containedInPlace,), level=_WARD),
            Tag("town", (SCHEMA.containedInPlace,), level=_TOWN),
            Tag("hazard", (YK.hazard,), scheme="/code/hazard"),
            Tag("amenity", (SCHEMA.amenityFeature, SCHEMA.propertyID), scheme="/code/amenity"),
        ),
    ),
    Listed(
        "areas",
        (SCHEMA.AdministrativeArea,),
        (
            Tag("level", (DCT.type,), scheme="/code/area-level"),
            Tag("ward", (DCT.isPartOf,), level=_WARD),
        ),
    ),
    Listed(
        "datasets",
        (DCAT.Dataset,),
        (Tag("theme", (DCAT.theme,), scheme="/code/theme"), Tag("publisher", (DCT.publisher,))),
    ),
)


def write(draft: Draft) -> None:
    """Writes `lists.sqlite` beside the store of the draft."""
    reader = _Reader(ox.Store.read_only(str(draft.path / "store")), draft.base)
    urls = UrlSpace(draft.base)
    writer = Writer(read_context(urls), urls)
    with closing(sqlite3.connect(draft.path / FILE)) as database, database:
        database.executescript(TABLES)
        database.executescript(pieces.TABLES)
        database.execute("INSERT INTO piece_edition VALUES (?)", (pieces.edition(),))
        database.execute("INSERT INTO about VALUES (?)", (FORMAT,))
        numbers = iter(range(1, 2**62))
        for listed in LISTS:
            for tag in listed.tags:
                database.executemany("INSERT OR IGNORE INTO code VALUES (?, ?, ?, ?, ?)", reader.codes(tag))
            for thing, number in zip(reader.things(listed), numbers, strict=False):
                description = _insert(database, number, listed, thing, reader)
                _add_pieces(database, number, thing.value, description, writer)
        database.execute("INSERT INTO words(words) VALUES ('optimize')")
    with closing(sqlite3.connect(draft.path / FILE)) as database:
        database.execute("PRAGMA optimize")
        database.execute("VACUUM")


def _add_pieces(database: sqlite3.Connection, number: int, iri: str, description: bytes, writer: Writer) -> None:
    written = pieces.write(writer, pieces.graph_of(description), iri)
    database.execute("INSERT INTO piece VALUES (?, ?, ?)", (number, *map(pieces.pressed, written)))


def _insert(database: sqlite3.Connection, number: int, listed: Listed, thing: ox.NamedNode, reader: "_Reader") -> bytes:
    """Writes what the tables say of a thing; its description, packed."""
    about = reader.about(thing)
    description = packed(about.description)
    database.execute(
        "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number, listed.name, reader.key(thing), thing.value, about.sort_name, about.text, about.latitude,
            about.longitude, about.credit, about.license, description,
        ),
    )  # fmt: skip
    database.execute("INSERT INTO words(rowid, text) VALUES (?, ?)", (number, about.text))
    if about.envelope:
        database.execute("INSERT INTO place VALUES (?, ?, ?, ?, ?)", (number, *about.envelope))
    for tag in listed.tags:
        rows = ((tag.name, reader.key(value), number) for value in reader.tagged(thing, tag))
        database.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?, ?)", rows)
    database.executemany("INSERT INTO opening VALUES (?, ?, ?, ?)", ((number, *hours) for hours in reader.hours(thing)))
    return description


@dataclass(frozen=True)
class _About:
    """What a row says of a thing. `envelope` is west, east, south, north."""

    sort_name: str
    text: str
    latitude: float | None
    longitude: float | None
    envelope: tuple[float, float, float, float] | None
    credit: str
    license: str
    description: Description


class _Reader:
    """Looks things up in the store."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._store = store
        self._base = base
        self._said = lru_cache(THINGS_AT_ONCE)(self._read)
        self._keys: dict[str, str] = {}
        self._named: dict[str, list[ox.Triple]] = {}

    # --- triples ------------------------------------------------------------------------------

    def node(self, iri: str) -> ox.NamedNode:
        return ox.NamedNode(absolute(iri, self._base))

    def _iri(self, iri: str) -> str:
        return str(absolute(iri, self._base))

    def _read(self, subject: Subject) -> dict[str, list[ox.Triple]]:
        """What is said of the subject, by property: many questions about a thing are one to the store."""
        said: dict[str, list[ox.Triple]] = {}
        for quad in self._store.quads_for_pattern(subject, None, None, ox.DefaultGraph()):
            said.setdefault(quad.predicate.value, []).append(quad.triple)
        return said

    def triples(self, subject: Subject) -> Iterator[ox.Triple]:
        return chain.from_iterable(self._said(subject).values())

    def objects(self, subject: Subject, *path: str) -> Iterator[Object]:
        for triple in self._said(subject).get(self._iri(path[0]), ()):
            if len(path) == 1:
                yield triple.object
            elif isinstance(triple.object, ox.NamedNode | ox.BlankNode):
                yield from self.objects(triple.object, *path[1:])

    def subjects(self, property_: str, value: ox.NamedNode) -> Iterator[ox.NamedNode]:
        for quad in self._store.quads_for_pattern(None, self.node(property_), value, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject

    def texts(self, subject: Subject, *path: str) -> list[str]:
        return [each.value for each in self.objects(subject, *path) if isinstance(each, ox.Literal)]

    def iris(self, subject: Subject, *path: str) -> list[ox.NamedNode]:
        return [each for each in self.objects(subject, *path) if isinstance(each, ox.NamedNode)]

    def key(self, node: ox.NamedNode) -> str:
        """What a filter calls a thing or a code: its notation, its identifier or the end of its IRI."""
        if node.value not in self._keys:
            texts = chain(self.texts(node, SKOS.notation), self.texts(node, DCT.identifier))
            self._keys[node.value] = next(texts, node.value.rstrip("/").rpartition("/")[2])
        return self._keys[node.value]

    # --- lists, codes -------------------------------------------------------------------------

    def things(self, listed: Listed) -> list[ox.NamedNode]:
        """The things of a list in the order of their identifiers."""
        found = {thing.value: thing for each in listed.classes for thing in self.subjects(RDF.type, self.node(each))}
        unique = {self.key(thing): thing for _, thing in sorted(found.items())}
        return [thing for _, thing in sorted(unique.items())]

    def tagged(self, thing: ox.NamedNode, tag: Tag) -> list[ox.NamedNode]:
        values = self.iris(thing, *tag.path)
        if not tag.level:
            return values
        level = self.node(tag.level)
        return [each for each in values if level in self.objects(each, DCT.type)]

    def codes(self, tag: Tag) -> Iterator[tuple[str, str, str, str, str]]:
        """Rows of the table `code`: everything that the filter may ask for."""
        if tag.scheme:
            values = list(self.subjects(SKOS.inScheme, self.node(tag.scheme)))
        elif tag.level:
            values = list(self.subjects(DCT.type, self.node(tag.level)))
        else:
            quads = self._store.quads_for_pattern(None, self.node(tag.path[0]), None, ox.DefaultGraph())
            values = [quad.object for quad in quads if isinstance(quad.object, ox.NamedNode)]
        for value in values:
            names = self._name(value)
            yield tag.name, self.key(value), value.value, names.get("ja", ""), names.get("en", "")

    def _name(self, node: ox.NamedNode) -> dict[str, str]:
        """Language → name."""
        found = chain.from_iterable(self.objects(node, each) for each in NAMES)
        return {each.language or "": each.value for each in found if isinstance(each, ox.Literal)}

    # --- a thing ------------------------------------------------------------------------------

    def about(self, thing: ox.NamedNode) -> _About:
        names = self._name(thing)
        latitude, longitude = self._degrees(thing, WGS.lat), self._degrees(thing, WGS.long)
        credit, license_ = self._origin(thing)
        return _About(
            sort_name=folded(names.get("ja-hrkt") or names.get("ja") or next(iter(names.values()), "")),
            text=folded(" \n".join([*names.values(), *self._searched(thing)])),
            latitude=latitude,
            longitude=longitude,
            envelope=self._envelope(thing, latitude, longitude),
            credit=credit,
            license=license_,
            description=self._description(thing),
        )

    def _searched(self, thing: ox.NamedNode) -> Iterator[str]:
        for property_ in TEXTS:
            yield from self.texts(thing, property_)
        yield from self.texts(thing, IC.住所, IC.表記)

    def _degrees(self, thing: ox.NamedNode, property_: str) -> float | None:
        return next((float(text) for text in self.texts(thing, property_)), None)

    def _envelope(
        self, thing: ox.NamedNode, latitude: float | None, longitude: float | None
    ) -> tuple[float, float, float, float] | None:
        if latitude is not None and longitude is not None:
            return longitude, longitude, latitude, latitude
        wkts = self.texts(thing, GEO.hasDefaultGeometry, GEO.asWKT)
        pairs = [(float(x), float(y)) for wkt in wkts for x, y in _PAIR.findall(wkt)]
        if not pairs:
            return None
        xs, ys = zip(*pairs, strict=True)
        return min(xs), max(xs), min(ys), max(ys)

    @cached_property
    def _credits(self) -> dict[str, tuple[str, str]]:
        """Source file → how to credit it, and its licence, as the data sets made from it say."""
        found = {}
        for data_set in self.subjects(RDF.type, self.node(DCAT.Dataset)):
            credit = next(iter(self.texts(data_set, DCT.rights, ODRS.attributionText)), "")
            license_ = next((each.value for each in self.iris(data_set, DCT.license)), "")
            for file in self.iris(data_set, PROV.wasDerivedFrom):
                found[file.value] = credit, license_
            found[data_set.value] = credit, license_
        return found

    def _origin(self, thing: ox.NamedNode) -> tuple[str, str]:
        if thing.value in self._credits:
            return self._credits[thing.value]
        files = (each.value.partition("#")[0] for each in self.iris(thing, PROV.wasDerivedFrom))
        return next((self._credits[file] for file in files if file in self._credits), ("", ""))

    def hours(self, thing: ox.NamedNode) -> Iterator[tuple[int, int, int]]:
        """Day, opening and closing minute; hours past midnight end on the next day."""
        for node in self.objects(thing, SCHEMA.openingHoursSpecification):
            if not isinstance(node, ox.NamedNode | ox.BlankNode):
                continue
            opens = next(iter(self.texts(node, SCHEMA.opens)), "")
            closes = next(iter(self.texts(node, SCHEMA.closes)), "")
            for day in self.iris(node, SCHEMA.dayOfWeek):
                if day.value in DAYS:
                    yield from opening(DAYS[day.value], opens, closes)

    def _description(self, thing: ox.NamedNode) -> Description:
        """What is said of the thing, of what belongs to it, and the names of what it refers to."""
        triples = dict.fromkeys(self._closure(thing))
        for triple in list(triples):
            if isinstance(triple.object, ox.NamedNode) and triple.predicate.value != str(RDF.type):
                triples.update(dict.fromkeys(self._names_of(triple.object)))
        found: dict[str, dict[str, list[list[str]]]] = {}
        for triple in triples:
            said = found.setdefault(_term(triple.subject)[0], {})
            said.setdefault(triple.predicate.value, []).append(_term(triple.object))
        return found

    def _closure(self, subject: Subject) -> Iterator[ox.Triple]:
        geometry = self.node(GEO.hasDefaultGeometry)
        for triple in self.triples(subject):
            yield triple
            belongs = isinstance(triple.object, ox.BlankNode) or triple.predicate == geometry
            if belongs and isinstance(triple.object, ox.NamedNode | ox.BlankNode):
                yield from self._closure(triple.object)

    def _names_of(self, node: ox.NamedNode) -> list[ox.Triple]:
        if node.value not in self._named:
            names = {self.node(each) for each in NAMES}
            self._named[node.value] = [triple for triple in self.triples(node) if triple.predicate in names]
        return self._named[node.value]


def _term(node: Object) -> list[str]:
    """As descriptions have it: an empty language or datatype is left out at the end."""
    if isinstance(node, ox.NamedNode):
        return [node.value, "iri"]
    if isinstance(node, ox.BlankNode):
        return [f"_:{node.value}", "blank"]
    if not isinstance(node, ox.Literal):
        raise TypeError(f"a description has no triple terms, {node} found")
    if node.language:
        return [node.value, "literal", node.language]
    plain = node.datatype.value == str(XSD.string)
    return [node.value, "literal"] if plain else [node.value, "literal", "", node.datatype.value]


def opening(day: int, opens: str, closes: str) -> Iterator[tuple[int, int, int]]:
    """
    >>> list(opening(6, "22:00:00", "02:00:00"))
    [(6, 1320, 1440), (0, 0, 120)]
    """
    begin, end = _minutes(opens), _minutes(closes)
    if begin is None or end is None:
        return
    if begin < end:
        yield day, begin, 24 * 60 if closes.startswith("23:59:59") else end
    else:
        yield day, begin, 24 * 60
        yield (day + 1) % 7, 0, end


def _minutes(text: str) -> int | None:
    found = _TIME.match(text)
    return int(found[1]) * 60 + int(found[2]) if found else None
