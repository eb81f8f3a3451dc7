"""Population and children under five by ward, about July 2014, from a file that a workshop used.

The file states neither date, nor basis, nor licence: it is read from the publishers' files (`--source`) and not
embedded. The first column numbers the wards in the city's order and the last is worked out from the others.
"""

from collections.abc import Iterator
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.errors import Text
from loaders.fetch import SourceFile
from loaders.statistics import Cube, Spread
from loaders.table import Row, read_csv, read_rows
from loaders.terms import SDMX_ATTRIBUTE, YK
from loaders.text import count
from loaders.towns import town_name

WARD, TOTAL, CHILDREN = "city", "jinkou", "0_4jinkou"
HEADER = ("ID", WARD, TOTAL, CHILDREN, "hiritsu")
YEAR = "2014"

CUBE = Cube(
    id="population-ward-2014",
    source_id="population-ward-2014",
    source_header=HEADER,
    attributes={
        SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/person"),
        YK.populationBasis: URIRef("/code/population-basis/not-stated"),
    },
    spread=Spread("age", {"TOTAL": 0, "Y0T4": 1}),
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    tables = [read_csv(file.path, HEADER) for file in files]
    return {CUBE.table: CUBE.tidy(read_rows(tables, lambda row: _row(row, given.areas)))}


def _row(row: Row, areas: Gazetteer) -> Iterator[dict[str, object]]:
    yield {
        "refArea": row.read(WARD, lambda name: areas.ward(town_name(name))),
        "refPeriod": YEAR,
        "sex": "T",
        "TOTAL": row.read(TOTAL, count),
        "Y0T4": row.read(CHILDREN, count),
        "source": row.table.file,
        "row": row.number,
        "column": HEADER.index(TOTAL) + 1,
    }


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("jinkou_2014_ward_0-4.csv",),
    tables={CUBE.table: CUBE.header},
    header=HEADER,
    tidy=tidy,
    embedded=False,
)

DATA_SETS = (
    of_cube(
        CUBE,
        SOURCE,
        Publication(
            publisher="/id/org/yokohama-city",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="横浜市の統計によるとみられる値を加工して作成",
            frequency="NEVER",
            theme="population-households",
            modified="2014-07-01",
            version="2014",
        ),
        title=Text("区別の人口と0〜4歳人口（2014年ごろ）", "Population and children under five by ward, about 2014"),
        description=Text(
            "2014年ごろの人口と0〜4歳の人口を区別に示す。元のファイルに日付と人口の種類の記載はない。",
            "Population and children under five by ward, about 2014. The file states neither its date nor its basis.",
        ),
        keywords=(Text("人口", "population"), Text("子ども", "children")),
    ),
)
