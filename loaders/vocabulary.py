"""Words, rules and code lists → triples: `ontology/` and `shapes/` with the base of the release."""

import pyoxigraph as ox

from loaders import dates
from loaders.rdf import ntriples
from loaders.release import Draft
from loaders.terms import shape_files, vocabulary_files

PART, PERIODS = "vocabulary", "periods"


def write(draft: Draft, periods: set[str]) -> None:
    """The Turtle files, and the periods that the statistics use: too many to list by hand."""
    draft.write(PERIODS, ntriples(dates.triples(periods), draft.base))
    lines = (
        f"{quad.triple} .\n"
        for path in (*vocabulary_files(), *shape_files())
        for quad in ox.parse(path=path, base_iri=draft.base, rename_blank_nodes=True)
    )
    draft.write(PART, lines)
