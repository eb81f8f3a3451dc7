"""The statistics of a release: tidy tables → checked columns → `cubes/*.parquet` and triples."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from loaders import columns, cube_checks, observations, records
from loaders.catalogue import Load
from loaders.columns import Frame
from loaders.dataset import DataSet, Tables, stored
from loaders.errors import Text
from loaders.labels import read_labels
from loaders.progress import Progress
from loaders.rdf import ntriples
from loaders.release import Draft
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
    draft: Draft, data_sets: Sequence[DataSet], frames: Sequence[Frame], progress: Progress, source: Path | None
) -> list[Load]:
    """Writes each cube's Parquet and triples. What dimensions are called is taken from the parts written before."""
    known = read_labels(path for path, graph in draft.graphs if graph is None)
    owners = {each.cube.id: each for each in data_sets if each.cube}
    loads = []
    for frame in progress.each(frames, len(frames), "Writing statistics", " cubes"):
        started, path = datetime.now(UTC), draft.path / parquet(frame.cube)
        observations.write_parquet(frame, draft.base, lambda iri: known.get(iri, NAMELESS), path)
        about = ntriples(frame.cube.about(), draft.base)
        count = draft.write(frame.cube.id, chain(about, observations.lines(frame, draft.base, path)))
        loads.append(records.load(draft, owners[frame.cube.id], started, count, source))
    return loads


def parquet(cube: Cube) -> str:
    """Where the columns lie in the release."""
    return f"cubes/{cube.id}.parquet"


def summary(frames: Sequence[Frame], base: str) -> list[dict[str, Any]]:
    """The entry `cubes` of release.json."""
    return [observations.summary(frame, base, parquet(frame.cube)) for frame in frames]
