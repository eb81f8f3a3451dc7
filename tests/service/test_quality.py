"""The report of the rules can be read by people: rule by rule, page by page, in their language."""

import re
from html import unescape

import httpx
import pytest

from service.context import Service

HTML = {"Accept": "text/html"}


def _rules(client: httpx.Client, language: str) -> dict[str, str]:
    """Name of each rule → where its findings are."""
    page = client.get(f"/quality?lang={language}", headers=HTML).text
    return {
        unescape(name): unescape(href) for href, name in re.findall(r'<a href="([^"]*rule=[^"]+)">.*?>([^<]+)<', page)
    }


def test_the_report_is_one_link_from_the_first_page(client: httpx.Client) -> None:
    assert 'href="/quality?lang=ja"' in client.get("/", headers={"Accept-Language": "ja"}).text


def test_programs_are_led_to_the_report_and_caches_are_told_apart(client: httpx.Client) -> None:
    answer = client.get("/quality", headers={"Accept": "text/turtle"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/data/graph/quality/")
    assert answer.headers["Vary"] == client.get("/quality", headers=HTML).headers["Vary"] == "Accept, Accept-Language"


def test_the_rules_that_found_something_are_listed_gravest_first(client: httpx.Client) -> None:
    for language, severities in (("ja", ("違反", "注意", "参考")), ("en", ("violation", "warning", "information"))):
        page = client.get(f"/quality?lang={language}", headers=HTML).text
        places = [page.index(f">{each}<") for each in severities]
        assert places == sorted(places)


def test_findings_are_told_in_the_readers_language_with_their_place(client: httpx.Client) -> None:
    for language, rule, words in (
        ("ja", "緯度の範囲", ("緯度は横浜市の範囲", "43.214176", "hinanjo_20260401.csv 487行目")),
        (
            "en",
            "range of the latitude",
            ("The latitude must lie in Yokohama", "43.214176", "hinanjo_20260401.csv row 487"),
        ),
    ):
        page = client.get(_rules(client, language)[rule], headers=HTML).text
        for each in words:
            assert each in page


def test_a_finding_about_an_observation_names_it_instead_of_spelling_its_address(client: httpx.Client) -> None:
    page = client.get(_rules(client, "ja")["地域別の計"], headers=HTML).text
    assert re.search(r'<a href="/doc/obs/[^"]+">[^<]*横浜市[^<]*: \d+</a>', page)
    assert "<td>http" not in page
    assert ": http" not in page[page.index("<tbody>") : page.index("</tbody>")]


def test_all_findings_are_reached_page_by_page(client: httpx.Client) -> None:
    href = _rules(client, "ja")["施設の位置"]
    count, seen = 0, 0
    while href:
        page = client.get(href, headers=HTML).text
        seen += page[page.index("<tbody>") :].count('<th scope="row">')
        count += 1
        following = re.search(r'rel="next" href="([^"]+)"', page)
        href = unescape(following[1]) if following else ""
    assert count > 10
    assert seen == int(re.search(r"見つかった点: ([\d,]+)", page)[1].replace(",", ""))  # type: ignore[index]


def test_programs_are_led_to_the_graph(client: httpx.Client, service: Service) -> None:
    answer = client.get("/quality", headers={"Accept": "text/turtle"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/data/graph/quality/{service.release.id}"
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("query", ["rule=nothing", "rule=", "rule=%3E%3Cscript%3E", "page=0", "rule=a&page=x"])
def test_what_cannot_be_shown_is_refused(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/quality?{query}", headers=HTML)
    assert answer.status_code == 400
    assert "<script>" not in answer.text


def test_a_page_beyond_the_last_is_not_found(client: httpx.Client) -> None:
    assert client.get(f"{_rules(client, 'ja')['緯度の範囲']}&page=2", headers=HTML).status_code == 404


def test_a_release_without_a_report_says_so(specimen_client: httpx.Client) -> None:
    assert specimen_client.get("/quality", headers=HTML).status_code == 404


def test_the_page_of_the_graph_has_its_name_and_tells_what_was_found(client: httpx.Client, service: Service) -> None:
    for number in (1, 2):
        address = f"/doc/graph/quality/{service.release.id}?page={number}"
        page = client.get(address, headers={"Accept-Language": "ja"}).text
        assert '<h1>\n<span lang="ja">検証の報告</span>' in page
        assert "施設名に読み" in page
        assert ">graph/quality/" not in page


def test_the_page_of_the_graph_tells_the_gravest_findings_first(client: httpx.Client, service: Service) -> None:
    order = {"違反": 0, "注意": 1, "参考": 2}
    for number in (1, 3):
        page = client.get(f"/doc/graph/quality/{service.release.id}?page={number}&lang=ja", headers=HTML).text
        said = re.findall(r'">(?:<span lang="ja">)?(違反|注意|参考): [^<]+<', page)
        assert len(said) > 100
        assert [order[each] for each in said] == sorted(order[each] for each in said)


def test_the_page_of_a_thing_tells_what_was_found_about_it(client: httpx.Client) -> None:
    page = client.get("/doc/facility/141003-evacuation-1410000001201", headers={"Accept-Language": "en"}).text
    assert "Give the reading of the name" in page


@pytest.mark.parametrize(("rule", "shown"), [("facility%23PointInWard", False), ("position%23LatitudePrecision", True)])
def test_values_have_a_column_where_there_are_any(client: httpx.Client, rule: str, shown: bool) -> None:
    page = client.get(f"/quality?lang=en&rule=http%3A%2F%2Flocalhost%3A8000%2Fshapes%2F{rule}").text
    assert ('<th scope="col">Value found</th>' in page) is shown
    columns = page.count('<th scope="col">')
    row = re.findall(r'<tr><th scope="row">(.*?)</tr>', page, re.DOTALL)[0]
    assert row.count("<td>") == columns - 1
