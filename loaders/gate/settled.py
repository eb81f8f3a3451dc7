"""Cubes that are as they were in the current release: what was found in their rows is taken over, not asked again.

What a rule finds in the rows of a cube depends on the rows, on the records that can be reached from them (`paths.Rows`,
`cube.observations`), on the rules and on the programs: the key of a cube changes with any of these. Rules about records
are always asked, of all rows.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from rdflib import BNode
from rdflib.term import Node

from loaders.errors import Text
from loaders.gate.report import Finding
from loaders.gate.tables import Data, View, node
from loaders.rdf import term

FILE = "gate.json"

# The triples of all that the cells, the data set and its structure lead to, however many steps away.
_REACHED = """
WITH RECURSIVE reached(node) AS (
    SELECT node FROM ({starts}) UNION SELECT o FROM reached JOIN triples ON s = node WHERE NOT is_literal(o)
)
SELECT coalesce(sha256(string_agg(line, chr(10) ORDER BY line)), '')
FROM (SELECT DISTINCT s || ' ' || p || ' ' || o AS line FROM triples WHERE s IN (SELECT node FROM reached))
"""


@dataclass(frozen=True)
class Settled:
    """The key of a cube, and what was found in its rows."""

    key: str
    findings: tuple[Finding, ...]


def keys(data: Data, rules: str) -> dict[str, str]:
    """The key of each frame, by the IRI of its data set; `rules` stands for the rules and the programs.

    Call it when nothing will be set aside any more.
    """
    return {view.data_set: _key(data, view, f"{rules} {duckdb.__version__}") for view in data.views}


def _key(data: Data, view: View, rules: str) -> str:
    with view.parquet.open("rb") as file:
        rows = hashlib.file_digest(file, "sha256").hexdigest()
    # Of the cells those alone that lead anywhere: each observation has a source cell of its own, which leads nowhere.
    cells = [f"SELECT {column} FROM {view.name} SEMI JOIN triples ON s = {column}" for column in view.coded]
    starts = " UNION ".join([f"SELECT '<{view.data_set}>' AS node", *cells])
    [(records,)] = data.rows(_REACHED.format(starts=starts))
    return hashlib.sha256(f"{rules}\n{view.data_set}\n{rows}\n{records}".encode()).hexdigest()


def about_rows(data: Data, findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    """The findings about observations of the frames, by the IRI of the data set."""
    by_node: dict[str, list[Finding]] = {}
    for each in findings:
        by_node.setdefault(term(each.about, "/"), []).append(each)
    found = {}
    for view in data.views:
        here = f"SELECT observation FROM {view.name} WHERE observation IN (SELECT unnest(?))"
        rows = sorted({observation for (observation,) in data.rows(here, [list(by_node)])})
        found[view.data_set] = tuple(each for row in rows for each in by_node[row])
    return found


# --- the file in the release ----------------------------------------------------------------------


def write(path: Path, settled: Mapping[str, Settled]) -> None:
    about = {
        data_set: {"key": each.key, "findings": [_as_json(finding) for finding in each.findings]}
        for data_set, each in settled.items()
    }
    path.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(path: Path, wanted: Mapping[str, str]) -> dict[str, Settled]:
    """Of the cubes in the file those that have the wanted key still; none if there is no file."""
    if not path.is_file():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    return {
        data_set: Settled(key, tuple(_from_json(each) for each in content[data_set]["findings"]))
        for data_set, key in wanted.items()
        if content.get(data_set, {}).get("key") == key
    }


_TERMS: Sequence[str] = ("focus", "path", "value", "shape", "severity", "about")


def _as_json(finding: Finding) -> dict[str, str | None]:
    """A path of several steps is a blank node of the shapes, which means nothing elsewhere."""
    path = None if isinstance(finding.path, BNode) else finding.path
    terms: Mapping[str, Node | None] = {**vars(finding), "path": path}
    text = {name: None if (each := terms[name]) is None else term(each, "/") for name in _TERMS}
    return {**text, "ja": finding.message.ja, "en": finding.message.en}


def _from_json(content: Mapping[str, Any]) -> Finding:
    terms: dict[str, Any] = {name: None if content[name] is None else node(content[name]) for name in _TERMS}
    return Finding(**terms, message=Text(content["ja"], content["en"]))
