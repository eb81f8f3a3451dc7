"""SHACL-SPARQL constraints: asked once for all focus nodes, of Oxigraph or, where `forms` knows it, of the tables.

Oxigraph gets only the triples with the predicates that the queries name. What a query says of observations cannot be
asked so, since the observations of a frame are no triples: such a rule needs a form.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path as File
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib import RDF, URIRef, Variable
from rdflib.namespace import SH
from rdflib.paths import Path
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node

from loaders.gate.forms import FORMS
from loaders.gate.paths import Focus
from loaders.gate.report import Finding, finding
from loaders.gate.shapes import sparql_prologue
from loaders.gate.tables import Data, node


class Queries:
    """The SPARQL constraints of the shapes, ready to be asked about the data."""

    def __init__(self, data: Data, shapes: rdflib.Graph) -> None:
        self._data = data
        self._shapes = shapes
        self._prologue = sparql_prologue(shapes)

    def findings(self, constraint: Node, focuses: Sequence[Focus]) -> Iterator[Finding]:
        """What breaks the constraint, for the focus nodes of the shape that has it."""
        form = FORMS.get(URIRef(str(constraint)).fragment)
        rows = self._ask(constraint, focuses) if form is None else form(self._data, focuses)
        for row in rows:
            yield self._finding(constraint, dict(row))

    def _finding(self, constraint: Node, row: dict[str, Any]) -> Finding:
        terms = {name: node(value) for name, value in row.items() if value is not None}
        focus = terms.pop("this")
        path = terms.pop("path", None)
        terms.setdefault("value", focus)
        return finding(self._shapes, constraint, focus, path, terms["value"], terms)

    def _ask(self, constraint: Node, focuses: Iterable[Focus]) -> Iterator[dict[str, str]]:
        wanted = {row[0] for focus in focuses for row in self._data.rows(focus.sql)}
        answers = self._store.query(self.text(constraint))
        if not isinstance(answers, ox.QuerySolutions):
            raise TypeError(f"{constraint}: write the rule as a SELECT query")
        names = [variable.value for variable in answers.variables]
        for solution in answers:
            row = {name: str(value) for name in names if (value := solution[name]) is not None}
            if row["this"] in wanted:
                yield row

    def text(self, constraint: Node) -> str:
        return f"{self._prologue}{self._shapes.value(constraint, SH.select)}"

    @cached_property
    def _store(self) -> ox.Store:
        """The triples that the constraints without a form ask for."""
        constraints = [
            each for each in set(self._shapes.objects(None, SH.sparql)) if URIRef(str(each)).fragment not in FORMS
        ]
        named: set[str] = set()
        for constraint in constraints:
            named |= self._predicates(constraint)
        store = ox.Store()
        with tempfile.TemporaryDirectory() as folder:
            file = File(folder) / "asked.nt"
            self._data.write(file, named)
            store.bulk_load(path=file)
        return store

    def _predicates(self, constraint: Node) -> set[str]:
        """Every IRI that the query names: its predicates are among them."""
        iris = _iris(self.text(constraint))
        columns = {iri for view in self._data.views for iri in view.columns} - {str(RDF.type)}
        if iris is None or iris & columns:
            raise ValueError(f"{constraint} asks about observations: write it in loaders/gate/forms.py too")
        return set(iris)


@cache
def _iris(query: str) -> frozenset[str] | None:
    """The IRIs in a query; None if it asks for any predicate."""
    parts = list(_parts(prepareQuery(query).algebra))
    if any(isinstance(part, tuple) and len(part) == 3 and isinstance(part[1], Variable) for part in parts):
        return None
    return frozenset(str(part) for part in parts if isinstance(part, URIRef))


def _parts(part: Any) -> Iterator[Any]:
    """Everything inside a parsed query."""
    yield part
    if isinstance(part, dict):
        inner: Iterable[Any] = part.values()
    elif isinstance(part, Path):
        inner = vars(part).values()
    elif isinstance(part, (list, tuple, set)):
        inner = part
    else:
        return
    for each in inner:
        yield from _parts(each)
