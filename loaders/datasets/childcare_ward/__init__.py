"""横浜市「保育所等利用状況」: children in childcare and on hold (保留児童) by ward, on 1 April 2026.

Only the published counts are taken: the ratios and the comparison were worked out by the repository.
"""

from collections.abc import Iterator
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.dates import first_of_month
from loaders.errors import Text
from loaders.fetch import SourceFile
from loaders.statistics import Cube, Spread
from loaders.table import BadCell, Row, read_csv, read_rows
from loaders.terms import SDMX_ATTRIBUTE
from loaders.text import count

DATE, CODE, WARD = "日付", "区コード", "区"
ON_HOLD, ENROLLED = "保留児童数", "利用児童数"
LEFT_OUT = ("申請者数_利用と保留の和", "保留割合_パーセント", "前年保留割合_パーセント", "市全体との比較")
HEADER = (DATE, CODE, WARD, ON_HOLD, ENROLLED, *LEFT_OUT)

CUBE = Cube(
    id="childcare-ward",
    source_id="childcare-ward",
    source_header=HEADER,
    attributes={SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/person")},
    spread=Spread("childcareStatus", {"on-hold": 0, "enrolled": 1}),
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    tables = [read_csv(file.path, HEADER) for file in files]
    return {CUBE.table: CUBE.tidy(read_rows(tables, lambda row: _row(row, given.areas)))}


def _row(row: Row, areas: Gazetteer) -> Iterator[dict[str, object]]:
    code = row.read(CODE, areas.code)
    if row[WARD] != areas.named(code):
        name = areas.named(code)
        raise BadCell(row.problem(WARD, Text(f"コード {code} の名称「{name}」", f"“{name}”, the name of {code}")))
    yield {
        "refArea": code,
        "refPeriod": row.read(DATE, first_of_month),
        "on-hold": row.read(ON_HOLD, count),
        "enrolled": row.read(ENROLLED, count),
        "source": row.table.file,
        "row": row.number,
        "column": HEADER.index(ON_HOLD) + 1,
    }


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("childcare-20[0-9][0-9].csv",),
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
            attribution="横浜市「令和8年4月1日現在の保育所等利用状況」を加工して作成",
            frequency="ANNUAL",
            theme="health-welfare",
            modified="2026-04-01",
            version="2026-04",
            license_stated=False,
        ),
        title=Text("区別の保育所等の利用児童数・保留児童数", "Children in childcare and on hold by ward"),
        description=Text(
            "2026年4月1日現在の保育所等の利用児童数と保留児童数を区別に示す。保留児童は、国の定義による待機児童とは異なる。",
            "Children who use a nursery or the like and children on hold on 1 April 2026, by ward. Being on hold is "
            "not the same as being on the waiting list by the national definition.",
        ),
        keywords=(Text("保育所", "childcare"), Text("保留児童", "children on hold")),
    ),
)
