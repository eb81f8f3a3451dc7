"""The names of our formats (service/formats.py) → what the store's library calls them."""

from collections.abc import Mapping
from types import MappingProxyType

import pyoxigraph as ox

from service.formats import CSV, JSON, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TSV, TURTLE, XML

SOLUTIONS: Mapping[str, ox.QueryResultsFormat] = MappingProxyType(
    {
        JSON.name: ox.QueryResultsFormat.JSON,
        XML.name: ox.QueryResultsFormat.XML,
        CSV.name: ox.QueryResultsFormat.CSV,
        TSV.name: ox.QueryResultsFormat.TSV,
    }
)
GRAPHS: Mapping[str, ox.RdfFormat] = MappingProxyType(
    {
        TURTLE.name: ox.RdfFormat.TURTLE,
        TRIG.name: ox.RdfFormat.TRIG,
        NTRIPLES.name: ox.RdfFormat.N_TRIPLES,
        NQUADS.name: ox.RdfFormat.N_QUADS,
        RDFXML.name: ox.RdfFormat.RDF_XML,
        JSONLD.name: ox.RdfFormat.JSON_LD,
    }
)
# These have no prefixes to declare.
LINES = frozenset({NTRIPLES.name, NQUADS.name})
