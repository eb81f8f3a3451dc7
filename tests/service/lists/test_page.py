"""Lists for people: one page with a form, counts, a table and a map, in two languages and without script."""

import json
import re
from html import unescape

import httpx
import pytest

HTML = {"Accept": "text/html"}


def page_of(client: httpx.Client, address: str, language: str = "ja", status: int = 200) -> str:
    answer = client.get(address, headers={**HTML, "Accept-Language": language})
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Language"] == language
    return answer.text


def names(page: str) -> list[str]:
    return re.findall(r'<tr><th scope="row"><a href="([^"]+)">', page)


def links(page: str, start: str) -> dict[str, str]:
    """Text → address, of the links that lead to a list."""
    found = re.findall(rf'<a href="({re.escape(start)}[^"]*)">([^<]+)</a>', page)
    return {text: unescape(href) for href, text in found}


@pytest.mark.parametrize("path", ["/facilities", "/areas", "/datasets", "/observations"])
def test_browsers_get_a_page_and_programs_get_json(client: httpx.Client, path: str) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert client.get(path, headers={"Accept": browser}).headers["Content-Type"].startswith("text/html")
    assert client.get(f"{path}.html").headers["Content-Type"].startswith("text/html")
    query = "?dataset=population-ward-month" if path == "/observations" else ""
    assert client.get(path + query, headers={"Accept": "*/*"}).headers["Content-Type"] == "application/ld+json"


def test_the_page_shows_what_the_data_of_the_same_address_hold(client: httpx.Client) -> None:
    address = "/facilities?ward=141178&type=evacuation-site&limit=30"
    page = page_of(client, address)
    items = client.get(address).json()["items"]
    shown = [href.partition("?")[0] for href in names(page)]
    assert shown == [each["id"].partition(":8000")[2].replace("/id/", "/doc/") for each in items]
    for words in ("青葉区", "指定緊急避難場所", "洪水", "神奈川県横浜市青葉区"):
        assert words in page


def test_every_parameter_of_the_list_is_a_field_with_its_documented_label(client: httpx.Client) -> None:
    documented = client.get("/openapi.json").json()["paths"]["/facilities"]["get"]["parameters"]
    page = page_of(client, "/facilities", "en")
    elsewhere = {"format", "bom", "lang", "after", "count", "facets"}
    for each in documented:
        if each["name"] in elsewhere:
            continue
        assert f'name="{each["name"]}"' in page
        assert each["schema"]["title"].partition(" / ")[2] in page
        assert each["description"].partition(" / ")[0] in unescape(page)


def test_what_was_asked_stays_in_the_form(client: httpx.Client) -> None:
    page = page_of(client, "/facilities?ward=141178,141011&q=%E5%B0%8F%E5%AD%A6%E6%A0%A1&sort=name&town=")
    assert re.search(r'name="q" value="小学校"', page)
    assert re.findall(r'name="ward" value="(\d+)" checked', page) == ["141011", "141178"]
    assert '<option value="name" selected>' in page


def test_counts_narrow_the_list_to_as_many(client: httpx.Client) -> None:
    page = page_of(client, "/facilities?type=evacuation-site")
    counts = dict(re.findall(r'<a href="([^"]+)">港北区</a> <span class="note number">(\d+)</span>', page))
    ((href, count),) = counts.items()
    narrowed = page_of(client, unescape(href))
    assert f"見つかったもの: {count}件" in narrowed
    assert "type=evacuation-site" in href


def test_each_condition_can_be_taken_away(client: httpx.Client) -> None:
    page = page_of(client, "/facilities?ward=141178&hazard=flood")
    (href,) = re.findall(r'<a href="([^"]+)" aria-label="災害の種別 洪水を外す">', page)
    assert "見つかったもの: 345件" in page_of(client, unescape(href))


def test_without_its_point_a_distance_goes_too(client: httpx.Client) -> None:
    page = page_of(client, "/facilities?near=35.4437,139.638&within=500&sort=distance&q=%E5%B0%8F%E5%AD%A6%E6%A0%A1")
    (href,) = re.findall(r'<a href="([^"]+)" aria-label="地点 35.4437,139.638を外す">', page)
    assert httpx.URL(unescape(href)).params.multi_items() == [("q", "小学校"), ("lang", "ja")]


