"""The page about a cube: works without script, says in words what charts show, and gives snippets that run."""

import csv
import html
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from service.release import open_release

HISTORY, GAPS = "/cubes/population-ward-history", "/cubes/synthetic-gaps"
PAGE = {"Accept": "text/html"}


def page(http: httpx.Client, address: str) -> str:
    answer = http.get(address, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return answer.text


def snippet(text: str, title: str) -> str:
    found = re.search(rf"<h3>{re.escape(title)}</h3>\s*<pre[^>]*><code>(.*?)</code>", text, re.DOTALL)
    assert found, f"no snippet {title}"
    return html.unescape(found[1])


def test_the_list_leads_to_a_page_for_each_cube(http: httpx.Client) -> None:
    text = page(http, "/cubes")
    links = re.findall(r'href="(/cubes/[^"?]+)["?]', text)
    assert HISTORY in links
    assert "区別人口の推移" in text
    assert "Population by ward since 1920" in page(http, "/cubes?lang=en")


def test_an_area_leads_to_the_statistics_about_it_and_only_to_those(http: httpx.Client) -> None:
    ward = page(http, "/doc/area/141038?lang=en")
    assert 'href="/cubes?refArea=141038&amp;lang=en"' in ward
    text = page(http, "/cubes?refArea=141038&lang=en")
    assert '<h1 id="cubes">Statistics about Nishi-ku</h1>' in text
    assert 'href="/cubes?lang=ja&amp;refArea=141038"' in text
    links = [html.unescape(each) for each in re.findall(r'href="(/cubes/[^"]+)"', text)]
    assert f"{HISTORY}?lang=en&refArea=141038" in links
    assert not any("population-city-age" in each or "fertility-rate" in each for each in links)
    listed = http.get("/cubes?refArea=141038&format=json").json()["cubes"]
    assert [f"/cubes/{each['id']}?lang=en&refArea=141038" for each in listed] == links
    for each in links:
        assert http.get(each.split("?")[0] + ".csv?refArea=141038").text.count("\n") > 1


def test_an_area_without_figures_is_told_in_a_sentence(http: httpx.Client) -> None:
    text = page(http, "/cubes?refArea=140007&lang=en")
    assert "No statistics have figures about this area." in text
    assert "Statistics about Kanagawa-ken" in text
    assert http.get("/cubes?refArea=140007&format=json").json() == {"cubes": []}


@pytest.mark.parametrize("query", ["refArea=999", "refArea=%3Cb%3E", "refArea=141011,141020", "area=141011"])
def test_what_is_no_area_is_refused(http: httpx.Client, query: str) -> None:
    answer = http.get(f"/cubes?{query}&format=json")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == query.partition("=")[0]


def test_only_areas_themselves_lead_to_statistics(http: httpx.Client) -> None:
    for path in ("/doc/area/141178/version/1994-11-06", "/doc/area/141178/locality/katsuradai"):
        assert "refArea=" not in page(http, path)


def test_a_page_needs_no_script_and_loads_nothing_from_elsewhere(http: httpx.Client) -> None:
    answer = http.get(HISTORY, headers=PAGE)
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not re.search(r"<script(?! type=\"application/ld\+json\")", answer.text)
    assert all(each.startswith("/") for each in re.findall(r'<img src="([^"]+)"', answer.text))


def test_a_language_that_was_chosen_stays_chosen(http: httpx.Client) -> None:
    for chosen, preferred in (("ja", "en"), ("en", "ja")):
        headers = {**PAGE, "Accept-Language": preferred}
        text = http.get(f"{HISTORY}?lang={chosen}", headers=headers).text
        other = f'hreflang="{preferred}"'
        links = [
            each for each in re.findall(r'<a ([^>]*href="/(?:doc/|cubes\?|sparql)[^>]*)>', text) if other not in each
        ]
        assert len(links) > 20
        assert all(f"lang={chosen}" in each for each in links), links
        assert f'<input type="hidden" name="lang" value="{chosen}">' in text


def test_wide_tables_can_be_scrolled_with_the_keyboard_and_have_a_name(http: httpx.Client) -> None:
    for address in ("/cubes", HISTORY):
        regions = re.findall(r'<div class="scroll"([^>]*)>', page(http, address))
        assert regions
        assert all('tabindex="0" role="region" aria-label' in each for each in regions)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_chart_has_words_numbers_and_images(http: httpx.Client, language: str) -> None:
    text = page(http, f"{HISTORY}?lang={language}")
    figures = re.findall(r'<figure class="chart">(.*?)</figure>', text, re.DOTALL)
    assert len(figures) == 2
    for figure in figures:
        source, alternative = re.search(r'<img src="([^"]+)" alt="([^"]+)"', figure).groups()  # type: ignore[union-attr]
        assert http.get(html.unescape(source)).headers["content-type"].startswith("image/svg+xml")
        assert {"ja": "出典", "en": "Source"}[language] in alternative
        assert "<table" in figure
        assert "chart.png" in figure


def test_the_table_of_a_map_holds_every_ward(http: httpx.Client) -> None:
    text = page(http, f"{HISTORY}?lang=en")
    figure = re.findall(r'<figure class="chart">(.*?)</figure>', text, re.DOTALL)[1]
    assert "Kohoku-ku" in figure
    assert "365316" in figure


def test_a_cube_with_ages_and_sexes_has_a_pyramid(http: httpx.Client) -> None:
    text = page(http, f"{GAPS}?refArea=141011&refPeriod=2021&lang=en")
    assert 'id="pyramid"' in text
    assert "chart.svg?refArea=141011&amp;refPeriod=2021&amp;type=pyramid" in text
    assert 'id="pyramid"' not in page(http, HISTORY)


def test_every_table_has_a_caption_and_every_row_a_header(http: httpx.Client) -> None:
    for address in ("/cubes?lang=en", f"{HISTORY}?lang=en", f"{GAPS}?group=refArea,refPeriod&lang=en"):
        tables = re.findall(r"<table[^>]*>(.*?)</table>", page(http, address), re.DOTALL)
        assert tables
        for table in tables:
            assert re.search(r"^\s*<caption[^>]*>\w", table)
            _, rows = table.split("<tbody>")
            assert all('<th scope="row">' in row for row in rows.split("<tr>")[1:])
    titles = re.findall(r"<caption[^>]*>(.*?)</caption>", page(http, f"{HISTORY}?lang=en"))
    assert "Table: Population by ward since 1920" in titles
    assert len(titles) == len(set(titles))


def test_words_are_listed_as_their_language_does(http: httpx.Client) -> None:
    for language, words in (("ja", "対象地域、対象期間"), ("en", "reference area, reference period")):
        cells = re.findall(r"<td>(.*?)</td>", page(http, f"/cubes?lang={language}"))
        assert any(words in each.lower() for each in cells), cells


def test_gaps_are_said_in_words_and_are_no_zeros(http: httpx.Client) -> None:
    text = page(http, f"{GAPS}?refArea=141011&refPeriod=2021&sex=F&age=Y65T&lang=en")
    assert ">X<" in text
    assert not re.search(r"<td[^>]*>0</td>", text)


def test_what_was_chosen_stays_chosen(http: httpx.Client) -> None:
    text = page(http, f"{HISTORY}?refArea=141097&group=refPeriod&asOf=1980-01-01&lang=en")
    assert '<option value="141097" selected>' in text
    assert '<input type="checkbox" name="group" value="refPeriod" checked>' in text
    assert 'value="1980-01-01"' in text
    assert "cannot be told apart from" in text


def test_a_chart_of_too_many_lines_is_drawn_of_the_total(http: httpx.Client) -> None:
    text = page(http, f"{HISTORY}?group=refArea,refPeriod&lang=en")
    assert "population, Yokohama-shi" in text
    assert "group=" not in re.findall(r'<img src="([^"]+)"', text)[0]


def test_a_chart_that_cannot_be_drawn_says_why_and_the_page_stays(http: httpx.Client) -> None:
    text = page(http, f"{HISTORY}?refArea=141003,141011&lang=en&refPeriod=2024")
    assert "chart.svg" in text
    text = page(http, f"{GAPS}?sex=M&refArea=141011&lang=en")
    assert '<p class="note">a pyramid needs figures of men and of women</p>' in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "この選び方では描けない。「男女別」の値を1つだけ選ぶと描ける。"),
        ("en", "This choice cannot be drawn. It can if you choose one value of “sex” only."),
    ],
)
def test_a_chart_that_cannot_be_drawn_says_what_to_choose_in_the_words_of_the_form(
    http: httpx.Client, language: str, said: str
) -> None:
    text = page(http, f"/cubes/population-ward-month?sex=T,M&lang={language}")
    assert text.partition('<h3 id="map">')[2].partition("</p>")[0].endswith(f'<p class="note">{said}')


