"""Pages are readable: in two languages, by anyone, on anything, without script (JIS X 8341-3:2016, level AA)."""

import html
import itertools
import re
import shutil
import struct
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from service import texts
from service.context import Service
from service.pages import rendering

PAGES = (
    "/",
    "/doc/area/141178",
    "/doc/area/141178?page=2",
    "/doc/facility/141003-disaster-base-0300",
    "/doc/obs/population-ward-history/141178/2024/T/TOTAL",
    "/doc/catalog",
    "/doc/dataset/population-ward-history",
    "/doc/code/area-level",
    "/doc/graph/meta",
    "/doc/source/population-ward-history/t020100.csv",
    "/quality",
    "/quality?rule=http%3A%2F%2Flocalhost%3A8000%2Fshapes%2Ffacility%23PointInWard",
    "/facilities",
    "/facilities?ward=141178&hazard=flood&limit=20",
    "/facilities?bbox=here&within=-1",
    "/areas?level=ward",
    "/datasets",
    "/observations",
    "/observations?dataset=population-ward-month",
    "/def/core",
    "/shapes/area",
    "/doc/nothing",
)
# Pages with texts of the publishers in lists, tables, forms, charts and programs.
TALKATIVE = (
    "/datasets?q=%E4%BA%BA%E5%8F%A3",
    "/facilities?q=%E5%B0%8F%E5%AD%A6%E6%A0%A1",
    "/facilities?q=%E3%81%AA%E3%81%84&ward=%E9%9D%92%E8%91%89%E5%8C%BA",
    "/observations?dataset=population-town-age&limit=10",
    "/doc/area/141178-t0001",
    "/doc/code/population-basis/census",
    "/doc/dataset/population-town-age",
    "/doc/graph/quality/current",
    "/doc/query/indicator-3-3",
    "/cubes",
    "/cubes?refArea=141178-t0001",
    "/cubes/population-ward-month",
    "/cubes/population-town-age",
    "/cubes/population-town-age?refArea=141178-t0001",
    "/cubes/facility-count?group=refArea",
    "/sparql",
    "/sparql?example=bases-by-ward",
    "/sparql?query=ASK%7B%3Fs+%3Fp+%22%E6%A8%AA%E6%B5%9C%22%7D",
    "/doc/%E6%A8%AA%E6%B5%9C",
)
JAPANESE = re.compile("[\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff]")
VOID = frozenset({"meta", "link", "input", "img", "br", "rect", "path", "circle"})