def test_choosing_another_data_set_drops_the_dimensions_that_it_has_not(client: httpx.Client) -> None:
    page = page_of(client, "/observations?dataset=households-ward-month&refArea=141011&sex=T&age=TOTAL")
    assert "対象地域: <strong>鶴見区</strong>" in page
    assert 'name="sex"' not in page
    assert "sex=T" not in page
    assert 'aria-label="対象地域 鶴見区を外す"' in page
    assert 'aria-label="データセット' not in page, "one is needed"


def test_next_leads_to_the_end_and_first_back(client: httpx.Client) -> None:
    address, seen = "/facilities?ward=141178&limit=100", set()
    while address:
        page = page_of(client, address)
        seen |= set(names(page))
        following = re.search(r'<a rel="next" href="([^"]+)"', page)
        address = unescape(following[1]) if following else ""
    assert len(seen) == 345
    first = re.search(r'<a rel="first" href="([^"]+)"', page)
    assert first
    assert "after" not in first[1]


def test_figures_that_are_withheld_say_so(client: httpx.Client) -> None:
    page = page_of(client, "/observations?dataset=population-town-age&refArea=141011-t0003&age=Y0")
    row = page.partition("<tbody>")[2].partition("</tr>")[0]
    assert [each for each in ("値なし", "秘匿") if each in row] == ["値なし", "秘匿"]


def test_a_value_asked_for_by_name_is_shown_in_the_language_of_the_page(client: httpx.Client) -> None:
    assert "Ward: <strong>Kohoku-ku</strong>" in page_of(client, "/facilities?ward=%E6%B8%AF%E5%8C%97%E5%8C%BA", "en")
    assert "区: <strong>港北区</strong>" in page_of(client, "/facilities?ward=Kohoku-ku")


def test_a_page_counts_whatever_was_asked_for(client: httpx.Client) -> None:
    assert "見つかったもの: 345件" in page_of(client, "/facilities?ward=141178&count=false")


def test_readings_stand_over_names(client: httpx.Client) -> None:
    assert '<rt lang="ja-Hrkt">あおばく</rt>' in page_of(client, "/areas?level=ward")
    assert "Aoba-ku" in page_of(client, "/areas?level=ward", "en")


def test_what_has_a_place_is_on_a_map_with_wards_around_it(client: httpx.Client) -> None:
    page = page_of(client, "/facilities?type=evacuation-site&ward=141178&limit=10")
    assert page.count('<circle class="dot small"') == 10
    assert re.search(r'<path class="context" [^>]*d="M', page)
    assert "<svg" not in page_of(client, "/datasets")


@pytest.mark.parametrize(
    ("address", "parameter", "said"),
    [
        ("/facilities?bbox=1,2", "bbox", "西端,南端,東端,北端"),
        ("/facilities?ward=%3Cscript%3E", "ward", "141011"),
        ("/facilities?near=35.4,139.6&within=x", "within", "100000"),
        ("/facilities?sort=distance", "sort", "near"),
        ("/observations?dataset=population-ward-month&sex=X", "sex", "次のいずれか"),
        ("/observations?dataset=nothing", "dataset", "population-ward-month"),
    ],
)
def test_a_wrong_parameter_is_told_beside_its_field(
    client: httpx.Client, address: str, parameter: str, said: str
) -> None:
    page = page_of(client, address, status=400)
    assert f'<a href="#f-{parameter}">' in page
    error = re.search(rf'<p class="error" id="f-{parameter}-error">([^<]+)</p>', page)
    assert error
    assert said in error[1]
    assert "<script>" not in page


def test_an_unknown_parameter_is_told_on_the_page_too(client: httpx.Client) -> None:
    assert "「colour」というパラメータはありません" in page_of(client, "/facilities?colour=red", status=400)


