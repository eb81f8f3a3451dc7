"""The flow: fetch → table → data set → triples → gate → release. Each arrow is a function of the module it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loaders import assembly, gate, release
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
        tables = assembly.tables(order.data_sets, order.source, progress)
        areas = assembly.gazetteer(tables)
        loads = assembly.write_data(draft, order.data_sets, tables, areas, progress, order.source)
        assembly.write_vocabulary(draft, order.data_sets, tables)
        assembly.write_catalogue(draft, loads)
        checked = gate.check(draft, order.data_sets, order.validator, progress)
        loads = assembly.write_provenance(draft, loads, checked)
        about = assembly.load_store(draft, loads, checked, progress)
        path = draft.publish(about)
    for line in assembly.summary(checked, language):
        progress.say(line)
    for removed in release.prune(order.releases, order.keep):
        progress.say(f"removed old release {removed}")
    return path
