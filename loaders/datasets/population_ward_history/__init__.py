"""横浜市「行政区別世帯数及び人口の推移」: census and estimates by ward, 1920 to 2024, one figure a row.

The column of figures carries two measures told apart by another column. A ward that did not exist yet has no row:
that is not zero. Wards were split several times, so each figure says which version of the area it is for. Figures
are of 1 October.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.dates import era_year, gregorian_year
from loaders.errors import Problem, Refused, Text, Unexpected
from loaders.fetch import SourceFile
from loaders.statistics import Cube, Sum
from loaders.table import BadCell, Row, read_csv, read_rows
from loaders.terms import SDMX_ATTRIBUTE
from loaders.text import count, folded

ERA, YEAR, AREA = "年（和暦）", "年（西暦）", "行政区"
ORIGIN, MEASURE, FIGURE = "出典", "世帯・人口の別", "世帯数・人口"
HEADER = (ERA, YEAR, AREA, ORIGIN, MEASURE, FIGURE)
MEASURES = ("人口", "世帯数")
CITY, WHOLE_CITY = "141003", "全市"
EXPECTED_ROWS = 1_548

POPULATION_CUBE = Cube(
    id="population-ward-history",
    source_id="population-ward-history",
    source_header=HEADER,
    attributes={SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/person")},
    sums=(Sum("refArea", CITY),),
)
HOUSEHOLDS_CUBE = Cube(
    id="households-ward-history",
    source_id="population-ward-history",
    source_header=HEADER,
    attributes={**POPULATION_CUBE.attributes, SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/household")},
    sums=(Sum("refArea", CITY, measure="households"),),
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    tables = [read_csv(file.path, HEADER) for file in files]
    rows = sum(len(table.rows) for table in tables)
    if rows < EXPECTED_ROWS:
        expected = Text(f"{EXPECTED_ROWS}行以上のデータ", f"at least {EXPECTED_ROWS} rows of data")
        raise Refused([Problem(tables[0].file, expected, str(rows), row=rows + 1)])
    figures = read_rows(tables, lambda row: _figure(row, given.areas))
    population = [
        {**figure, "sex": "T", "age": "TOTAL", "population": figure["figure"]}
        for figure in figures
        if figure["measure"] == "人口"
    ]
    households = [{**figure, "households": figure["figure"]} for figure in figures if figure["measure"] == "世帯数"]
    return {
        POPULATION_CUBE.table: POPULATION_CUBE.tidy(population),
        HOUSEHOLDS_CUBE.table: HOUSEHOLDS_CUBE.tidy(households),
    }


def _figure(row: Row, areas: Gazetteer) -> Iterator[dict[str, object]]:
    year = row.read(YEAR, gregorian_year)
    if row.read(ERA, era_year) != year:
        raise BadCell(row.problem(ERA, Text(f"西暦{year}年に当たる年", f"the era year of {year}")))
    code = CITY if row[AREA] == WHOLE_CITY else row.read(AREA, areas.ward)
    day = date(year, 10, 1)
    basis = row.read(ORIGIN, _basis)
    yield {
        "refArea": code,
        "refPeriod": year,
        "refAreaVersion": row.read(AREA, lambda _: areas.version_on(code, day).issued),
        "populationBasis": basis,
        "obsStatus": "A" if basis == "census" else "P",
        "measure": row.read(MEASURE, _measure),
        "figure": row.read(FIGURE, count),
        "source": row.table.file,
        "row": row.number,
        "column": HEADER.index(FIGURE) + 1,
    }


def _basis(text: str) -> str:
    """`第21回国勢調査` or `推計人口`."""
    if text == "推計人口":
        return "estimate"
    if folded(text).startswith("第") and text.endswith("回国勢調査"):
        return "census"
    raise Unexpected("「第n回国勢調査」または「推計人口」", "“第n回国勢調査” or “推計人口”")


def _measure(text: str) -> str:
    if text not in MEASURES:
        raise Unexpected(f"{'または'.join(MEASURES)}", f"one of {', '.join(MEASURES)}")
    return text


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("t020100.csv",),
    tables={cube.table: cube.header for cube in (POPULATION_CUBE, HOUSEHOLDS_CUBE)},
    header=HEADER,
    tidy=tidy,
)

PUBLICATION = Publication(
    publisher="/id/org/yokohama-city",
    license="https://creativecommons.org/licenses/by/4.0/",
    attribution="横浜市「行政区別世帯数及び人口の推移」を加工して作成",
    frequency="ANNUAL",
    theme="population-households",
    modified="2024-10-01",
    version="2024",
)

DATA_SETS = (
    of_cube(
        POPULATION_CUBE,
        SOURCE,
        PUBLICATION,
        title=Text("区別人口の推移（1920年〜）", "Population by ward since 1920"),
        description=Text(
            "国勢調査と推計人口による10月1日現在の市と区の人口。区がまだなかった年の値は存在しない（0ではない）。"
            "各値は、その年の区域の版を示す。",
            "Population of the city and its wards on 1 October, from censuses and estimates. There is no value for a "
            "year in which a ward did not exist, which is not zero. Each value names its version of the area.",
        ),
        keywords=(Text("人口", "population"), Text("国勢調査", "census")),
    ),
    of_cube(
        HOUSEHOLDS_CUBE,
        SOURCE,
        PUBLICATION,
        title=Text("区別世帯数の推移（1920年〜）", "Households by ward since 1920"),
        description=Text(
            "国勢調査と推計による10月1日現在の市と区の世帯数。区がまだなかった年の値は存在しない。",
            "Households of the city and its wards on 1 October, from censuses and estimates. There is no value for a "
            "year in which a ward did not exist.",
        ),
        keywords=(Text("世帯", "households"), Text("国勢調査", "census")),
    ),
)
