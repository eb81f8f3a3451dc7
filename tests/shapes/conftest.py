"""The examples of `ontology/examples/` and the cases beside this file, as data for the gate."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from loaders.gate.shapes import read_shapes
from loaders.gate.tables import Data, open_data
from loaders.terms import ONTOLOGY, prefixes, vocabulary_files

BASE = "http://localhost:8000/"
EXAMPLES = ONTOLOGY / "examples"
NOT_FOLLOWED = {
    ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy"),
    ox.NamedNode("http://purl.org/dc/terms/spatial"),
}
ONTOLOGY_CLASS = ox.NamedNode("http://www.w3.org/2002/07/owl#Ontology")


@pytest.fixture(scope="session")
def shapes() -> rdflib.Graph:
    return read_shapes(BASE)


@pytest.fixture(scope="session")
def known() -> dict[ox.NamedNode, list[ox.Triple]]:
    """What is said of each resource of the vocabulary and of the examples."""
    found: dict[ox.NamedNode, list[ox.Triple]] = {}
    for path in (*vocabulary_files(), *sorted(EXAMPLES.glob("*.ttl"))):
        for quad in ox.parse(path=path, base_iri=BASE, rename_blank_nodes=True):
            found.setdefault(quad.subject, []).append(quad.triple)
    return found


@pytest.fixture(scope="session")
def example(known: dict[ox.NamedNode, list[ox.Triple]]) -> Callable[..., ox.Store]:
    """The examples of these names, with what the vocabulary and the other examples say of what it refers to."""

    def read(*names: str) -> ox.Store:
        files = [EXAMPLES / f"{name}.ttl" for name in names]
        triples = {quad.triple for path in files for quad in ox.parse(path=path, base_iri=BASE)}
        terms = any(triple.object == ONTOLOGY_CLASS for triple in triples)
        added = triples
        while added:
            added = {triple for node in _referred(added, terms) for triple in known.get(node, ())} - triples
            triples |= added
        store = ox.Store()
        store.extend(ox.Quad(*triple) for triple in triples)
        return store

    return read


def _referred(triples: set[ox.Triple], terms: bool) -> Iterator[ox.NamedNode]:
    """What the triples point to; the terms they use only where a vocabulary is checked."""
    for triple in triples:
        if triple.predicate not in NOT_FOLLOWED or terms:
            yield triple.object
        if terms:
            yield triple.predicate


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[ox.Store], Data]]:
    """Opens a store for the gate."""
    data: list[Data] = []

    def open_store(store: ox.Store) -> Data:
        path = tmp_path / "example.nt"
        store.dump(path, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        data.append(open_data(BASE, {"example": path}))
        return data[-1]

    yield open_store
    for each in data:
        each.connection.close()


@pytest.fixture(scope="session")
def prologue() -> str:
    """BASE and PREFIX lines for the cases."""
    lines = [f"PREFIX {prefix}: <{iri}>" for prefix, iri in prefixes().items()]
    return "\n".join([f"BASE <{BASE}>", *lines, ""])
