"""Each page says under which licence its thing may be used, and whom to credit; only what is our own is CC0."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
import pytest

from service.context import Service
from service.things.graph import DCAT, DCT, QB, SCHEMA, VOID, Term
from service.things.sitemap import FILE

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
# What is written for the catalogue and not made from anyone's data.
OUR_OWN = (
    *("/def/", "/code/", "/id/period/", "/id/identifier-scheme/"),  # words, code lists, systems of identifiers
    *("/id/dsd/", "/shapes/", "/query/"),  # structures of cubes, rules, stored queries
    *("/id/catalog", "/id/service/", "/id/void"),  # the catalogue as a whole
    *("/id/metric/", "/id/quality-dimension/", "/id/quality/", "/graph/quality/"),  # how good and how open the data are
    *("/id/load/", "/id/loader/", "/id/agent/", "/graph/meta", "/graph/prov/"),  # records of loads
    "/id/plan/kanmin-data-2018/indicator",  # the code list of the plan's indicators
)
# Publishers are named by us; units of the city by documents.
PUBLISHER = "http://www.w3.org/ns/org#FormalOrganization"
STATES_ITS_LICENCE = ("/id/dataset/", "/id/distribution/", "/id/source/")


@dataclass(frozen=True)
class Page:
    """What a thing is, and what is said of it and of the document about it."""

    path: str
    types: tuple[str, ...]
    thing: Mapping[str, tuple[Term, ...]]
    document: Mapping[str, tuple[Term, ...]]

    @property
    def licences(self) -> set[str]:
        return {each.value for each in self.document.get(f"{DCT}license", ())}

    @property
    def is_our_own(self) -> bool:
        folders = tuple(each for each in OUR_OWN if each.endswith("/"))
        return self.path.startswith(folders) or self.path in OUR_OWN or PUBLISHER in self.types


@pytest.fixture(scope="module")
def pages(service: Service) -> list[Page]:
    """Everything that has a page; of the observations one of each cube, which all have the same origin."""
    lines = (service.release.path / FILE).read_text(encoding="utf-8").splitlines()
    return [_page(service, path) for path in (*(line.partition("\t")[0] for line in lines), *_observations(service))]


def _observations(service: Service) -> Iterator[str]:
    store = ox.Store.read_only(str(service.release.store))
    for cube in service.release.cubes:
        quad = next(store.quads_for_pattern(None, ox.NamedNode(f"{QB}dataSet"), ox.NamedNode(cube.iri)))
        assert isinstance(quad.subject, ox.NamedNode)
        yield service.urls.path(quad.subject.value) or ""


def _page(service: Service, path: str) -> Page:
    found, urls = service.entities.describer.describe(path, 1), service.urls
    assert found, path
    thing, document = (found.graph.properties(urls.iri(each)) for each in (path, urls.page(path)))
    return Page(path, found.status.types, thing, document)


def test_everything_made_from_data_has_the_licence_and_the_credit_of_its_data_sets(
    pages: list[Page], service: Service
) -> None:
    licences = {each.iri: each.license for each in service.release.datasets}
    made = [each for each in pages if not each.is_our_own and not each.path.startswith(STATES_ITS_LICENCE)]
    assert {each.path for each in made} >= {
        "/id/area/141178/version/1994-11-06",
        "/id/area-change/1994-11-06-kohoku-midori",
        "/id/area/141178/locality/katsuradai",
    }
    for each in made:
        data_sets = {term.value for term in each.document.get(f"{VOID}inDataset", ())}
        assert data_sets, each.path
        assert each.licences == {licences[iri] for iri in data_sets}, each.path
        assert each.document.get(f"{SCHEMA}creditText"), each.path


def test_data_sets_and_files_have_the_licence_that_they_state(pages: list[Page]) -> None:
    stating = [each for each in pages if each.path.startswith(STATES_ITS_LICENCE)]
    assert {f"{DCAT}Dataset", f"{DCAT}Distribution"} <= {type_ for each in stating for type_ in each.types}
    for each in stating:
        assert each.licences == {term.value for term in each.thing[f"{DCT}license"]}, each.path


def test_what_is_our_own_is_in_the_public_domain(pages: list[Page]) -> None:
    own = [each for each in pages if each.is_our_own]
    assert len(own) > 500
    for each in own:
        assert each.licences == {CC0}, each.path


def test_a_divided_town_belongs_to_its_own_data_set_only(pages: list[Page], service: Service) -> None:
    towns = [each for each in pages if any("2109.csv#row=" in term.value for term in _sources(each))]
    assert towns
    for each in towns:
        data_sets = {term.value for term in each.document[f"{VOID}inDataset"]}
        assert data_sets == {service.urls.iri("/id/dataset/divided-towns")}, each.path


def _sources(page: Page) -> tuple[Term, ...]:
    return page.thing.get("http://www.w3.org/ns/prov#wasDerivedFrom", ())
