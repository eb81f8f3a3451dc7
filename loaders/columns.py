"""Tidy table of a cube → its cells as columns: one row an observation, codes as small numbers, figures typed.

DuckDB reads the table and holds the columns in a file of the draft, so that memory does not grow with the table. SQL
stands FROM first, as DuckDB allows.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox

from loaders.errors import Text, Unexpected
from loaders.fetch import source_iri
from loaders.rdf import absolute
from loaders.statistics import BLANKS, Cube, Marker, Spread, minted
from loaders.structures import Component, notations
from loaders.table import read_csv

MEMORY = "512MB"
Labels = Callable[[str], Text]


@dataclass(frozen=True)
class Tidy:
    """The tidy table of a cube in `db`, one row an observation: text, but for `row` and `column`.

    `base` is what the IRIs of ours begin with.
    """

    cube: Cube
    db: duckdb.DuckDBPyConnection
    table: str
    base: str

    def select(self, clauses: str) -> list[tuple[Any, ...]]:
        """The rows that `FROM <table> AS cell` with these clauses gives."""
        return self.db.execute(f"FROM {self.table} AS cell {clauses}").fetchall()


@dataclass(frozen=True)
class Frame:
    """The columns of one cube: the table `cells` in `db`, with numbers for codes.

    `codes` has, by the column, the code of each number; numbers begin at 1 and follow the order of the IRIs.
    """

    cube: Cube
    db: duckdb.DuckDBPyConnection
    cells: str
    codes: Mapping[str, Sequence["Code"]]
    rows: int

    def notations(self, column: str) -> set[str]:
        return {code.notation for code in self.codes[column]}


@dataclass(frozen=True)
class Code:
    """A value of a coded column: as the tidy table writes it, and the IRI it means."""

    notation: str
    iri: str


@contextmanager
def workspace(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB database in `folder`, which goes with the draft."""
    folder.mkdir(parents=True, exist_ok=True)
    settings: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": str(folder / "columns.tmp")}
    with duckdb.connect(str(folder / "columns.duckdb"), config=settings) as db:
        yield db


def name(column: str) -> str:
    """An identifier in SQL."""
    return '"' + column.replace('"', '""') + '"'


def string(text: str) -> str:
    """A string in SQL."""
    return "'" + text.replace("'", "''") + "'"


# --- the tidy table, one row an observation ---------------------------------------------------


def read_tidy(db: duckdb.DuckDBPyConnection, cube: Cube, path: Path, base: str) -> Tidy:
    """The tidy table at `path`, with the columns of the structure.

    A marker has been replaced by the attributes that it stands for. Raises Refused when the file is not the table.
    """
    _same_header(cube, path)
    table = name(f"{cube.id} tidy")
    try:
        db.execute(f"CREATE TABLE {table} AS {_marked(cube, _narrow(cube, _csv(cube, path)))}")
    except duckdb.InvalidInputException:
        read_csv(path, cube.header)  # says which row is wrong
        raise
    return Tidy(cube, db, table, base)


