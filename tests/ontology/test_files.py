"""The Turtle files agree with each other, and every rule and term says what people need to know."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import SH

from loaders.gate.constraints import CONSTRAINTS
from loaders.gate.shapes import read_shapes
from loaders.terms import ONTOLOGY, SHAPES, vocabulary_files

FILES = [*sorted(ONTOLOGY.rglob("*.ttl")), *sorted(SHAPES.glob("*.ttl"))]
PREFIX = re.compile(r"^@prefix\s+([^:\s]*):\s*<([^>]*)>", re.MULTILINE)
BASE = "http://localhost:8000/"
# Parameters that one message can stand for together: “exactly one”, “between”, “so many of a kind”.
TOGETHER = [
    {SH.minCount, SH.maxCount},
    {SH.minInclusive, SH.maxInclusive},
    {SH.languageIn, SH["not"]},
]


def name(path: Path) -> str:
    return str(path.relative_to(ONTOLOGY.parent))


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return read_shapes(BASE)


@pytest.fixture(scope="module")
def vocabulary() -> ox.Store:
    store = ox.Store()
    for path in vocabulary_files():
        store.load(path=path, base_iri=BASE)
    return store


def test_the_files_are_found() -> None:
    assert len(FILES) > 30


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_prefix_means_the_same_in_every_file(path: Path) -> None:
    agreed = dict(PREFIX.findall((ONTOLOGY / "prefixes.ttl").read_text(encoding="utf-8")))
    used = dict(PREFIX.findall(path.read_text(encoding="utf-8")))
    assert used.items() <= agreed.items()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_names_a_host_for_our_own_things(path: Path) -> None:
    assert "localhost" not in path.read_text(encoding="utf-8")


def constraints(shapes: rdflib.Graph) -> list[rdflib.term.Node]:
    """Every shape and constraint that the files define."""
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)
    return sorted({shape for kind in kinds for shape in shapes.subjects(rdflib.RDF.type, kind)})


def test_every_rule_has_a_name_a_severity_and_a_message_in_both_languages(shapes: rdflib.Graph) -> None:
    found = constraints(shapes)
    assert len(found) > 250
    for shape in found:
        assert isinstance(shape, rdflib.URIRef), shape
        assert len(list(shapes.objects(shape, SH.severity))) == 1, shape
        languages = sorted(str(message.language) for message in shapes.objects(shape, SH.message))
        assert languages == ["en", "ja"], shape


def test_whatever_is_used_as_a_rule_is_declared_as_one(shapes: rdflib.Graph) -> None:
    used = {
        rule for link in (SH.property, SH.sparql, SH["not"], SH.node, SH.qualifiedValueShape)
        for rule in shapes.objects(None, link)
    }  # fmt: skip
    assert used <= set(constraints(shapes))


def test_a_rule_has_one_constraint_so_that_its_message_is_true(shapes: rdflib.Graph) -> None:
    for shape in constraints(shapes):
        parameters = set(shapes.predicates(shape)) & set(CONSTRAINTS)
        assert len(parameters) <= 1 or parameters in TOGETHER, shape


def test_a_property_shape_has_a_path_and_a_node_shape_none(shapes: rdflib.Graph) -> None:
    for shape in constraints(shapes):
        is_property = (shape, rdflib.RDF.type, SH.PropertyShape) in shapes
        assert ((shape, SH.path, None) in shapes) == is_property, shape


def test_patterns_do_not_take_full_width_digits(shapes: rdflib.Graph) -> None:
    assert not [pattern for pattern in shapes.objects(None, SH.pattern) if "\\d" in pattern]


@pytest.mark.parametrize(
    ("query", "what"),
    [
        (
            (
                "SELECT ?term WHERE { ?term rdfs:isDefinedBy </def/core> FILTER NOT EXISTS "
                "{ ?term rdfs:label ?ja , ?en ; rdfs:comment ?about , ?about2 "
                "FILTER(LANG(?ja) = 'ja' && LANG(?en) = 'en' && LANG(?about) = 'ja' && LANG(?about2) = 'en') } }"
            ),
            "own terms without label or comment in both languages",
        ),
        (
            (
                "SELECT ?code WHERE { ?code a skos:Concept ; skos:inScheme ?scheme FILTER NOT EXISTS "
                "{ ?code skos:notation ?notation ; skos:prefLabel ?ja , ?en "
                "FILTER(LANG(?ja) = 'ja' && LANG(?en) = 'en') } }"
            ),
            "codes without notation or label in both languages",
        ),
        (
            (
                "SELECT ?code ?other WHERE { ?code skos:inScheme ?scheme ; skos:notation ?notation . "
                "?other skos:inScheme ?scheme ; skos:notation ?notation FILTER(STR(?code) < STR(?other)) }"
            ),
            "notations used twice in a scheme",
        ),
        ("SELECT ?code WHERE { ?code skos:broader+ ?code }", "codes broader than themselves"),
    ],
    ids=lambda value: "query" if "SELECT" in value else value,
)
def test_the_vocabulary_has_no(query: str, what: str, vocabulary: ox.Store) -> None:
    found = vocabulary.query(
        query,
        base_iri=BASE,
        prefixes={
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "skos": "http://www.w3.org/2004/02/skos/core#",
        },
    )
    assert not [str(row) for row in found], what


def test_every_dimension_of_ours_has_a_range_and_a_coded_one_its_codes(vocabulary: ox.Store) -> None:
    """RDF Data Cube, IC-4 and IC-5."""
    found = vocabulary.query(
        "SELECT ?dimension WHERE { ?dimension a qb:DimensionProperty ; rdfs:isDefinedBy </def/core> . "
        "FILTER(NOT EXISTS { ?dimension rdfs:range ?range } || "
        "(EXISTS { ?dimension rdfs:range skos:Concept } && NOT EXISTS { ?dimension qb:codeList ?list . "
        "?list a skos:ConceptScheme })) }",
        base_iri=BASE,
        prefixes={
            "qb": "http://purl.org/linked-data/cube#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "skos": "http://www.w3.org/2004/02/skos/core#",
        },
    )
    assert not [str(row) for row in found]
