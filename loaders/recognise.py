"""Finds the RDF Data Cubes in a store that somebody else filled, and derives their columns from the observations.

A cube is a qb:DataSet whose qb:structure names its components. Each of its observations has each dimension once, and
a measure or attribute at most once; a cube for which that is not so stays as it is, and a line says why.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pyoxigraph as ox

from loaders.columns import name, string, workspace
from loaders.terms import QB, RDFS, SKOS, XSD

_KINDS = {"dimension": QB.dimension, "measure": QB.measure, "attribute": QB.attribute}


class NotWellFormed(Exception):
    """What is wrong with a cube, in a sentence."""


@dataclass(frozen=True)
class Component:
    """A property of a structure; `type` once its values have been seen."""

    name: str
    property: str
    kind: str
    codes: str | None
    on_observation: bool
    type: str = "string"


@dataclass(frozen=True)
class Found:
    """A data set with its structure; `id` names its file."""

    id: str
    iri: str
    dsd: str
    components: tuple[Component, ...]


def cubes(folder: Path, work: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Writes `cubes/<id>.parquet` for every well-formed cube of the default graph into the folder of a release.

    Returns the entries of release.json, and a line for each cube that is left to the store.
    """
    store = ox.Store.read_only(str(folder / "store"))
    written, left = [], []
    for found in _structures(store):
        try:
            written.append(_write(store, found, folder, work / found.id))
        except NotWellFormed as reason:
            left.append(f"{found.iri}: {reason}")
    return written, left


# --- the structures ---------------------------------------------------------------------------


def _structures(store: ox.Store) -> Iterator[Found]:
    pattern = f"?dataset <{QB.structure}> ?dsd . ?dsd <{QB.component}> ?component"
    order = f"OPTIONAL {{ ?component <{QB.order}> ?place }} OPTIONAL {{ ?component <{QB.componentAttachment}> ?at }}"
    kinds = " UNION ".join(
        f"{{ ?component <{link}> ?property BIND('{kind}' AS ?kind) }}" for kind, link in _KINDS.items()
    )
    codes = f"OPTIONAL {{ ?property <{QB.codeList}> ?codes }}"
    rows = [row for row in _rows(store, f"* {{ {pattern} {order} {kinds} {codes} }}") if _named(row)]
    ids: Counter[str] = Counter()
    for iri in sorted({row["dataset"].value for row in rows}):
        own = [row for row in rows if row["dataset"].value == iri]
        own.sort(key=lambda row: (list(_KINDS).index(row["kind"].value), _place(row), row["property"].value))
        id_ = _slug(iri)
        ids[id_] += 1
        yield Found(id_ if ids[id_] == 1 else f"{id_}-{ids[id_]}", iri, own[0]["dsd"].value, tuple(_components(own)))


def _named(row: Any) -> bool:
    return all(isinstance(row[each], ox.NamedNode) for each in ("dataset", "property"))


def _place(row: Any) -> float:
    place = row["place"]
    return float(place.value) if isinstance(place, ox.Literal) else float("inf")


def _components(rows: Sequence[Any]) -> Iterator[Component]:
    seen: set[str] = set()
    names: Counter[str] = Counter(["observation"])
    for row in rows:
        property_ = row["property"].value
        if property_ in seen:
            continue
        seen.add(property_)
        local = _slug(property_)
        names[local.lower()] += 1
        column = local if names[local.lower()] == 1 else f"{local}_{names[local.lower()]}"
        at = row["at"]
        on_observation = at is None or at.value == str(QB.Observation)
        yield Component(column, property_, row["kind"].value, row["codes"] and row["codes"].value, on_observation)


def _slug(iri: str) -> str:
    """The last part of an IRI in letters, digits and hyphens."""
    return re.sub(r"[^\w-]+", "-", unquote(re.split("[#/]", iri.rstrip("#/"))[-1])).strip("-") or "cube"


# --- the observations -------------------------------------------------------------------------


