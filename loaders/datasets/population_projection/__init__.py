"""横浜市将来人口推計: projections by ward, sex and single year of age, of the editions of 2023 and of 2017.

Both editions are the medium variant. The wards end at 105 years and over, the city and the older edition at 100.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.errors import Text
from loaders.fetch import SourceFile
from loaders.layouts import projection
from loaders.layouts.grid import parsed, refusing
from loaders.layouts.projection import Projection
from loaders.layouts.spread import by_row, side_by_side
from loaders.statistics import Cube, Spread, Sum
from loaders.terms import SDMX_ATTRIBUTE, YK
from loaders.text import count

FORECAST, VARIANT = "F", "medium"


def _cube(edition: str, place: str) -> Cube:
    id_ = f"population-projection-{edition}"
    return Cube(
        id=id_,
        source_id="population-projection",
        attributes={
            SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/person"),
            YK.populationBasis: URIRef("/code/population-basis/projection"),
        },
        sums=(Sum("sex", "T", ("M", "F")), Sum("age", "TOTAL")),
        spread=Spread("sex", {"T": 0, "M": 1, "F": 2}),
        place=place,
    )


CUBES = {"2023": _cube("2023", "#/kakusai_betsu/{row}/{column}"), "2017": _cube("2017", "#/{row}/{column}")}


def tidy(files: list[SourceFile], given: Given) -> Tables:
    rows: dict[str, list[dict[str, object]]] = {edition: [] for edition in CUBES}
    for file, found in refusing((file, projection.read(file.path)) for file in files):
        rows[found.edition] += refusing(_rows(file, found, given.areas))
    return {cube.table: cube.tidy(rows[edition]) for edition, cube in CUBES.items()}


def _rows(file: SourceFile, found: Projection, known: Gazetteer) -> Iterator[dict[str, object]]:
    area = parsed(file.name, found.area, known.city_or_ward)
    for figures in by_row(found.figures):
        yield {
            "refArea": area,
            "refPeriod": str(found.year),
            "age": figures[0].codes["age"],
            "projectionVariant": VARIANT,
            "obsStatus": FORECAST,
            "source": file.name,
            **side_by_side(figures, "sex", file.name, count),
        }


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("*-suikei.json",),
    tables={cube.table: cube.header for cube in CUBES.values()},
    tidy=tidy,
)


def _publication(edition: str, modified: str) -> Publication:
    return Publication(
        publisher="/id/org/yokohama-city",
        license="https://creativecommons.org/licenses/by/4.0/",
        attribution="横浜市「横浜市将来人口推計」を加工して作成",
        frequency="IRREG",
        theme="population-households",
        modified=modified,
        version=edition,
        license_stated=False,
    )


KEYWORDS = (Text("将来推計人口", "population projection"), Text("年齢", "age"))

DATA_SETS = (
    replace(
        of_cube(
            CUBES["2023"],
            SOURCE,
            _publication("2023", "2024-04-10"),
            title=Text(
                "区別・男女別・各歳別の将来推計人口（令和5年推計）",
                "Population projections by ward, sex and single year of age (edition of 2023)",
            ),
            description=Text(
                "2030年・2040年・2050年・2070年の将来推計人口（中位推計）を区別・男女別・各歳別に示す。市全体は2050年まで、"
                "泉区の2050年と栄区の2070年は元のファイルがない。予測であり、観測された値ではない。",
                "Projected population (medium variant) in 2030, 2040, 2050 and 2070 by ward, sex and single year of "
                "age; for the city up to 2050. There was no file of Izumi for 2050 and of Sakae for 2070.",
            ),
            keywords=KEYWORDS,
        ),
        files=("[a-n]*-suikei.json", "[p-z]*-suikei.json"),
    ),
    replace(
        of_cube(
            CUBES["2017"],
            SOURCE,
            _publication("2017", "2017-12-01"),
            title=Text(
                "西区の男女別・各歳別の将来推計人口（平成29年推計）",
                "Population projection of Nishi ward by sex and single year of age (edition of 2017)",
            ),
            description=Text(
                "2015年国勢調査を基準に2017年に公表された前の推計による、西区の2025年の将来推計人口。新しい推計とは別の系列。",
                "The earlier projection, published in 2017 on the base of the census of 2015, for Nishi ward in 2025. "
                "It is a series of its own.",
            ),
            keywords=KEYWORDS,
        ),
        files=("old-*-suikei.json",),
    ),
)
