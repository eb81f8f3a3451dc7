"""Facilities by ward and type, counted from the facility data of this service.

The list of shelters is complete for the city, so a ward that it gives no facility of a type has none: that is a zero.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.datasets import disaster_shelters as shelters
from loaders.errors import Text
from loaders.fetch import SourceFile
from loaders.statistics import Cube, Sum
from loaders.table import Table
from loaders.terms import DCT, SDMX_ATTRIBUTE

CITY = "141003"
DAY = "2026-04"

CUBE = Cube(
    id="facility-count",
    source_id="facility-count",
    source_header=shelters.HEADER,
    attributes={
        SDMX_ATTRIBUTE.unitMeasure: URIRef("/code/unit/facility"),
        DCT.source: URIRef("/id/dataset/disaster-shelters"),
    },
    sums=(Sum("refArea", CITY, measure="facilityCount"),),
    # A count has no cell of its own: it was taken over the column of wards (RFC 7111).
    place="#col={column}",
)


def tidy(files: list[SourceFile], given: Given) -> Tables:
    known = Given(given.areas, shelters.SOURCE.registry())
    table = shelters.tidy(files, known)[shelters.TABLE]
    return {CUBE.table: CUBE.tidy(_rows(table, given.areas))}


def _rows(table: Table, areas: Gazetteer) -> Iterator[dict[str, object]]:
    counted = Counter((area, row["type"]) for row in table for area in (CITY, row["ward"]))
    places = [area.code for area in areas.areas.values() if area.level in {"designated-city", "ward"}]
    types = [type_ for type_, _prefix in shelters.TYPES.values()]
    for place in places:
        for type_ in types:
            yield {
                "refArea": place,
                "refPeriod": DAY,
                "facilityType": type_,
                "facilityCount": counted[place, type_],
                "source": next(row["source"] for row in table),
                "row": 1,
                "column": shelters.HEADER.index(shelters.WARD) + 1,
            }


SOURCE = Source(
    folder=Path(__file__).parent,
    patterns=shelters.SOURCE.patterns,
    tables={CUBE.table: CUBE.header},
    header=shelters.HEADER,
    tidy=tidy,
)

DATA_SETS = (
    of_cube(
        CUBE,
        SOURCE,
        Publication(
            publisher="/id/org/yokohama-city",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="横浜市「地域防災拠点・帰宅困難者一時滞在施設」を加工して作成",
            frequency="IRREG",
            theme="justice-safety",
            modified="2026-04-01",
            version="2026-04",
        ),
        title=Text("区別・種類別の施設数", "Facilities by ward and type"),
        description=Text(
            "地域防災拠点と帰宅困難者一時滞在施設の数。施設のデータから数えたもの。位置の誤りのため公開していない施設も数に含む。",
            "Community disaster bases and shelters for stranded commuters, counted from the facility data, with those "
            "that are not published because their position is wrong.",
        ),
        keywords=(Text("施設数", "facility counts"), Text("防災", "disaster prevention")),
    ),
)
