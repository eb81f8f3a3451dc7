"""“This as …”: the same question as SPARQL, as an address, in Python and in R. The tests run them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from service.cubes.model import Code, Component, Cube
from service.cubes.parameters import Selection
from service.cubes.rollup import Plan, plan

QB = "http://purl.org/linked-data/cube#"


@dataclass(frozen=True)
class Snippet:
    """A text to copy. `language` is what a program would call it: sparql, url, python, r."""

    language: str
    title: str
    text: str


def snippets(cube: Cube, selection: Selection, csv_url: str) -> list[Snippet]:
    """SPARQL only where the question is one of the observations as they are published."""
    found = [
        Snippet("url", "CSV", csv_url),
        Snippet("python", "Python", _PYTHON.format(url=csv_url)),
        Snippet("r", "R", _R.format(url=csv_url)),
    ]
    if selection.as_of is None:
        found.insert(0, Snippet("sparql", "SPARQL", sparql(cube, plan(cube, selection))))
    return found


_PYTHON = """\
import csv, io, urllib.request

url = "{url}"
with urllib.request.urlopen(url) as answer:
    rows = list(csv.DictReader(io.TextIOWrapper(answer, encoding="utf-8", newline="")))
print(len(rows), rows[0])
"""
_R = """\
rows <- read.csv("{url}", colClasses = "character")
print(head(rows))
"""


def sparql(cube: Cube, asked: Plan) -> str:
    """The observations of a selection, or their sum a group. A gap has no value: SUM leaves it out only as long as
    the pattern with the measure does. An attribute that groups are told apart by need not be stated."""
    selection = asked.selection
    narrowed = {
        name: codes for name, codes in {**asked.used, **selection.filters}.items() if _narrows(cube, name, codes)
    }
    properties = {each.name: each.iri for each in (*cube.dimensions, *cube.attributes)}
    named = dict.fromkeys([*cube.dimension, *narrowed])
    unstated = [name for name in asked.keys if name not in named]
    shown = " ".join(f"?{name}" for name in asked.keys)
    value = f"?{selection.measure.name}"
    lines = [
        f"PREFIX qb: <{QB}>",
        f"SELECT {shown} (SUM({value}) AS ?total)" if asked.sums else f"SELECT ?observation {shown} {value}",
        "WHERE {",
        f"  ?observation qb:dataSet <{cube.iri}> ;",
        *(f"    <{properties[name]}> ?{name} ;" for name in named),
        f"    <{selection.measure.iri}> {value} .",
        *(f"  OPTIONAL {{ ?observation <{properties[name]}> ?{name} }}" for name in unstated),
        *(_values(cube.components[name], codes) for name, codes in narrowed.items()),
        "}",
    ]
    if shown:
        lines += [f"GROUP BY {shown}"] * asked.sums + [f"ORDER BY {shown}"]
    return "\n".join([*lines, ""])


def _narrows(cube: Cube, name: str, codes: Sequence[Code]) -> bool:
    """Not the codes of a dimension if they are all; but all codes of an attribute narrow to what states one."""
    return bool(codes) and (name not in cube.dimension or len(codes) < len(cube.components[name].codes))


def _values(component: Component, codes: Sequence[Code]) -> str:
    terms = " ".join(f"<{code.iri}>" if component.type == "iri" else json.dumps(code.iri) for code in codes)
    return f"  VALUES ?{component.name} {{ {terms} }}"