def test_of_several_periods_maps_and_pyramids_show_the_latest(http: httpx.Client) -> None:
    text = page(http, f"{HISTORY}?refPeriod=1990..2020&lang=en").partition('<h3 id="map">')[2]
    (address,) = re.findall(r'<img src="([^"]+)"', text)
    assert html.unescape(address).endswith("&refPeriod=2020")
    assert "population, 2020, " in text
    assert http.get(html.unescape(address)).status_code == 200
    assert "Kohoku-ku" in text
    whole = page(http, f"{HISTORY}?refPeriod=1990..2020&lang=en").partition('<h3 id="map">')[0]
    assert "refPeriod=1990..2020" in html.unescape(re.findall(r'<img src="([^"]+)"', whole)[0])
    pyramid = page(http, f"{GAPS}?refArea=141011&refPeriod=2020,2021&lang=en").partition('<h3 id="pyramid">')[2]
    assert "population, Tsurumi-ku, 2021" in pyramid


def test_rows_can_be_paged_through(http: httpx.Client) -> None:
    text = page(http, f"{HISTORY}?lang=en")
    assert "50 of 774 rows" in text
    following = re.search(r'<a href="([^"]+)#table" rel="next">', text)
    assert following
    assert "offset=50" in following[1]
    assert 'rel="prev"' in page(http, html.unescape(following[1]))


