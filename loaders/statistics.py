"""Statistics: tidy tables → observations of RDF Data Cubes.

How to add a cube, in the order in which people do it:

1. Write its structure in `ontology/structures/` as `</id/dsd/my-cube>`: dimensions in the order in which their
   notations form an observation's IRI, the measure, the attributes. A component's local name names its column.
2. Name the cube: `MY_CUBE = Cube(id="my-cube", source_id="my-folder", …)`. The `Source` lists its tidy table:
   `tables={MY_CUBE.table: MY_CUBE.header}`.
3. Write `tidy(files, given)`, which reads the publisher's files and gives `MY_CUBE.tidy(rows)`. A row is a mapping
   from column to cell: notations of codes (`141011`, `2024-01`, `F`, `Y0`), the figure, and where it stands in the
   publisher's file: `source` (file name), `row` and `column` (both from 1, the header is row 1). A column that is left
   out is an empty cell.
4. `DATA_SETS = (of_cube(MY_CUBE, SOURCE, PUBLICATION, title=…, …),)`.

What comes after is the same for all cubes: figures, codes and keys are checked, so are the sums that the cube
declares, each fault is named by file, row and column of the publisher's file, and the columns become
`cubes/my-cube.parquet` and triples that say the same.

**Wide tables.** Where the publisher has one column per age, the tidy table may have so too, which is much smaller:
`spread=Spread("age", {"TOTAL": 0, "Y0": 1, …})` says that the column `Y0` holds the figure for that age, and that in
the publisher's file it stands one column to the right of the cell which the row names (`along="row"`: one row below).

**No figure is not zero.** A cell of a measure holds a number or one of `markers`, the publisher's signs: `{"-":
MISSING, "X": SUPPRESSED, "": NO_OBSERVATION}`. A marker gives the attributes of an observation without a figure; None
means that there is no observation at all. Blanks around a marker do not count. An empty cell has to be named too.
`figure(text, parse, markers)` keeps a marker and parses anything else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from rdflib import URIRef
from rdflib.term import Node

from loaders.rdf import Triple
from loaders.structures import TRACE_COLUMNS, Component, Structure, structure
from loaders.table import Table
from loaders.terms import QB, RDF

Marker = Mapping[str, str] | None
MISSING: Marker = {"obsStatus": "M"}
SUPPRESSED: Marker = {"obsStatus": "M", "confStatus": "C"}
NO_OBSERVATION: Marker = None
BLANKS = " \t\u3000"


@dataclass(frozen=True)
class Sum:
    """In each group of observations alike in all other dimensions, `parts` add up to `total`.

    `parts` empty means every value of the dimension but the total. Groups without the total, without any part or
    with a part that has no figure are not compared: in 1920 there were no wards.
    """

    dimension: str
    total: str
    parts: tuple[str, ...] = ()
    measure: str = "population"


@dataclass(frozen=True)
class Spread:
    """A dimension whose values are columns of the tidy table: notation → cells from the one that the row names."""

    dimension: str
    cells: Mapping[str, int]
    along: Literal["column", "row"] = "column"


@dataclass(frozen=True)
class Cube:
    """The observations of one qb:DataSet.

    `attributes` hold for all of them (attached to the data set). `source_header` is the header of the publisher's file,
    so that a cell's column number has a name in reports. `place` leads from the file to a cell: RFC 7111 for tables,
    RFC 6901 for JSON, RFC 5147 for text. The `source` of a row may begin it, as `ages.xlsx#sheet=2` does.
    """

    id: str
    source_id: str
    attributes: Mapping[URIRef, Node]
    source_header: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    markers: Mapping[str, Marker] = field(default_factory=dict)
    spread: Spread | None = None
    place: str = "#cell={row},{column}"

    def __post_init__(self) -> None:
        """A spread table has one column per code, so there is one measure for its cells."""
        if self.spread and len(self.structure.measures) != 1:
            raise ValueError(f"{self.id}: a spread table holds one measure, not {self.structure.measures}")
        known = {each.name for each in self.structure.on_observation if each.kind == "attribute"}
        unknown = {name for marker in self.markers.values() for name in marker or ()} - known
        if unknown:
            raise ValueError(f"{self.id}: the structure has no attribute {sorted(unknown)} for a marker")

    @property
    def structure(self) -> Structure:
        return structure(self.id)

    @property
    def iri(self) -> URIRef:
        return URIRef(f"/id/dataset/{self.id}")

    @property
    def table(self) -> str:
        """The name of the tidy table that holds the observations."""
        return f"{self.id}.csv"

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of the tidy table."""
        if self.spread is None:
            return self.structure.columns
        gone = {self.spread.dimension, *self.structure.measures}
        kept = tuple(each.name for each in self.structure.on_observation if each.name not in gone)
        return (*kept, *TRACE_COLUMNS, *self.spread.cells)

    def tidy(self, rows: Iterable[Mapping[str, object]]) -> Table:
        """Rows given by column name as the tidy table; a missing column is an empty cell."""
        header = self.header
        return Table(self.table, header, tuple(tuple(str(row.get(column, "")) for column in header) for row in rows))

    def about(self) -> Iterator[Triple]:
        """What is said of the data set as a cube."""
        yield self.iri, RDF.type, QB.DataSet
        yield self.iri, QB.structure, self.structure.iri
        for attribute, value in self.attributes.items():
            yield self.iri, attribute, value


def figure(text: str, parse: Callable[[str], object], markers: Mapping[str, Marker]) -> str:
    """The marker if the cell holds one, otherwise the parsed number."""
    stripped = text.strip(BLANKS)
    return stripped if stripped in markers else str(parse(text))


# Areas and periods are too many to list in Turtle: their IRIs follow from the notation. The longest prefix counts.
_MINTED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("/code/area/collection/versions", ("refArea", "refAreaVersion"), "/id/area/{}/version/{}"),
    ("/code/area", (), "/id/area/{}"),
    ("/code/period", (), "/id/period/{}"),
)


def minted(component: Component) -> tuple[tuple[str, ...], str] | None:
    """The columns that an IRI is made of and its pattern, for values that no code list names one by one."""
    for prefix, columns, pattern in _MINTED:
        if component.codes is not None and component.codes.startswith(prefix):
            return columns or (component.name,), pattern
    return None
