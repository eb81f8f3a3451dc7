"""The examples of `ontology/examples/` and the cases beside this file, as data for the gate."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyoxigraph as ox
import pytest
import rdflib

from loaders.gate.shapes import read_shapes
from loaders.gate.tables import Column, Data, Frame, open_data
from loaders.terms import ONTOLOGY, prefixes, vocabulary_files

BASE = "http://localhost:8000/"
EXAMPLES = ONTOLOGY / "examples"
NOT_FOLLOWED = {
    ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy"),
    ox.NamedNode("http://purl.org/dc/terms/spatial"),
}
QB = "http://purl.org/linked-data/cube#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DATA_SET, OBSERVATION = ox.NamedNode(QB + "dataSet"), ox.NamedNode(QB + "Observation")
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


@pytest.fixture(scope="session")
def framed() -> Callable[[ox.Store, Path], tuple[Path, list[Frame]]]:
    """Writes the observations of a store as columns, and the rest as N-Triples."""

    def write(store: ox.Store, folder: Path) -> tuple[Path, list[Frame]]:
        found = observations(store)
        data_sets = sorted({values[DATA_SET.value][0].value for values in found.values()})
        frames = [
            frame(
                data_set,
                {node: values for node, values in found.items() if values[DATA_SET.value][0].value == data_set},
                folder / f"{number}.parquet",
            )
            for number, data_set in enumerate(data_sets)
        ]
        rest = folder / "rest.nt"
        lines = (f"{quad.triple} .\n" for quad in store if quad.subject not in found)
        rest.write_text("".join(lines), encoding="utf-8")
        return rest, frames

    return write


def observations(store: ox.Store) -> dict[ox.NamedNode, dict[str, list[ox.NamedNode | ox.Literal]]]:
    """Each observation with its values by property."""
    found: dict[ox.NamedNode, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for quad in store.quads_for_pattern(None, TYPE, OBSERVATION, None):
        values = found.setdefault(quad.subject, {})
        for each in store.quads_for_pattern(quad.subject, None, None, None):
            values.setdefault(each.predicate.value, []).append(each.object)
    return found


def frame(data_set: str, rows: dict[ox.NamedNode, dict[str, list[ox.NamedNode | ox.Literal]]], path: Path) -> Frame:
    """Writes the observations of a data set as the Parquet file of a release."""
    given = {TYPE.value, DATA_SET.value}
    properties = sorted({iri for values in rows.values() for iri in values} - given)
    columns = {}
    for number, iri in enumerate(properties):
        some = next(values[iri][0] for values in rows.values() if iri in values)
        kind = some.datatype.value.rsplit("#")[-1] if isinstance(some, ox.Literal) else "iri"
        columns[iri] = Column(f"column{number}", kind)
    types = {"iri": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(18, 3)"}
    with duckdb.connect() as db:
        named = "".join(f", {each.name} {types[each.type]}" for each in columns.values())
        db.execute(f"CREATE TABLE rows (observation VARCHAR{named})")
        for subject, values in rows.items():
            cells = [values[iri][0].value if iri in values else None for iri in properties]
            db.execute(f"INSERT INTO rows VALUES (?{', ?' * len(cells)})", [subject.value, *cells])
        db.execute(f"COPY rows TO '{path}' (FORMAT parquet)")
    return Frame(data_set, path, columns)
