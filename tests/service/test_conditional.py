"""Who has an answer already is not sent it again, whatever it was that they asked for (RFC 9110, 13)."""

import httpx
import pytest

ADDRESSES = (
    "/",
    "/quality",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap/things-0.xml",
    "/.well-known/void",
    "/openapi.json",
    "/prefixes",
    "/context/core.jsonld",
    "/static/site.css",
    "/dump/areas.nt.gz",
    "/facilities?limit=1",
    "/observations?dataset=facility-count&limit=1",
    "/cubes",
    "/cubes/facility-count.csv",
    "/cubes/facility-count.parquet",
    "/cubes/facility-count/structure",
    "/doc/area/141178",
    "/data/area/141178.ttl",
    "/def/core",
    "/sparql?query=ASK%20%7B%7D&format=json",
    "/sparql/description",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_that_is_known_is_not_sent_again(client: httpx.Client, address: str) -> None:
    html = {"Accept": "text/html"} if address in {"/", "/quality"} else {}
    first = client.get(address, headers=html)
    assert first.status_code == 200
    for condition in ({"If-None-Match": first.headers["ETag"]}, {"If-None-Match": f'"x", W/{first.headers["ETag"]}'}):
        again = client.get(address, headers={**html, **condition})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert client.get(address, headers={**html, "If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_the_body(client: httpx.Client, address: str) -> None:
    html = {"Accept": "text/html"} if address in {"/", "/quality"} else {}
    whole, head = (client.request(method, address, headers=html) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Vary", "Link"):
        assert head.headers.get(name) == whole.headers.get(name)
        assert head.headers.get(name) != ""


@pytest.mark.parametrize("address", ["/facilities", "/cubes", "/robots.txt", "/health", "/quality", "/doc/area/141178"])
def test_a_refusal_names_every_method_that_works(client: httpx.Client, address: str) -> None:
    refused = client.post(address)
    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_the_openapi_document_says_where_the_addresses_begin(client: httpx.Client, elsewhere: httpx.Client) -> None:
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/"}]
    assert elsewhere.get("/lod/openapi.json").json()["servers"] == [{"url": "/lod"}]
