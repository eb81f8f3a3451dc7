"""Behind a proxy, and under a path: absolute addresses come from the release, whatever the request says."""

import re
from urllib.parse import urljoin

import httpx

BASE = "https://data.city.example/lod/"
FORGED = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "ftp"}


def _addresses(answer: httpx.Response) -> list[str]:
    links = re.findall(r"<([^>]*)>", answer.headers.get("Link", ""))
    return [*links, *(answer.headers[name] for name in ("Location", "Content-Location") if name in answer.headers)]


def test_a_path_below_the_host_works_whether_the_proxy_takes_it_off_or_not(elsewhere: httpx.Client) -> None:
    for prefix in ("/lod", ""):
        answer = elsewhere.get(f"{prefix}/id/area/141178", headers={"Accept": "text/turtle"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/lod/data/area/141178.ttl")
        assert elsewhere.get(f"{prefix}/data/area/141178.ttl").status_code == 200
        assert elsewhere.get(f"{prefix}/health").status_code == 200
        assert elsewhere.get(f"{prefix}/", headers={"Accept": "text/html"}).status_code == 200


def test_every_address_in_headers_lies_under_the_base_or_elsewhere_on_purpose(elsewhere: httpx.Client) -> None:
    for path in ("/id/area/141178", "/doc/area/141178", "/data/area/141178.ttl", "/def/core", "/"):
        for address in _addresses(elsewhere.get(path, headers=FORGED)):
            absolute = urljoin(BASE, address)
            assert absolute.startswith((BASE, "https://creativecommons.org/", "http://schema.org/", "http://www."))


def test_pages_and_sitemaps_name_the_public_address(elsewhere: httpx.Client) -> None:
    page = elsewhere.get("/doc/area/141178", headers={**FORGED, "Accept": "text/html"}).text
    assert f'<link rel="canonical" href="{BASE}doc/area/141178">' in page
    inner = re.findall(r'(?:href|action)="(/[^"]*)"', page)
    assert inner
    assert all(each.startswith("/lod/") for each in inner)
    for path in ("/robots.txt", "/sitemap.xml", "/sitemap/things-0.xml"):
        text = elsewhere.get(path, headers=FORGED).text
        assert BASE in text
        assert "evil" not in text


def test_a_page_about_an_error_leads_to_itself_in_the_other_language(elsewhere: httpx.Client) -> None:
    for prefix in ("/lod", ""):
        page = elsewhere.get(f"{prefix}/nothing?lang=en", headers={**FORGED, "Accept": "text/html"}).text
        assert '<a href="/lod/nothing?lang=ja" lang="ja" hreflang="ja">' in page


def test_data_name_things_by_the_base_of_the_release(elsewhere: httpx.Client) -> None:
    text = elsewhere.get("/data/area/141178.nt", headers=FORGED).text
    assert f"<{BASE}id/area/141178>" in text
    assert "evil" not in text


def test_a_slash_too_many_leads_to_the_address_without_it(elsewhere: httpx.Client, client: httpx.Client) -> None:
    for path, meant in (("/cubes/", "/cubes"), ("/health/?a=%E6%A8%AA%0d%0aX:y", "/health?a=%E6%A8%AA%0d%0aX:y")):
        answer = client.get(path, headers=FORGED)
        assert (answer.status_code, answer.headers["Location"]) == (308, meant)
    assert elsewhere.get("/lod/health/", headers=FORGED).headers["Location"] == "/lod/health"
    assert client.get("/sparql/?query=ASK%20%7B%7D").status_code == 200
    for path in ("/nothing/", "/cubes/nothing/x/"):
        assert client.get(path, headers=FORGED).status_code == 404