def _write(store: ox.Store, found: Found, folder: Path, work: Path) -> dict[str, Any]:
    own = [each for each in found.components if each.on_observation]
    if not any(each.kind == "dimension" for each in own):
        raise NotWellFormed("no dimension is attached to its observations")
    with workspace(work) as db:
        rows = _observations(store, db, found, work)
        typed = [_typed(db, each, rows, _values(store, db, each, work)) for each in own]
        target = folder / "cubes" / f"{found.id}.parquet"
        _parquet(store, db, typed, target)
    kept = {each.property: each for each in typed}
    components = [_entry(kept.get(each.property, each)) for each in found.components]
    return {
        "id": found.id,
        "iri": found.iri,
        "dsd": found.dsd,
        "parquet": f"cubes/{found.id}.parquet",
        "rows": rows,
        "components": components,
    }


def _entry(component: Component) -> dict[str, Any]:
    about: Mapping[str, Any] = vars(component)
    kept = {key: about[key] for key in ("name", "property", "kind", "type", "codes")}
    return {**kept, "attachment": "observation" if component.on_observation else "dataset"}


def _observations(store: ox.Store, db: duckdb.DuckDBPyConnection, found: Found, work: Path) -> int:
    """The table `observations` of what the data set holds; how many there are."""
    _read(store, db, "observations", f"?s <{QB.dataSet}> <{found.iri}> BIND(1 AS ?v)", work)
    odd = db.execute("FROM observations SELECT count(*), count(*) FILTER (s NOT LIKE '<%')").fetchall()[0]
    if not odd[0]:
        raise NotWellFormed("it has no observations")
    if odd[1]:
        raise NotWellFormed(f"{odd[1]} of its observations have no IRI")
    return int(odd[0])


def _values(store: ox.Store, db: duckdb.DuckDBPyConnection, component: Component, work: Path) -> str:
    """The table of the component's values of these observations; its name."""
    table = _values_of(component)
    _read(store, db, table, f"?s <{component.property}> ?v", work)
    db.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {table} SEMI JOIN observations USING (s)")
    twice = db.execute(f"FROM {table} SELECT s GROUP BY s HAVING count(*) > 1 LIMIT 1").fetchall()
    if twice:
        raise NotWellFormed(f"{twice[0][0]} has more than one {component.property}")
    return table


def _read(store: ox.Store, db: duckdb.DuckDBPyConnection, table: str, pattern: str, work: Path) -> None:
    """Solutions for ?s and ?v as text, each term as SPARQL TSV writes it."""
    path = work / "solutions.tsv"
    with path.open("wb") as file:
        _rows(store, f"?s ?v {{ {pattern} }}").serialize(file, ox.QueryResultsFormat.TSV)
    options = "delim = '\t', quote = '', escape = '', header = true, all_varchar = true, auto_detect = false"
    columns = "columns = {'s': 'VARCHAR', 'v': 'VARCHAR'}"
    db.execute(f"CREATE TABLE {table} AS FROM read_csv({string(str(path))}, {options}, {columns})")
    path.unlink()


# How the terms of each type are written in TSV, and the value as SQL makes it of the text `v`.
_INSIDE = "regexp_extract(v, '^\"(.*)\"', 1)"
_TYPES: Mapping[str, tuple[str, str]] = {
    "iri": ("^<.*>$", "substr(v, 2, length(v) - 2)"),
    "integer": (r"^-?\d{1,18}$", "CAST(v AS BIGINT)"),
    "decimal": (
        rf'^(-?\d{{0,18}}\.\d{{1,18}}|"-?\d{{1,18}}"\^\^<{XSD.decimal}>)$',
        f"CAST(CASE WHEN v LIKE '\"%' THEN {_INSIDE} ELSE v END AS DECIMAL(38, {{scale}}))",
    ),
    "double": (
        rf'^(-?[\d.]+[eE]-?\d+|"-?[\d.]+"\^\^<{XSD.double}>)$',
        f"CAST(CASE WHEN v LIKE '\"%' THEN {_INSIDE} ELSE v END AS DOUBLE)",
    ),
    "boolean": ("^(true|false)$", "CAST(v AS BOOLEAN)"),
    "string": ('^".*"$', _INSIDE),
}


