"""横浜市 地域防災拠点 (community disaster bases) and 帰宅困難者一時滞在施設 (shelters for stranded commuters).

The file has no identifier, so keys are minted once in `keys.csv`. One row places a building of Nishi ward in Hokkaido;
it is carried over as published, and the rule on positions in `shapes/facility.ttl` keeps it out of the release.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders.areas import Gazetteer
from loaders.dataset import DataSet, Given, Publication, Source, Tables
from loaders.errors import Text, Unexpected
from loaders.facility import Address, Facility
from loaders.fetch import SourceFile, source_iri
from loaders.rdf import Triple
from loaders.registry import Registry
from loaders.table import BadCell, Row, Table, read_csv, read_rows
from loaders.terms import DCT, IC, RDFS, SCHEMA, WGS
from loaders.text import degrees, katakana, required

TYPE, NAME, KANA, ADDRESS, WARD = "Type", "Name", "Kana", "Address", "Ward"
LATITUDE, LONGITUDE = "Lat", "Lon"
# One sentence a type, in our code list; the city's own numbering of wards, not a government code.
LEFT_OUT = ("Definition", "WardCode")
HEADER = (TYPE, LEFT_OUT[0], NAME, ADDRESS, LATITUDE, LONGITUDE, KANA, WARD, LEFT_OUT[1])

# Published type → code of </code/facility-type> and prefix of the key.
TYPES = {
    "地域防災拠点": ("community-disaster-base", "141003-disaster-base-"),
    "帰宅困難者一時滞在施設": ("stranded-commuter-shelter", "141003-commuter-shelter-"),
}
PREFECTURE, CITY = "神奈川県", "横浜市"

TABLE = "disaster-shelters.csv"
COLUMNS = (
    "key",
    "type",
    "name",
    "kana",
    "address",
    "ward",
    "latitude",
    "longitude",
    "source",
    "row",
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    tables = [read_csv(file.path, HEADER) for file in files]
    rows = read_rows(tables, lambda row: [_row(row, given.areas, given.keys)])
    return {TABLE: Table(TABLE, COLUMNS, tuple(rows))}


def _row(row: Row, areas: Gazetteer, keys: Registry) -> tuple[str, ...]:
    type_, prefix = row.read(TYPE, _type)
    name, address = row.read(NAME, required), row.read(ADDRESS, required)
    ward = row.read(WARD, areas.ward)
    start = PREFECTURE + CITY + areas.named(ward)
    if not address.startswith(start):
        raise BadCell(row.problem(ADDRESS, Text(f"「{start}」で始まる住所", f"an address that begins with “{start}”")))
    return (
        keys.key(prefix, (row[TYPE], name, address)),
        type_,
        name,
        row.read(KANA, katakana),
        address,
        ward,
        str(row.read(LATITUDE, degrees)),
        str(row.read(LONGITUDE, degrees)),
        row.table.file,
        str(row.number),
    )


def _type(text: str) -> tuple[str, str]:
    if text not in TYPES:
        raise Unexpected(f"{'または'.join(TYPES)}", f"one of {', '.join(TYPES)}")
    return TYPES[text]


def triples(tables: Tables, areas: Gazetteer) -> Iterator[Triple]:
    for row in tables[TABLE]:
        yield from _facility(row, areas).triples()


def _facility(row: Row, areas: Gazetteer) -> Facility:
    address = Address(row["address"], PREFECTURE, CITY, areas.named(row["ward"]), row["ward"])
    return Facility(
        key=row["key"],
        type=row["type"],
        schema_type=SCHEMA.CivicStructure,
        name=row["name"],
        kana=row["kana"],
        address=address,
        latitude=row["latitude"],
        longitude=row["longitude"],
        derived_from=source_iri(SOURCE.id, row["source"], f"row={row['row']}"),
    )


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("hinanjo_[0-9]*.csv",),
    tables={TABLE: COLUMNS},
    header=HEADER,
    tidy=tidy,
    natural_key=("type", "name", "address"),
)

DATA_SETS = (
    DataSet(
        id="disaster-shelters",
        source=SOURCE,
        publication=Publication(
            publisher="/id/org/yokohama-city",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="横浜市「地域防災拠点・帰宅困難者一時滞在施設」を加工して作成",
            frequency="IRREG",
            theme="justice-safety",
            modified="2026-04-01",
            version="2026-04-01",
        ),
        title=Text(
            "地域防災拠点・帰宅困難者一時滞在施設",
            "Community disaster bases and shelters for stranded commuters",
        ),
        description=Text(
            "災害時に避難生活などの拠点となる学校等と、帰宅困難者を一時的に受け入れる施設の名称・住所・位置。",
            "Names, addresses and positions of the schools and other places that serve as bases after a disaster, and "
            "of the places that take in stranded commuters for a time.",
        ),
        keywords=(Text("防災", "disaster preparedness"), Text("避難", "evacuation")),
        triples=triples,
        expects=("facility#FacilityShape",),
        columns={
            str(RDFS.label): NAME,
            str(WGS.lat): LATITUDE,
            str(WGS.long): LONGITUDE,
            str(DCT.type): TYPE,
            str(IC.住所): ADDRESS,
            str(SCHEMA.containedInPlace): WARD,
        },
        set_aside_below=0.02,
    ),
)
