"""The cubes of a release, as its release.json describes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QB = "http://purl.org/linked-data/cube#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DATA_SET, OBSERVATION = QB + "dataSet", QB + "Observation"


@dataclass(frozen=True)
class Component:
    """A column of the Parquet. `type` is iri, integer, decimal, double, string or boolean."""

    name: str
    property: str
    kind: str
    type: str


@dataclass(frozen=True)
class Cube:
    """One published cube: a row per observation in `parquet`, a column per component attached to observations.

    `exclusive` names the properties (of components, qb:dataSet, rdf:type with qb:Observation) of which the default
    graph holds no triple but those that the cubes of the release tell of. An observation has no other value of a
    component than its row says; of a cube for which that is not certain, `exclusive` is empty.
    """

    id: str
    iri: str
    parquet: Path
    rows: int
    components: tuple[Component, ...]
    exclusive: frozenset[str]

    def component(self, property_: str) -> Component | None:
        return next((each for each in self.components if each.property == property_), None)


def read_cubes(release: Path, about: Mapping[str, Any]) -> tuple[Cube, ...]:
    """The cubes in the contents of a release.json that say of which triples they are all there is."""
    cubes = (_cube(release, each) for each in about.get("cubes", ()))
    return tuple(cube for cube in cubes if cube.exclusive)


def _cube(release: Path, about: Mapping[str, Any]) -> Cube:
    components = tuple(
        Component(each["name"], each["property"], each["kind"], each["type"])
        for each in about["components"]
        if each["attachment"] == "observation"
    )
    exclusive = frozenset(about.get("exclusive", ()))
    return Cube(about["id"], about["iri"], release / about["parquet"], about["rows"], components, exclusive)
