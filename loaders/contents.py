"""What is in a release: the store is filled, and release.json says what it holds."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from loaders import cubes, exclusive, store
from loaders.catalogue import Load
from loaders.fingerprint import fingerprint
from loaders.progress import Progress
from loaders.rdf import absolute
from loaders.release import Draft
from loaders.terms import prefixes


def filling(draft: Draft, loads: Sequence[Load]) -> Generator[int, None, None]:
    """Loads the default graph into the store, and writes the dumps; the number of triples of each piece, as it goes."""
    observations = cubes.observations(draft, [each.data_set for each in loads])
    current = [part for part in draft.graphs if part[1] is None]
    # small parts first: each piece that comes later is a reason for the store to sort anew what it holds
    parts = sorted(current, key=lambda part: part[0].stem in observations)
    return store.fill(draft, parts, observations, {each.data_set.id for each in loads})


def complete(draft: Draft, filled: Iterator[int], counts: Mapping[str, Mapping[str, int]], progress: Progress) -> None:
    """Waits until the default graph is loaded, loads the named graphs and sorts the store. `counts` are by part."""
    named = [part for part in draft.graphs if part[1] is not None]
    pieces = chain(filled, store.fill(draft, named, {}, ()))
    progress.amount(pieces, sum(each["triples"] for each in counts.values()), "Loading the store", " triples")
    store.optimize(draft)


def about(draft: Draft, loads: Sequence[Load], counts: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """What release.json says besides its head and its cubes. `counts` are by part."""
    triples, quads = store.count(draft.path / "store")
    return {
        "fingerprint": fingerprint(draft.base),
        "triples": triples,
        "quads": quads,
        "prefixes": {prefix: absolute(iri, draft.base) for prefix, iri in prefixes().items()},
        "datasets": [_data_set(draft, each, counts[each.data_set.id]) for each in loads],
    }


def cubes_of(draft: Draft, loads: Sequence[Load], counts: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """What release.json says of the cubes."""
    summaries = [
        cubes.summary(each.data_set.cube, draft.base, counts[each.data_set.id]["observations"])
        for each in loads
        if each.data_set.cube
    ]
    parts = {path.stem: path for path, graph in draft.graphs if graph is None}
    return exclusive.marked_by_parts(draft.path, summaries, draft.base, parts)


def _data_set(draft: Draft, load: Load, counts: Mapping[str, int]) -> dict[str, Any]:
    data_set = load.data_set
    return {
        "id": data_set.id,
        "iri": absolute(data_set.iri, draft.base),
        "title": {"ja": data_set.title.ja, "en": data_set.title.en},
        "graph": absolute(data_set.graph, draft.base),
        **counts,
        "dump": store.dump_name(data_set.id),
        "modified": data_set.publication.modified,
        "license": data_set.publication.license,
    }
