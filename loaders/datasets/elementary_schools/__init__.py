"""国土数値情報 A27: the municipal elementary schools of Yokohama as they stood about 2010, with positions (JGD2000).

The file has neither an identifier nor a date, so keys are minted once in `keys.csv`, and titles say how old it is. At
this precision JGD2000 is WGS 84.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders.areas import Gazetteer
from loaders.dataset import DataSet, Given, Publication, Source, Tables
from loaders.errors import Text
from loaders.facility import Address, Facility
from loaders.features import LATITUDE, LONGITUDE, pointer, read_features
from loaders.fetch import SourceFile, source_iri
from loaders.rdf import Triple
from loaders.registry import Registry
from loaders.table import BadCell, Row, Table, read_rows
from loaders.terms import IC, RDFS, SCHEMA, WGS
from loaders.text import degrees, required

# Ward (five digits), who runs the school, its name, its address from the city on.
WARD, RUN_BY, NAME, ADDRESS = "A27_001", "A27_002", "A27_003", "A27_004"
PROPERTIES = (WARD, RUN_BY, NAME, ADDRESS)
PREFECTURE, CITY = "神奈川県", "横浜市"

TABLE = "elementary-schools.csv"
COLUMNS = ("key", "name", "address", "ward", "latitude", "longitude", "source", "place")


def tidy(files: list[SourceFile], given: Given) -> Tables:
    tables = [read_features(file.path, PROPERTIES) for file in files]
    rows = read_rows(tables, lambda row: [_row(row, given.areas, given.keys)])
    return {TABLE: Table(TABLE, COLUMNS, tuple(sorted(rows)))}


def _row(row: Row, areas: Gazetteer, keys: Registry) -> tuple[str, ...]:
    name, address = row.read(NAME, required), row.read(ADDRESS, required)
    wards = [area for area in areas.areas.values() if area.level == "ward" and area.code[:5] == row[WARD]]
    if not wards:
        raise BadCell(row.problem(WARD, Text("横浜市の区のコード（5桁）", "the five-digit code of a ward of Yokohama")))
    if not address.startswith(CITY + wards[0].ja):
        expected = Text(f"「{CITY}{wards[0].ja}」で始まる住所", f"an address that begins with “{CITY}{wards[0].ja}”")
        raise BadCell(row.problem(ADDRESS, expected))
    return (
        keys.key("141003-elementary-school-", (name, address)),
        row.read(RUN_BY, required) + name,
        address,
        wards[0].code,
        str(row.read(LATITUDE, degrees)),
        str(row.read(LONGITUDE, degrees)),
        row.table.file,
        pointer(row),
    )


def triples(tables: Tables, areas: Gazetteer) -> Iterator[Triple]:
    for row in tables[TABLE]:
        yield from _facility(row, areas).triples()


def _facility(row: Row, areas: Gazetteer) -> Facility:
    return Facility(
        key=row["key"],
        type="school",
        schema_type=SCHEMA.ElementarySchool,
        name=row["name"],
        kana="",
        address=Address(row["address"], PREFECTURE, CITY, areas.named(row["ward"]), row["ward"]),
        latitude=row["latitude"],
        longitude=row["longitude"],
        derived_from=source_iri(SOURCE.id, row["source"], row["place"]),
    )


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("ksj_school.geojson",),
    tables={TABLE: COLUMNS},
    tidy=tidy,
    natural_key=("name", "address"),
)

DATA_SETS = (
    DataSet(
        id="elementary-schools",
        source=SOURCE,
        publication=Publication(
            publisher="/id/org/mlit",
            license="https://nlftp.mlit.go.jp/ksj/other/agreement.html",
            attribution="国土交通省「国土数値情報（小学校区データ）」を加工して作成",
            frequency="UNKNOWN",
            theme="education-culture",
            # When the file was put where it was taken from: it states no date of its own.
            modified="2014-07-20",
            version="2014-07-20",
        ),
        title=Text("市立小学校（2010年ごろ）", "Municipal elementary schools (about 2010)"),
        description=Text(
            "国土数値情報に収録された横浜市立小学校の名称・住所・位置。時点は元のデータに示されていない（2010年ごろとみられる）。"
            "その後の開校・閉校・移転は含まない。",
            "Names, addresses and positions of the elementary schools of the city in the National Land Numerical "
            "Information. The source does not say as of when: about 2010, it seems. Schools opened, closed or moved "
            "since are not included.",
        ),
        keywords=(Text("小学校", "elementary schools"), Text("教育", "education")),
        triples=triples,
        expects=("facility#FacilityShape",),
        columns={
            str(RDFS.label): NAME,
            str(WGS.lat): LATITUDE,
            str(WGS.long): LONGITUDE,
            str(IC.住所): ADDRESS,
            str(SCHEMA.containedInPlace): WARD,
        },
        set_aside_below=0.02,
    ),
)
