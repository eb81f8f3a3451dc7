"""What the statistics need of the areas: towns as wholes above their parts, and how figures compare across changes."""

import pytest
from rdflib import Graph, URIRef

from loaders.areas import METHODS, Gazetteer, change_triples
from loaders.datasets import areas as area_tables
from loaders.datasets import population_ward_history as history
from loaders.structures import notations
from loaders.terms import DCT, ORG, YK
from loaders.towns import chome_of


@pytest.fixture(scope="module")
def changes(areas: Gazetteer) -> Graph:
    graph = Graph()
    for triple in change_triples(areas):
        graph.add(triple)
    return graph


def test_every_kind_and_method_of_change_is_a_code(areas: Gazetteer) -> None:
    assert {change.kind for change in areas.changes} == set(METHODS)
    assert set(METHODS) == set(notations(URIRef("/code/area-change-kind")))
    assert set(METHODS.values()) == set(notations(URIRef("/code/area-change-method")))


def test_crosswalk_names_event_date_kind_versions_and_method(changes: Graph) -> None:
    rows = {
        (str(event), str(old), str(new), str(method).rpartition("/")[2])
        for event, old in changes.subject_objects(ORG.originalOrganization)
        for new in changes.objects(event, ORG.resultingOrganization)
        for method in changes.objects(event, YK.comparisonMethod)
    }
    event = "/id/area-change/1986-11-03-totsuka"
    totsuka = "/id/area/141101/version/1969-10-01"
    assert {row for row in rows if row[0] == event} == {
        (event, totsuka, f"/id/area/{code}/version/1986-11-03", "descendants")
        for code in ("141101", "141151", "141160")
    }
    assert {row[3] for row in rows if "1994-11-06" in row[0]} == {"group"}
    assert len([row for row in rows if "1994-11-06" in row[0]]) == 2 * 4
    assert str(changes.value(URIRef(event), DCT.date)) == "1986-11-03"
    assert str(changes.value(URIRef(event), DCT.type)) == "/code/area-change-kind/split"


def test_a_split_has_one_ward_before_that_goes_on_after(areas: Gazetteer) -> None:
    for change in areas.changes:
        if change.kind == "split":
            assert len(change.original) == 1
            assert set(change.original) < set(change.resulting)
        if change.kind == "reorganisation":
            assert len(change.original) > 1
            assert set(change.original) < set(change.resulting)
        if change.kind == "creation":
            assert not change.original


def test_figures_of_both_sides_of_a_change_compare_as_its_method_says() -> None:
    """Between two years of the source a growing city gains a few per cent; a ward that lost land does not."""
    rows = list(history.SOURCE.read()[history.POPULATION_CUBE.table])
    people = {(row["refArea"], row["refPeriod"]): int(row["population"]) for row in rows}
    for before, after, old, new in (
        ("1985", "1990", ["141101"], ["141101", "141151", "141160"]),
        ("1990", "1995", ["141097", "141135"], ["141097", "141135", "141178", "141186"]),
    ):
        earlier = sum(people[code, before] for code in old)
        assert 1 <= sum(people[code, after] for code in new) / earlier < 1.2
        assert people[old[0], after] < people[old[0], before]


def test_divided_towns_are_the_wholes_of_their_chome() -> None:
    tables = area_tables.SOURCE.read()
    towns = [(row["ward"], row["town"]) for row in tables["towns.csv"] if not row["koaza"]]
    wholes = [(row["ward"], row["town"]) for row in tables["divided-towns.csv"]]
    assert len(wholes) == 114
    assert not set(wholes) & set(towns)
    for ward, whole in wholes:
        assert any(of == ward and chome_of(town, whole) for of, town in towns), whole
    parents = {
        str(value) for _, link, value in area_tables.town_triples(tables, Gazetteer({}, ())) if link == DCT.isPartOf
    }
    assert {f"/id/area/{row['key']}" for row in tables["divided-towns.csv"]} < parents


def test_keys_of_towns_are_minted_once() -> None:
    keys = area_tables.SOURCE.registry().keys
    assert len(set(keys.values())) == len(keys)