def _typed(db: duckdb.DuckDBPyConnection, component: Component, rows: int, table: str) -> Component:
    """The component with the type that all its values have, which the table then holds."""
    count = db.execute(f"FROM {table} SELECT count(*)").fetchall()[0][0]
    if component.kind == "dimension" and count != rows:
        raise NotWellFormed(f"{rows - count} of its observations have no {component.property}")
    for type_, (pattern, value) in _TYPES.items():
        matches = f"regexp_matches(v, {string(pattern)})"
        if db.execute(f"FROM {table} SELECT coalesce(bool_and({matches}), true)").fetchall()[0][0]:
            sql = value.replace("{scale}", str(_scale(db, table))) if type_ == "decimal" else value
            value_of = _unescaped(sql) if type_ == "string" else sql
            db.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {table} SELECT s, {value_of} AS v")
            return replace(component, type=type_)
    raise NotWellFormed(f"the values of {component.property} are of several datatypes, or of one that no column holds")


def _values_of(component: Component) -> str:
    return name(f"values {component.name}")


def _scale(db: duckdb.DuckDBPyConnection, table: str) -> int:
    """The most digits that a decimal has after its point."""
    digits = r"length(regexp_extract(v, '\.(\d+)', 1))"
    return int(db.execute(f"FROM {table} SELECT coalesce(max({digits}), 0)").fetchall()[0][0])


def _unescaped(sql: str) -> str:
    """Text without the escapes of TSV, taken apart where a backslash stands for itself."""
    part = "part"
    for escape, plain in ((r"\t", 9), (r"\n", 10), (r"\r", 13), (r"\"", 34)):
        part = f"replace({part}, {string(escape)}, chr({plain}))"
    parts = f"list_transform(string_split({sql}, {string(chr(92) * 2)}), lambda part: {part})"
    return f"array_to_string({parts}, chr(92))"


# --- the Parquet ------------------------------------------------------------------------------


def _parquet(store: ox.Store, db: duckdb.DuckDBPyConnection, components: Sequence[Component], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    columns, joins, order = ["substr(o.s, 2, length(o.s) - 2) AS observation"], [], []
    for number, each in enumerate(components):
        columns.append(f"c{number}.v AS {name(each.name)}")
        joins.append(f"LEFT JOIN {_values_of(each)} AS c{number} USING (s)")
        if each.kind == "dimension":
            _describe(store, db, each)
            columns += [f"d{number}.{end} AS {name(f'{each.name}_{end}')}" for end in ("code", "ja", "en")]
            joins.append(f"LEFT JOIN {name(f'words {each.name}')} AS d{number} ON d{number}.v = c{number}.v")
            order.append(f"c{number}.v")
    sql = f"FROM observations AS o {' '.join(joins)} SELECT {', '.join(columns)} ORDER BY {', '.join(order)}"
    db.execute(f"COPY ({sql}) TO {string(str(target))} (FORMAT parquet, COMPRESSION zstd)")


def _describe(store: ox.Store, db: duckdb.DuckDBPyConnection, dimension: Component) -> None:
    """The table of the dimension's values with notation and labels, for people who use the file by itself."""
    values = [value for (value,) in db.execute(f"FROM {_values_of(dimension)} SELECT DISTINCT v").fetchall()]
    words = [_words(store, value) if dimension.type == "iri" else (str(value), None, None) for value in values]
    lists = {end: [each[place] for each in words] for place, end in enumerate(("code", "ja", "en"))}
    columns = ", ".join(f"unnest(CAST(${end} AS VARCHAR[])) AS {end}" for end in lists)
    table = name(f"words {dimension.name}")
    db.execute(f"CREATE TABLE {table} AS SELECT unnest($values) AS v, {columns}", {"values": values, **lists})


def _words(store: ox.Store, iri: str) -> tuple[str, str | None, str | None]:
    code = _literals(store, iri, [str(SKOS.notation)])
    labels = _literals(store, iri, [str(SKOS.prefLabel), str(RDFS.label)])
    by_language = {(each.language or ""): each.value for each in reversed(labels)}
    return (code[0].value if code else _slug(iri)), by_language.get("ja"), by_language.get("en")


def _literals(store: ox.Store, iri: str, properties: Iterable[str]) -> list[ox.Literal]:
    node = ox.NamedNode(iri)
    found = (
        quad.object
        for each in properties
        for quad in store.quads_for_pattern(node, ox.NamedNode(each), None, ox.DefaultGraph())
    )
    return [each for each in found if isinstance(each, ox.Literal)]


def _rows(store: ox.Store, rest: str) -> Any:
    """The solutions of a SELECT."""
    return store.query(f"SELECT {rest}")
