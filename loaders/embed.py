"""Carries the facts of the publishers' files over into the tables that lie in the data sets' folders.

Run by hand when a publisher has a new edition: it writes the tidy CSV files, mints keys for new things, takes the
checksums anew and writes each folder's README.md.
"""

from collections.abc import Sequence
from pathlib import Path

from loaders import fetch, sources
from loaders.areas import Gazetteer
from loaders.dataset import DataSet, Given, Publication, Source, Tables
from loaders.fetch import SourceFile, SourceRecord
from loaders.progress import Progress
from loaders.registry import write_registry


def embed(data_sets: Sequence[DataSet], ids: Sequence[str], directory: Path, progress: Progress) -> list[str]:
    """Writes the tables of the named data sets, or of all, from the files below `directory`; a line for each source.

    What is only looked up (the areas) is read as it is embedded.
    """
    made: dict[str, Tables] = {}
    lines = []
    needed = sources.sources_of([each for each in data_sets if not ids or each.id in {*ids, "areas"}])
    for source in progress.each(needed, len(needed), "Embedding", " sources"):
        published = [each for each in data_sets if each.source is source]
        if ids and not {each.id for each in published} & set(ids):
            made[source.id] = source.read()
            continue
        known = sources.gazetteer(made) if "areas" in made else sources.NOWHERE
        made[source.id], line = _embed(source, published, known, directory)
        lines.append(line)
    return lines


def _embed(source: Source, published: Sequence[DataSet], areas: Gazetteer, directory: Path) -> tuple[Tables, str]:
    files = fetch.find(directory, source.patterns)
    given = Given(areas, source.registry())
    tables = source.tidy(files, given)
    if source.embedded:
        source.write(tables)
    if source.natural_key:
        write_registry(source.registry_path, given.keys)
    fetch.write_records(source.folder, records(source, files, published[0].publication))
    (source.folder / "README.md").write_text(readme(source, tables, published), encoding="utf-8")
    rows = sum(len(table.rows) for table in tables.values())
    return tables, f"{source.id}: {rows} rows from {len(files)} file(s), {len(given.keys.minted)} key(s) minted"


def records(source: Source, files: Sequence[SourceFile], about: Publication) -> list[SourceRecord]:
    """What is known of each file: written by hand in sources.csv, the checksum taken from the file itself.

    A table that was written by hand, and that things name as their source, stands in sources.csv like a file.
    """
    known = {each.file: each for each in fetch.read_records(source.folder)}
    by_hand = {name: fetch.measured(known[name], source.folder / name) for name in source.tables if name in known}
    described = {
        file.name: fetch.describe(file, known.get(file.name), about.publisher, about.license) for file in files
    }
    found = {**known, **by_hand, **described}
    return [found[name] for name in sorted(found)]


def readme(source: Source, tables: Tables, data_sets: Sequence[DataSet]) -> str:
    """What the folder holds and where it comes from."""
    lines = [f"# {source.id}", "", "Written by `python -m loaders embed`; change `__init__.py` or `sources.csv`.", ""]
    for data_set in data_sets:
        about = data_set.publication
        lines += [
            f"## {data_set.id}: {data_set.title.ja}",
            "",
            f"{data_set.title.en}. {data_set.description.en}",
            "",
            f"- Publisher: `{about.publisher}`",
            f"- Licence: <{about.license}>{'' if about.license_stated else ' (general terms; the file states none)'}",
            f"- Attribution: {about.attribution}",
            f"- Edition: {about.version} (data as of {about.modified})",
            "",
        ]
    lines += ["## Tables", "", "| file | rows | columns |", "| --- | --- | --- |"]
    lines += [f"| {name} | {len(table.rows):,} | {', '.join(table.header)} |" for name, table in tables.items()]
    lines += ["", "## Taken from", "", "| file | bytes | date | publisher | licence | taken from | SHA-256 |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
    lines += [
        f"| {each.file} | {int(each.bytes):,} | {each.date} | {each.publisher} | {_link(each.license)} | "
        f"{_link(each.taken_from)} | `{each.sha256}` |"
        for each in fetch.read_records(source.folder)
    ]
    return "\n".join(lines) + "\n"


def _link(iri: str) -> str:
    return f"<{iri}>" if iri else ""
