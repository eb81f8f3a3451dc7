"""The doors for crawlers: robots.txt, sitemaps, VoID, what pages say of themselves."""

import json
import re
from html import unescape
from xml.etree import ElementTree as ET

import httpx
import pyoxigraph as ox
import pytest

from service.context import Service
from service.routes.crawlers import NAMESPACE
from service.things.sitemap import SIZE

SITE = ("/", "/areas", "/cubes", "/datasets", "/facilities", "/observations", "/quality")
PLACE, CHANGED = f"{{{NAMESPACE}}}loc", f"{{{NAMESPACE}}}lastmod"


def _local(service: Service, url: str) -> str:
    assert url.startswith(service.release.base_iri), "addresses come from the release, not from the Host header"
    return "/" + url.removeprefix(service.release.base_iri)


def _sitemap(client: httpx.Client, path: str) -> ET.Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/xml"
    return ET.fromstring(answer.text)


def test_robots_txt_names_the_sitemap(client: httpx.Client, service: Service) -> None:
    answer = client.get("/robots.txt", headers={"Host": "elsewhere.example"})
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Sitemap: {service.urls.url('/sitemap.xml')}" in answer.text.splitlines()


def test_sitemaps_list_everything_that_has_a_page(client: httpx.Client, service: Service) -> None:
    listed: list[str] = []
    for sitemap in _sitemap(client, "/sitemap.xml"):
        path = _local(service, sitemap.findtext(PLACE, ""))
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", sitemap.findtext(CHANGED, ""))
        entries = _sitemap(client, path)
        assert 0 < len(entries) <= SIZE
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", each.findtext(CHANGED, "")) for each in entries)
        listed += [_local(service, each.findtext(PLACE, "")) for each in entries]
    store = ox.Store.read_only(str(service.release.store))
    things = store.query(
        "SELECT DISTINCT ?s { { ?s a ?c } UNION { GRAPH ?g { ?s a ?c } }"
        " FILTER(isIRI(?s) && STRSTARTS(STR(?s), STR(</>)) && !CONTAINS(STR(?s), '#')) }",
        base_iri=service.release.base_iri,
    )
    paths = [service.urls.path(row["s"].value) or "" for row in things]
    cubes = [f"/cubes/{each.id}" for each in service.release.cubes]
    assert sorted(listed) == sorted([*SITE, *cubes, *(service.urls.page(path) for path in paths)])
    for path in (*SITE, *cubes):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for path in listed[:: len(listed) // 20]:
        assert client.get(path).status_code == 200


def test_a_sitemap_says_when_the_data_about_each_thing_changed(client: httpx.Client, service: Service) -> None:
    days = {each.id: each.modified for each in service.release.datasets}
    released = f"{service.release.created:%Y-%m-%d}"
    found = {}
    for sitemap in (
        "/sitemap/site-0.xml",
        "/sitemap/things-0.xml",
        "/sitemap/things-1.xml",
        "/sitemap/population-ward-month-0.xml",
    ):
        for each in _sitemap(client, sitemap):
            found[_local(service, each.findtext(PLACE, ""))] = each.findtext(CHANGED, "")
    assert found["/doc/facility/141003-disaster-base-0300"] == days["disaster-shelters"]
    assert found["/doc/geometry/facility/141003-disaster-base-0300"] == days["disaster-shelters"]
    assert found["/doc/dataset/gsi-evacuation"] == days["gsi-evacuation"]
    assert found["/doc/obs/population-ward-month/141003/2024-01/T/TOTAL"] == days["population-ward-month"]
    assert found["/doc/code/hazard/flood"] == found["/"] == released
    assert found["/cubes/population-ward-month"] == days["population-ward-month"]
    assert found["/doc/area/141178/version/1994-11-06"] == days["areas"]


def test_a_release_without_lists_cubes_and_report_names_none_of_their_pages(specimen_client: httpx.Client) -> None:
    entries = _sitemap(specimen_client, "/sitemap/site-0.xml")
    assert [each.findtext(PLACE) for each in entries] == ["http://localhost:8000/"]


def test_a_sitemap_that_does_not_exist_is_not_found(client: httpx.Client) -> None:
    for path in (
        "/sitemap/no-0.xml",
        "/sitemap/site-1.xml",
        "/sitemap/things-999.xml",
        "/sitemap/things--1.xml",
        "/sitemap/things-x.xml",
    ):
        assert client.get(path).status_code in {400, 404}


def test_void_lies_at_its_well_known_address(client: httpx.Client) -> None:
    answer = client.get("/.well-known/void", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    assert answer.headers["Content-Location"] == "/data/void.ttl"
    assert "void#sparqlEndpoint" in answer.text or "void:sparqlEndpoint" in answer.text


def test_browsers_are_led_from_the_well_known_address_to_the_page(client: httpx.Client) -> None:
    for accept in ("text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"):
        for method in ("GET", "HEAD"):
            answer = client.request(method, "/.well-known/void?lang=en", headers={"Accept": accept})
            assert (answer.status_code, answer.headers["Location"]) == (303, "/doc/void?lang=en")
            assert "Accept" in answer.headers["Vary"].split(", ")
    page = client.get("/.well-known/void", headers={"Accept": "text/html"}, follow_redirects=True)
    assert page.headers["Content-Type"].startswith("text/html")
    for accept in ("*/*", "application/ld+json", "application/n-triples, text/html;q=0.5"):
        answer = client.head("/.well-known/void", headers={"Accept": accept})
        assert answer.status_code == 200
        assert not answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/doc/area/141178",
        "/doc/area/141178?page=2",
        "/def/core",
        "/facilities?ward=141178&hazard=flood",
        "/cubes",
        "/cubes?refArea=141178",
        "/cubes/population-ward-month?sex=F",
        "/quality",
        "/sparql?example=bases-by-ward",
    ],
)
def test_each_language_of_a_page_has_one_address_and_names_the_others(client: httpx.Client, address: str) -> None:
    path, _, query = address.partition("?")
    base = "http://localhost:8000"

    def at(*chosen: str) -> str:
        parameters = "&".join([*chosen, query]).strip("&")
        return base + path + (f"?{parameters}" if parameters else "")

    japanese, english = at(), at("lang=en")
    languages = [("ja", japanese), ("en", english), ("x-default", japanese)]
    for asked, preferred, canonical in (
        (at(), "", japanese), (at("lang=ja"), "en", japanese), (at("lang=en"), "ja", english), (at(), "en", english),
    ):  # fmt: skip
        headers = {"Accept": "text/html", "Accept-Language": preferred}
        answer = client.get(asked.removeprefix(base), headers=headers)
        page = unescape(answer.text)
        assert re.findall(r'<link rel="canonical" href="([^"]+)">', page) == [canonical]
        assert re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page) == languages
        assert answer.links.get("canonical", {"url": canonical})["url"] == canonical
        assert '<meta name="robots"' not in page


