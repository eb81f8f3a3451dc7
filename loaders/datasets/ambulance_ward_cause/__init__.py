"""横浜市消防局「消防年報」: ambulance transports of 2024 by ward and cause, and those outside the city (市外).

The file writes wards without 区. Outside is a code of its own: it is no area of the city.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.errors import Problem, Refused, Text
from loaders.fetch import SourceFile
from loaders.layouts.grid import Grid, of_rows, read_json, refusing
from loaders.layouts.spread import Key, by_row, figures, side_by_side
from loaders.layouts.spread import Spread as Columns
from loaders.statistics import Cube, Spread, Sum
from loaders.terms import SDMX_ATTRIBUTE
from loaders.text import count

WARD, OUTSIDE, YEAR = "区", "市外", "2024"
CAUSES = {
    "合計": "TOTAL", "急病": "acute-illness", "一般負傷": "injury", "交通事故": "traffic-accident",
    "転院搬送": "hospital-transfer", "自損行為": "self-harm", "加害": "assault", "労働災害": "work-accident",
    "運動競技": "sports", "火災": "fire", "水難": "water-accident", "医師搬送": "physician-transport",
    "資器材等": "equipment-transport", "自然災害": "natural-disaster", "その他": "other",
}  # fmt: skip

CUBE = Cube(
    id="ambulance-ward-cause",
    source_id="ambulance-ward-cause",
    source_header=tuple(CAUSES),
    attributes={SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/transport")},
    sums=(Sum("ambulanceCause", "TOTAL", measure="ambulanceTransports"),),
    spread=Spread("ambulanceCause", {code: place for place, code in enumerate(CAUSES.values())}),
    place="/{column}",
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    return {CUBE.table: CUBE.tidy(row for file in files for row in refusing(_rows(file, given.areas)))}


def _rows(file: SourceFile, known: Gazetteer) -> Iterator[dict[str, object]]:
    grid = _grid(file, read_json(file.path))
    columns = Columns(
        keys={WARD: Key("refArea", lambda name: "outside" if name == OUTSIDE else known.ward(f"{name}{WARD}"))},
        figures={name: {"ambulanceCause": code} for name, code in CAUSES.items()},
    )
    for found in by_row(figures(grid, columns)):
        yield {
            "refArea": found[0].codes["refArea"],
            "refPeriod": YEAR,
            "source": f"{file.name}#/rows/{grid.cell(found[0].row, 1)}",
            **side_by_side(found, "ambulanceCause", file.name, count),
            "column": 0,  # a JSON array: its members count from 0
        }


def _grid(file: SourceFile, content: Any) -> Grid:
    if not (isinstance(content, dict) and list(content) == ["cols", "rows"] and isinstance(content["rows"], dict)):
        expected = Text("列名 cols と、区ごとの値 rows", "the members cols (names) and rows (figures by ward)")
        raise Refused([Problem(file.name, expected, str(content)[:100])])
    return of_rows(file.name, (WARD, *content["cols"]), [(ward, *row) for ward, row in content["rows"].items()])


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=("ems_transport_by_ward_type_2024.json",),
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
            attribution="横浜市消防局「消防年報」を加工して作成",
            frequency="ANNUAL",
            theme="justice-safety",
            modified="2024-12-31",
            version="2024",
            license_stated=False,
        ),
        title=Text("区別・事故種別の救急搬送（2024年）", "Ambulance transports by ward and cause in 2024"),
        description=Text(
            "2024年の救急搬送を区別・事故種別に示す。市外での搬送は、区とは別のコードにしている。",
            "Ambulance transports of 2024 by ward and cause. Those outside the city have a code of their own.",
        ),
        keywords=(Text("救急", "ambulance"), Text("消防", "fire service")),
    ),
)
