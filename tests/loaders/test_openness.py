"""The stars of open data are computed from what is about to be published, one step at a time."""

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders import openness, release
from loaders.dataset import DataSet
from loaders.datasets import all_data_sets

BASE = "http://localhost:8000/"
FACILITIES = all_data_sets()["disaster-shelters"]
THING = f'<{BASE}id/facility/1> <http://www.w3.org/2000/01/rdf-schema#label> "例"@ja .\n'
OWN_LINK = f"<{BASE}id/facility/1> <http://www.w3.org/2002/07/owl#sameAs> <{BASE}id/facility/2> .\n"
LINK = f"<{BASE}id/facility/1> <http://www.w3.org/2002/07/owl#sameAs> <http://example.org/1> .\n"
FOREIGN = '<http://example.org/1> <http://www.w3.org/2000/01/rdf-schema#label> "例"@ja .\n'


def without_licence(data_set: DataSet) -> DataSet:
    return replace(data_set, publication=replace(data_set.publication, license=""))


@pytest.mark.parametrize(
    ("data_set", "lines", "stars"),
    [
        (FACILITIES, [THING, LINK], 5),
        (FACILITIES, [THING], 4),
        (FACILITIES, [THING, OWN_LINK], 4),
        (FACILITIES, [FOREIGN], 3),
        (without_licence(FACILITIES), [THING, LINK], 0),
    ],
)
def test_each_star_needs_those_below_it(data_set: DataSet, lines: list[str], stars: int, tmp_path: Path) -> None:
    with release.draft(tmp_path, BASE) as draft:
        draft.write(data_set.id, lines)
        assert openness.of_data_sets(draft, [data_set]) == {data_set.id: stars}


@pytest.mark.parametrize(
    ("file", "stars"), [("plan.pdf", 1), ("list.XLSX", 2), ("list.csv", 3), ("map.geojson", 3), ("notes", 1)]
)
def test_a_file_has_the_stars_of_its_format(file: str, stars: int) -> None:
    assert openness.of_file(file, "https://creativecommons.org/licenses/by/4.0/") == stars
    assert openness.of_file(file, "") == 0


def test_every_data_set_and_every_file_of_a_release_is_measured(releases: Path) -> None:
    store = ox.Store.read_only(str(releases / "current" / "store"))
    prefixes = {"dcat": "http://www.w3.org/ns/dcat#", "dqv": "http://www.w3.org/ns/dqv#"}
    missing = (
        "SELECT ?thing WHERE { { ?thing a dcat:Dataset } UNION { ?any <http://www.w3.org/ns/prov#used> ?thing } "
        "FILTER NOT EXISTS { ?thing dqv:hasQualityMeasurement/dqv:value ?stars } }"
    )
    assert not list(store.query(missing, prefixes=prefixes, use_default_graph_as_union=True))
    rows = store.query(
        "SELECT ?set ?stars WHERE { ?set a dcat:Dataset ; dqv:hasQualityMeasurement/dqv:value ?stars }",
        prefixes=prefixes,
    )
    found = {row["set"].value.rsplit("/", 1)[-1]: int(row["stars"].value) for row in rows}
    assert min(found.values()) >= 4
    assert (found["areas"], found["disaster-shelters"], found["population-ward-month"]) == (5, 5, 5)
    assert found["local-projects"] == 4