class Page(HTMLParser):
    """What a page is made of: its elements with attributes, and that they are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.languages: list[str] = [""]
        self.texts: list[tuple[str, str]] = []
        # All that is read aloud, with the language that it is said to be in.
        self.spoken: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        language = self._add(tag, dict(attrs))
        if tag not in VOID:
            self.open.append(tag)
            self.languages.append(language)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, dict(attrs))

    def _add(self, tag: str, attributes: dict[str, str | None]) -> str:
        self.elements.append((tag, attributes))
        language = attributes.get("lang") or self.languages[-1]
        said = (attributes.get(name) for name in ("alt", "title", "aria-label", "placeholder"))
        self.spoken += [(language, text) for text in said if text]
        return language

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag
        self.languages.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open:
            self.texts.append((self.open[-1], data.strip()))
            if self.open[-1] != "script":
                self.spoken.append((self.languages[-1], data.strip()))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, client: httpx.Client) -> Page:
    answer = client.get(request.param, headers={"Accept": "text/html", "Accept-Language": "ja"})
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return Page(answer.text)


# --- languages ------------------------------------------------------------------------------------


def test_the_language_is_the_visitors_or_the_one_in_the_address(client: httpx.Client) -> None:
    for accept, query, language in (
        ("ja", "", "ja"), ("en-GB,en;q=0.9", "", "en"), ("fr", "", "ja"), ("ja", "?lang=en", "en"),
        ("en", "?lang=ja", "ja"), ("en;q=0.2,ja;q=0.8", "", "ja"),
    ):  # fmt: skip
        answer = client.get(f"/doc/area/141178{query}", headers={"Accept-Language": accept})
        assert answer.headers["Content-Language"] == language, (accept, query)
        assert answer.headers["Vary"] == "Accept, Accept-Profile, Accept-Language"
        assert f'<html lang="{language}">' in answer.text
        assert ("青葉区" if language == "ja" else "Aoba-ku") in Page(answer.text).text("title")[0]


def test_a_language_we_do_not_have_is_refused_with_those_we_have(client: httpx.Client) -> None:
    answer = client.get("/doc/area/141178?lang=fr", headers={"Accept": "text/html, application/json;q=0.1"})
    assert answer.status_code == 400
    plain = client.get("/doc/area/141178.html?lang=fr", headers={"Accept": "application/json"})
    assert plain.json()["allowed"] == ["ja", "en"]


def test_errors_are_told_in_the_language_in_the_address_and_keep_it(client: httpx.Client) -> None:
    for path in ("/doc/nothing?", "/nothing?", "/cubes/nothing?", "/sparql?query=ask&format=json&"):
        for chosen, preferred, title in (
            ("ja", "en", ("見つかりません", "要求の誤り")),
            ("en", "ja", ("Not found", "Bad")),
        ):
            headers = {"Accept": "text/html", "Accept-Language": preferred}
            answer = client.get(f"{path}lang={chosen}", headers=headers)
            assert answer.headers["Content-Language"] == chosen
            assert any(each in Page(answer.text).text("h1")[0] for each in title)
            assert f'<a href="/?lang={chosen}">' in answer.text


def test_the_other_language_is_one_link_away_and_stays_chosen(client: httpx.Client) -> None:
    page = Page(client.get("/doc/area/141178", headers={"Accept-Language": "ja"}).text)
    other = next(each for each in page.all("a") if each.get("hreflang") == "en")
    english = Page(client.get(str(other["href"]), headers={"Accept-Language": "ja"}).text)
    inner = [str(each["href"]) for each in english.all("a") if str(each.get("href", "")).startswith("/doc/")]
    assert len(inner) > 10
    assert [each for each in inner if "lang=en" not in each] == ["/doc/area/141178?lang=ja"]


@pytest.mark.parametrize(
    "address",
    [
        "/doc/area/141178?page=2",
        "/sparql?query=ASK+%7B+%22%26%22+%3Fp+%3Fo+%7D",
        "/sparql?example=02-wards-largest-first",
        "/cubes/population-ward-month?refArea=141011&refArea=141020&sex=F",
        "/quality?rule=http%3A%2F%2Flocalhost%3A8000%2Fshapes%2Ffacility%23FacilityPosition&page=2",
    ],
)
def test_the_other_language_shows_the_same_page(client: httpx.Client, address: str) -> None:
    page = Page(client.get(address, headers={"Accept": "text/html", "Accept-Language": "ja"}).text)
    other = httpx.URL(str(next(each["href"] for each in page.all("a") if each.get("hreflang") == "en")))
    expected = httpx.URL(address)
    assert other.path == expected.path
    assert sorted(other.params.multi_items()) == sorted([*expected.params.multi_items(), ("lang", "en")])


@pytest.mark.parametrize("address", [*PAGES, *TALKATIVE])
def test_what_is_japanese_on_an_english_page_says_so(client: httpx.Client, service: Service, address: str) -> None:
    address = address.replace("quality/current", f"quality/{service.release.id}")
    answer = client.get(address, headers={"Accept": "text/html", "Accept-Language": "en"})
    page = Page(answer.text)
    assert page.all("html") == [{"lang": "en"}]
    said = [(language, text) for language, text in page.spoken if JAPANESE.search(text)]
    assert said
    assert [each for each in said if each[0] not in {"ja", "ja-Hrkt"}] == []


def test_every_text_of_ours_exists_in_both_languages() -> None:
    for key, pair in texts.TEXTS.items():
        assert len(pair) == 2, key
        assert all(pair), key


# --- what a reader needs --------------------------------------------------------------------------


def test_names_stand_where_iris_would(client: httpx.Client) -> None:
    page = client.get("/doc/facility/141003-disaster-base-0300", headers={"Accept-Language": "ja"}).text
    for name in ("美しが丘小学校", "青葉区", "地域防災拠点", "住所", "緯度", "hinanjo_20260401.csv 301行目"):
        assert name in page


def test_a_reading_stands_over_its_name(client: httpx.Client) -> None:
    page = client.get("/doc/area/141178", headers={"Accept-Language": "ja"}).text
    assert '<ruby lang="ja">青葉区<rp>（</rp><rt lang="ja-Hrkt">あおばく</rt><rp>）</rp></ruby>' in page
    assert re.findall(r'<p class="names">(.*?)</p>', page) == ['<span lang="en">Aoba-ku</span>'], "not read twice"
    english = client.get("/doc/area/141178", headers={"Accept-Language": "en"}).text
    assert '<span lang="ja-Hrkt">あおばく</span></p>' in english


@pytest.mark.parametrize(
    "cube", ["ambulance-ward-cause", "citizen-survey", "facility-count", "population-projection-2023"]
)
def test_no_two_figures_have_the_same_title(cube: str, client: httpx.Client) -> None:
    figures = client.get(f"/observations.json?dataset={cube}&limit=20").json()["items"]
    pages = [client.get(urlsplit(each["id"]).path.replace("/id/", "/doc/") + "?lang=en").text for each in figures]
    titles = {re.search(r"<title>(.+?)</title>", page)[1] for page in pages}  # type: ignore[index]
    assert len(titles) == len(figures) > 4


def test_figures_that_point_to_a_thing_say_what_they_are_of(client: httpx.Client) -> None:
    page = client.get("/doc/period/2026-04?lang=en").text
    assert re.search("Tsurumi-ku, community disaster base: [0-9]", page)
    assert re.search("Tsurumi-ku, shelter for stranded commuters: [0-9]", page)


def test_a_figure_that_is_withheld_is_listed_as_one(client: httpx.Client) -> None:
    page = client.get("/doc/area/141011-t0003?lang=en").text
    assert "1 year, 30 September 2021, female: no figure" in page


def test_a_page_goes_as_deep_as_what_is_published(client: httpx.Client) -> None:
    page = client.get("/doc/facility/141003-childcare-1410051013654?lang=ja").text
    assert page.count("2022-04-01") >= 6, "the day of the places available in each class"


def test_a_figure_that_is_withheld_says_so_in_place_of_the_number(client: httpx.Client) -> None:
    page = client.get("/doc/obs/population-town-age/141011-t0003/2021-09-30/F/Y0?lang=ja").text
    figure = re.sub(r"<[^>]+>|\s+", "", page.partition('<p class="figure">')[2].partition("</p>")[0])
    assert figure == "値なし秘匿の状態:秘匿"


def test_a_figure_that_is_not_exact_says_so_beside_the_number(client: httpx.Client) -> None:
    page = client.get("/doc/obs/plan-indicator/141003/2018-01/3-1/baseline?lang=ja").text
    figure = re.sub(r"<[^>]+>|\s+", "", page.partition('<p class="figure">')[2].partition("</p>")[0])
    assert figure == "評価指標の値550概数:約・程度単位:データセット"


def test_a_figure_has_its_unit_status_source_and_citation(client: httpx.Client) -> None:
    page = client.get("/doc/obs/population-ward-history/141178/2024/T/TOTAL?lang=en").text
    assert "<strong>308,085</strong>" in page
    for words in ("Unit:", "Status:", "t020100.csv row", "How to cite", "Creative Commons", "Attribution"):
        assert words in page


@pytest.mark.parametrize(
    ("data_set", "place"),
    [("population-ward-age", r"シート\d+の"), ("facility-count", r"\d+列目"), ("fertility-rate", r"\d+行目")],
)
def test_a_place_in_any_kind_of_file_is_told_in_words(client: httpx.Client, data_set: str, place: str) -> None:
    listed = client.get(f"/observations?dataset={data_set}&limit=1").json()["items"][0]
    page = client.get("/doc/" + listed["id"].partition("/id/")[2], headers={"Accept-Language": "ja"}).text
    assert re.search(rf">[^<>]+ [^<> ]*{place}[^<> ]*</a>", page)


def test_links_that_lead_elsewhere_say_so_to_the_eye_and_the_ear(client: httpx.Client) -> None:
    page = client.get("/def/core?lang=ja").text
    assert page.count('<span class="out" role="img" aria-label="（外部サイト）"></span>') == page.count(" noopener")
    assert "(外部)" not in page


def test_a_place_has_a_map_with_a_text_alternative(client: httpx.Client) -> None:
    for path in ("/doc/area/141178", "/doc/facility/141003-disaster-base-0300", "/doc/area/141178-t0001"):
        page = Page(client.get(path).text)
        drawing = page.all("svg")[0]
        assert drawing["role"] == "img"
        ids = {each.get("id") for _, each in page.elements}
        assert set(str(drawing["aria-labelledby"]).split()) <= ids


def test_the_home_page_says_what_there_is_and_has_a_box_to_ask(client: httpx.Client) -> None:
    page = Page(client.get("/", headers={"Accept-Language": "ja"}).text)
    form = page.all("form")[0]
    assert (form["method"], form["action"]) == ("get", "/sparql")
    assert {each.get("name") for each in [*page.all("textarea"), *page.all("select")]} == {"query", "format"}
    assert page.all("input")[0] == {"type": "hidden", "name": "lang", "value": "ja"}
    text = " ".join(each for _, each in page.texts)
    for words in ("地域防災拠点", "区別人口の推移", "青葉区", "N-Triples"):
        assert words in text


# --- for everyone ---------------------------------------------------------------------------------


def test_elements_are_closed_and_ids_are_unique(page: Page) -> None:
    assert page.open == []
    ids = Counter(each["id"] for _, each in page.elements if each.get("id"))
    assert all(count == 1 for count in ids.values()), ids.most_common(3)


def test_landmarks_and_a_way_past_the_navigation(page: Page) -> None:
    for tag in ("header", "main", "footer", "h1"):
        assert len(page.all(tag)) == 1, tag
    assert page.text("title")
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    assert page.all("main")[0]["id"] == "main"
    assert all(each.get("aria-label") or each.get("aria-labelledby") for each in page.all("nav"))


def test_headings_skip_no_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_cell_has_a_header_and_every_field_a_label(page: Page) -> None:
    for each in page.all("th"):
        assert each.get("scope") in {"row", "col"}
    labelled = {each.get("for") for each in page.all("label")}
    for field in [*page.all("textarea"), *page.all("select"), *page.all("input")]:
        if field.get("type") == "hidden":
            continue
        assert field["id"] in labelled
    assert all(each.get("alt") is not None for each in page.all("img"))


def test_references_inside_the_page_have_a_target(page: Page) -> None:
    ids = {each.get("id") for _, each in page.elements}
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(str(attributes.get(name) or "").split()) <= ids


def test_pages_run_nothing_and_load_nothing_from_elsewhere(page: Page, client: httpx.Client) -> None:
    assert {each.get("type") for each in page.all("script")} <= {"application/ld+json"}
    assert not [name for _, each in page.elements for name in each if name.startswith("on") or name == "style"]
    loaded = [each["href"] for each in page.all("link") if each.get("rel") in {"stylesheet", "icon"}]
    loaded += [each.get("src") for each in page.all("img")]
    assert all(str(each).startswith(("/static/", "/favicon.ico")) for each in loaded)
    for each in loaded:
        assert client.get(str(each)).status_code == 200


def test_the_icon_is_where_browsers_look_for_it(client: httpx.Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/x-icon")
    reserved, kind, count = struct.unpack("<HHH", answer.content[:6])
    assert (reserved, kind, count) == (0, 1, 3)
    for at in range(6, 6 + 16 * count, 16):
        size, _, _, _, _, _, length, offset = struct.unpack("<BBBBHHII", answer.content[at : at + 16])
        image = answer.content[offset : offset + length]
        assert image.startswith(b"\x89PNG")
        assert struct.unpack(">II", image[16:24]) == (size, size)


def test_the_policy_forbids_script_and_foreign_content(client: httpx.Client) -> None:
    for path in PAGES:
        policy = client.get(path, headers={"Accept": "text/html"}).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_every_page_of_a_long_description_leads_to_those_beside_it(client: httpx.Client, service: Service) -> None:
    address = f"/doc/graph/quality/{service.release.id}?lang=en"
    for number, relations in ((1, {"next"}), (2, {"prev", "next"})):
        answer = client.get(f"{address}&page={number}", headers={"Accept": "text/html"})
        page = Page(answer.text)
        beside = {each["rel"]: each["href"] for each in page.all("a") if each.get("rel") in {"prev", "next"}}
        assert set(beside) == relations
        assert all(each in answer.links for each in beside)
        assert beside["next"] == f"{address}&page={number + 1}"
        assert not any("What refers to this" in each for each in page.text("h2"))


def test_pages_stay_as_they_were_when_the_service_started(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tmp_path / "templates"
    shutil.copytree(rendering.TEMPLATES, copies)
    monkeypatch.setattr(rendering, "TEMPLATES", copies)
    pages = rendering.Pages(service.release, service.entities.describer, [], service.pages.edition)
    for each in copies.iterdir():
        each.write_text("changed", encoding="utf-8")
    problem: Any = (404, ("ない", "None"), ("何もない", "Nothing"), "en", "/nothing", [])
    assert pages.error(*problem) == service.pages.error(*problem)


# --- colours --------------------------------------------------------------------------------------


def _palettes() -> list[dict[str, str]]:
    """Name → colour, as the style sheet gives them for light and for dark."""
    style = (Path(__file__).parents[2] / "service" / "static" / "site.css").read_text(encoding="utf-8")
    found = [dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{([^}]*)\}", style)]
    assert len(found) == 2
    return found


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_text_stands_out_from_its_ground() -> None:
    for palette in _palettes():
        for text in ("ink", "soft", "link", "seen", "accent", "focus"):
            for ground in ("ground", "pale"):
                light, dark = sorted((_luminance(palette[text]), _luminance(palette[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def test_what_points_to_a_thing_is_not_mistaken_for_what_the_thing_says(client: httpx.Client) -> None:
    for language, heading in (("ja", "「含む側」がこれであるもの"), ("en", "Whose “is part of” is this")):
        page = client.get("/doc/area/141178", headers={"Accept-Language": language}).text
        headings = re.findall(r"<h3>(.*?)</h3>", page)
        assert any(heading in each for each in headings), headings


def test_the_record_of_a_load_and_yes_and_no_are_told_in_words(client: httpx.Client) -> None:
    for language, word in (("ja", "はい"), ("en", "yes")):
        page = client.get(f"/doc/facility/141003-evacuation-1410000001201?lang={language}").text
        assert ">graph/data/" not in page
        assert "true" not in re.sub(r"<script.*?</script>", "", page)
        assert re.search(rf"<td>\s*{word}\s*</td>", page)


def test_the_home_page_has_doors_for_programs_and_no_false_zero(client: httpx.Client) -> None:
    page = client.get("/", headers={"Accept-Language": "ja"}).text
    lists = ("/facilities?lang=ja", "/areas?lang=ja", "/datasets?lang=ja", "/observations?lang=ja")
    for address in (*lists, "/openapi.json", "/prefixes"):
        assert f'href="{address}"' in page
        assert client.get(address, headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200
    assert '<td class="number">0</td>' not in page


@pytest.mark.parametrize("path", ["/doc/area/141038", "/doc/void", "/doc/catalog"])
def test_the_query_that_a_page_proposes_finds_what_the_page_shows(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"}).text
    query = html.unescape(unquote(re.search(r'href="/sparql\?query=([^"&]+)&amp;lang=', page)[1]))  # type: ignore[index]
    found = client.get("/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"})
    assert len(found.json()["results"]["bindings"]) > 3


def test_observations_in_a_list_are_named_by_what_they_are_about_with_their_figure(client: httpx.Client) -> None:
    page = client.get("/doc/dataset/population-ward-history?page=2", headers={"Accept-Language": "ja"}).text
    assert re.search(r">[^<]+区・\d{4}年・[^<]+: \d+</a>", page)
    assert ">obs/" not in page
    for path in ("/doc/code/population-basis/census", "/doc/code/ambulance-cause/self-harm"):
        assert ">obs/" not in client.get(path, headers={"Accept-Language": "ja"}).text


def test_a_geometry_is_called_after_what_has_it(client: httpx.Client) -> None:
    for path in ("/doc/area/141178", "/doc/geometry/area/141178/n03-2021"):
        assert "青葉区の形・位置" in client.get(path, headers={"Accept-Language": "ja"}).text
        assert "Shape or position of Aoba-ku" in client.get(path, headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize("address", ["/def", "/code", "/shapes", "/dump"])
def test_the_address_above_a_kind_of_things_leads_to_their_list(client: httpx.Client, address: str) -> None:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    place, _, anchor = answer.headers["Location"].partition("#")
    assert f'id="{anchor}"' in client.get(place, headers={"Accept": "text/html"}).text
