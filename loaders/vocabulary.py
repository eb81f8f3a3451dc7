"""Words, rules and code lists → triples: `ontology/` and `shapes/` with the base of the release."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from loaders import dates
from loaders.rdf import ntriples
from loaders.release import Draft
from loaders.terms import shape_files, vocabulary_files

PART, PERIODS = "vocabulary", "periods"


def write(draft: Draft, periods: set[str]) -> None:
    """The Turtle files, and the periods that the statistics use: too many to list by hand."""
    draft.write(PERIODS, ntriples(dates.triples(periods), draft.base))
    draft.write(PART, (line for path in (*vocabulary_files(), *shape_files()) for line in _lines(path, draft.base)))


def _lines(path: Path, base: str) -> Iterator[str]:
    """Blank nodes are named by the file and counted, so that the same file gives the same lines in every release."""
    names: dict[ox.BlankNode, ox.BlankNode] = {}

    def named(node: object) -> object:
        if not isinstance(node, ox.BlankNode):
            return node
        return names.setdefault(node, ox.BlankNode(f"{path.parent.name}-{path.stem}-{len(names)}"))

    for quad in ox.parse(path=path, base_iri=base):
        yield f"{named(quad.subject)} {quad.predicate} {named(quad.object)} .\n"
