"""Table → triples, record by record: areas, towns, facilities. Statistics go by columns (`loaders/cubes.py`)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from loaders.areas import Gazetteer
from loaders.catalogue import Load
from loaders.dataset import DataSet, Tables
from loaders.errors import Refused
from loaders.progress import Progress
from loaders.rdf import ntriples
from loaders.release import Draft
from loaders.sources import HandedOver, source_records
from loaders.table import BadCell


def write(
    draft: Draft,
    data_sets: Sequence[DataSet],
    found: Mapping[str, Tables],
    known: Gazetteer,
    progress: Progress,
    files: HandedOver,
) -> list[Load]:
    """Writes the triples of each data set that is not a cube to a part of its own."""
    chosen = [data_set for data_set in data_sets if data_set.cube is None]
    loads = []
    for data_set in progress.each(chosen, len(chosen), "Writing triples", " data sets"):
        started = datetime.now(UTC)
        triples = data_set.triples(found[data_set.source.id], known)
        count = draft.write(data_set.id, _located(ntriples(triples, draft.base)))
        loads.append(load(draft, data_set, started, count, files))
    return loads


def periods(data_sets: Sequence[DataSet], found: Mapping[str, Tables]) -> set[str]:
    """The notations of the periods that the records name."""
    return {each for data_set in data_sets for each in data_set.periods(found[data_set.source.id])}


def load(draft: Draft, data_set: DataSet, started: datetime, count: int, files: HandedOver) -> Load:
    """The account of a data set whose `count` triples have been written since `started`."""
    return Load(data_set, source_records(data_set, files), draft.id, started, datetime.now(UTC), count)


def _located(lines: Iterator[str]) -> Iterator[str]:
    """A cell that cannot be read stops the load with its place."""
    try:
        yield from lines
    except BadCell as error:
        raise Refused([error.problem]) from error
