"""What is said about the data: catalogue records, sources, provenance of loads, the register of graphs."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from loaders import __version__, openness
from loaders.dataset import DataSet, Publication
from loaders.errors import Text
from loaders.fetch import SourceRecord, source_iri
from loaders.rdf import Triple, ntriples
from loaders.release import Draft, moment
from loaders.terms import DCAT, DCT, FOAF, ODRS, PROV, RDF, RDFS, SPDX, VOID, XSD

PART = "catalogue"
CATALOG = URIRef("/id/catalog")
ENDPOINT = URIRef("/id/service/sparql")
VOID_DESCRIPTION = URIRef("/id/void")
LOADER = URIRef("/id/agent/loader")
LOADER_VERSION = URIRef(f"/id/loader/{__version__}")
CITY = URIRef("/id/area/141003")
PUBLISHER = URIRef("/id/org/yokohama-city")
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
CSV_TYPE, NTRIPLES_TYPE, PARQUET_TYPE, GZIP_TYPE = (
    URIRef(f"{MEDIA_TYPE}text/csv"),
    URIRef(f"{MEDIA_TYPE}application/n-triples"),
    URIRef(f"{MEDIA_TYPE}application/vnd.apache.parquet"),
    URIRef(f"{MEDIA_TYPE}application/gzip"),
)
LANGUAGES = tuple(
    URIRef(f"http://publications.europa.eu/resource/authority/language/{code}") for code in ("JPN", "ENG")
)
SPARQL_PROTOCOL = URIRef("https://www.w3.org/TR/sparql11-protocol/")
LICENSE_NOT_STATED = Text(
    "元のファイルにライセンスの記載はない。公開者のオープンデータの原則のライセンスを示している。",
    "The file itself states no licence; this is the one that its publisher's open data are under in general.",
)
CC0 = URIRef("https://creativecommons.org/publicdomain/zero/1.0/")


# Graphs about the release as a whole; `{}` is the release's id.
_OWN_GRAPHS = {
    "meta": Text("グラフの登録簿", "Register of graphs"),
    "quality/{}": Text("検証の報告", "Validation report"),
}


@dataclass(frozen=True)
class Load:
    """One data set on its way into one release. Times are UTC."""

    data_set: DataSet
    sources: Sequence[SourceRecord]
    release_id: str
    started: datetime
    ended: datetime
    triples: int

    @property
    def iri(self) -> URIRef:
        return URIRef(f"/id/load/{self.release_id}-{self.data_set.id}")

    @property
    def graph(self) -> URIRef:
        return URIRef(f"/graph/prov/{self.release_id}-{self.data_set.id}")


def write(draft: Draft, loads: Sequence[Load]) -> None:
    """Writes the catalogue, with a record of each data set and how open it is."""
    stars = openness.of_data_sets(draft, [load.data_set for load in loads])

    def triples() -> Iterator[Triple]:
        data_sets = [load.data_set for load in loads]
        yield from catalog(data_sets, moment(draft.id))
        yield from endpoint(data_sets)
        for load in loads:
            yield from record(load.data_set, load.sources, draft.path)
            yield from openness.data_set_triples(load.data_set, stars[load.data_set.id])

    draft.write(PART, dict.fromkeys(ntriples(triples(), draft.base)))


def catalog(data_sets: Sequence[DataSet], released: datetime) -> Iterator[Triple]:
    """The catalogue, as DCAT-AP asks for it. It changes with every release."""
    yield CATALOG, RDF.type, DCAT.Catalog
    yield from _bilingual(
        CATALOG,
        DCT.title,
        Text("横浜市リンクトオープンデータカタログ", "Yokohama Linked Open Data catalogue"),
    )
    yield from _bilingual(
        CATALOG,
        DCT.description,
        Text(
            "横浜市の地域・施設・統計・計画のオープンデータを、リンクトオープンデータとして公開するデータセットの一覧。"
            "出典、ライセンス、更新日、ダウンロードできるファイルを載せる。",
            "Open data about the areas, facilities, statistics and plans of Yokohama, published as Linked Open Data: "
            "each data set with its sources, licence, date and files for download.",
        ),
    )
    yield CATALOG, DCT.publisher, PUBLISHER
    yield CATALOG, DCT.license, CC0
    yield CATALOG, DCT.modified, Literal(f"{released:%Y-%m-%d}", datatype=XSD.date)
    for language in LANGUAGES:
        yield CATALOG, DCT.language, language
    yield CATALOG, DCAT.service, ENDPOINT
    for data_set in data_sets:
        yield CATALOG, DCAT.dataset, data_set.iri


def endpoint(data_sets: Sequence[DataSet]) -> Iterator[Triple]:
    """The SPARQL endpoint as a data service of the catalogue."""
    yield ENDPOINT, RDF.type, DCAT.DataService
    yield from _bilingual(ENDPOINT, DCT.title, Text("SPARQLエンドポイント", "SPARQL endpoint"))
    yield from _bilingual(
        ENDPOINT,
        DCT.description,
        Text(
            "カタログのすべてのデータセットに、まとめてSPARQL 1.1で問い合わせる。登録も鍵もいらない。",
            "Answers SPARQL 1.1 queries over all data sets of the catalogue at once, without registration or key.",
        ),
    )
    yield ENDPOINT, DCT.publisher, PUBLISHER
    yield ENDPOINT, DCT.conformsTo, SPARQL_PROTOCOL
    yield ENDPOINT, DCAT.endpointURL, URIRef("/sparql")
    yield ENDPOINT, DCAT.endpointDescription, URIRef("/sparql/description")
    for data_set in data_sets:
        yield ENDPOINT, DCAT.servesDataset, data_set.iri


def record(data_set: DataSet, sources: Sequence[SourceRecord], release: Path) -> Iterator[Triple]:
    """The DCAT record of a data set, the files of the release that hold it, and those it comes from (MODEL 3.8)."""
    iri, about = data_set.iri, data_set.publication
    yield iri, RDF.type, DCAT.Dataset
    yield iri, DCT.identifier, Literal(data_set.id)
    yield from _bilingual(iri, DCT.title, data_set.title)
    yield from _bilingual(iri, DCT.description, data_set.description)
    for keyword in data_set.keywords:
        yield from _bilingual(iri, DCAT.keyword, keyword)
    yield iri, DCT.publisher, URIRef(about.publisher)
    yield iri, DCT.license, URIRef(about.license)
    yield from _rights(iri, BNode(f"rights-{data_set.id}"), about)
    yield iri, DCT.accrualPeriodicity, URIRef(FREQUENCY + about.frequency)
    yield iri, DCT.spatial, CITY
    yield iri, DCAT.theme, URIRef(f"/code/theme/{about.theme}")
    yield iri, DCT.modified, Literal(about.modified, datatype=XSD.date)
    yield iri, DCAT.version, Literal(about.version)
    yield from _distributions(data_set, release)
    for source in sources:
        yield iri, PROV.wasDerivedFrom, source_iri(data_set.source.id, source.file)
        yield from _source(data_set.source.id, source)
        yield from openness.file_triples(data_set.source.id, source)


def _rights(iri: URIRef, node: BNode, about: Publication) -> Iterator[Triple]:
    yield iri, DCT.rights, node
    yield node, RDF.type, DCT.RightsStatement
    yield node, ODRS.attributionText, Literal(about.attribution, lang="ja")
    if not about.license_stated:
        yield from _bilingual(node, RDFS.comment, LICENSE_NOT_STATED)


def _distributions(data_set: DataSet, release: Path) -> Iterator[Triple]:
    """The files that the data set can be taken as: its triples, and the columns of a cube.

    The columns are written before the catalogue, so their size is known. The dump is written when the gate has passed
    the catalogue.
    """
    dump = _distribution(data_set, "nt")
    yield from _described(data_set, dump, "N-Triples", NTRIPLES_TYPE, f"/dump/{data_set.id}.nt.gz")
    yield dump, DCAT.compressFormat, GZIP_TYPE
    if data_set.cube:
        name = f"cubes/{data_set.id}.parquet"
        columns = _distribution(data_set, "parquet")
        yield from _described(data_set, columns, "Parquet", PARQUET_TYPE, f"/{name}")
        with (release / name).open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = (release / name).stat().st_size
        yield from _content(columns, BNode(f"checksum-{data_set.id}-parquet"), str(size), sha256)


def _distribution(data_set: DataSet, key: str) -> URIRef:
    return URIRef(f"/id/distribution/{data_set.id}-{key}")


def _described(data_set: DataSet, iri: URIRef, format_: str, media_type: URIRef, address: str) -> Iterator[Triple]:
    """`media_type` is that of the data, also where the file is compressed (DCAT 3, dcat:compressFormat)."""
    yield data_set.iri, DCAT.distribution, iri
    yield iri, RDF.type, DCAT.Distribution
    title = Text(f"{data_set.title.ja}（{format_}）", f"{data_set.title.en} ({format_})")
    yield from _bilingual(iri, DCT.title, title)
    yield iri, DCAT.mediaType, media_type
    yield iri, DCAT.downloadURL, URIRef(address)
    yield iri, DCT.license, URIRef(data_set.publication.license)


def _source(source_id: str, source: SourceRecord) -> Iterator[Triple]:
    iri = source_iri(source_id, source.file)
    yield iri, RDF.type, DCAT.Distribution
    yield iri, RDF.type, PROV.Entity
    yield iri, DCT.title, Literal(source.file)
    if source.date:
        yield iri, DCT.issued, _date(source.date)
    yield iri, DCT.publisher, URIRef(source.publisher)
    yield iri, DCT.license, URIRef(source.license)
    if source.taken_from:
        yield iri, DCT.source, URIRef(source.taken_from)
    yield from _content(iri, BNode(f"checksum-{source_id}-{source.sha256[:16]}"), source.bytes, source.sha256)


def _content(file: URIRef, checksum: BNode, size: str, sha256: str) -> Iterator[Triple]:
    yield file, DCAT.byteSize, Literal(size, datatype=XSD.nonNegativeInteger)
    yield file, SPDX.checksum, checksum
    yield checksum, RDF.type, SPDX.Checksum
    yield checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256
    yield checksum, SPDX.checksumValue, Literal(sha256, datatype=XSD.hexBinary)


def _date(text: str) -> Literal:
    """A day, a month or a year, as exactly as the source is dated."""
    datatypes = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
    return Literal(text, datatype=datatypes[len(text)])


def provenance(load: Load) -> Iterator[Triple]:
    """Who made which graph from what, when and with which version of the program (MODEL 3.10)."""
    iri, data_set = load.iri, load.data_set
    yield iri, RDF.type, PROV.Activity
    yield from _bilingual(iri, RDFS.label, Text(f"{data_set.title.ja}の読込", f"Load of {data_set.title.en}"))
    yield iri, PROV.startedAtTime, _time(load.started)
    yield iri, PROV.endedAtTime, _time(load.ended)
    for source in load.sources:
        yield iri, PROV.used, source_iri(data_set.source.id, source.file)
        yield data_set.graph, PROV.wasDerivedFrom, source_iri(data_set.source.id, source.file)
    association = BNode(f"association-{load.release_id}-{data_set.id}")
    yield iri, PROV.qualifiedAssociation, association
    yield association, RDF.type, PROV.Association
    yield association, PROV.agent, LOADER
    yield association, PROV.hadPlan, LOADER_VERSION
    yield data_set.graph, RDF.type, PROV.Entity
    yield data_set.graph, RDF.type, VOID.Dataset
    yield (
        data_set.graph,
        RDFS.label,
        Literal(f"{data_set.title.ja} {data_set.publication.version}", lang="ja"),
    )
    yield (
        data_set.graph,
        RDFS.label,
        Literal(f"{data_set.title.en} {data_set.publication.version}", lang="en"),
    )
    yield data_set.graph, PROV.specializationOf, data_set.iri
    yield data_set.graph, PROV.wasGeneratedBy, iri
    yield data_set.graph, VOID.triples, Literal(load.triples)
    yield data_set.graph, VOID.dataDump, URIRef(f"/dump/{data_set.id}.nt.gz")


def register(loads: Sequence[Load], release_id: str, base: str, triples: int) -> Iterator[Triple]:
    """The description of the whole (VoID), the agents and the graphs there are."""
    for name, title in _OWN_GRAPHS.items():
        graph = URIRef(f"/graph/{name.format(release_id)}")
        yield graph, RDF.type, PROV.Entity
        yield from _bilingual(graph, RDFS.label, title)
        yield graph, PROV.wasAttributedTo, LOADER
        yield graph, PROV.generatedAtTime, _time(moment(release_id))
    for load in loads:
        yield load.graph, RDF.type, PROV.Entity
        yield from _bilingual(
            load.graph,
            RDFS.label,
            Text(f"{load.data_set.title.ja}の来歴", f"Provenance of {load.data_set.title.en}"),
        )
        yield load.graph, PROV.wasAttributedTo, LOADER
        yield load.graph, PROV.generatedAtTime, _time(load.ended)
    yield VOID_DESCRIPTION, RDF.type, VOID.Dataset
    yield from _bilingual(
        VOID_DESCRIPTION,
        DCT.title,
        Text("横浜市リンクトオープンデータ", "Yokohama Linked Open Data"),
    )
    yield VOID_DESCRIPTION, VOID.sparqlEndpoint, URIRef("/sparql")
    yield VOID_DESCRIPTION, VOID.uriSpace, Literal(f"{base}id/")
    yield VOID_DESCRIPTION, VOID.triples, Literal(triples)
    yield VOID_DESCRIPTION, FOAF.homepage, URIRef("/")
    yield LOADER, RDF.type, PROV.SoftwareAgent
    yield from _bilingual(LOADER, RDFS.label, Text("ローダー", "loaders"))
    yield LOADER_VERSION, RDF.type, PROV.Plan
    yield from _bilingual(LOADER_VERSION, RDFS.label, Text(f"ローダー {__version__}", f"loaders {__version__}"))
    yield LOADER_VERSION, DCAT.version, Literal(__version__)
    for load in loads:
        yield VOID_DESCRIPTION, VOID.subset, load.data_set.graph


def _bilingual(subject: Node, property_: URIRef, text: Text) -> Iterator[Triple]:
    yield subject, property_, Literal(text.ja, lang="ja")
    yield subject, property_, Literal(text.en, lang="en")


def _time(moment: datetime) -> Literal:
    return Literal(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=XSD.dateTime)
