"""What things are called in the triples of a draft: for columns that people read without the triples."""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from loaders.errors import Text
from loaders.terms import RDFS, SKOS

_PROPERTIES = tuple(f" <{property_}> " for property_ in (RDFS.label, SKOS.prefLabel))


def read_labels(parts: Iterable[Path]) -> dict[str, Text]:
    """The Japanese and English label of each IRI in the N-Triples files; empty where there is none."""
    ja: dict[str, str] = {}
    en: dict[str, str] = {}
    for path in parts:
        with path.open(encoding="utf-8") as file:
            lines = "".join(line for line in file if any(each in line for each in _PROPERTIES))
        for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES):
            if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
                names = {"ja": ja, "en": en}.get(quad.object.language or "")
                if names is not None:
                    names[quad.subject.value] = quad.object.value
    return {iri: Text(ja.get(iri, ""), en.get(iri, "")) for iri in {*ja, *en}}
