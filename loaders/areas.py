"""Areas: codes, names, the versions that changes made, and their triples (MODEL 3.4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from rdflib import Literal, URIRef

from loaders.errors import Unexpected
from loaders.fetch import source_iri
from loaders.rdf import Triple
from loaders.table import Row, Table, read_csv
from loaders.terms import (
    DCT,
    GEO,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    WGS,
    XSD,
    YK,
)  # fmt: skip

SAC = "http://data.e-stat.go.jp/lod/sac/"
# e-Stat's dated codes begin on this day, when the code system did, also for areas that are older.
FIRST_ESTAT_DATE = date(1970, 4, 1)

AREA_COLUMNS = (
    "code",
    "level",
    "parent",
    "ja",
    "kana",
    "en",
    "estat_codes",
    "same_as",
    "source",
    "place",
)
CHANGE_COLUMNS = ("id", "date", "kind", "ja", "en", "original", "resulting", "see")
# Kind of change → how figures from before compare with figures from after it, in </code/area-change-method>.
METHODS = {"creation": "none", "enlargement": "none", "split": "descendants", "reorganisation": "group"}


@dataclass(frozen=True)
class Area:
    """A prefecture, city or ward; `code` has six digits, the last one a check digit."""

    code: str
    level: str
    parent: str
    ja: str
    kana: str
    en: str
    estat_codes: tuple[str, ...]
    same_as: tuple[str, ...]
    derived_from: URIRef

    @property
    def iri(self) -> URIRef:
        return area_iri(self.code)


@dataclass(frozen=True)
class Change:
    """An event that gave areas a new extent. `original` and `resulting` are codes.

    In a split or reorganisation the land of the originals together is that of the resulting areas together.
    """

    id: str
    date: date
    kind: str
    ja: str
    en: str
    original: tuple[str, ...]
    resulting: tuple[str, ...]
    see: tuple[str, ...]
    derived_from: URIRef

    @property
    def iri(self) -> URIRef:
        return URIRef(f"/id/area-change/{self.id}")


@dataclass(frozen=True)
class Version:
    """An area's extent from `issued` until the day before `valid`; `valid` is None while it lasts."""

    area: Area
    issued: date
    valid: date | None
    change: Change

    @property
    def iri(self) -> URIRef:
        return version_iri(self.area.code, self.issued.isoformat())

    def holds_on(self, day: date) -> bool:
        return self.issued <= day and (self.valid is None or day < self.valid)


@dataclass(frozen=True)
class Gazetteer:
    """The areas that statistics and facilities may name."""

    areas: dict[str, Area]
    changes: tuple[Change, ...]

    def code(self, text: str) -> str:
        """A known six-digit code; a wrong check digit and an unknown area are told apart."""
        if not (len(text) == 6 and text.isascii() and text.isdigit() and check_digit(text[:5]) == text[5]):
            raise Unexpected(
                "6桁の全国地方公共団体コード（検査数字つき）",
                "a six-digit local government code with its check digit",
            )
        if text not in self.areas:
            raise Unexpected("横浜市または18区のコード", "the code of the city or of one of its 18 wards")
        return text

    def ward(self, name: str) -> str:
        """The code of the ward with this name."""
        codes = [area.code for area in self.areas.values() if area.level == "ward" and area.ja == name]
        if not codes:
            raise Unexpected("横浜市の18区のいずれかの名前", "the name of one of Yokohama's 18 wards")
        return codes[0]

    def city_or_ward(self, name: str) -> str:
        """The code of the city or of the ward with this name."""
        city = [area.code for area in self.areas.values() if area.level == "designated-city" and area.ja == name]
        return city[0] if city else self.ward(name)

    def named(self, code: str) -> str:
        return self.areas[code].ja

    @cached_property
    def versions(self) -> list[Version]:
        """Every version of every area, as the changes made them, by area and date."""
        found = []
        for area in self.areas.values():
            made = [change for change in self.changes if area.code in change.resulting]
            ends = [*(change.date for change in made[1:]), None]
            found += [Version(area, change.date, end, change) for change, end in zip(made, ends, strict=False)]
        return found

    def version_on(self, code: str, day: date) -> Version:
        """The version of the area that held on the day; Unexpected before the area existed."""
        for version in self.versions:
            if version.area.code == code and version.holds_on(day):
                return version
        raise Unexpected(f"{day.isoformat()}に存在した区域", f"an area that existed on {day.isoformat()}")


def check_digit(code5: str) -> str:
    """JIS X 0401/0402: weights 6, 5, 4, 3, 2; 11 minus the sum modulo 11, last digit.

    >>> check_digit("14100"), check_digit("14109")
    ('3', '7')
    """
    total = sum(weight * int(digit) for weight, digit in zip((6, 5, 4, 3, 2), code5, strict=True))
    return str((11 - total % 11) % 10)


def area_iri(key: str) -> URIRef:
    return URIRef(f"/id/area/{key}")


def version_iri(code: str, issued: str) -> URIRef:
    return URIRef(f"/id/area/{code}/version/{issued}")


def read_gazetteer(folder: Path) -> Gazetteer:
    """The gazetteer of the embedded area tables."""
    areas = read_csv(folder / "areas.csv", AREA_COLUMNS)
    changes = read_csv(folder / "area-changes.csv", CHANGE_COLUMNS)
    return gazetteer(areas, changes)


