"""What an app gets about a thing: the whole graph, in a shape that it can rely on."""

import json
from collections.abc import Callable
from itertools import islice
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.context import Service
from service.formats import NTRIPLES
from service.things.entities import Subject
from service.things.frames import FRAMES, GEO, IC
from service.things.graph import DCT, NAMES, RDFS, SKOS, TYPE, XSD, Graph, Term
from service.things.jsonld import Writer


def one_of_each(service: Service) -> list[str]:
    """The paths of the first two things of each class that the vocabulary knows."""
    store = ox.Store.read_only(str(service.release.store))
    classes = store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(f"{RDFS}Class"), None)
    found = []
    for quad in classes:
        things = store.quads_for_pattern(None, ox.NamedNode(TYPE), quad.subject, None)
        iris = (each.subject.value for each in things if isinstance(each.subject, ox.NamedNode))
        ours = (path for iri in iris if "#" not in iri and (path := service.urls.path(iri)))
        found += islice(ours, 2)
    return sorted(set(found))


def facilities(service: Service) -> list[str]:
    store = ox.Store.read_only(str(service.release.store))
    quads = store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(f"{IC}施設型"), ox.DefaultGraph())
    return [service.urls.path(each.subject.value) or "" for each in islice(quads, 0, None, 97)]


def dataset(ntriples: bytes | str) -> ox.Dataset:
    return ox.Dataset(ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))


def assert_same(ours: ox.Dataset, theirs: ox.Dataset, what: str) -> None:
    """Up to the names of blank nodes (RDF Dataset Canonicalization)."""
    for each in (ours, theirs):
        each.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    added, lost = set(ours) - set(theirs), set(theirs) - set(ours)
    assert not added, what
    assert not lost, what


def test_json_ld_and_turtle_say_the_same_of_every_class_of_thing(
    service: Service, writer: Writer, expanded: Callable[[bytes], ox.Dataset], run: Callable[..., Any]
) -> None:
    things = one_of_each(service)
    assert len(things) >= 30
    for path in things:
        graph = run(service.entities.description(Subject(path))).graph
        triples = dataset(service.entities.serialise(graph, path, NTRIPLES))
        assert_same(expanded(writer.document(graph, service.urls.iri(path))), triples, path)


@pytest.mark.parametrize("module", ["/def/core", "/shapes/facility"])
def test_json_ld_and_turtle_say_the_same_of_a_vocabulary(
    module: str, service: Service, writer: Writer, expanded: Callable[[bytes], ox.Dataset], run: Callable[..., Any]
) -> None:
    graph = run(service.entities.description(Subject(module, vocabulary=True))).graph
    triples = dataset(service.entities.serialise(graph, module, NTRIPLES))
    assert_same(expanded(writer.document(graph, service.urls.iri(module))), triples, module)


def test_a_document_says_all_that_a_list_says_of_a_thing(
    service: Service, writer: Writer, client: httpx.Client, run: Callable[..., Any]
) -> None:
    for kind in ("preschool", "evacuation-site", "school"):
        [listed] = client.get(f"/facilities.json?type={kind}&limit=1").json()["items"]
        path = service.urls.path(listed["id"]) or ""
        written = writer.document(run(service.entities.description(Subject(path))).graph, listed["id"])
        assert listed.items() <= json.loads(written).items(), kind


def test_every_facility_has_the_same_keys_and_arrays_stay_arrays(
    service: Service, writer: Writer, run: Callable[..., Any]
) -> None:
    frame = next(each for each in FRAMES if each.name == "Facility")
    for path in facilities(service):
        found = json.loads(
            writer.document(run(service.entities.description(Subject(path))).graph, service.urls.iri(path))
        )
        assert set(frame.keys) | {"@context", "id", "type", "document"} <= set(found)
        for name in frame.keys:
            if writer.context.keys[name].many:
                assert isinstance(found[name], list), name
            elif writer.context.keys[name].by_language:
                assert isinstance(found[name], dict), name
            else:
                assert not isinstance(found[name], list), name
        assert isinstance(found["lat"], str | None)
        assert type(found["lat"]) is type(found["long"])
        assert found["label"]["ja"]


def test_what_is_known_of_no_thing_keeps_the_keys_of_its_frame(writer: Writer) -> None:
    thing = "http://localhost:8000/id/facility/x"
    found = json.loads(writer.document(Graph({thing: {TYPE: (Term(f"{IC}施設型", "iri"),)}}), thing))
    assert (found["telephone"], found["hazards"], found["label"]) == (None, [], {})


