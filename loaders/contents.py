"""Parts → store and dumps, and what release.json says is in the release."""

from collections.abc import Mapping, Sequence
from typing import Any

from loaders import cubes
from loaders.catalogue import Load
from loaders.columns import Frame
from loaders.fingerprint import fingerprint
from loaders.progress import Progress
from loaders.rdf import absolute
from loaders.release import Draft
from loaders.terms import prefixes


def load(
    draft: Draft,
    loads: Sequence[Load],
    counts: Mapping[str, Mapping[str, int]],
    frames: Sequence[Frame],
    progress: Progress,
) -> dict[str, Any]:
    """Fills the store and the dumps; what release.json says besides its head. `counts` are by data set."""
    files = progress.each(draft.graphs, len(draft.graphs), "Loading the store", " files")
    triples, quads = draft.load(files)
    return {
        "fingerprint": fingerprint(draft.base),
        "triples": triples,
        "quads": quads,
        "prefixes": {prefix: absolute(iri, draft.base) for prefix, iri in prefixes().items()},
        "datasets": [_data_set(draft, each, counts[each.data_set.id]) for each in loads],
        "cubes": cubes.summary(frames, draft.base),
    }


def _data_set(draft: Draft, load: Load, counts: Mapping[str, int]) -> dict[str, Any]:
    data_set = load.data_set
    return {
        "id": data_set.id,
        "iri": absolute(data_set.iri, draft.base),
        "title": {"ja": data_set.title.ja, "en": data_set.title.en},
        "graph": absolute(data_set.graph, draft.base),
        **counts,
        "dump": draft.dump(data_set.id),
        "modified": data_set.publication.modified,
        "license": data_set.publication.license,
    }
