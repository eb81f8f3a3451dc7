"""横浜市「年齢（各歳・５歳階級）別・男女別人口」: estimates for the city and its wards on 1 January.

The workbooks are laid out for print. Groups of five years, broad groups, shares and mean ages follow from the single
years and are left out; groups of five years are first compared with their years. Age not stated is counted apart.
"""

from collections.abc import Iterator
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.errors import Problem, Refused, Text
from loaders.fetch import SourceFile
from loaders.layouts import print_ages
from loaders.layouts.grid import Grid, of_workbook, parsed, refusing
from loaders.layouts.spread import by_row, side_by_side
from loaders.statistics import Cube, Spread, Sum
from loaders.terms import SDMX_ATTRIBUTE, YK
from loaders.text import count

PROVISIONAL = "P"
CITY = "141003"
SHEETS = 19

CUBE = Cube(
    id="population-ward-age",
    source_id="population-ward-age",
    attributes={
        SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/person"),
        YK.populationBasis: URIRef("/code/population-basis/estimate"),
    },
    sums=(Sum("refArea", CITY), Sum("sex", "T", ("M", "F")), Sum("age", "TOTAL")),
    spread=Spread("sex", {"T": 0, "M": 1, "F": 2}),
    place="&cell={row},{column}",
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    rows = [row for file in files for sheet in _sheets(file) for row in refusing(_rows(sheet, given.areas))]
    return {CUBE.table: CUBE.tidy(rows)}


def _sheets(file: SourceFile) -> list[Grid]:
    grids = of_workbook(file.path)
    if len(grids) != SHEETS:
        expected = Text(f"市と18区の{SHEETS}枚のシート", f"{SHEETS} sheets: the city and 18 wards")
        raise Refused([Problem(file.name, expected, str(len(grids)))])
    return grids


def _rows(grid: Grid, known: Gazetteer) -> Iterator[dict[str, object]]:
    sheet = print_ages.read(grid)
    area = parsed(grid.name, sheet.area, known.city_or_ward)
    for figures in by_row(sheet.figures):
        yield {
            "refArea": area,
            "refPeriod": f"{sheet.day:%Y-%m}",
            "age": figures[0].codes["age"],
            "obsStatus": PROVISIONAL,
            "source": grid.source,
            **side_by_side(figures, "sex", grid.name, count),
        }


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("[0-9][0-9]_hyo22.xlsx",),
    tables={CUBE.table: CUBE.header},
    tidy=tidy,
)

DATA_SETS = (
    of_cube(
        CUBE,
        SOURCE,
        Publication(
            publisher="/id/org/yokohama-city",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="横浜市「年齢（各歳・５歳階級）別・男女別人口」を加工して作成",
            frequency="ANNUAL",
            theme="population-households",
            modified="2020-01-01",
            version="2020-01",
            license_stated=False,
        ),
        title=Text("区別・男女別・各歳別人口（推計）", "Population by ward, sex and single year of age (estimates)"),
        description=Text(
            "2003年と2020年の1月1日現在の推計人口を、市と18区について男女別・各歳別に示す。年齢不詳は別に数える。",
            "Estimated population on 1 January 2003 and 2020 for the city and its 18 wards, by sex and single year of "
            "age. People whose age is not stated are counted apart.",
        ),
        keywords=(Text("人口", "population"), Text("年齢", "age")),
    ),
)
