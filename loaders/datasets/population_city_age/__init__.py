"""横浜市の男女別・各歳別人口, 1920 to 1992: census years, and from 1976 estimates of 1 January.

The file gives years, not dates. A label with 国勢調査, and every year up to 1975, is a census of 1 October: its totals
are those of the city's own table of censuses. The other years are estimates of 1 January, as 昭和64年
shows, an era year of seven days. The figures leave out people of unknown age from 1975 on (and in 1950 and 1955): ages
do not add up to the total, and the difference is not filled in.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.dates import era_year
from loaders.errors import Text, Unexpected
from loaders.fetch import SourceFile
from loaders.layouts.codes import age, sex
from loaders.layouts.grid import Grid, of_table, refusing
from loaders.layouts.spread import Figure, Key, by_row, figures, side_by_side
from loaders.layouts.spread import Spread as Columns
from loaders.statistics import Cube, Spread, Sum
from loaders.table import read_csv
from loaders.terms import SDMX_ATTRIBUTE
from loaders.text import count

YEAR, SEX, TOTAL = "年", "男女別", "総数"
AGES = (*map(str, range(100)), "100歳以上")
HEADER = (YEAR, SEX, TOTAL, *AGES)
CITY = "141003"
CENSUS = "国勢調査"
LAST_CENSUS_WITHOUT_LABEL = 1975

CUBE = Cube(
    id="population-city-age",
    source_id="population-city-age",
    source_header=HEADER,
    attributes={SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/person")},
    sums=(Sum("sex", "T", ("M", "F")),),
    spread=Spread("age", {age(column): place for place, column in enumerate((TOTAL, *AGES))}),
)
COLUMNS = Columns(
    keys={YEAR: Key("year", str.strip), SEX: Key("sex", sex)},
    figures={column: {"age": age(column)} for column in (TOTAL, *AGES)},
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    grids = [of_table(read_csv(file.path, HEADER)) for file in files]
    return {CUBE.table: CUBE.tidy(row for grid in grids for row in refusing(_rows(grid, given.areas)))}


def _rows(grid: Grid, known: Gazetteer) -> Iterator[dict[str, object]]:
    for cells in by_row(figures(grid, COLUMNS)):
        yield _row(grid, known, cells[0].row, cells)


def _row(grid: Grid, known: Gazetteer, row: int, cells: list[Figure]) -> dict[str, object]:
    day, basis = grid.read(row, 1, dated)
    return {
        "refArea": CITY,
        "refPeriod": f"{day:%Y-%m}",
        "sex": cells[0].codes["sex"],
        "populationBasis": basis,
        "refAreaVersion": grid.read(row, 1, lambda _: known.version_on(CITY, day)).issued,
        "obsStatus": "A" if basis == "census" else "P",
        "source": grid.source,
        **side_by_side(cells, "age", grid.name, count),
    }


def dated(label: str) -> tuple[date, str]:
    """The day and the basis that a year's label stands for.

    >>> dated("昭和55年国勢調査"), dated("昭和64年")
    ((datetime.date(1980, 10, 1), 'census'), (datetime.date(1989, 1, 1), 'estimate'))
    """
    match = re.fullmatch(rf"(.+年)({CENSUS})?", label)
    if match is None:
        raise Unexpected(f"元号の年、または年と「{CENSUS}」", f"an era year, or one followed by {CENSUS}")
    year = era_year(match[1])
    if match[2] or year <= LAST_CENSUS_WITHOUT_LABEL:
        return date(year, 10, 1), "census"
    return date(year, 1, 1), "estimate"


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("ayumi.csv",),
    tables={CUBE.table: CUBE.header},
    header=HEADER,
    tidy=tidy,
)

DATA_SETS = (
    of_cube(
        CUBE,
        SOURCE,
        Publication(
            publisher="/id/org/yokohama-city",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="横浜市の統計を加工して作成",
            frequency="NEVER",
            theme="population-households",
            modified="1992-01-01",
            version="1992",
            license_stated=False,
        ),
        title=Text(
            "横浜市の男女別・各歳別人口（1920〜1992年）",
            "Population of Yokohama by sex and single year of age, 1920–1992",
        ),
        description=Text(
            "国勢調査（10月1日）と推計（1976年から、1月1日）による市全体の男女別・各歳別人口。元の表は日付を示しておらず、"
            "国勢調査の値との一致などから定めた。年齢不詳を含まないため、各歳の合計は総数に一致しない年がある。",
            "Population of the city by sex and single year of age from censuses (1 October) and estimates (from 1976, "
            "1 January). The source gives no dates: they follow from its agreement with the censuses. Age not stated "
            "is left out, so in some years the ages do not add up to the total.",
        ),
        keywords=(Text("人口", "population"), Text("国勢調査", "census"), Text("年齢", "age")),
    ),
)
