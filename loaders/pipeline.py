"""The flow: fetch → table → data set → triples → gate → release. Each arrow is a function of the module it names."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from loaders import catalogue, contents, cubes, gate, lists, provenance, records, release, sitemap, sources, vocabulary
from loaders.background import ahead, giving_way
from loaders.catalogue import Load
from loaders.dataset import DataSet, Tables
from loaders.errors import Language
from loaders.gate import Aside, Checked
from loaders.progress import Progress
from loaders.release import Draft
from loaders.sources import HandedOver
from service.things import preparing


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
        files = sources.handed_over(order.data_sets, order.source)
        tables = sources.tables(order.data_sets, files, progress)
        loads = write(draft, order.data_sets, tables, files, progress)
        aside = gate.set_aside(draft, order.data_sets, order.validator, progress)
        with ahead(contents.filling(draft, loads)) as filled:
            # the store fills, with all the processors if it can; the gate checks while the store sorts on one
            loads, checked = giving_way(check, draft, loads, aside, order.validator, progress)
            described = contents.cubes_of(draft, loads, checked.counts)
            contents.complete(draft, filled, checked.counts, progress)
        with ThreadPoolExecutor() as pool:
            written = [pool.submit(lists.write, draft), pool.submit(sitemap.write, draft, described)]
            about = contents.about(draft, loads, checked.counts)
            for each in written:
                each.result()
        draft.complete(about | {"cubes": described})
        prepare_documents(draft.path, progress)
        path = draft.publish()
        for removed in release.prune(order.releases, order.keep):
            progress.say(f"removed old release {removed}")
    for line in provenance.summary(checked, language):
        progress.say(line)
    return path


def prepare_documents(release: Path, progress: Progress) -> None:
    preparing.prepare(release, lambda paths: progress.each(paths, len(paths), "Preparing documents", " documents"))


def write(
    draft: Draft, data_sets: Sequence[DataSet], tables: Mapping[str, Tables], files: HandedOver, progress: Progress
) -> list[Load]:
    """Writes what the tables say into the draft: records as triples, statistics as columns."""
    areas = sources.gazetteer(tables)
    loads = records.write(draft, data_sets, tables, areas, progress, files)
    with cubes.read(draft, data_sets, tables, progress) as frames:
        vocabulary.write(draft, cubes.periods(frames) | records.periods(data_sets, tables))
        loads += cubes.write(draft, data_sets, frames, progress, files)
    catalogue.write(draft, loads)
    return loads


def check(
    draft: Draft, loads: Sequence[Load], aside: Sequence[Aside], validator: gate.Validator, progress: Progress
) -> tuple[list[Load], Checked]:
    """Has the draft checked and writes the account of it. Raises Refused when a rule is broken."""
    data_sets = [load.data_set for load in loads]
    checked = gate.check(draft, data_sets, cubes.as_checked(draft, data_sets), aside, validator, progress)
    loads = provenance.write(draft, loads, checked)
    checked = gate.check_account(draft, checked, provenance.expected(loads), validator)
    provenance.report(draft, checked)
    return loads, checked