def test_the_same_graph_gives_the_same_bytes_whatever_the_order_of_its_triples(writer: Writer) -> None:
    hours = "http://schema.org/openingHoursSpecification"
    thing = "http://localhost:8000/id/facility/x"
    days = {"_:a": ("Monday", "Tuesday"), "_:b": ("Sunday",)}
    nodes = {
        blank: {"http://schema.org/dayOfWeek": tuple(Term(f"http://schema.org/{day}", "iri") for day in names)}
        for blank, names in days.items()
    }
    forth = Graph({thing: {hours: (Term("_:a", "blank"), Term("_:b", "blank"))}, **nodes})
    turned = {blank: {name: terms[::-1] for name, terms in properties.items()} for blank, properties in nodes.items()}
    back = Graph({thing: {hours: (Term("_:b", "blank"), Term("_:a", "blank"))}, **turned})
    assert writer.document(forth, thing) == writer.document(back, thing)


# --- any graph at all -------------------------------------------------------------------------

BASE = "http://localhost:8000/"
SUBJECTS = [f"{BASE}id/facility/1", f"{BASE}id/area/2", f"{BASE}doc/facility/1", "http://example.org/a", "_:a", "_:b"]
PROPERTIES = [
    *NAMES,
    f"{DCT}type",
    f"{DCT}license",
    f"{DCT}isPartOf",
    f"{DCT}identifier",
    f"{SKOS}altLabel",
    f"{RDFS}seeAlso",
    f"{IC}住所",
    f"{IC}表記",
    f"{GEO}hasDefaultGeometry",
    "http://www.w3.org/2003/01/geo/wgs84_pos#lat",
    "http://schema.org/dayOfWeek",
    "http://schema.org/maximumAttendeeCapacity",
    "http://schema.org/amenityFeature",
    "http://xmlns.com/foaf/0.1/primaryTopic",
    "http://example.org/unknown#property",
    "urn:example:property",
]
CLASSES = [each.type for each in FRAMES if each.type.startswith("http")] + ["http://example.org/Class"]
RESOURCES = st.sampled_from(SUBJECTS).map(lambda name: Term(name, "blank" if name[:2] == "_:" else "iri"))
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=12)
LITERALS = st.one_of(
    TEXTS.map(lambda text: Term(text, "literal")),
    st.tuples(TEXTS, st.sampled_from(["ja", "en", "ja-hrkt"])).map(lambda both: Term(both[0], "literal", both[1])),
    st.builds(
        lambda number: Term(str(number), "literal", "", f"{XSD}integer"), st.integers(-(2**60), 2**60)
    ),
    st.sampled_from(["true", "false", "1"]).map(lambda text: Term(text, "literal", "", f"{XSD}boolean")),
    st.sampled_from(["1.5", "007", "x"]).map(lambda text: Term(text, "literal", "", f"{XSD}decimal")),
    st.just(Term("1.5E0", "literal", "", f"{XSD}double")),
)  # fmt: skip
DAYS = st.sampled_from(["Monday", "Someday"]).map(lambda day: Term(f"http://schema.org/{day}", "iri"))
TRIPLES = st.one_of(
    st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(PROPERTIES), st.one_of(RESOURCES, LITERALS, DAYS)),
    st.tuples(st.sampled_from(SUBJECTS), st.just(TYPE), st.sampled_from(CLASSES).map(lambda iri: Term(iri, "iri"))),
)


def graph_of(triples: list[tuple[str, str, Term]]) -> Graph:
    found: dict[str, dict[str, dict[Term, None]]] = {}
    for subject, property_, term in triples:
        found.setdefault(subject, {}).setdefault(property_, {})[term] = None
    return Graph({s: {p: tuple(terms) for p, terms in properties.items()} for s, properties in found.items()})


def ntriples_of(graph: Graph) -> str:
    def node(text: str) -> ox.NamedNode | ox.BlankNode:
        return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.NamedNode(text)

    def value(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
        if term.kind != "literal":
            return node(term.value)
        if term.language:
            return ox.Literal(term.value, language=term.language)
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype) if term.datatype else None)

    return "".join(
        f"{node(subject)} {ox.NamedNode(property_)} {value(term)} .\n"
        for subject, properties in graph.subjects.items()
        for property_, terms in properties.items()
        for term in terms
    )


def test_a_nameless_node_that_is_told_before_it_is_referred_to_is_told_once(
    writer: Writer, expanded: Callable[[bytes], ox.Dataset]
) -> None:
    label, thing, other = f"{RDFS}label", SUBJECTS[0], f"{BASE}id/area/2"
    graph = graph_of(
        [
            (thing, label, Term("x", "literal")),
            ("_:a", label, Term("", "literal")),
            (other, label, Term("_:a", "blank")),
        ]
    )
    document = writer.document(graph, thing)
    assert_same(expanded(document), dataset(ntriples_of(graph)), document.decode())


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TRIPLES, min_size=1, max_size=14))
def test_json_ld_gives_back_any_graph(
    writer: Writer, expanded: Callable[[bytes], ox.Dataset], triples: list[tuple[str, str, Term]]
) -> None:
    graph = graph_of(triples)
    theirs = dataset(ntriples_of(graph))
    document = writer.document(graph, SUBJECTS[0])
    assert_same(expanded(document), theirs, document.decode())