def gazetteer(areas: Table, changes: Table) -> Gazetteer:
    parsed = (
        Area(
            row["code"], row["level"], row["parent"], row["ja"], row["kana"], row["en"],
            tuple(row["estat_codes"].split()), tuple(row["same_as"].split()),
            URIRef(f"/id/source/areas/{row['source']}#{row['place']}"),
        )
        for row in areas
    )  # fmt: skip
    return Gazetteer(
        {area.code: area for area in parsed},
        tuple(sorted(map(_change, changes), key=lambda change: change.date)),
    )


def _change(row: Row) -> Change:
    return Change(
        row["id"], date.fromisoformat(row["date"]), row["kind"], row["ja"], row["en"],
        tuple(row["original"].split()), tuple(row["resulting"].split()), tuple(row["see"].split()), written(row),
    )  # fmt: skip


def written(row: Row) -> URIRef:
    """The place of a row in a table that was written by hand."""
    return source_iri("areas", row.table.file, f"row={row.number}")


def area_triples(areas: Iterable[Area]) -> Iterator[Triple]:
    for area in areas:
        yield from place(area.iri, area.code, area.level, area.derived_from)
        yield area.iri, RDFS.label, Literal(area.ja, lang="ja")
        yield area.iri, RDFS.label, Literal(area.kana, lang="ja-Hrkt")
        yield area.iri, RDFS.label, Literal(area.en, lang="en")
        yield area.iri, SKOS.exactMatch, URIRef(f"{SAC}C{area.code[:5]}")
        if area.parent:
            yield area.iri, DCT.isPartOf, area_iri(area.parent)
        for code in area.estat_codes:
            yield area.iri, SKOS.narrowMatch, URIRef(SAC + code)
        for other in area.same_as:
            yield area.iri, OWL.sameAs, URIRef(other)


def place(iri: URIRef, identifier: str, level: str, derived_from: URIRef) -> Iterator[Triple]:
    """What every area has, from prefecture to town."""
    yield iri, RDF.type, SCHEMA.AdministrativeArea
    yield iri, RDF.type, GEO.Feature
    yield iri, DCT.identifier, Literal(identifier)
    yield iri, DCT.type, URIRef(f"/code/area-level/{level}")
    yield iri, PROV.wasDerivedFrom, derived_from


def geometry(of: URIRef, iri: URIRef, wkt: str, source: URIRef) -> Iterator[Triple]:
    """A geometry in CRS84, longitude before latitude (GeoSPARQL 1.1, 8.5.1)."""
    yield of, GEO.hasDefaultGeometry, iri
    yield iri, RDF.type, GEO.Geometry
    yield iri, GEO.asWKT, Literal(wkt, datatype=GEO.wktLiteral)
    yield iri, DCT.source, source


def point(of: URIRef, iri: URIRef, latitude: str, longitude: str, source: URIRef) -> Iterator[Triple]:
    yield of, WGS.lat, Literal(latitude, datatype=XSD.decimal)
    yield of, WGS.long, Literal(longitude, datatype=XSD.decimal)
    yield from geometry(of, iri, f"POINT({longitude} {latitude})", source)


def change_triples(found: Gazetteer) -> Iterator[Triple]:
    versions = found.versions
    for change in found.changes:
        yield change.iri, RDF.type, ORG.ChangeEvent
        yield change.iri, RDFS.label, Literal(change.ja, lang="ja")
        yield change.iri, RDFS.label, Literal(change.en, lang="en")
        yield change.iri, DCT.date, Literal(change.date.isoformat(), datatype=XSD.date)
        yield change.iri, DCT.type, URIRef(f"/code/area-change-kind/{change.kind}")
        yield change.iri, YK.comparisonMethod, URIRef(f"/code/area-change-method/{METHODS[change.kind]}")
        for page in change.see:
            yield change.iri, DCT.source, URIRef(page)
        yield change.iri, PROV.wasDerivedFrom, change.derived_from
        for version in versions:
            if version.area.code in change.original and version.valid == change.date:
                yield change.iri, ORG.originalOrganization, version.iri
            if version.change == change:
                yield change.iri, ORG.resultingOrganization, version.iri
    for version in versions:
        yield from _version_triples(version)


def _version_triples(version: Version) -> Iterator[Triple]:
    iri, area = version.iri, version.area
    yield iri, RDF.type, YK.AreaVersion
    yield URIRef("/code/area/collection/versions"), SKOS.member, iri
    yield iri, PROV.specializationOf, area.iri
    yield iri, DCT.issued, Literal(version.issued.isoformat(), datatype=XSD.date)
    yield iri, ORG.resultedFrom, version.change.iri
    yield iri, PROV.wasDerivedFrom, version.change.derived_from
    yield iri, RDFS.label, Literal(f"{area.ja}（{_span_ja(version)}）", lang="ja")
    yield iri, RDFS.label, Literal(f"{area.en} ({_span_en(version)})", lang="en")
    if version.valid:
        yield iri, DCT.valid, Literal(version.valid.isoformat(), datatype=XSD.date)
    for code in area.estat_codes:
        begun = date.fromisoformat(code.partition("-")[2])
        if begun == version.issued:
            yield iri, SKOS.exactMatch, URIRef(SAC + code)
        elif begun == FIRST_ESTAT_DATE and version.holds_on(begun):
            yield iri, SKOS.closeMatch, URIRef(SAC + code)


def _span_ja(version: Version) -> str:
    begin = f"{version.issued.year}年{version.issued.month}月{version.issued.day}日〜"
    end = version.valid
    return begin + (f"{end.year}年{end.month}月{end.day}日の前日" if end else "")


def _span_en(version: Version) -> str:
    begin = version.issued.isoformat()
    return f"{begin} until {version.valid.isoformat()}" if version.valid else f"from {begin}"