def _same_header(cube: Cube, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header = tuple(next(csv.reader(file), ()))
    if header != cube.header:
        read_csv(path, cube.header)  # says what differs


def _csv(cube: Cube, path: Path) -> str:
    columns = ", ".join(f"{string(column)}: 'VARCHAR'" for column in cube.header)
    return (
        f"FROM read_csv({string(str(path))}, header = true, auto_detect = false, strict_mode = true, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{columns}}})"
    )


def _narrow(cube: Cube, source: str) -> str:
    """One row an observation; `row` and `column` are numbers."""
    if cube.spread is None:
        return f'FROM ({source}) SELECT * REPLACE (row::INTEGER AS row, "column"::INTEGER AS "column")'
    spread, measure = cube.spread, name(cube.structure.measures[0])
    kept = [name(column) for column in cube.header if column not in spread.cells]
    cells = f"FROM ({source}) SELECT {', '.join(kept)}, unnest([{_entries(spread)}]) AS cell"
    along = name(spread.along)
    places = {"row": "row::INTEGER AS row", "column": '"column"::INTEGER AS "column"'}
    places[spread.along] = f"{along}::INTEGER + cell.distance AS {along}"
    return (
        f"FROM ({cells}) SELECT * EXCLUDE (cell) REPLACE ({', '.join(places.values())}), "
        f"cell.code AS {name(spread.dimension)}, cell.figure AS {measure}"
    )


def _entries(spread: Spread) -> str:
    return ", ".join(
        f"{{'code': {string(code)}, 'figure': {name(code)}, 'distance': {distance}}}"
        for code, distance in spread.cells.items()
    )


def _marked(cube: Cube, source: str) -> str:
    """Figures without blanks around them; where a marker stands, no figure but the attributes it gives."""
    measures = [name(measure) for measure in cube.structure.measures]
    trimmed = [f"trim(coalesce({measure}, ''), {string(BLANKS)}) AS {measure}" for measure in measures]
    clean = f"FROM ({source}) SELECT * REPLACE ({', '.join(trimmed)})"
    if not cube.markers:
        return clean
    signs = ", ".join(map(string, cube.markers))
    replaced = [f"CASE WHEN {measure} NOT IN ({signs}) THEN {measure} END AS {measure}" for measure in measures]
    given = sorted({attribute for marker in cube.markers.values() for attribute in marker or ()})
    replaced += [f"{_given(attribute, measures, cube.markers)} AS {name(attribute)}" for attribute in given]
    nothing = ", ".join(string(sign) for sign, marker in cube.markers.items() if marker is None)
    kept = " OR ".join(f"{measure} NOT IN ({nothing})" for measure in measures) if nothing else "true"
    return f"FROM ({clean}) SELECT * REPLACE ({', '.join(replaced)}) WHERE {kept}"


def _given(attribute: str, measures: Sequence[str], markers: Mapping[str, Marker]) -> str:
    """The attribute as the marker of a measure gives it, otherwise as the row has it."""
    cases = [
        f"WHEN {measure} = {string(sign)} THEN {string(marker[attribute])}"
        for measure in measures
        for sign, marker in markers.items()
        if marker and attribute in marker
    ]
    return f"CASE {' '.join(cases)} ELSE {name(attribute)} END"


# --- codes as numbers, figures typed ----------------------------------------------------------


def frame(tidy: Tidy, folder: Path) -> Frame:
    """The checked table as a Frame, sorted by the dimensions in the order of the structure."""
    components = tidy.cube.structure.on_observation
    codes: dict[str, Sequence[Code]] = {each.name: _codes(tidy, each) for each in components if each.type == "iri"}
    keys = {each.name: key(each) for each in components} | {"source": "cell.source"}
    codes["source"] = _sources(tidy)
    joins = []
    for number, (column, known) in enumerate(codes.items()):
        table = name(f"{tidy.cube.id} {column}")
        _number(tidy.db, table, known, folder / "codes.csv")
        joins.append(f"LEFT JOIN {table} AS code{number} ON code{number}.notation = {keys[column]}")
    columns = [f"code{number}.number AS {name(column)}" for number, column in enumerate(codes)]
    columns += [
        f"cell.{name(each.name)}::{sql_type(tidy, each)} AS {name(each.name)}"
        for each in components
        if each.type != "iri"
    ]
    cells = name(f"{tidy.cube.id} cells")
    order = ", ".join(name(dimension) for dimension in tidy.cube.structure.dimensions)
    tidy.db.execute(
        f"CREATE TABLE {cells} AS FROM {tidy.table} AS cell {' '.join(joins)} "
        f'SELECT {", ".join(columns)}, cell.row, cell."column" ORDER BY {order}'
    )
    [(rows,)] = tidy.select("SELECT count(*)")
    tidy.db.execute(f"DROP TABLE {tidy.table}")
    return Frame(tidy.cube, tidy.db, cells, codes, rows)


def key(component: Component) -> str:
    """What the component's IRI is made of, as one text in SQL: an area's version needs the area too."""
    made = minted(component)
    columns = made[0] if made else (component.name,)
    return " || '\n' || ".join(f"cell.{name(column)}" for column in columns)


def _codes(tidy: Tidy, component: Component) -> list[Code]:
    codes = (Code(text, code_iri(component, text, tidy.base)) for text in keys_of(tidy, component))
    return sorted(codes, key=lambda code: code.iri)


def keys_of(tidy: Tidy, component: Component) -> list[str]:
    """The distinct keys of the component in the table."""
    return [text for (text,) in tidy.select(f"SELECT DISTINCT {key(component)} AS key WHERE key IS NOT NULL")]


def code_iri(component: Component, text: str, base: str) -> str:
    """The absolute IRI of a value; Unexpected when the code list has no such notation or no IRI can have it."""
    made = minted(component)
    known = notations(component.codes) if component.codes else {}
    if text in known:  # also among areas, most of which are minted: outside the city is a code
        iri = str(known[text])
    elif made:
        iri = made[1].format(*text.split("\n"))
    else:
        raise Unexpected(f"コード {sorted(known)} のいずれか", f"one of the codes {sorted(known)}")
    return checked_iri(absolute(iri, base))


def checked_iri(iri: str) -> str:
    """The IRI, if it may stand between < and > as it is (RDF 1.1 N-Triples, IRIREF)."""
    try:
        return ox.NamedNode(iri).value
    except ValueError as error:
        raise Unexpected("IRIに使える文字だけの値", f"a value that can be part of an IRI ({error})") from error


def _sources(tidy: Tidy) -> list[Code]:
    """The files, with the beginning of a fragment where a row's source has one (`ages.xlsx#sheet=2`)."""
    codes = []
    for (source,) in tidy.select("SELECT DISTINCT source"):
        file, _, fragment = source.partition("#")
        iri = source_iri(tidy.cube.source_id, file, fragment)
        codes.append(Code(source, checked_iri(absolute(iri, tidy.base))))
    return sorted(codes, key=lambda code: code.iri)


def _number(db: duckdb.DuckDBPyConnection, table: str, codes: Sequence[Code], path: Path) -> None:
    """A table from notation to number. By way of a file: that is how DuckDB takes in many rows at once."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = ((code.notation, number) for number, code in enumerate(codes, start=1))
        csv.writer(file).writerows(chain([("notation", "number")], rows))
    db.execute(
        f"CREATE TABLE {table} AS FROM read_csv({string(str(path))}, header = true, auto_detect = false, "
        "delim = ',', quote = '\"', escape = '\"', columns = {'notation': 'VARCHAR', 'number': 'INTEGER'})"
    )


def sql_type(tidy: Tidy, component: Component) -> str:
    """The column type of a number or text; a decimal has as many places as the figures need, of 18 digits."""
    if component.type != "decimal":
        return {"integer": "BIGINT", "double": "DOUBLE"}.get(component.type, "VARCHAR")
    [(places,)] = tidy.select(f"SELECT coalesce(max(length(split_part({name(component.name)}, '.', 2))), 0)")
    return f"DECIMAL(18, {places})"
