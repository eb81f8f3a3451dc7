"""One-person households (単独世帯) by town, from the census of 2020.

The file names neither its origin nor its date: its sum is that of the census of 1 October 2020. The points that it
gives for towns are left out, the areas have their own.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.datasets import areas
from loaders.errors import Text, Unexpected
from loaders.fetch import SourceFile
from loaders.statistics import Cube
from loaders.table import Row, read_csv, read_rows
from loaders.terms import SDMX_ATTRIBUTE, YK
from loaders.text import count
from loaders.towns import Towns, of_registry

ADDRESS, FIGURE = "address", "singleHousehold"
HEADER = (ADDRESS, "lng", "lat", FIGURE)
CENSUS_DAY = "2020-10"

CUBE = Cube(
    id="one-person-households-town",
    source_id="one-person-households-town",
    source_header=HEADER,
    attributes={
        SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/household"),
        YK.populationBasis: URIRef("/code/population-basis/census"),
    },
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    towns = of_registry(areas.SOURCE.registry())
    tables = [read_csv(file.path, HEADER) for file in files]
    return {CUBE.table: CUBE.tidy(read_rows(tables, lambda row: _row(row, given.areas, towns)))}


def _row(row: Row, known: Gazetteer, towns: Towns) -> Iterator[dict[str, object]]:
    yield {
        "refArea": row.read(ADDRESS, lambda text: _town(text, known, towns)),
        "refPeriod": CENSUS_DAY,
        "householdType": "one-person",
        "households": row.read(FIGURE, count),
        "source": row.table.file,
        "row": row.number,
        "column": HEADER.index(FIGURE) + 1,
    }


def _town(address: str, known: Gazetteer, towns: Towns) -> str:
    """The key of the town of `横浜市都筑区あゆみが丘`. Three names of towns occur in two wards."""
    match = re.fullmatch("横浜市(.+?区)(.+)", address)
    if match is None:
        raise Unexpected("「横浜市」・区・町の順の住所", "an address of 横浜市, ward and town")
    return towns.key(known.ward(match[1]), match[2])


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("census2020_town_single_households.csv",),
    tables={CUBE.table: CUBE.header},
    header=HEADER,
    tidy=tidy,
)

DATA_SETS = (
    of_cube(
        CUBE,
        SOURCE,
        Publication(
            publisher="/id/org/mic",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="総務省統計局「令和2年国勢調査」（e-Stat）によるとみられる値を加工して作成",
            frequency="NEVER",
            theme="population-households",
            modified="2020-10-01",
            version="2020",
            license_stated=False,
        ),
        title=Text("町別の単独世帯数（2020年国勢調査）", "One-person households by town (census of 2020)"),
        description=Text(
            "単独世帯の数を町別に示す。元のファイルに出典と日付の記載はないが、市の合計698,721世帯が2020年国勢調査に合うため、"
            "その値とみなしている。",
            "One-person households by town. The file names neither origin nor date; its sum for the city, 698,721, "
            "fits the census of 2020, so its figures are taken for those of the census.",
        ),
        keywords=(Text("単独世帯", "one-person households"), Text("国勢調査", "census")),
    ),
)
