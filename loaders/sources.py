"""Fetch → table: the tidy tables of each source, embedded here or made anew from the publishers' files."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path

from loaders import areas, fetch
from loaders.areas import Gazetteer
from loaders.dataset import DataSet, Given, Source, Tables
from loaders.errors import Problem, Refused, Text
from loaders.fetch import SourceFile
from loaders.progress import Progress

NOWHERE = Gazetteer({}, ())


# The publishers' files by the id of their source. What is not in it is embedded.
HandedOver = Mapping[str, Sequence[SourceFile]]


def handed_over(data_sets: Sequence[DataSet], directory: Path | None) -> HandedOver:
    """The files of every source below `directory`; none if there is no directory."""
    if directory is None:
        return {}
    return {source.id: fetch.find(directory, source.patterns) for source in sources_of(data_sets)}


def tables(data_sets: Sequence[DataSet], files: HandedOver, progress: Progress) -> dict[str, Tables]:
    """The tidy tables of each source by its id, embedded or made from the publishers' files."""
    sources = sources_of(data_sets)
    found: dict[str, Tables] = {}
    for source in progress.each(sources, len(sources), "Reading tables", " sources"):
        known = gazetteer(found) if "areas" in found else NOWHERE
        found[source.id] = tidy(source, files[source.id], known) if source.id in files else source.read()
    return found


def sources_of(data_sets: Sequence[DataSet]) -> list[Source]:
    """The sources of the data sets, each once, the areas first: the others look areas up."""
    unique = {data_set.source.id: data_set.source for data_set in data_sets}
    return sorted(unique.values(), key=lambda source: source.id != "areas")


def tidy(source: Source, files: Sequence[SourceFile], known: Gazetteer) -> Tables:
    """The tidy tables from the publishers' files; Refused if a thing in them has no key yet."""
    given = Given(known, source.registry())
    made = source.tidy(list(files), given)
    if given.keys.minted:
        things = "; ".join(" ".join(filter(None, natural)) for natural in given.keys.minted[:5])
        expected = Text(
            "登録済みのキー（新しい施設・町には先に python -m loaders embed でキーを付ける）",
            "a key in the registry (mint keys for new things first: python -m loaders embed)",
        )
        count = len(given.keys.minted)
        raise Refused([Problem(str(source.registry_path.name), expected, f"{count}: {things}")])
    return made


def gazetteer(found: Mapping[str, Tables]) -> Gazetteer:
    return areas.gazetteer(found["areas"]["areas.csv"], found["areas"]["area-changes.csv"])


def source_records(data_set: DataSet, files: HandedOver) -> list[fetch.SourceRecord]:
    """What the data set's facts were taken from; the checksums are taken anew from files that were handed over."""
    known = {record.file: record for record in fetch.read_records(data_set.source.folder)}
    for file in files.get(data_set.source.id, ()):
        about = data_set.publication
        known[file.name] = fetch.describe(file, known.get(file.name), about.publisher, about.license)
    return [
        record
        for record in known.values()
        if not data_set.files or any(fnmatch(record.file, pattern) for pattern in data_set.files)
    ]
