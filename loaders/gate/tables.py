"""The data as the gate reads them: the parts' triples and the cubes' columns, as tables of a database in memory.

A term is the text that N-Triples writes for it, so that terms join as text and a report needs no second form. A
triple lies in the table `triples (part, s, p, o)`, an observation of a cube in a row of its cube's view.
`Data.predicate` gives what either says.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import rdflib
from rdflib import XSD
from rdflib.util import from_n3

from loaders.observations import literal
from loaders.rdf import absolute
from loaders.terms import PROV, QB, RDF

OBSERVATION, DERIVED_FROM = f"<{QB.Observation}>", f"<{PROV.wasDerivedFrom}>"
MEMORY_LIMIT = "700MB"  # beyond it the database writes to its temporary folder
SMALL = 10_000  # triples below which planning a question takes longer than answering it

# What a column holds (release.json, "type") → how its cells are written as terms.
_AS_TERM = {
    "iri": "'<' || {column} || '>'",
    **{name: f"'\"' || {{column}} || '\"^^<{XSD[name]}>'" for name in ("integer", "decimal", "double", "boolean")},
}

# Numbers compare exactly as far as fifteen places after the point; the ranges in `shapes/` have three.
NUMBER = "DECIMAL(38, 15)"
_NUMERIC = (XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.int, XSD.long, XSD.nonNegativeInteger)

# Of a term: its kind, lexical form (SPARQL's STR), language and datatype. JSON has the escapes of N-Triples.
_MACROS = r"""
CREATE MACRO is_literal(term) AS starts_with(term, '"');
CREATE MACRO is_iri(term) AS starts_with(term, '<');
CREATE MACRO is_blank(term) AS starts_with(term, '_');
CREATE MACRO quoted(term) AS substr(term, 1, length(term) - strpos(reverse(term), '"') + 1);
CREATE MACRO lexical(term) AS CASE
    WHEN is_literal(term) AND contains(term, '\') THEN json_extract_string(quoted(term), '$')
    WHEN is_literal(term) THEN substr(quoted(term), 2, length(quoted(term)) - 2)
    WHEN is_iri(term) THEN substr(term, 2, length(term) - 2) END;
CREATE MACRO suffix(term) AS substr(term, length(quoted(term)) + 1);
CREATE MACRO language(term) AS CASE
    WHEN is_literal(term) AND starts_with(suffix(term), '@') THEN lower(substr(suffix(term), 2)) ELSE '' END;
CREATE MACRO datatype(term) AS CASE
    WHEN NOT is_literal(term) THEN NULL
    WHEN starts_with(suffix(term), '^^') THEN substr(suffix(term), 4, length(suffix(term)) - 4)
    WHEN starts_with(suffix(term), '@') THEN 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString'
    ELSE 'http://www.w3.org/2001/XMLSchema#string' END;
CREATE MACRO number(term) AS CASE WHEN datatype(term) IN ({numeric}) THEN try_cast(lexical(term) AS {number}) END;
""".replace("{numeric}", ", ".join(f"'{each}'" for each in _NUMERIC)).replace("{number}", NUMBER)

_READ = """
INSERT INTO triples
SELECT DISTINCT ?, line[:strpos(line, ' ') - 1], split_part(line, ' ', 2),
    regexp_replace(substr(line, strpos(line, ' ') + length(split_part(line, ' ', 2)) + 2), ' *\\.\\s*$', '')
FROM read_csv(?, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
    auto_detect = false, max_line_size = 20000000)
WHERE line <> ''
"""


@dataclass(frozen=True)
class Column:
    """A component of a cube in its Parquet file: the column's name and the type as release.json has it."""

    name: str
    type: str


@dataclass(frozen=True)
class Frame:
    """The observations of one cube: a Parquet file with a row each. `columns` is keyed by the property's IRI.

    No cell names an observation: what a row points to is a record.
    """

    data_set: str
    parquet: Path
    columns: Mapping[str, Column]


@dataclass(frozen=True)
class View:
    """A frame as the database sees it: a view of terms, the columns of which are named by `columns`.

    Beside each column of the file, named `c2`, stands what the file holds, named `c2_raw`. `coded` are the columns with
    IRIs.
    """

    name: str
    data_set: str
    parquet: Path
    columns: Mapping[str, str]
    coded: Sequence[str]


@dataclass
class Data:
    """An open database of what is to be checked. Close it, or use it as a context manager.

    `settled` are the data sets in whose rows nothing needs to be found again.
    """

    connection: duckdb.DuckDBPyConnection
    base: str
    views: list[View] = field(default_factory=list)
    settled: frozenset[str] = frozenset()
    _predicates: dict[str, str] = field(default_factory=dict)
    _kept: list[str] = field(default_factory=list)

    def __enter__(self) -> "Data":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    @property
    def unsettled(self) -> list[View]:
        """The frames whose rows are to be checked."""
        return [view for view in self.views if view.data_set not in self.settled]

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, list(parameters)).fetchall()

    def predicate(self, iri: str, *, rows: bool = False) -> str:
        """The name of a relation (s, o): the triples with the predicate, with what the frames say if `rows`."""
        iri = str(absolute(iri, self.base))  # a URIRef would not be found under its text
        name = self._predicates.get(iri)
        if name is None:
            found = f"SELECT DISTINCT s, o FROM triples WHERE p = '{_quote(f'<{iri}>')}'"
            name = self._predicates[iri] = self.keep(found)
            self.connection.execute(f"CREATE VIEW {name}_all AS {self._with_rows(name, iri)}")
        return f"{name}_all" if rows else name

    def keep(self, sql: str) -> str:
        """The name of a table with the answer of the query, kept until something is removed."""
        name = f"kept_{len(self._kept)}"
        self.connection.execute(f"CREATE TABLE {name} AS {sql}")
        self._kept.append(name)
        return name

    def _with_rows(self, name: str, iri: str) -> str:
        frames = [
            f"SELECT observation, {view.columns[iri]} FROM {view.name} WHERE {view.columns[iri]} IS NOT NULL"
            for view in self.views
            if iri in view.columns
        ]
        return " UNION ALL ".join([f"SELECT s, o FROM {name}", *frames])

    def remove(self, part: str, subjects: Iterable[str]) -> None:
        """Takes the triples of these subjects out of a part, and forgets what was derived from the triples."""
        self.connection.execute("DELETE FROM triples WHERE part = ? AND s IN (SELECT unnest(?))", [part, [*subjects]])
        self._forget()

    def add(self, frames: Iterable[Frame]) -> None:
        """Opens the frames beside the triples."""
        self._forget()
        for frame in frames:
            _add(self, frame)
        if self.views:
            self.connection.execute("PRAGMA enable_optimizer")

    def _forget(self) -> None:
        for name in self._predicates.values():
            self.connection.execute(f"DROP VIEW {name}_all")
        for name in self._kept:
            self.connection.execute(f"DROP TABLE {name}")
        self._predicates.clear()
        self._kept.clear()

    def write(self, path: Path, predicates: Iterable[str]) -> None:
        """Writes the triples with these predicates as N-Triples."""
        text = "SELECT DISTINCT s || ' ' || p || ' ' || o || ' .' FROM triples WHERE p IN (SELECT unnest(?))"
        lines = self.rows(text, [[f"<{iri}>" for iri in predicates]])
        path.write_text("".join(f"{line}\n" for (line,) in lines), encoding="utf-8")

    def graph(self) -> rdflib.Graph:
        """All of it as an rdflib graph, for the reference validator. Not for large data."""
        graph = rdflib.Graph()
        sql = "SELECT DISTINCT s, p, o FROM triples" + "".join(
            f" UNION ALL SELECT observation, '<{iri}>', {column} FROM {view.name} WHERE {column} IS NOT NULL"
            for view in self.views
            for iri, column in view.columns.items()
        )
        text = "".join(f"{subject} {predicate} {object_} .\n" for subject, predicate, object_ in self.rows(sql))
        return graph.parse(data=text, format="nt")