def test_each_page_of_data_is_canonical_by_itself(client: httpx.Client) -> None:
    for query in ("", "?page=2"):
        answer = client.get(f"/doc/area/141178{query}", headers={"Accept": "text/turtle", "Accept-Language": "en"})
        assert answer.links["canonical"]["url"] == f"http://localhost:8000/data/area/141178.ttl{query}"


@pytest.mark.parametrize("address", ["/doc/nothing?page=2", "/nothing", "/cubes/nothing?a=%26", "/facilities?ward=x"])
def test_an_error_is_not_for_search_engines_and_can_be_read_in_the_other_language(
    client: httpx.Client, address: str
) -> None:
    answer = client.get(address, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code in {400, 404}
    page = unescape(answer.text)
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page
    path, _, query = address.partition("?")
    expected = f"{path}?lang=ja" + (f"&{query}" if query else "")
    assert re.findall(r'<[^>]+ hreflang="[^>]+>', page) == [f'<a href="{expected}" lang="ja" hreflang="ja">']


def test_the_address_of_an_error_never_becomes_a_link_to_another_host(client: httpx.Client) -> None:
    for raw in (b"//elsewhere.example/x", b"/%5C/elsewhere.example", b"///elsewhere.example?lang=en&lang=ja"):
        request = client.build_request("GET", "/", headers={"Accept": "text/html", "Accept-Language": "en"})
        request.url = request.url.copy_with(raw_path=raw)
        answer = client.send(request)
        assert answer.status_code >= 400
        links = re.findall(r'<a href="([^"]+)"[^>]* hreflang', answer.text)
        assert len(links) == 1
        assert re.match(r"/(elsewhere|%5C)", links[0])


def test_the_site_itself_leads_data_clients_to_void(client: httpx.Client) -> None:
    answer = client.get("/", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/.well-known/void")


def test_every_page_links_to_its_data_and_describes_itself_in_schema_org(client: httpx.Client) -> None:
    for path in ("/doc/area/141178", "/doc/catalog", "/def/core", "/doc/facility/141003-disaster-base-0300"):
        page = client.get(path, headers={"Accept": "text/html"}).text
        alternates = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', page)
        assert {kind for kind, _ in alternates} == {
            "text/turtle",
            "application/ld+json",
            "application/rdf+xml",
            "application/n-triples",
        }
        assert all(client.get(address).status_code == 200 for _, address in alternates)
        described = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page)[1])  # type: ignore[index]
        assert described["@context"] == "https://schema.org/"


