"""How open data sets and the files behind them are, by the five stars of open data: computed, never typed (MODEL 3.8).

1 published with a licence, 2 in a structured format, 3 in a format open to all, 4 as RDF with things named by IRIs of
ours, 5 with links to things of other publishers. Each step counts only on top of those below it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path, PurePath

import duckdb
from rdflib import Literal, URIRef

from loaders.dataset import DataSet
from loaders.errors import Text
from loaders.fetch import SourceRecord, source_iri
from loaders.rdf import Triple
from loaders.release import Draft
from loaders.terms import DQV, IC, OWL, RDF, RDFS, SKOS

METRIC = URIRef("/id/metric/five-star")
# What each format has by itself; none where a program cannot read the table or the text in it.
FORMATS: Mapping[str, int] = {
    **dict.fromkeys((".xls", ".xlsx"), 2),
    **dict.fromkeys((".csv", ".json", ".geojson", ".nt", ".parquet"), 3),
}
# Properties by which a thing is tied to one of another publisher.
LINKS = (OWL.sameAs, SKOS.exactMatch, SKOS.closeMatch, SKOS.narrowMatch, SKOS.broadMatch, IC.市区町村コード)


def of_file(name: str, license_: str) -> int:
    """The stars of a file as it was handed over.

    >>> of_file("hyo22.xlsx", "https://example.org/terms"), of_file("plan.txt", "https://example.org/terms")
    (2, 1)
    """
    return FORMATS.get(PurePath(name).suffix.lower(), 1) if license_ else 0


def of_data_sets(draft: Draft, data_sets: Sequence[DataSet]) -> dict[str, int]:
    """The stars of each data set by its id, from the triples and columns that the draft is about to publish."""
    start = f"<{draft.base}"
    links = {path.stem: _linked(path, start) for path, graph in draft.graphs if graph is None}
    anywhere = set[str]().union(*links.values())
    found = {}
    for data_set in data_sets:
        values = _values(draft, data_set) if data_set.cube else set[str]()
        foreign = any(not each.startswith(start) for each in values)
        steps = (
            bool(data_set.publication.license),
            True,  # N-Triples, and Parquet of cubes: structured, and open to all
            True,
            _names_things(draft.part(data_set.id), f"{start}id/"),
            bool(links[data_set.id]) or foreign or not values.isdisjoint(anywhere),
        )
        found[data_set.id] = sum(1 for _ in takewhile(bool, steps))
    return found


def _linked(part: Path, start: str) -> set[str]:
    """The subjects that a part ties to things of other publishers; `start` is how IRIs of ours begin."""
    properties = {f"<{each}>" for each in LINKS}
    found = set()
    with part.open(encoding="utf-8") as file:
        for line in file:
            subject, property_, object_ = line.split(" ", 2)
            if property_ in properties and not object_.startswith(start):
                found.add(subject)
    return found


def _names_things(part: Path, start: str) -> bool:
    with part.open(encoding="utf-8") as file:
        return any(line.startswith(start) for line in file)


def _values(draft: Draft, data_set: DataSet) -> set[str]:
    """The values of a cube's dimensions, as N-Triples write them."""
    path = draft.path / "cubes" / f"{data_set.id}.parquet"
    found: set[str] = set()
    with duckdb.connect() as db:
        for dimension in data_set.cube.structure.dimensions if data_set.cube else ():
            column = db.read_parquet(str(path)).project(f'"{dimension}"')
            found |= {f"<{value}>" for (value,) in column.distinct().fetchall()}
    return found


def data_set_triples(data_set: DataSet, stars: int) -> Iterator[Triple]:
    measurement = URIRef(f"/id/quality/{data_set.id}/five-star")
    yield from _measured(data_set.iri, measurement, data_set.title, stars)


def file_triples(source_id: str, source: SourceRecord) -> Iterator[Triple]:
    file = source_iri(source_id, source.file)
    measurement = URIRef(f"/id/quality/{file.removeprefix('/id/')}/five-star")
    yield from _measured(file, measurement, Text(source.file, source.file), of_file(source.file, source.license))


def _measured(thing: URIRef, measurement: URIRef, title: Text, stars: int) -> Iterator[Triple]:
    yield thing, DQV.hasQualityMeasurement, measurement
    yield measurement, RDF.type, DQV.QualityMeasurement
    yield measurement, RDFS.label, Literal(f"5つ星オープンデータの{stars}段階: {title.ja}", lang="ja")
    yield measurement, RDFS.label, Literal(f"{stars} of 5 stars of open data: {title.en}", lang="en")
    yield measurement, DQV.computedOn, thing
    yield measurement, DQV.isMeasurementOf, METRIC
    yield measurement, DQV.value, Literal(stars)
