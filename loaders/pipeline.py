"""The flow: fetch → table → data set → triples → gate → release. Each arrow is a function of the module it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loaders import catalogue, contents, cubes, gate, lists, provenance, records, release, sources, vocabulary
from loaders.dataset import DataSet
from loaders.errors import Language
from loaders.progress import Progress


@dataclass(frozen=True)
class Order:
    """What to build. `source` is a folder with the publishers' files; None takes the tables embedded here."""

    data_sets: Sequence[DataSet]
    base: str
    releases: Path
    source: Path | None = None
    validator: gate.Validator = gate.columnar
    keep: int = 5


def build(order: Order, progress: Progress, language: Language) -> Path:
    """Builds, checks and publishes a release; its path. Raises LoadError and leaves the current release otherwise."""
    with release.draft(order.releases, order.base) as draft:
        tables = sources.tables(order.data_sets, order.source, progress)
        areas = sources.gazetteer(tables)
        loads = records.write(draft, order.data_sets, tables, areas, progress, order.source)
        with cubes.read(draft, order.data_sets, tables, progress) as frames:
            vocabulary.write(draft, cubes.periods(frames))
            loads += cubes.write(draft, order.data_sets, frames, progress, order.source)
        catalogue.write(draft, loads)
        checked = gate.check(draft, order.data_sets, order.validator, progress)
        loads = provenance.write(draft, loads, checked)
        about = contents.load(draft, loads, checked.counts, frames, progress)
        lists.write(draft)
        path = draft.publish(about)
    for line in provenance.summary(checked, language):
        progress.say(line)
    for removed in release.prune(order.releases, order.keep):
        progress.say(f"removed old release {removed}")
    return path