def test_the_page_of_a_data_set_tells_search_engines_what_they_ask_for(client: httpx.Client, service: Service) -> None:
    cubes = {each.iri for each in service.release.cubes}
    for each in service.release.datasets:
        path = service.urls.page(service.urls.path(each.iri) or "")
        for language in ("ja", "en"):
            page = client.get(path, params={"lang": language}, headers={"Accept": "text/html"}).text
            found = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page)[1])  # type: ignore[index]
            assert (found["@type"], found["@id"], found["name"]) == ("Dataset", each.iri, each.title[language])
            assert len(found["description"]) >= 50
            is_japanese = [bool(re.search("[ぁ-ん]", text)) for text in found["description"].split("\n\n")]
            assert is_japanese == ([True, False] if language == "ja" else [False, True])
            assert found["license"] == [each.license]
            assert (found["dateModified"], found["isAccessibleForFree"]) == (each.modified, True)
            assert found["creator"] == found["publisher"]
            assert all(body["@type"] == "Organization" and body["name"] for body in found["publisher"])
            assert found["creditText"]
        files = {file["encodingFormat"]: file["contentUrl"] for file in found["distribution"]}
        assert set(files) == {"application/n-triples"} | (
            {"application/vnd.apache.parquet"} if each.iri in cubes else set()
        )
        assert all(client.head(_local(service, address)).status_code == 200 for address in files.values())


def test_the_sparql_endpoint_is_told_to_search_engines_as_an_api(client: httpx.Client) -> None:
    assert '"@type":"WebAPI"' in client.get("/doc/service/sparql", headers={"Accept": "text/html"}).text


def test_only_data_sets_have_files_in_schema_org(client: httpx.Client) -> None:
    for path in ("/doc/area/141178", "/doc/catalog"):
        assert '"distribution"' not in client.get(path, headers={"Accept": "text/html"}).text


def test_dumps_are_served_whole_and_in_ranges(client: httpx.Client, service: Service) -> None:
    for name, data_set in service.release.dumps.items():
        answer = client.get(f"/dump/{name}")
        assert answer.content == (service.release.path / data_set.dump).read_bytes()
        assert answer.headers["Content-Type"] == "application/gzip"
        assert f'<{data_set.license}>; rel="license"' in answer.headers["Link"]
        part = client.get(f"/dump/{name}", headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, answer.content[10:20])


@pytest.mark.parametrize("range_", ["rows=0-9", "bytes=x", "bytes=9-0", "bytes=", "bytes", f"bytes={'9' * 5_000}-"])
def test_a_range_that_is_none_is_ignored(client: httpx.Client, range_: str) -> None:
    assert client.get("/dump/areas.nt.gz", headers={"Range": range_}).status_code == 200


def test_ranges_are_for_reading_what_one_does_not_have(client: httpx.Client) -> None:
    tag = client.get("/dump/areas.nt.gz").headers["ETag"]
    assert client.head("/dump/areas.nt.gz", headers={"Range": "bytes=0-9"}).status_code == 200
    assert client.get("/dump/areas.nt.gz", headers={"Range": "bytes=0-9", "If-None-Match": tag}).status_code == 304
    part = client.get("/dump/areas.nt.gz", headers={"Range": "bytes=0-9", "If-Range": tag})
    assert (part.status_code, len(part.content)) == (206, 10)


@pytest.mark.parametrize("range_", ["bytes=999999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_told_with_the_size(client: httpx.Client, range_: str) -> None:
    answer = client.get("/dump/areas.nt.gz", headers={"Range": range_})
    size = client.head("/dump/areas.nt.gz").headers["Content-Length"]
    assert answer.status_code == answer.json()["status"] == 416
    assert answer.headers["Content-Range"] == f"bytes */{size}"


def test_a_dump_that_does_not_exist_is_not_found_and_says_what_there_is(client: httpx.Client) -> None:
    for name in ("nothing.nt.gz", "..%2Frelease.json", "%00"):
        answer = client.get(f"/dump/{name}")
        assert answer.status_code in {400, 404}
    assert "areas.nt.gz" in client.get("/dump/nothing.nt.gz").json()["available"]
