"""横浜市 保育所等の受入可能数: how many more children each childcare facility can take, by age, as of 1 April 2022.

The facility number is the city's own, so no keys are minted. `-` says that the facility has no class of that age: it is
not zero, and neither is an empty cell, which the file does not explain. The file has neither addresses nor positions.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from loaders.areas import Gazetteer
from loaders.dataset import DataSet, Given, Publication, Source, Tables
from loaders.errors import Text, Unexpected
from loaders.facility import Address, Facility, Identifier, Places
from loaders.fetch import SourceFile, source_iri
from loaders.rdf import Triple
from loaders.table import BadCell, Row, Table, read_rows, read_titled_csv
from loaders.terms import IC, RDFS, SCHEMA, YK
from loaders.text import count, plain, required

TITLE = "受入可能数"
WARD, CODE, NAME, NUMBER, UPDATED, TRAILING = "施設所在区", "標準地域コード", "施設・事業名", "施設番号", "更新日", ""
# Column of the file → column of the table, and the class of age as the city's earlier API named it.
AGES = {
    "０歳児": ("age_0", "0歳児"),
    "１歳児": ("age_1", "1歳児"),
    "２歳児": ("age_2", "2歳児"),
    "３歳児": ("age_3", "3歳児"),
    "４歳児": ("age_4", "4歳児"),
    "５歳児": ("age_5", "5歳児"),
    "合計": ("total", "合計"),
}
HEADER = (WARD, CODE, NAME, NUMBER, *AGES, UPDATED, TRAILING)
NO_CLASS, BLANK = "-", ""
NOTES = {NO_CLASS: "該当する年齢のクラスなし（元の表では「-」）", BLANK: "元の表で空欄"}
PREFECTURE, CITY = "神奈川県", "横浜市"

TABLE = "childcare-places.csv"
COLUMNS = ("key", "number", "name", "ward", *(column for column, _ in AGES.values()), "updated", "source", "row")


def tidy(files: list[SourceFile], given: Given) -> Tables:
    tables = [read_titled_csv(file.path, TITLE, HEADER) for file in files]
    rows = read_rows(tables, lambda row: [_row(row, given.areas)])
    return {TABLE: Table(TABLE, COLUMNS, tuple(rows))}


def _row(row: Row, areas: Gazetteer) -> tuple[str, ...]:
    ward = row.read(WARD, areas.ward)
    if row[CODE] != ward[:5]:
        raise BadCell(
            row.problem(CODE, Text(f"{row[WARD]}のコード {ward[:5]}", f"{ward[:5]}, the code of {row[WARD]}"))
        )
    number = row.read(NUMBER, _number)
    return (
        f"141003-childcare-{number}",
        number,
        row.read(NAME, required),
        ward,
        *(row.read(column, _places) for column in AGES),
        row.read(UPDATED, _day),
        row.table.file,
        str(row.number),
    )


def _number(text: str) -> str:
    if not (len(text) == 13 and text.isascii() and text.isdigit()):
        raise Unexpected("13桁の施設番号", "a facility number of 13 digits")
    return text


def _places(text: str) -> str:
    """A whole number, the mark for “no such class”, or nothing: three different things."""
    value = plain(text)
    return value if value in NOTES else str(count(value))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Unexpected("日付（2022-04-01の形）", "a date such as 2022-04-01") from error


def triples(tables: Tables, areas: Gazetteer) -> Iterator[Triple]:
    for row in tables[TABLE]:
        yield from _facility(row, areas).triples()


def _facility(row: Row, areas: Gazetteer) -> Facility:
    ward = areas.named(row["ward"])
    return Facility(
        key=row["key"],
        type="preschool",
        schema_type=SCHEMA.ChildCare,
        name=row["name"],
        kana="",
        # The ward is all that the file says of the address.
        address=Address(PREFECTURE + CITY + ward, PREFECTURE, CITY, ward, row["ward"]),
        latitude="",
        longitude="",
        derived_from=source_iri(SOURCE.id, row["source"], f"row={row['row']}"),
        identifiers=(Identifier("childcare-facility-number", row["number"]),),
        places=tuple(_places_of(row[column], age_class, row["updated"]) for column, age_class in AGES.values()),
    )


def _places_of(cell: str, age_class: str, day: str) -> Places:
    return Places(age_class, None if cell in NOTES else int(cell), NOTES.get(cell, ""), day)


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("hoiku_kanou_[0-9]*-[0-9]*.csv",),
    tables={TABLE: COLUMNS},
    header=HEADER,
    tidy=tidy,
)

DATA_SETS = (
    DataSet(
        id="childcare-places",
        source=SOURCE,
        publication=Publication(
            publisher="/id/org/yokohama-city",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="横浜市「保育所等の受入可能数」を加工して作成",
            frequency="MONTHLY",
            theme="health-welfare",
            modified="2022-04-01",
            version="2022-04",
        ),
        title=Text("保育所等の受入可能数（2022年4月）", "Places available in childcare facilities (April 2022)"),
        description=Text(
            "認可保育所・認定こども園・地域型保育事業の名称、区、施設番号と、2022年4月1日に受け入れられる児童の数（年齢クラス別）。"
            "住所・位置・電話番号は元の表にない。",
            "Names, wards and numbers of licensed nurseries, centres for early childhood education and small childcare "
            "services, with how many more children each could take on 1 April 2022, by class of age. The source has "
            "neither addresses nor positions nor telephone numbers.",
        ),
        keywords=(Text("保育", "childcare"), Text("子育て", "families")),
        triples=triples,
        expects=("facility#FacilityShape",),
        columns={
            str(RDFS.label): NAME,
            str(IC.ID): NUMBER,
            str(IC.住所): WARD,
            str(SCHEMA.containedInPlace): WARD,
            str(YK.placesAvailable): "合計",
        },
        set_aside_below=0.02,
    ),
)
