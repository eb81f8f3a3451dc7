"""国土地理院 指定緊急避難場所 (emergency evacuation sites) and 指定避難所 (shelters), one feature a building.

The common id is the nation's own, so no keys are minted. What kinds of disaster a site is for is a list in the file;
shelters have none. `accepted_population` is never a number in it and is not carried over.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders.areas import Gazetteer
from loaders.dataset import DataSet, Given, Publication, Source, Tables
from loaders.errors import Text, Unexpected
from loaders.facility import Address, Facility, Identifier
from loaders.features import LATITUDE, LONGITUDE, pointer, read_features
from loaders.fetch import SourceFile, source_iri
from loaders.rdf import Triple
from loaders.table import BadCell, Row, Table, read_rows
from loaders.terms import DCT, IC, RDFS, SCHEMA, WGS, YK
from loaders.text import degrees, plain, required

TYPE, ID, NAME, ADDRESS = "designation_type", "common_id", "name", "address"
HAZARDS, SHELTER_TOO, CITY_CODE = "hazards", "same_address_with_other_designation", "municipality_code"
# The same in every feature, or empty, or about how the file was made.
LEFT_OUT = (
    "accepted_population", "additional_information", "notes", "source_scope", "source_id", "source_updated_at",
    "retrieved_at", "source_url",
)  # fmt: skip
PROPERTIES = (CITY_CODE, TYPE, ID, NAME, ADDRESS, HAZARDS, SHELTER_TOO, *LEFT_OUT)

SITE, SHELTER = "evacuation-site", "designated-shelter"
TYPES = {"designated_emergency_evacuation_place": SITE, "designated_shelter": SHELTER}
# Word of the file → code of </code/hazard>.
KINDS = {
    "flood": "flood",
    "landslide_debris_flow": "landslide",
    "storm_surge": "storm-surge",
    "earthquake": "earthquake",
    "tsunami": "tsunami",
    "large_fire": "large-fire",
    "inland_flood": "inland-flood",
    "volcano": "volcano",
}
PREFECTURE, CITY = "神奈川県", "横浜市"
EXPECTED = 2_255

TABLE = "gsi-evacuation.csv"
COLUMNS = (
    "key", "common_id", "type", "name", "address", "ward", "hazards", "also_designated_shelter", "latitude",
    "longitude", "source", "place",
)  # fmt: skip


def tidy(files: list[SourceFile], given: Given) -> Tables:
    tables = [read_features(file.path, PROPERTIES) for file in files]
    rows = read_rows(tables, lambda row: [_row(row, given.areas)])
    return {TABLE: Table(TABLE, COLUMNS, tuple(sorted(rows)))}


def _row(row: Row, areas: Gazetteer) -> tuple[str, ...]:
    common_id = row.read(ID, _common_id)
    ward, address = _ward_and_address(row, areas)
    type_ = row.read(TYPE, _type)
    return (
        f"141003-evacuation-{common_id[1:]}",
        common_id,
        type_,
        row.read(NAME, required),
        address,
        ward,
        " ".join(row.read(HAZARDS, _hazards)),
        row.read(SHELTER_TOO, _boolean) if type_ == SITE else "",
        str(row.read(LATITUDE, degrees)),
        str(row.read(LONGITUDE, degrees)),
        row.table.file,
        pointer(row),
    )


def _ward_and_address(row: Row, areas: Gazetteer) -> tuple[str, str]:
    """The ward that the address names. NFC makes the file's compatibility ideograph 塚 (U+FA10) the usual one."""
    address = row.read(ADDRESS, required)
    start = PREFECTURE + CITY
    wards = [area.code for area in areas.areas.values() if area.level == "ward" and address.startswith(start + area.ja)]
    if len(wards) != 1:
        expected = Text(f"「{start}」と区の名前で始まる住所", f"an address that begins with “{start}” and a ward")
        raise BadCell(row.problem(ADDRESS, expected))
    return wards[0], address


def _common_id(text: str) -> str:
    if not (text[:1] == "E" and len(text) == 14 and text[1:].isascii() and text[1:].isdigit()):
        raise Unexpected("「E」と13桁の数字の共通ID", "a common id of “E” and 13 digits")
    return text


def _type(text: str) -> str:
    if text not in TYPES:
        raise Unexpected(f"{'または'.join(TYPES)}", f"one of {', '.join(TYPES)}")
    return TYPES[text]


def _hazards(text: str) -> list[str]:
    words = plain(text).split()
    if not set(words) <= set(KINDS):
        raise Unexpected(f"災害の種別（{'、'.join(KINDS)}）", f"kinds of hazards ({', '.join(KINDS)})")
    return [KINDS[word] for word in words]


def _boolean(text: str) -> str:
    if text not in {"true", "false"}:
        raise Unexpected("true または false", "true or false")
    return text


def triples(tables: Tables, areas: Gazetteer) -> Iterator[Triple]:
    for row in tables[TABLE]:
        yield from _facility(row, areas).triples()


def _facility(row: Row, areas: Gazetteer) -> Facility:
    shelter_too = row["also_designated_shelter"]
    return Facility(
        key=row["key"],
        type=row["type"],
        schema_type=SCHEMA.CivicStructure,
        name=row["name"],
        kana="",
        address=Address(row["address"], PREFECTURE, CITY, areas.named(row["ward"]), row["ward"]),
        latitude=row["latitude"],
        longitude=row["longitude"],
        derived_from=source_iri(SOURCE.id, row["source"], row["place"]),
        hazards=tuple(row["hazards"].split()),
        also_designated_shelter=shelter_too == "true" if shelter_too else None,
        identifiers=(Identifier("gsi-common-id", row["common_id"]),),
    )


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("gsi_yokohama_evacuation.geojson",),
    tables={TABLE: COLUMNS},
    tidy=tidy,
)

DATA_SETS = (
    DataSet(
        id="gsi-evacuation",
        source=SOURCE,
        publication=Publication(
            publisher="/id/org/gsi",
            license="https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
            attribution="国土地理院「指定緊急避難場所・指定避難所データ」を加工して作成",
            frequency="IRREG",
            theme="justice-safety",
            modified="2026-01-16",
            version="2026-01-16",
        ),
        title=Text("指定緊急避難場所・指定避難所", "Designated emergency evacuation sites and shelters"),
        description=Text(
            "災害の危険から逃れるための指定緊急避難場所（建物ごと、対応する災害の種別つき）と、"
            "避難生活を送るための指定避難所の名称・住所・位置。",
            "Names, addresses and positions of the emergency evacuation sites, one a building and with the hazards "
            "that it is designated for, and of the shelters where people live after a disaster.",
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
            str(SCHEMA.containedInPlace): ADDRESS,
            str(YK.hazard): HAZARDS,
        },
        set_aside_below=0.02,
    ),
)
