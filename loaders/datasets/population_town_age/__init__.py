"""横浜市「町丁別の年齢（各歳）別・男女別人口」: the resident register by town, sex and single year of age.

Sixteen of the eighteen wards on 30 September 2021: there were no files of Sakae and Izumi. Small towns are suppressed
(X), and sometimes another town with them, so that towns do not add up to their ward. Parts of a town stand below it and
are parts of it in the areas too: adding what is directly part of a ward counts nobody twice.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.datasets import areas
from loaders.errors import Problem, Refused, Text, Unexpected
from loaders.fetch import SourceFile
from loaders.layouts import town_ages
from loaders.layouts.grid import refusing
from loaders.layouts.spread import side_by_side
from loaders.layouts.town_ages import TownRow
from loaders.statistics import Cube, Spread, Sum, figure
from loaders.table import BadCell
from loaders.terms import SDMX_ATTRIBUTE, YK
from loaders.text import count
from loaders.towns import Towns, of_registry

# The edition of 2021: ages to 120 years and over.
LAST_AGE = 120
HEADER = town_ages.header(LAST_AGE)
SUPPRESSED = {"confStatus": "C"}

CUBE = Cube(
    id="population-town-age",
    source_id="population-town-age",
    source_header=HEADER,
    attributes={
        SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/person"),
        YK.populationBasis: URIRef("/code/population-basis/register"),
    },
    sums=(Sum("age", "TOTAL"),),
    markers={"X": SUPPRESSED},
    spread=Spread("age", {age: place for place, age in enumerate(town_ages.columns(LAST_AGE).values())}),
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    towns = of_registry(areas.SOURCE.registry())
    return {CUBE.table: CUBE.tidy(row for file in files for row in refusing(_rows(file, given.areas, towns)))}


def _rows(file: SourceFile, known: Gazetteer, towns: Towns) -> Iterator[dict[str, object]]:
    ward, day = _named(file, known)
    for row in town_ages.read(file.path, known.named(ward)):
        yield {
            "refArea": ward if row.level == "ward" else _town(row, ward, towns, file),
            "refPeriod": day.isoformat(),
            "sex": row.sex,
            "source": file.name,
            **side_by_side(row.figures, "age", file.name, _figure),
        }


def _figure(text: str) -> str:
    return figure(text, count, CUBE.markers)


def _town(row: TownRow, ward: str, towns: Towns, file: SourceFile) -> str:
    try:
        return towns.key(ward, row.town)
    except Unexpected as error:
        raise BadCell(Problem(file.name, error.expected, row.town, row.row, town_ages.TOWN)) from error


def _named(file: SourceFile, known: Gazetteer) -> tuple[str, date]:
    """Ward and date from a file name such as `aoba2109.csv`: the last day of September 2021."""
    match = re.fullmatch(r"([a-z]+)([0-9]{2})([0-9]{2})\.csv", file.name)
    wards = {area.en.removesuffix("-ku").lower(): area.code for area in known.areas.values() if area.level == "ward"}
    if match is None or match[1] not in wards:
        expected = Text(
            "区のローマ字と年月（例: aoba2109.csv）の名前", "a name such as aoba2109.csv: ward, year, month"
        )
        raise Refused([Problem(file.name, expected)])
    return wards[match[1]], month_end(match[2], match[3])


def month_end(year: str, month: str) -> date:
    """The last day of a month, with two digits for the year: the files begin in the 1990s.

    >>> month_end("98", "09").isoformat(), month_end("21", "09").isoformat()
    ('1998-09-30', '2021-09-30')
    """
    full = int(year) + (1900 if year >= "70" else 2000)
    return date(full, int(month), monthrange(full, int(month))[1])


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("[a-z]*2109.csv",),
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
            attribution="横浜市「町丁別の年齢（各歳）別・男女別人口」を加工して作成",
            frequency="BIENNIAL",
            theme="population-households",
            modified="2021-09-30",
            version="2021-09",
            license_stated=False,
        ),
        title=Text(
            "町別・男女別・各歳別人口（住民基本台帳）",
            "Population by town, sex and single year of age (resident register)",
        ),
        description=Text(
            "住民基本台帳による2021年9月30日の人口を、16区とその町について男女別・各歳別に示す（栄区と泉区は元のファイルが"
            "ない）。人口の少ない町は秘匿されており、ゼロではない。秘匿のほかの理由もあり、町の合計は区の値に一致しない。"
            "「うち数」の丁目は町の一部であり、町の値に含まれる。推計人口とは数え方が異なる。",
            "Population on 30 September 2021 by the resident register for 16 wards and their towns, by sex and single "
            "year of age (there were no files of Sakae and Izumi). Small towns are suppressed, which is not zero; for "
            "this and other reasons towns do not add up to their ward. Chome given as “of which” are part of their "
            "town and contained in its figure. The register counts otherwise than the population estimates.",
        ),
        keywords=(Text("人口", "population"), Text("町別", "towns"), Text("年齢", "age")),
    ),
)
