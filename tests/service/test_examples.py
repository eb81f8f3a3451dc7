"""Every question on offer is one that the release answers."""

import re
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from service.context import Service
from service.pages.examples import FOLDER, read_examples

FILES = sorted(FOLDER.glob("*.rq"))


def test_there_are_examples() -> None:
    assert 8 <= len(FILES) <= 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_example_returns_rows(path: Path, service: Service) -> None:
    example = next(each for each in read_examples(service.release.base_iri) if path.stem.endswith(each.name))
    store = ox.Store.read_only(str(service.release.store))
    assert next(iter(store.query(example.text)), None) is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_example_has_titles_and_a_place_in_the_order(path: Path) -> None:
    example = next(each for each in read_examples("http://localhost:8000/") if path.stem.endswith(each.name))
    assert set(example.title) == {"ja", "en"}
    assert re.fullmatch(r"[0-9]{2}-[a-z0-9-]+", path.stem)


def test_the_population_of_each_ward_begins_with_its_first_year_and_names_its_source(service: Service) -> None:
    text = next(
        each for each in read_examples(service.release.base_iri) if each.name == "ward-population-since-1920"
    ).text
    years: dict[str, list[str]] = {}
    for row in ox.Store.read_only(str(service.release.store)).query(text):
        years.setdefault(row["ward"].value, []).append(row["year"].value)
        assert "/id/source/population-ward-history/t020100.csv#cell=" in row["source"].value
    assert len(years) == 18
    assert all(each == sorted(each) and each[-1] == "2024" for each in years.values())
    assert {years["鶴見区"][0], years["青葉区"][0]} == {"1930", "1995"}


def test_the_home_page_offers_them_all(client: httpx.Client) -> None:
    page = client.get("/", headers={"Accept-Language": "en"}).text
    for example in read_examples("http://localhost:8000/"):
        assert example.title["en"] in page
        assert f"example={example.name}&amp;lang=en" in page


def test_the_query_page_puts_the_chosen_example_into_the_box(service: Service) -> None:
    page = service.pages.query_page("ja", example="bases-by-ward").decode()
    assert "地域防災拠点の数（区ごと）" in page
    assert "community-disaster-base" in page
    mine = service.pages.query_page("en", query='SELECT * { ?s ?p "</textarea><script>" }').decode()
    assert "&lt;/textarea&gt;&lt;script&gt;" in mine
