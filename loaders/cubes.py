"""The statistics of a release: tidy tables → checked columns → `cubes/*.parquet` and triples."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from loaders import columns, cube_checks, gate, records
from loaders.catalogue import Load
from loaders.columns import Frame
from loaders.dataset import DataSet, Tables, stored
from loaders.errors import Text
from loaders.labels import read_labels
from loaders.observations import TRACE, lines, write_parquet
from loaders.observations import summary as summary_of
from loaders.progress import Progress
from loaders.rdf import absolute, ntriples
from loaders.release import Draft
from loaders.sources import HandedOver
from loaders.statistics import Cube

NAMELESS = Text("", "")


@contextmanager
def read(
    draft: Draft, data_sets: Sequence[DataSet], tables: Mapping[str, Tables], progress: Progress
) -> Iterator[list[Frame]]:
    """The checked columns of every cube, as long as the context lasts. Raises Refused with what is wrong in a table."""
    cubes = [(each.cube, tables[each.source.id]) for each in data_sets if each.cube]
    with columns.workspace(draft.work) as db:
        frames = []
        for cube, found in progress.each(cubes, len(cubes), "Checking statistics", " cubes"):
            tidy = columns.read_tidy(db, cube, stored(found, cube.table, draft.work), draft.base)
            cube_checks.check(tidy)
            frames.append(columns.frame(tidy, draft.work))
        yield frames


def periods(frames: Sequence[Frame]) -> set[str]:
    """The notations of the periods that the cubes use."""
    return {notation for frame in frames for notation in frame.notations("refPeriod")}


def write(
    draft: Draft, data_sets: Sequence[DataSet], frames: Sequence[Frame], progress: Progress, files: HandedOver
) -> list[Load]:
    """Writes each cube's Parquet, and the triples about it as a whole.

    What the values of dimensions are called is taken from the parts written before.
    """
    known = read_labels(path for path, graph in draft.graphs if graph is None)
    owners = {each.cube.id: each for each in data_sets if each.cube}
    loads = []
    for frame in progress.each(frames, len(frames), "Writing statistics", " cubes"):
        started, path = datetime.now(UTC), draft.path / parquet(frame.cube)
        write_parquet(frame, draft.base, lambda iri: known.get(iri, NAMELESS), path)
        count = draft.write(frame.cube.id, ntriples(frame.cube.about(), draft.base))
        loads.append(records.load(draft, owners[frame.cube.id], started, count, files))
    return loads


def parquet(cube: Cube) -> str:
    """Where the columns lie in the release."""
    return f"cubes/{cube.id}.parquet"


def as_checked(draft: Draft, data_sets: Sequence[DataSet]) -> list[gate.Frame]:
    """The columns of every cube as the gate reads them."""
    return [
        gate.Frame(
            absolute(each.cube.iri, draft.base),
            draft.path / parquet(each.cube),
            {
                absolute(component.property, draft.base): gate.Column(component.name, component.type)
                for component in (*each.cube.structure.on_observation, TRACE)
            },
        )
        for each in data_sets
        if each.cube
    ]


def observations(draft: Draft, data_sets: Sequence[DataSet]) -> dict[str, Iterator[bytes]]:
    """The triples of every cube's observations by the name of its part, made while they are read."""
    return {
        each.cube.id: lines(each.cube, draft.base, draft.path / parquet(each.cube)) for each in data_sets if each.cube
    }


def summary(cube: Cube, base: str, rows: int) -> dict[str, Any]:
    """The cube's entry in release.json."""
    return summary_of(cube, base, parquet(cube), rows)