def test_every_download_offered_can_be_taken(http: httpx.Client) -> None:
    """The largest cube has more rows than one answer may have."""
    for address in ("/cubes/population-town-age", f"{HISTORY}?sex=T", f"{HISTORY}?group=refPeriod&asOf=2024-01-01"):
        part = page(http, address).partition('<h2 id="download">')[2].partition("</ul>")[0]
        links = [html.unescape(each) for each in re.findall(r'href="([^"]+)"', part)]
        assert len(links) >= 4
        assert any(".jsonld" in each for each in links) == (address != "/cubes/population-town-age")
        for each in links:
            with http.stream("GET", each) as answer:
                assert answer.status_code == 200, each


def test_the_grand_total_stays_the_grand_total_on_the_way_to_files_and_languages(http: httpx.Client) -> None:
    text = page(http, f"{HISTORY}?group=&refPeriod=latest&lang=en")
    assert text.partition('<h2 id="table">')[2].partition("</table>")[0].count("<tr>") == 2
    download = text.partition('<h2 id="download">')[2].partition("</ul>")[0]
    links = [html.unescape(each) for each in re.findall(r'href="([^"]+)"', download)]
    assert len(links) >= 4
    assert all("group=&" in each for each in links[:-1])
    assert http.get(links[0]).text == http.get(f"{HISTORY}.csv?group=&refPeriod=latest").text
    (other,) = re.findall(r'<link rel="alternate" hreflang="ja" href="([^"]+)"', text)
    assert "group=&" in html.unescape(other)


def test_text_from_a_request_is_never_markup(http: httpx.Client) -> None:
    answer = http.get(f"{HISTORY}?refArea=<script>alert(1)</script>", headers=PAGE)
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text


# --- snippets -----------------------------------------------------------------------------------

QUESTIONS = [
    "population-ward-history?refArea=141097,141101&refPeriod=1985..1995",
    "population-ward-history?group=refPeriod&refPeriod=2000..2024",
    "population-ward-history?group=refPeriod&refArea=141011,141020",
    "population-ward-history?populationBasis=census&refArea=141003",
    "citizen-survey?approximation=about",
    "citizen-survey?group=surveyQuestion,surveyResponse,approximation",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_sparql_snippet_finds_the_same_figures(http: httpx.Client, cube_releases: Path, question: str) -> None:
    cube, _, asked = question.partition("?")
    query = snippet(page(http, f"/cubes/{question}"), "SPARQL")
    store = ox.Store.read_only(str(open_release(cube_releases).store))
    found = json.loads(store.query(query).serialize(format=ox.QueryResultsFormat.JSON) or b"")["results"]["bindings"]
    measure = "share" if cube == "citizen-survey" else "population"
    name = "total" if "group" in question else measure
    rows = list(csv.DictReader(io.StringIO(http.get(f"/cubes/{cube}.csv?{asked}").text)))
    assert sorted(row[name]["value"] for row in found) == sorted(row[measure] for row in rows)
    assert found


def test_the_python_snippet_runs(http: httpx.Client, address: str) -> None:
    code = snippet(page(http, f"{HISTORY}?refArea=141097"), "Python").replace("http://localhost:8000", address)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("44 {'refArea': '141097'")


def test_the_r_snippet_runs(http: httpx.Client, address: str) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("Rscript is not installed")
    code = snippet(page(http, f"{HISTORY}?refArea=141097"), "R").replace("http://localhost:8000", address)
    done = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True, timeout=120)
    assert "141097" in done.stdout


def test_the_address_leads_to_the_csv(http: httpx.Client) -> None:
    address = snippet(page(http, f"{HISTORY}?refArea=141097&lang=en"), "CSV")
    assert address.startswith("http://localhost:8000/cubes/")
    assert http.get(address.removeprefix("http://localhost:8000")).headers["content-type"].startswith("text/csv")
