"""Kanagawa, Yokohama, its 18 wards, their boundaries, versions and changes, and the towns.

Codes and readings: local government codes (総務省). Boundaries: 国土数値情報 N03 (国土交通省), simplified by the
repository they were taken from. Towns: Geolonia, from 位置参照情報 (国土交通省). Changes: the city's own page and its
library; `area-changes.csv`, `city-extent.csv` and `names.csv` were written by hand from them and are edited, not
generated. What is made of the first two names its row in them, and the pages besides.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rdflib import Literal, URIRef

from loaders import areas
from loaders.areas import AREA_COLUMNS, CHANGE_COLUMNS, Gazetteer, area_iri, check_digit
from loaders.dataset import DataSet, Given, Publication, Source, Tables
from loaders.errors import Problem, Refused, Text
from loaders.fetch import SourceFile, source_iri
from loaders.layouts import town_ages
from loaders.layouts.town_ages import TownRow
from loaders.rdf import Triple
from loaders.registry import Registry
from loaders.table import Table, read_csv
from loaders.terms import DCT, GEO, PROV, RDFS, SKOS, XSD
from loaders.towns import chome_of, town_name

FOLDER = Path(__file__).parent
CODES, BOUNDARIES = "local_gov_codes.json", "N03-21_14_210101.geojson"
BY_HAND = ("area-changes.csv", "city-extent.csv")
BOUNDARY_EDITION, TOWN_EDITION = "n03-2021", "geolonia-2024-01"
PREFECTURE, CITY = "140007", "141003"
EXPECTED_TOWNS = 1_705
# The files of the resident register by town, which name the towns that are divided into 丁目.
REGISTER = "*2109.csv"

WARD_FILES = (
    "aoba", "asahi", "hodogaya", "isogo", "izumi", "kanagawa", "kanazawa", "kohoku", "konan",
    "midori", "minami", "naka", "nishi", "sakae", "seya", "totsuka", "tsurumi", "tsuzuki",
)  # fmt: skip

TABLES = {
    "areas.csv": AREA_COLUMNS,
    "area-changes.csv": CHANGE_COLUMNS,
    "city-extent.csv": ("area", "issued", "square_kilometres", "see"),
    "ward-boundaries.csv": ("area", "wkt", "source", "place"),
    "towns.csv": ("key", "ward", "town", "koaza", "latitude", "longitude", "source", "place"),
    "divided-towns.csv": ("key", "ward", "town", "kana", "source", "row"),
}


def tidy(files: list[SourceFile], given: Given) -> Tables:
    content = {file.name: json.loads(file.path.read_bytes()) for file in files if "json" in file.path.suffix}
    area_table = _areas(content[CODES])
    wards = {row["en"].removesuffix("-ku").lower(): row["code"] for row in area_table}
    tables = {
        "areas.csv": area_table,
        "area-changes.csv": read_csv(FOLDER / "area-changes.csv", CHANGE_COLUMNS),
        "city-extent.csv": read_csv(FOLDER / "city-extent.csv", TABLES["city-extent.csv"]),
        "ward-boundaries.csv": _boundaries(content[BOUNDARIES]),
    }
    towns = [
        row for slug in WARD_FILES for row in _towns(f"{slug}.json", wards[slug], content[f"{slug}.json"], given.keys)
    ]
    if len(towns) < EXPECTED_TOWNS:
        expected = Text(f"{EXPECTED_TOWNS}件以上の町", f"at least {EXPECTED_TOWNS} towns")
        raise Refused([Problem("*.json", expected, str(len(towns)))])
    divided = _divided_towns(files, area_table, towns, given.keys)
    return {
        **tables,
        "towns.csv": _table("towns.csv", towns),
        "divided-towns.csv": _table("divided-towns.csv", divided),
    }


def _areas(prefectures: list[dict[str, Any]]) -> Table:
    """The prefecture, the city and its wards from the nested code list, with the names kept in `names.csv`."""
    with (FOLDER / "names.csv").open(encoding="utf-8", newline="") as file:
        names = {row["code"]: row for row in csv.DictReader(file)}
    rows = []
    for place, level, parent, entry in _yokohama(prefectures):
        code = entry["code"]
        if code[5] != check_digit(code[:5]):
            expected = Text("検査数字の正しいコード", "a code with a right check digit")
            raise Refused([Problem(CODES, expected, code, column=place)])
        name = names[code]
        rows.append(
            (code, level, parent, entry["name"], entry["ruby"], name["en"], name["estat_codes"],
             name["same_as"], CODES, place)
        )  # fmt: skip
    return _table("areas.csv", rows)


def _yokohama(prefectures: list[dict[str, Any]]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """JSON pointer, level, parent and entry of each area of ours."""
    p, prefecture = _entry(prefectures, PREFECTURE)
    c, city = _entry(prefecture["municipalities"], CITY)
    yield f"/{p}", "prefecture", "", prefecture
    yield f"/{p}/municipalities/{c}", "designated-city", PREFECTURE, city
    for w, ward in enumerate(city["wards"]):
        yield f"/{p}/municipalities/{c}/wards/{w}", "ward", CITY, ward


def _entry(entries: list[dict[str, Any]], code: str) -> tuple[int, dict[str, Any]]:
    for index, entry in enumerate(entries):
        if entry["code"] == code:
            return index, entry
    raise Refused([Problem(CODES, Text(f"コード {code} の項目", f"an entry with code {code}"))])


def _boundaries(collection: dict[str, Any]) -> Table:
    rows = []
    for index, feature in enumerate(collection["features"]):
        code5 = feature["properties"]["N03_007"]
        if feature["properties"]["N03_003"] == "横浜市":
            wkt = _wkt(feature["geometry"])
            rows.append((code5 + check_digit(code5), wkt, BOUNDARIES, f"/features/{index}"))
    if len(rows) != len(WARD_FILES):
        expected = Text("18区の境界", "the boundaries of 18 wards")
        raise Refused([Problem(BOUNDARIES, expected, str(len(rows)))])
    return _table("ward-boundaries.csv", sorted(rows))


def _wkt(geometry: dict[str, Any]) -> str:
    """WKT with six decimals (0.1 m): the simplified source is far coarser than that."""

    def ring(points: list[list[float]]) -> str:
        return "(" + ", ".join(f"{x:.6f} {y:.6f}" for x, y in points) + ")"

    def polygon(rings: list[list[list[float]]]) -> str:
        return "(" + ", ".join(map(ring, rings)) + ")"

    if geometry["type"] == "Polygon":
        return f"POLYGON {polygon(geometry['coordinates'])}"
    return f"MULTIPOLYGON ({', '.join(map(polygon, geometry['coordinates']))})"


def _towns(file: str, ward: str, entries: list[dict[str, Any]], keys: Registry) -> Iterator[tuple[str, ...]]:
    for index, entry in enumerate(entries):
        key = keys.key(f"{ward}-t", (ward, entry["town"], entry["koaza"]))
        latitude, longitude = ("" if entry[name] is None else f"{entry[name]:.6f}" for name in ("lat", "lng"))
        yield key, ward, entry["town"], entry["koaza"], latitude, longitude, file, f"/{index}"


def _divided_towns(
    files: list[SourceFile], area_table: Table, towns: list[tuple[str, ...]], keys: Registry
) -> list[tuple[str, ...]]:
    """Towns of the resident register that are divided into 丁目: the list of towns only has the 丁目."""
    names = {row["en"].removesuffix("-ku").lower(): (row["code"], row["ja"]) for row in area_table}
    listed = {(ward, town_name(town)) for _, ward, town, koaza, *_ in towns if not koaza}
    found: list[tuple[str, ...]] = []
    for file in files:
        if file.path.suffix == ".csv":
            ward, name = names[file.path.stem[:-4]]
            for town in _wholes(town_ages.read(file.path, name)):
                if (ward, town.town) not in listed:
                    key = keys.key(f"{ward}-t", (ward, town.town, ""))
                    found.append((key, ward, town.town, town.kana, file.name, str(town.row)))
    return found


def _wholes(rows: Iterator[TownRow]) -> Iterator[TownRow]:
    """Each town once: its first row."""
    return (row for row in rows if row.level == "town" and row.sex == "M")


def _table(name: str, rows: Any) -> Table:
    return Table(name, TABLES[name], tuple(rows))


def area_triples(tables: Tables, known: Gazetteer) -> Iterator[Triple]:
    """Codes, names, versions and changes."""
    yield from areas.area_triples(known.areas.values())
    yield from areas.change_triples(known)
    for row in tables["city-extent.csv"]:
        version = areas.version_iri(row["area"], row["issued"])
        square_metres = f"{float(row['square_kilometres']) * 1_000_000:.0f}"
        yield version, GEO.hasMetricArea, Literal(square_metres, datatype=XSD.decimal)
        yield version, DCT.source, URIRef(row["see"])
        yield version, PROV.wasDerivedFrom, areas.written(row)
    for code in known.areas:
        if code != PREFECTURE:
            yield URIRef("/code/area/collection/city-and-wards"), SKOS.member, area_iri(code)
            yield URIRef("/code/area/collection/wards-and-outside"), SKOS.member, area_iri(code)


def boundary_triples(tables: Tables, _known: Gazetteer) -> Iterator[Triple]:
    for row in tables["ward-boundaries.csv"]:
        iri = URIRef(f"/id/geometry/area/{row['area']}/{BOUNDARY_EDITION}")
        source = source_iri("areas", row["source"], row["place"])
        yield from areas.geometry(area_iri(row["area"]), iri, row["wkt"], source)


def town_triples(tables: Tables, _known: Gazetteer) -> Iterator[Triple]:
    towns = {(row["ward"], row["town"]): row["key"] for row in tables["towns.csv"] if not row["koaza"]}
    wholes = [(row["ward"], row["town"], row["key"]) for row in tables["divided-towns.csv"]]
    for row in tables["towns.csv"]:
        iri, source = area_iri(row["key"]), source_iri("areas", row["source"], row["place"])
        yield from areas.place(iri, row["key"], "koaza" if row["koaza"] else "town", source)
        yield iri, RDFS.label, Literal(row["town"] + row["koaza"], lang="ja")
        above = towns.get((row["ward"], row["town"])) if row["koaza"] else _whole(wholes, row["ward"], row["town"])
        yield iri, DCT.isPartOf, area_iri(above or row["ward"])
        if row["latitude"]:
            geometry = URIRef(f"/id/geometry/area/{row['key']}/{TOWN_EDITION}")
            yield from areas.point(iri, geometry, row["latitude"], row["longitude"], source)


def _whole(wholes: list[tuple[str, str, str]], ward: str, town: str) -> str | None:
    """The key of the divided town that a town is a 丁目 of."""
    return next((key for of, whole, key in wholes if of == ward and chome_of(town, whole)), None)


def divided_town_triples(tables: Tables, known: Gazetteer) -> Iterator[Triple]:
    for row in tables["divided-towns.csv"]:
        iri, source = area_iri(row["key"]), source_iri("areas", row["source"], f"row={row['row']}")
        yield from areas.place(iri, row["key"], "divided-town", source)
        yield iri, RDFS.label, Literal(row["town"], lang="ja")
        yield iri, RDFS.label, Literal(row["kana"], lang="ja-Hrkt")
        yield iri, DCT.isPartOf, area_iri(row["ward"])
    wards = [area.code for area in known.areas.values() if area.level == "ward"]
    for key in (*wards, *(row["key"] for name in ("towns.csv", "divided-towns.csv") for row in tables[name])):
        yield URIRef("/code/area/collection/wards-and-towns"), SKOS.member, area_iri(key)


SOURCE = Source(
    folder=FOLDER,
    patterns=(CODES, BOUNDARIES, *(f"{slug}.json" for slug in WARD_FILES), REGISTER),
    tables=TABLES,
    tidy=tidy,
    natural_key=("ward", "town", "koaza"),
)

DATA_SETS = (
    DataSet(
        id="areas",
        source=SOURCE,
        publication=Publication(
            publisher="/id/org/yokohama-city",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="総務省「全国地方公共団体コード」、横浜市「区の変遷」等を加工して作成",
            frequency="IRREG",
            theme="land-weather",
            modified="2026-11-24",
            version="2026-11-24",
        ),
        title=Text("横浜市と18区の地域コードと変遷", "Area codes and changes of Yokohama and its 18 wards"),
        description=Text(
            "神奈川県・横浜市・18区の全国地方公共団体コード、読み、標準地域コードへのリンクと、"
            "市制・区制施行からの区域の版と変更。埋立てなどの小さな境界の変更は含まない。",
            "Local government codes, readings and links to the standard area codes for Kanagawa, Yokohama and the "
            "18 wards, with the versions of their extent and the changes between them since the city and the wards "
            "were created. Small changes of boundary such as landfill are not included.",
        ),
        keywords=(Text("地域コード", "area codes"), Text("行政区", "wards")),
        triples=area_triples,
        expects=("area#AreaShape", "area#AreaVersionShape", "area#ChangeEventShape"),
        files=(CODES, *BY_HAND),
    ),
    DataSet(
        id="ward-boundaries",
        source=SOURCE,
        publication=Publication(
            publisher="/id/org/mlit",
            license="https://nlftp.mlit.go.jp/ksj/other/agreement.html",
            attribution="「国土数値情報（行政区域データ）」（国土交通省）を加工して作成",
            frequency="ANNUAL",
            theme="land-weather",
            modified="2021-01-01",
            version="2021-01-01",
        ),
        title=Text("横浜市18区の境界（簡略化）", "Boundaries of Yokohama's 18 wards (simplified)"),
        description=Text(
            "国土数値情報 行政区域（2021年1月1日）の簡略化した境界。地図での表示用で、測量には使えない。"
            "座標は世界測地系（JGD2011）で、この精度ではWGS84と同じとみなす。",
            "Simplified boundaries from National Land Numerical Information (administrative areas, 1 January 2021), "
            "for maps at small scale. Coordinates are JGD2011, taken as equal to WGS84 at this precision.",
        ),
        keywords=(Text("境界", "boundaries"), Text("行政区", "wards")),
        triples=boundary_triples,
        expects=("area#GeometryShape",),
        files=(BOUNDARIES,),
    ),
    DataSet(
        id="towns",
        source=SOURCE,
        publication=Publication(
            publisher="/id/org/geolonia",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="Geolonia「Geolonia 住所データ」を加工して作成",
            frequency="IRREG",
            theme="land-weather",
            modified="2024-01-01",
            version="2024-01",
        ),
        title=Text("横浜市の町・字と代表点", "Towns of Yokohama with a representative point"),
        description=Text(
            "18区の町丁・小字1,705件と代表点。公式の町字IDは元のデータにないため、"
            "独自のキーを一度だけ付けている。6件には代表点がない。",
            "1,705 towns and minor sections of the 18 wards with a representative point. The source has no official "
            "town id, so keys of our own were minted once. Six have no point.",
        ),
        keywords=(Text("町名", "towns"), Text("住所", "addresses")),
        triples=town_triples,
        expects=("area#AreaShape", "area#GeometryShape"),
        files=tuple(f"{slug}.json" for slug in WARD_FILES),
    ),
    DataSet(
        id="divided-towns",
        source=SOURCE,
        publication=Publication(
            publisher="/id/org/yokohama-city",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="横浜市「町丁別の年齢（各歳）別・男女別人口」を加工して作成",
            frequency="IRREG",
            theme="land-weather",
            modified="2021-09-30",
            version="2021-09",
        ),
        title=Text("横浜市の丁目に分かれる町", "Towns of Yokohama that are divided into chome"),
        description=Text(
            "住民基本台帳の町別人口に、丁目の合計として載っている町。町・字の一覧には丁目だけがあるため、独自のキーを付けて"
            "丁目の上に置く。栄区と泉区は元のファイルがないため含まない。",
            "Towns that the resident register lists as a whole, above their chome. The list of towns has only the "
            "chome, so keys of our own were minted for the whole. Sakae and Izumi are missing: there was no file.",
        ),
        keywords=(Text("町名", "towns"), Text("丁目", "chome")),
        triples=divided_town_triples,
        expects=("area#AreaShape",),
        files=(REGISTER,),
    ),
)