def open_data(base: str, parts: Mapping[str, Path], frames: Iterable[Frame] = ()) -> Data:
    """Reads the N-Triples files, keyed by the name of the part, and opens the frames; `base` is that of our IRIs."""
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "preserve_insertion_order": False})
    connection.execute("SET enable_progress_bar = false")
    connection.execute(_MACROS)
    connection.execute("CREATE TABLE triples (part VARCHAR, s VARCHAR, p VARCHAR, o VARCHAR)")
    data = Data(connection, base)
    for part, path in parts.items():
        connection.execute(_READ, [part, os.fspath(path)])
    [(count,)] = data.rows("SELECT count(*) FROM triples")
    if count < SMALL:
        connection.execute("PRAGMA disable_optimizer")
    data.add(frames)
    return data


def _add(data: Data, frame: Frame) -> None:
    """Adds a frame as a view of terms; as triples if two rows are about one observation, which a frame cannot say."""
    name = f"frame_{len(data.views)}"
    types = {RDF.type: OBSERVATION, QB.dataSet: f"<{frame.data_set}>"}
    columns = {str(iri): f"c{number}" for number, iri in enumerate([*types, *frame.columns])}
    cells = [f"'{_quote(value)}'" for value in types.values()]
    cells += [_as_term(each) for each in frame.columns.values()]
    selected = ", ".join(f"{cell} AS {columns[str(iri)]}" for cell, iri in zip(cells, columns, strict=True))
    selected += "".join(f', "{each.name}" AS {columns[str(iri)]}_raw' for iri, each in frame.columns.items())
    data.connection.execute(
        f"CREATE VIEW {name} AS SELECT '<' || observation || '>' AS observation, {selected} "
        f"FROM read_parquet('{_quote(os.fspath(frame.parquet))}')"
    )
    coded = [columns[str(iri)] for iri, each in frame.columns.items() if each.type == "iri"]
    view = View(name, frame.data_set, frame.parquet, columns, coded)
    [(unique,)] = data.rows(f"SELECT count(*) = count(DISTINCT observation) FROM {name}")
    if unique:
        data.views.append(view)
        return
    for iri, column in columns.items():
        data.connection.execute(
            f"INSERT INTO triples SELECT DISTINCT ?, observation, ?, {column} FROM {name} WHERE {column} IS NOT NULL",
            [frame.data_set.rsplit("/", 1)[-1], f"<{iri}>"],
        )


def _as_term(column: Column) -> str:
    """SQL of the cells of a column as terms."""
    name = f'"{column.name}"'
    return literal(name) if column.type == "string" else _AS_TERM[column.type].format(column=name)


def _quote(text: str) -> str:
    return text.replace("'", "''")


def node(term: str) -> rdflib.term.Node:
    """The rdflib node of a term of the tables."""
    found = from_n3(term)
    if not isinstance(found, rdflib.term.Node):
        raise TypeError(f"not an RDF term: {term}")
    return found
