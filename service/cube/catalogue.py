"""The cubes of a release that the planner may answer from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from service.release import Component, CubeFile

QB = "http://purl.org/linked-data/cube#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DATA_SET, OBSERVATION = QB + "dataSet", QB + "Observation"


@dataclass(frozen=True)
class Cube:
    """One published cube: a row per observation in `parquet`, a column per component attached to observations.

    `exclusive` is that of service/release.py.
    """

    id: str
    iri: str
    parquet: Path
    rows: int
    components: tuple[Component, ...]
    exclusive: frozenset[str]

    def component(self, property_: str) -> Component | None:
        return next((each for each in self.components if each.property == property_), None)


def certain(release: Path, cubes: Iterable[CubeFile]) -> tuple[Cube, ...]:
    """The cubes whose columns are certain to say all that the default graph says of their observations."""
    return tuple(_cube(release, each) for each in cubes if each.exclusive)


def _cube(release: Path, file: CubeFile) -> Cube:
    own = tuple(each for each in file.components if each.attachment == "observation")
    return Cube(file.id, file.iri, release / file.parquet, file.rows, own, frozenset(file.exclusive))


def mentions(cubes: Iterable[Cube]) -> re.Pattern[str] | None:
    """What a text must hold to be about the cubes: the local name of a property of theirs. None: no text is."""
    properties = {each.property for cube in cubes for each in cube.components}
    if not properties:
        return None
    names = sorted({re.split("[#/]", each)[-1] for each in properties} | {"dataSet", "Observation"})
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
