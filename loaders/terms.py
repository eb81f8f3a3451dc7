"""The words of `ontology/` for Python. A term that no Turtle file there declares fails at import."""

from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import URIRef

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
SHAPES = ROOT / "shapes"

# The files hold relative IRIs; what they resolve to is decided by the base that a release is built with.
# Until then an IRI of ours is written as an absolute path, `/def/core#household`.
_NO_BASE = "http://base.invalid"


@cache
def prefixes() -> dict[str, str]:
    """Prefix → namespace of `ontology/prefixes.ttl`; our own namespaces as absolute paths."""
    parser = ox.parse(path=ONTOLOGY / "prefixes.ttl", base_iri=f"{_NO_BASE}/")
    for _ in parser:  # the prefixes are known when the file has been read
        pass
    return {prefix: _relative(iri) for prefix, iri in sorted(parser.prefixes.items())}


def vocabulary_files() -> list[Path]:
    """Every Turtle file whose triples are published: words, code lists, structures; not the examples."""
    folders = (ONTOLOGY, ONTOLOGY / "codelists", ONTOLOGY / "structures")
    return [path for folder in folders for path in sorted(folder.glob("*.ttl"))]


def shape_files() -> list[Path]:
    return sorted(SHAPES.glob("*.ttl"))


@cache
def declared() -> frozenset[str]:
    """Every IRI that is the subject of a triple in `ontology/`."""
    return frozenset(
        _relative(quad.subject.value)
        for path in vocabulary_files()
        for quad in ox.parse(path=path, base_iri=f"{_NO_BASE}/")
        if isinstance(quad.subject, ox.NamedNode)
    )


class Namespace:
    """`QB.dataSet` is the declared IRI; `QB.dataset` is an AttributeError."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._iri = prefixes()[prefix]

    def __getattr__(self, name: str) -> URIRef:
        iri = self._iri + name
        if name.startswith("__") or iri not in declared():
            raise AttributeError(f"{self._prefix}:{name} is not declared in ontology/")
        return URIRef(iri)


def _relative(iri: str) -> str:
    return iri.removeprefix(_NO_BASE)


DCAT = Namespace("dcat")
DCT = Namespace("dct")
DQV = Namespace("dqv")
ESTAT_MEASURE = Namespace("estat-measure")
FOAF = Namespace("foaf")
GEO = Namespace("geo")
IC = Namespace("ic")
ODRS = Namespace("odrs")
ORG = Namespace("org")
OWL = Namespace("owl")
PROV = Namespace("prov")
QB = Namespace("qb")
RDF = Namespace("rdf")
RDFS = Namespace("rdfs")
SDMX_ATTRIBUTE = Namespace("sdmx-attribute")
SCHEMA = Namespace("schema")
SH = Namespace("sh")
SKOS = Namespace("skos")
SPDX = Namespace("spdx")
TIME = Namespace("time")
UNIT = Namespace("unit")
VOID = Namespace("void")
WGS = Namespace("wgs")
XSD = Namespace("xsd")
YK = Namespace("yk")
