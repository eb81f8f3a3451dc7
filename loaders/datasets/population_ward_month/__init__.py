"""横浜市「男女別人口及び世帯数－行政区」: estimated population by sex and households, one file a month.

A file has 19 rows: the city, then the wards in the city's own order. The figures are estimates: the last census
brought forward with births, deaths and moves. On 2025-10-01 the base changed to the 2025 census, so figures from
then on do not continue the earlier ones.
"""

from collections.abc import Iterator
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.dates import first_of_month
from loaders.errors import Problem, Refused, Text
from loaders.fetch import SourceFile
from loaders.statistics import Cube, Sum
from loaders.table import BadCell, Row, Table, read_csv, read_rows
from loaders.terms import SDMX_ATTRIBUTE, YK
from loaders.text import count, folded

DATE, CODE, NAME = "年月日", "全国地方公共団体コード", "市区名"
HOUSEHOLDS = "世帯数［世帯］"
POPULATION = {"T": "人口総数［人］", "M": "男［人］", "F": "女［人］"}
# Derived from the others, or (area) a property of the area and not of its people.
LEFT_OUT = (
    "面積［平方キロメートル］",
    "１世帯当たり人員［人］",
    "人口密度［人／平方キロメートル］",
    "届出による前月比増減の世帯数［世帯］",
    "届出による前月比増減の人口［人］",
)
HEADER = (DATE, CODE, NAME, LEFT_OUT[0], HOUSEHOLDS, *POPULATION.values(), *LEFT_OUT[1:])
PROVISIONAL, BREAK = "P", "B"
# The months of which the figures start from a new census and do not continue those before.
REBASED = ("2025-10",)
CITY = "141003"

POPULATION_CUBE = Cube(
    id="population-ward-month",
    source_id="population-ward-month",
    source_header=HEADER,
    attributes={
        SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/person"),
        YK.populationBasis: URIRef("/code/population-basis/estimate"),
    },
    sums=(Sum("refArea", CITY), Sum("sex", "T", ("M", "F"))),
)
HOUSEHOLDS_CUBE = Cube(
    id="households-ward-month",
    source_id="population-ward-month",
    source_header=HEADER,
    attributes={**POPULATION_CUBE.attributes, SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/household")},
    sums=(Sum("refArea", CITY, measure="households"),),
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    tables = [read_csv(file.path, HEADER) for file in files]
    population = read_rows(tables, lambda row: _population(row, given.areas))
    households = read_rows(tables, lambda row: [_households(row, given.areas)])
    for table in tables:
        _all_areas(table, given.areas)
    return {
        POPULATION_CUBE.table: POPULATION_CUBE.tidy(population),
        HOUSEHOLDS_CUBE.table: HOUSEHOLDS_CUBE.tidy(households),
    }


def _all_areas(table: Table, areas: Gazetteer) -> None:
    """A file that was cut off between two rows still has whole rows: only the missing wards tell."""
    expected = {area.code for area in areas.areas.values() if area.level != "prefecture"}
    missing = expected - {folded(row[CODE]) for row in table}
    if missing:
        names = "・".join(areas.named(code) for code in sorted(missing))
        wanted = Text(
            f"市と18区の行（ない: {names}）",
            f"a row for the city and each of the 18 wards (missing: {names})",
        )
        raise Refused([Problem(table.file, wanted, row=len(table.rows) + 1, column=CODE)])


def _cell(row: Row, areas: Gazetteer, column: str) -> dict[str, object]:
    """Where and when a figure holds, and the cell that it stands in."""
    code = row.read(CODE, lambda text: areas.code(folded(text)))
    if row[NAME] != areas.named(code):
        name = areas.named(code)
        raise BadCell(row.problem(NAME, Text(f"コード {code} の名称「{name}」", f"“{name}”, the name of {code}")))
    month = row.read(DATE, first_of_month)
    return {
        "refArea": code,
        "refPeriod": month,
        "obsStatus": BREAK if month in REBASED else PROVISIONAL,
        "source": row.table.file,
        "row": row.number,
        "column": HEADER.index(column) + 1,
    }


def _population(row: Row, areas: Gazetteer) -> Iterator[dict[str, object]]:
    for sex, column in POPULATION.items():
        figure = row.read(column, count)
        yield {**_cell(row, areas, column), "sex": sex, "age": "TOTAL", "population": figure}


def _households(row: Row, areas: Gazetteer) -> dict[str, object]:
    return {**_cell(row, areas, HOUSEHOLDS), "households": row.read(HOUSEHOLDS, count)}


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("e1yokohama[0-9][0-9][0-9][0-9].csv",),
    tables={cube.table: cube.header for cube in (POPULATION_CUBE, HOUSEHOLDS_CUBE)},
    header=HEADER,
    tidy=tidy,
)

PUBLICATION = Publication(
    publisher="/id/org/yokohama-city",
    license="https://creativecommons.org/licenses/by/4.0/",
    attribution="横浜市「男女別人口及び世帯数－行政区」を加工して作成",
    frequency="MONTHLY",
    theme="population-households",
    modified="2026-08-01",
    version="2026-08",
)

DATA_SETS = (
    of_cube(
        POPULATION_CUBE,
        SOURCE,
        PUBLICATION,
        title=Text("区別・男女別人口（月次、推計）", "Population by ward and sex (monthly estimates)"),
        description=Text(
            "各月1日現在の推計人口を市と18区、男女別に示す。2025年10月1日に2025年国勢調査を基準とする値に"
            "切り替わったため、その前後は連続しない。",
            "Estimated population on the first day of the month for the city and its 18 wards, by sex. On 2025-10-01 "
            "the base changed to the 2025 census: figures before and after do not form one series.",
        ),
        keywords=(Text("人口", "population"), Text("推計人口", "population estimates")),
    ),
    of_cube(
        HOUSEHOLDS_CUBE,
        SOURCE,
        PUBLICATION,
        title=Text("区別世帯数（月次、推計）", "Households by ward (monthly estimates)"),
        description=Text(
            "各月1日現在の世帯数を市と18区について示す。2025年10月1日に基準が切り替わった。",
            "Households on the first day of the month for the city and its 18 wards. The base changed on 2025-10-01.",
        ),
        keywords=(Text("世帯", "households"),),
    ),
)
