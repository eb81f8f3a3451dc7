"""The unit of each cube of the real release, wherever its figures are shown."""

import xml.etree.ElementTree as ET

import httpx
import pytest

from service.context import Service

PEOPLE, HOUSEHOLDS, SHARE = (
    ("person", "人", "people"),
    ("household", "世帯", "households"),
    ("PERCENT", "％", "per cent"),
)
UNITS = {
    "population": PEOPLE,
    "children": PEOPLE,
    "employedPersons": PEOPLE,
    "households": HOUSEHOLDS,
    "facilityCount": ("facility", "施設", "facilities"),
    "ambulanceTransports": ("transport", "件", "transports"),
    "share": SHARE,
    "totalFertilityRate": ("children-per-woman", "人（女性1人当たり）", "children per woman"),
    "indicatorValue": ("data-set", "データセット", "data sets"),
}


def measures(service: Service) -> dict[str, str]:
    """Each cube and its measure."""
    found = {each.id: name.name for each in service.release.cubes for name in each.of_kind("measure")}
    assert set(found.values()) == set(UNITS)
    return found


def test_each_measure_has_a_unit_of_its_own(client: httpx.Client, service: Service) -> None:
    for cube, measure in measures(service).items():
        [stated] = client.get(f"/cubes/{cube}/structure").json()["measures"]
        notation, ja, en = UNITS[measure]
        assert stated["unit"]["notation"] == notation, cube
        assert stated["unit"]["label"] == {"ja": ja, "en": en}, cube


def test_each_structure_says_which_units_there_are(service: Service) -> None:
    for cube in service.release.cubes:
        [unit] = [each for each in cube.components if each.name == "unitMeasure"]
        assert unit.codes == service.urls.iri("/code/unit"), cube.id


def test_the_page_of_each_cube_shows_the_unit(client: httpx.Client, service: Service) -> None:
    for cube, measure in measures(service).items():
        _, _, en = UNITS[measure]
        assert f"(Unit: {en})" in client.get(f"/cubes/{cube}.html?lang=en").text, cube


@pytest.mark.parametrize("cube", ["fertility-rate", "households-ward-history", "population-ward-history"])
def test_figures_are_shown_with_the_unit_in_every_form(cube: str, client: httpx.Client, service: Service) -> None:
    measure = measures(service)[cube]
    _, ja, _ = UNITS[measure]
    stat = client.get(f"/cubes/{cube}.json?lang=ja").json()
    assert stat["dimension"]["measure"]["category"]["unit"] == {measure: {"label": ja}}
    drawn = client.get(f"/cubes/{cube}/chart.svg?lang=ja")
    assert f"単位: {ja}" in list(ET.fromstring(drawn.content).itertext())
    [figure] = client.get(f"/observations.json?dataset={cube}&limit=1").json()["items"]
    page = client.get(service.urls.page(service.urls.path(figure["id"]) or "") + "?lang=ja")
    assert f'<span class="unit">単位: <span lang="ja">{ja}</span></span>' in page.text


def test_json_of_a_figure_names_its_unit(client: httpx.Client) -> None:
    [data_set] = client.get("/data/obs/fertility-rate/141003/2015.json").json()["document"]["inDatasets"]
    assert data_set["unit"]["label"] == {"ja": "人（女性1人当たり）", "en": "children per woman"}
