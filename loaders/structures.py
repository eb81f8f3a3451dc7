"""The structures of the cubes (qb:DataStructureDefinition) and their code lists, as `ontology/` states them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import rdflib
from rdflib import URIRef
from rdflib.term import Node

from loaders.terms import QB, RDFS, SKOS, XSD, YK, vocabulary_files

TRACE_COLUMNS = ("source", "row", "column")
KINDS = ("dimension", "measure", "attribute")
_BASE = "http://base.invalid"
_NUMBERS = {XSD.integer: "integer", XSD.decimal: "decimal", XSD.double: "double"}


@dataclass(frozen=True)
class Component:
    """A dimension, measure or attribute of a structure; `name` is the local name of its property.

    `codes` is the scheme or collection that its values come from, if they do. `type` is `iri` or the local name of an
    XML Schema datatype: integer, decimal, double, string.
    """

    name: str
    property: URIRef
    kind: str
    codes: URIRef | None
    on_observation: bool
    required: bool
    type: str


@dataclass(frozen=True)
class Structure:
    """A qb:DataStructureDefinition: its components in the order of their keys in an observation's IRI."""

    iri: URIRef
    components: tuple[Component, ...]

    def of_kind(self, kind: str) -> tuple[Component, ...]:
        return tuple(component for component in self.components if component.kind == kind)

    @property
    def on_observation(self) -> tuple[Component, ...]:
        return tuple(component for component in self.components if component.on_observation)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(component.name for component in self.of_kind("dimension"))

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(component.name for component in self.of_kind("measure"))

    @property
    def columns(self) -> tuple[str, ...]:
        """The header of a narrow tidy table of this structure."""
        return tuple(each.name for each in self.on_observation) + TRACE_COLUMNS


@cache
def structure(cube_id: str) -> Structure:
    """The structure that `ontology/` gives for the cube."""
    graph = _ontology()
    iri = URIRef(f"{_BASE}/id/dsd/{cube_id}")
    nodes = list(graph.objects(iri, _absolute(QB.component)))
    if not nodes:
        raise LookupError(f"ontology/ has no structure </id/dsd/{cube_id}> with components")
    order = {node: graph.value(node, _absolute(QB.order)) for node in nodes}
    components = [_component(graph, node) for node in sorted(nodes, key=lambda node: _rank(order[node]))]
    return Structure(
        URIRef(f"/id/dsd/{cube_id}"),
        tuple(sorted(components, key=lambda component: KINDS.index(component.kind))),
    )


def _rank(order: Node | None) -> int:
    return int(str(order)) if order is not None else 99


def _component(graph: rdflib.Graph, node: Node) -> Component:
    links = {"dimension": QB.dimension, "measure": QB.measure, "attribute": QB.attribute}
    kind, property_ = next(
        (kind, found) for kind, link in links.items() if (found := graph.value(node, _absolute(link))) is not None
    )
    codes = graph.value(node, _absolute(YK.codeCollection))
    attachment = graph.value(node, _absolute(QB.componentAttachment))
    required = graph.value(node, _absolute(QB.componentRequired))
    iri = str(property_).removeprefix(_BASE)
    return Component(
        name=iri.replace("#", "/").rsplit("/", 1)[-1],
        property=URIRef(iri),
        kind=kind,
        codes=None if codes is None else URIRef(str(codes).removeprefix(_BASE)),
        on_observation=attachment != _absolute(QB.DataSet),
        required=kind != "attribute" or str(required) == "true",
        type=_type(kind, codes, list(graph.objects(property_, RDFS.range))),
    )


def _type(kind: str, codes: Node | None, ranges: Sequence[Node]) -> str:
    """By the property's range. A measure without one counts something; an attribute without one is a remark."""
    if codes is not None:
        return "iri"
    named = [type_ for datatype, type_ in _NUMBERS.items() if datatype in ranges]
    if named:
        return named[0]
    if kind == "measure":
        return "integer"
    return "string" if not ranges or XSD.string in ranges else "iri"


@cache
def notations(codes: URIRef) -> dict[str, URIRef]:
    """Notation → code, for the members of a collection or the concepts of a scheme."""
    graph = _ontology()
    scheme = _absolute(codes)
    members = [
        *graph.subjects(_absolute(SKOS.inScheme), scheme),
        *graph.objects(scheme, _absolute(SKOS.member)),
    ]
    return {str(graph.value(code, _absolute(SKOS.notation))): URIRef(str(code).removeprefix(_BASE)) for code in members}


@cache
def _ontology() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in vocabulary_files():
        graph.parse(path, publicID=f"{_BASE}/")
    return graph


def _absolute(iri: URIRef) -> URIRef:
    return URIRef(_BASE + iri) if iri.startswith("/") else iri
