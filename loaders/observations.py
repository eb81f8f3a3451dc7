"""Columns of a cube → Parquet → N-Triples. The triples are written from the Parquet, so both say the same."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
from rdflib import Literal
from rdflib.term import Node

from loaders.columns import MEMORY, Frame, Labels, name, string
from loaders.rdf import absolute, term
from loaders.statistics import Cube
from loaders.structures import Component
from loaders.terms import PROV, QB, RDF, XSD

ROWS_AT_ONCE = 2_000
# The cell that an observation was read from; every structure has it without saying so.
TRACE = Component(
    "wasDerivedFrom", PROV.wasDerivedFrom, "attribute", None, on_observation=True, required=True, type="iri"
)
_DATATYPES = {"integer": XSD.integer, "decimal": XSD.decimal, "double": XSD.double}


# --- columns → Parquet ------------------------------------------------------------------------


def write_parquet(frame: Frame, base: str, labels: Labels, path: Path) -> None:
    """One row an observation, sorted by its dimensions: full IRIs, typed figures, notations and labels of dimensions.

    `labels` gives the labels of a dimension's IRI, both empty where it has none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [f"{_observation(frame, base)} AS observation"]
    for component in frame.cube.structure.on_observation:
        columns += _columns(frame, component, labels)
    sources = _lookup(frame, "source", [code.iri for code in frame.codes["source"]])
    columns.append(f"{sources} || {_place(frame.cube)} AS {TRACE.name}")
    frame.db.execute(
        f"COPY (FROM {frame.cells} SELECT {', '.join(columns)}) "
        f"TO {string(str(path))} (FORMAT parquet, COMPRESSION zstd)"
    )


def _place(cube: Cube) -> str:
    """The fragment that leads to the cell, in SQL."""
    place = string(cube.place)
    for column in ("row", "column"):
        place = f"replace({place}, '{{{column}}}', {name(column)}::VARCHAR)"
    return place


def _observation(frame: Frame, base: str) -> str:
    """`/id/obs/{cube}/{notations in the order of the structure}` (MODEL 3.1)."""
    keys = [
        _lookup(frame, dimension, [code.notation for code in frame.codes[dimension]], "notation")
        for dimension in frame.cube.structure.dimensions
    ]
    start = string(absolute(f"/id/obs/{frame.cube.id}/", base))
    return f"{start} || " + " || '/' || ".join(keys)


def _columns(frame: Frame, component: Component, labels: Labels) -> Iterator[str]:
    column = component.name
    if component.type != "iri":
        yield name(column)
        return
    codes = frame.codes[column]
    yield f"{_lookup(frame, column, [code.iri for code in codes])} AS {name(column)}"
    if component.kind != "dimension":
        return
    known = [labels(code.iri) for code in codes]
    described: Mapping[str, list[str | None]] = {
        "code": [code.notation for code in codes],
        "ja": [label.ja or None for label in known],
        "en": [label.en or None for label in known],
    }
    for suffix, values in described.items():
        yield f"{_lookup(frame, column, values, suffix)} AS {name(f'{column}_{suffix}')}"


def _lookup(frame: Frame, column: str, values: list[Any], suffix: str = "iri") -> str:
    """The column's numbers as the values that they stand for. The list is a variable of the connection."""
    variable = f"{frame.cube.id} {column} {suffix}"
    frame.db.execute(f"SET VARIABLE {name(variable)} = ?::VARCHAR[]", [values])
    return f"getvariable({string(variable)})[{name(column)}]"


# --- Parquet → N-Triples ----------------------------------------------------------------------


def lines(cube: Cube, base: str, path: Path) -> Iterator[bytes]:
    """The triples of the cube's observations as the Parquet file holds them, some thousand observations at a time."""
    subject = "'<' || observation || '> '"
    objects = [
        string(f"{term(RDF.type, base)} {term(QB.Observation, base)}"),
        string(f"{term(QB.dataSet, base)} {term(cube.iri, base)}"),
        *(
            f"{string(term(each.property, base) + ' ')} || {_object(each, base)}"
            for each in (*cube.structure.on_observation, TRACE)
        ),
    ]
    statements = [f"{subject} || {each} || ' .\n'" for each in objects]  # NULL, and left out, where there is no value
    with duckdb.connect(config={"memory_limit": MEMORY}) as db:
        rows = db.execute(f"FROM read_parquet({string(str(path))}) SELECT encode(concat({', '.join(statements)}))")
        while some := rows.fetchmany(ROWS_AT_ONCE):
            yield b"".join([line for (line,) in some])


def _object(component: Component, base: str) -> str:
    """The column's value as a term, in SQL; NULL where there is none."""
    if component.type == "iri":
        return _iri(component.name)
    if component.type in _DATATYPES:
        end = f'"^^{term(_DATATYPES[component.type], base)}'
        return f"'\"' || {name(component.name)} || {string(end)}"
    return literal(name(component.name))


def _iri(column: str) -> str:
    """An IRI as it is: whoever made the column has checked that it needs no escape."""
    return f"'<' || {name(column)} || '>'"


def literal(expression: str) -> str:
    """A text as a plain literal, in SQL. Four characters may not stand in quotes (N-Triples, STRING_LITERAL_QUOTE)."""
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        expression = f"replace({expression}, {string(character)}, {string(escape)})"
    return f"'\"' || {expression} || '\"'"


# --- what release.json says -------------------------------------------------------------------


def summary(cube: Cube, base: str, parquet: str, rows: int) -> dict[str, Any]:
    """The cube's entry in release.json."""
    return {
        "id": cube.id,
        "iri": absolute(cube.iri, base),
        "dsd": absolute(cube.structure.iri, base),
        "parquet": parquet,
        "rows": rows,
        "components": [_component(cube, each, base) for each in (*cube.structure.components, TRACE)],
    }


def _component(cube: Cube, component: Component, base: str) -> dict[str, Any]:
    return {
        "name": component.name,
        "property": absolute(component.property, base),
        "kind": component.kind,
        "type": component.type if component.on_observation else _type(cube.attributes.get(component.property)),
        "codes": None if component.codes is None else absolute(component.codes, base),
        "attachment": "observation" if component.on_observation else "dataset",
    }


def _type(value: Node | None) -> str:
    """Of an attribute that the data set has for all its observations."""
    names = {datatype: type_ for type_, datatype in _DATATYPES.items()}
    return names.get(value.datatype or XSD.string, "string") if isinstance(value, Literal) else "iri"
