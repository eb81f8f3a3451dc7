"""Cubes that other people wrote: their columns, and what is left as it is."""

from pathlib import Path

import duckdb
import pyoxigraph as ox
import pytest

from loaders import exclusive, recognise

CUBE = """
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix e: <http://other.example/> .
e:data a qb:DataSet ; qb:structure e:dsd .
e:dsd a qb:DataStructureDefinition ; qb:component
  [ qb:dimension e:area ; qb:order 1 ] , [ qb:dimension e:year ; qb:order 2 ] ,
  [ qb:measure e:count ] , [ qb:measure e:share ] , [ qb:attribute e:note ] ,
  [ qb:attribute e:unit ; qb:componentAttachment qb:DataSet ] .
e:a1 skos:notation "01" ; skos:prefLabel "市"@ja , "City"@en .
e:o1 a qb:Observation ; qb:dataSet e:data ; e:area e:a1 ; e:year 2020 ;
  e:count 5 ; e:share 1.25 ; e:note "a\\\\tb\\tc" .
e:o2 a qb:Observation ; qb:dataSet e:data ; e:area e:a2 ; e:year 2020 ; e:count -7 ; e:share 2.0 .
"""
E = "http://other.example/"


def recognised(folder: Path, *changes: tuple[str, str], more: str = "") -> tuple[list[dict], list[str]]:
    text = CUBE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    store = ox.Store(folder / "store")
    store.load(input=text + more, format=ox.RdfFormat.TURTLE)
    store.flush()
    del store
    found, left = recognise.cubes(folder, folder / "work")
    return exclusive.marked(folder, found), left


def columns(folder: Path) -> list[tuple]:
    names = "observation, area, area_code, area_ja, year, count, share, note"
    return duckdb.sql(f"SELECT {names} FROM '{folder}/cubes/data.parquet' ORDER BY observation").fetchall()


def test_a_cube_of_another_publisher_gets_columns(tmp_path: Path) -> None:
    [cube], left = recognised(tmp_path)
    assert left == []
    assert (cube["id"], cube["iri"], cube["dsd"], cube["rows"]) == ("data", E + "data", E + "dsd", 2)
    assert [(each["name"], each["kind"], each["type"], each["attachment"]) for each in cube["components"]] == [
        ("area", "dimension", "iri", "observation"),
        ("year", "dimension", "integer", "observation"),
        ("count", "measure", "integer", "observation"),
        ("share", "measure", "decimal", "observation"),
        ("note", "attribute", "string", "observation"),
        ("unit", "attribute", "string", "dataset"),
    ]
    first, second = columns(tmp_path)
    assert first[:6] == (E + "o1", E + "a1", "01", "市", 2020, 5)
    assert (float(first[6]), first[7]) == (1.25, "a\\tb\tc")
    assert second == (E + "o2", E + "a2", "a2", None, 2020, -7, 2, None)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("e:area e:a2 ; ", ""), "1 of its observations have no http://other.example/area"),
        (("e:count 5", "e:count 5 , 6"), "has more than one http://other.example/count"),
        (("e:count 5", 'e:count "many"'), "several datatypes"),
        (("e:count 5", 'e:count "5"^^e:own'), "several datatypes"),
        (("e:o2 a", "[] a"), "have no IRI"),
        (("qb:dataSet e:data ;", ""), "it has no observations"),
        (("[ qb:dimension e:area ; qb:order 1 ] , [ qb:dimension e:year ; qb:order 2 ] ,", ""), "no dimension"),
    ],
)
def test_a_cube_that_is_not_well_formed_is_left_and_named(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    found, left = recognised(tmp_path, change)
    assert found == []
    assert len(left) == 1
    assert left[0].startswith(E + "data: ")
    assert reason in left[0]


def test_every_property_is_exclusive_if_only_observations_have_it(tmp_path: Path) -> None:
    [cube], _ = recognised(tmp_path)
    local = {each.rpartition("/")[2].rpartition("#")[2] for each in cube["exclusive"]}
    assert local == {"area", "year", "count", "share", "note", "dataSet", "type"}


def test_a_property_that_something_else_has_too_is_not_exclusive(tmp_path: Path) -> None:
    [cube], _ = recognised(tmp_path, more="e:slice e:area e:a1 .")
    assert E + "area" not in cube["exclusive"]
    assert E + "count" in cube["exclusive"]


def test_an_observation_that_says_more_than_its_row_keeps_its_cube_from_being_certain(tmp_path: Path) -> None:
    found, _ = recognised(tmp_path)
    store = ox.Store(tmp_path / "store")
    store.load(input=f"<{E}o2> <{E}note> 'late' , 'later' .", format=ox.RdfFormat.TURTLE)
    store.flush()
    del store
    [cube] = exclusive.marked(tmp_path, found)
    assert cube["exclusive"] == []


def test_an_observation_with_a_property_of_other_cubes_keeps_its_cube_from_being_certain(tmp_path: Path) -> None:
    found, left = recognised(
        tmp_path,
        more="e:other a qb:DataSet ; qb:structure [ qb:component [ qb:dimension e:area ] , [ qb:measure e:count ] ] ."
        "e:p1 a qb:Observation ; qb:dataSet e:other ; e:area e:a1 ; e:count 1 ; e:note 'of no component' .",
    )
    assert left == []
    exclusive_of = {each["id"]: set(each["exclusive"]) for each in found}
    assert exclusive_of["other"] == set()
    assert exclusive_of["data"] == {E + "year", E + "share"}
