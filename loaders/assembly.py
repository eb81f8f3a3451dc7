"""The parts of a release: what each step of the pipeline writes into the draft, and what the gate says of it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import URIRef

from loaders import areas, catalogue, dates, fetch, gate
from loaders.areas import Gazetteer
from loaders.catalogue import Load
from loaders.dataset import DataSet, Given, Source, Tables
from loaders.errors import Language, Problem, Refused, Text
from loaders.progress import Progress
from loaders.rdf import Triple, absolute, ntriples
from loaders.release import Draft
from loaders.table import BadCell
from loaders.terms import ONTOLOGY, ROOT, SHAPES, prefixes, shape_files, vocabulary_files

VOCABULARY, CATALOGUE = "vocabulary", "catalogue"
NOWHERE = Gazetteer({}, ())


# --- fetch → table → tidy tables --------------------------------------------------------------


def tables(data_sets: Sequence[DataSet], directory: Path | None, progress: Progress) -> dict[str, Tables]:
    """The tidy tables of each source by its id, embedded or made from the publishers' files in `directory`."""
    sources = sources_of(data_sets)
    found: dict[str, Tables] = {}
    for source in progress.each(sources, len(sources), "Reading tables", " sources"):
        known = gazetteer(found) if "areas" in found else NOWHERE
        found[source.id] = source.read() if directory is None else tidy(source, directory, known)
    return found


def sources_of(data_sets: Sequence[DataSet]) -> list[Source]:
    """The sources of the data sets, each once, the areas first: the others look areas up."""
    unique = {data_set.source.id: data_set.source for data_set in data_sets}
    return sorted(unique.values(), key=lambda source: source.id != "areas")


def tidy(source: Source, directory: Path, known: Gazetteer) -> Tables:
    """The tidy tables from the publishers' files; Refused if a thing in them has no key yet."""
    given = Given(known, source.registry())
    made = source.tidy(fetch.find(directory, source.patterns), given)
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


def source_records(data_set: DataSet, directory: Path | None) -> list[fetch.SourceRecord]:
    """What the data set's facts were taken from; the checksums are taken anew from files in `directory`."""
    known = {record.file: record for record in fetch.read_records(data_set.source.folder)}
    if directory is not None:
        for file in fetch.find(directory, data_set.source.patterns):
            about = data_set.publication
            known[file.name] = fetch.describe(file, known.get(file.name), about.publisher, about.license)
    return [
        record
        for record in known.values()
        if not data_set.files or any(fnmatch(record.file, pattern) for pattern in data_set.files)
    ]


# --- tables → triples -------------------------------------------------------------------------


def write_data(
    draft: Draft,
    data_sets: Sequence[DataSet],
    found: Mapping[str, Tables],
    known: Gazetteer,
    progress: Progress,
    directory: Path | None = None,
) -> list[Load]:
    """Writes the triples of each data set to a part of its own."""
    loads = []
    for data_set in progress.each(data_sets, len(data_sets), "Writing triples", " data sets"):
        started = datetime.now(UTC)
        triples = data_set.triples(found[data_set.source.id], known)
        count = draft.write(data_set.id, _located(ntriples(triples, draft.base)))
        ended = datetime.now(UTC)
        records = source_records(data_set, directory)
        loads.append(Load(data_set, records, draft.id, started, ended, count))
    return loads


def _located(lines: Iterator[str]) -> Iterator[str]:
    """A cell that cannot be read stops the load with its place."""
    try:
        yield from lines
    except BadCell as error:
        raise Refused([error.problem]) from error


def write_vocabulary(draft: Draft, data_sets: Sequence[DataSet], found: Mapping[str, Tables]) -> None:
    """Words, rules, code lists and the periods that the statistics use."""
    periods: set[str] = set()
    for data_set in data_sets:
        if data_set.cube:
            periods |= data_set.cube.periods(found[data_set.source.id])
    draft.write("periods", ntriples(dates.triples(periods), draft.base))
    lines = (
        f"{quad.triple} .\n"
        for path in (*vocabulary_files(), *shape_files())
        for quad in ox.parse(path=path, base_iri=draft.base, rename_blank_nodes=True)
    )
    draft.write(VOCABULARY, lines)


def write_catalogue(draft: Draft, loads: Sequence[Load]) -> None:
    """The catalogue, with a record of each data set."""

    def triples() -> Iterator[Triple]:
        yield from catalogue.catalog([load.data_set for load in loads])
        for load in loads:
            yield from catalogue.record(load.data_set, load.sources)

    draft.write(CATALOGUE, dict.fromkeys(ntriples(triples(), draft.base)))


# --- what is said about the release -----------------------------------------------------------


def write_provenance(draft: Draft, loads: Sequence[Load], checked: gate.Checked) -> list[Load]:
    """PROV of each load, the report and the register of graphs, each in a graph of its own; the final counts."""
    final = [replace(load, triples=checked.counts[load.data_set.id]["triples"]) for load in loads]
    for load in final:
        lines = ntriples(catalogue.provenance(load), draft.base)
        draft.write(f"prov-{load.data_set.id}", lines, absolute(load.graph, draft.base))
    quality = URIRef(f"{draft.base}graph/quality/{draft.id}")
    report = gate.report_graph(checked.findings, quality, conforms=not checked.report.violations)
    report.serialize(draft.path / "report.ttl", format="turtle")
    draft.write("quality", ntriples(report, draft.base), quality)
    total = sum(counts["triples"] for counts in checked.counts.values())
    lines = ntriples(catalogue.register(final, draft.id, draft.base, total), draft.base)
    draft.write("meta", lines, f"{draft.base}graph/meta")
    return final


def load_store(draft: Draft, loads: Sequence[Load], checked: gate.Checked, progress: Progress) -> dict[str, Any]:
    """Fills the store and the dumps; what release.json says besides its head."""
    files = progress.each(draft.graphs, len(draft.graphs), "Loading the store", " files")
    triples, quads = draft.load(files)
    return {
        "fingerprint": fingerprint(draft.base),
        "triples": triples,
        "quads": quads,
        "prefixes": {prefix: absolute(iri, draft.base) for prefix, iri in prefixes().items()},
        "datasets": [_summary(draft, load, checked) for load in loads],
    }


def _summary(draft: Draft, load: Load, checked: gate.Checked) -> dict[str, Any]:
    data_set = load.data_set
    return {
        "id": data_set.id,
        "iri": absolute(data_set.iri, draft.base),
        "title": {"ja": data_set.title.ja, "en": data_set.title.en},
        "graph": absolute(data_set.graph, draft.base),
        **checked.counts[data_set.id],
        "dump": draft.dump(data_set.id),
        "modified": data_set.publication.modified,
        "license": data_set.publication.license,
    }


def fingerprint(base: str) -> str:
    """Changes when a release built from here would differ: words, rules, programs, tables or base."""
    digest = hashlib.sha256(base.encode())
    for folder in (ONTOLOGY, SHAPES, ROOT / "loaders"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".ttl", ".py", ".csv"}:
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def summary(checked: gate.Checked, language: Language) -> list[str]:
    """What people should know about a release that passed: rows set aside, warnings by rule."""
    aside = [f"set aside: {each.problem.sentence(language)}" for each in checked.aside]
    return aside + gate.summary(checked.report, language)