def test_the_head_leads_to_the_data_and_lists_the_things_for_search_engines(client: httpx.Client) -> None:
    page = page_of(client, "/facilities?ward=141178&limit=5")
    alternates = dict(re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', page))
    assert {"application/ld+json", "text/turtle", "text/csv", "application/geo+json"} <= set(alternates)
    for media_type, address in alternates.items():
        answer = client.get(unescape(address))
        assert answer.headers["Content-Type"].startswith(media_type)
    assert len(client.get(unescape(alternates["application/json"])).json()["items"]) == 5
    assert client.get(unescape(alternates["text/csv"])).text.startswith("番号,名称,")
    described = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page)[1])  # type: ignore[index]
    assert (described["@type"], described["numberOfItems"], len(described["itemListElement"])) == ("ItemList", 345, 5)
    assert described["itemListElement"][0]["url"].startswith("http://localhost:8000/doc/facility/")


def test_observations_begin_with_the_choice_of_a_data_set(client: httpx.Client) -> None:
    page = page_of(client, "/observations")
    assert "区別・男女別人口（月次、推計）" in page
    assert "<table" not in page
    chosen = page_of(client, "/observations?dataset=population-ward-month&refArea=141011&sex=T&lang=ja")
    assert re.search(r'<th scope="row"><a href="/doc/obs/population-ward-month/[^"]+">[\d,]+</a>', chosen)
    for words in ("鶴見区", "男女計", "暫定値"):
        assert words in chosen


def test_an_observation_without_a_figure_says_so(client: httpx.Client) -> None:
    page, count = page_of(client, "/observations?dataset=population-town-age&limit=1000"), 0
    for shown in re.findall(r'<tr><th scope="row"><a href="/doc/obs/[^"]+">([^<]*)</a>', page):
        assert re.fullmatch(r"[\d,]+|値なし", shown)
        count += shown == "値なし"
    assert count


def test_decimal_figures_are_shown_as_they_are(client: httpx.Client) -> None:
    assert re.search(
        r'/doc/obs/fertility-rate/[^"]+">\d\.\d+</a>', page_of(client, "/observations?dataset=fertility-rate")
    )


def test_a_code_list_too_long_to_choose_from_is_typed(client: httpx.Client) -> None:
    page = page_of(client, "/observations?dataset=population-town-age&limit=1")
    assert re.search(r'<input id="f-refArea" name="refArea"', page)


def test_things_lead_to_the_lists_that_they_are_about(client: httpx.Client) -> None:
    for path, address in (
        ("/doc/area/141178", "/facilities?ward=141178&lang=ja"),
        ("/doc/area/141178", "/areas?ward=141178&lang=ja"),
        ("/doc/code/hazard/flood", "/facilities?hazard=flood&lang=ja"),
        ("/doc/code/area-level/ward", "/areas?level=ward&lang=ja"),
        ("/doc/dataset/population-ward-month", "/observations?dataset=population-ward-month&lang=ja"),
        ("/doc/facility/141003-disaster-base-0300", "&within=500&sort=distance&lang=ja"),
    ):
        page = unescape(client.get(path, headers={"Accept-Language": "ja"}).text)
        assert address in page
        found = re.search(rf'<a href="([^"]*{re.escape(address)})"', page)
        assert found
        assert names(page_of(client, found[1]))


def test_a_release_without_lists_links_to_none(specimen_client: httpx.Client) -> None:
    page = specimen_client.get("/", headers=HTML).text
    assert 'href="/facilities' not in page
    assert 'href="/doc/catalog' in page


# --- what is not known ----------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["open=now", "town=141011-t0001"])
def test_a_list_says_how_many_things_say_nothing_of_a_condition(client: httpx.Client, query: str) -> None:
    name = query.partition("=")[0]
    for extension, items in (("jsonld", "items"), ("geojson", "features")):
        answer = client.get(f"/facilities.{extension}?{query}").json()
        assert answer[items] == []
        (unknown,) = answer["unknown"]
        assert (unknown["parameter"], unknown["count"]) == (name, 4_415)
        assert "4,415" in unknown["note"]["ja"]
    assert "について何も述べていないものが4,415件あります" in page_of(client, f"/facilities?{query}")


def test_what_every_thing_states_is_not_doubted(client: httpx.Client) -> None:
    assert "unknown" not in client.get("/facilities?ward=141178&type=evacuation-site").json()
