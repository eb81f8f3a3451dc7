"""Whatever a stranger sends: a clear 4xx or a safe page, never a 500, and the service stays up."""

import asyncio
import socket
from urllib.parse import quote

import httpx
import pytest

from service.app import create_app
from service.context import Service

PATHS = {
    "broken escape": "/id/area/%zz",
    "half an escape": "/id/area/%2",
    "encoded NUL": "/id/area/%00",
    "encoded line break": "/id/area/%0d%0aSet-Cookie:%20a=b",
    "surrogates": "/id/area/%ED%A0%80%ED%B0%80",
    "overlong slash": "/id/%C0%AF%C0%AF",
    "overlong NUL": "/id/%C0%80",
    "not UTF-8": "/id/%FF%FE",
    "bidirectional override": "/id/area/" + quote("141178\u202e"),
    "zero width": "/id/area/" + quote("141\u200b178"),
    "byte order mark": "/id/" + quote("\ufeff"),
    "noncharacter": "/id/" + quote("\uffff"),
    "private use": "/id/" + quote("\ue000"),
    "traversal": "/id/../../etc/passwd",
    "encoded traversal": "/id/%2e%2e/%2e%2e/etc/passwd",
    "doubly encoded traversal": "/id/%252e%252e%252fetc",
    "backslashes": "/static/..%5c..%5csettings.py",
    "static traversal": "/static/..%2f..%2fsettings.py",
    "dump traversal": "/dump/..%2frelease.json",
    "markup": "/id/<script>alert(1)</script>",
    "quotes": "/id/%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "closing an IRI": "/id/a%3E%20%3Chttp:%2F%2Fevil",
    "braces": "/id/{{7*7}}",
    "empty segments": "/id//area//141178",
    "64 kB": "/id/" + "a" * 65_000,
    "64 kB of escapes": "/id/" + "%E3%81%82" * 7_000,
    "deep": "/id/" + "a/" * 900,
    "odd sitemap": "/sitemap/9999999999999999999999-1.xml",
}
HEADERS = {
    "Accept bomb": {"Accept": ",".join(f"a/b;q=0.{each:03d}" for each in range(4_000))},
    "Accept of commas": {"Accept": "," * 30_000},
    "Accept of stars": {"Accept": "*/*;" * 5_000},
    "Accept of nonsense": {"Accept": "text/turtle;q=NaN, text/html;q=1e309, /;q=-1"},
    "Accept-Language bomb": {"Accept-Language": "ja-" + "x-" * 10_000},
    "If-None-Match bomb": {"If-None-Match": '"a",' * 8_000},
    "odd date": {"If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 ZZZ"},
    "odd range": {"Range": "bytes=9999999999999999999999-,-1,a-b"},
    "odd host": {"Host": "evil.example:99999\tx"},
    "X-Forwarded": {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil"},
}


def _is_up(client: httpx.Client) -> None:
    assert client.get("/data/area/141178.ttl").status_code == 200


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_a_hostile_path_gets_a_clear_refusal(client: httpx.Client, path: str) -> None:
    status, head, body = _ask(client, path)
    assert 400 <= status < 500, body[:200]
    assert b"set-cookie" not in head.lower()
    assert b"<script>alert" not in body
    assert b"root:" not in body
    _is_up(client)


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
def test_hostile_headers_change_nothing_for_the_worse(client: httpx.Client, headers: dict[str, str]) -> None:
    for path in ("/id/area/141178", "/doc/area/141178", "/data/area/141178.ttl", "/", "/dump/areas.nt.gz", "/nothing"):
        answer = client.get(path, headers=headers)
        assert answer.status_code < 500
        assert "evil" not in str(answer.headers)
    _is_up(client)


def test_odd_parameters_get_a_refusal_or_the_page(client: httpx.Client) -> None:
    for query in (
        "lang=%00",
        "lang=<script>",
        "page=%ff",
        "page=1&page=x",
        "lang",
        "=",
        "&&&",
        "a" * 20_000,
        "lang=ja&lang=xx",
    ):
        answer = client.get(f"/doc/area/141178.html?{query}")
        assert answer.status_code in {200, 400, 414}, query
        assert "<script>alert" not in answer.text
        assert "lang=<" not in answer.text
    _is_up(client)


def test_a_refusal_says_what_was_expected_what_came_and_in_which_language(client: httpx.Client) -> None:
    answer = client.get("/id/area/%zz")
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 400
    assert "two hexadecimal digits" in problem["detail"]
    assert "16進数2桁" in problem["detail_ja"]
    page = client.get("/id/area/%zz", headers={"Accept": "text/html", "Accept-Language": "ja"})
    assert "16進数2桁" in page.text
    assert page.headers["Content-Language"] == "ja"
    assert len(client.get("/id/" + "a" * 10_000).content) < 2_000, "what came is not sent back whole"


NO_HTTP = {
    "control characters": b"\x00\x01\x02\r\n\r\n",
    "no target": b"GET\r\n\r\n",
    "no such version": b"GET / HTTP/9.9\r\n\r\n",
    "NUL among Japanese": "GET /id/横\x00浜 HTTP/1.1\r\n\r\n".encode(),
    "space in the target": b"GET /id/a b HTTP/1.1\r\n\r\n",
    "only high bytes": b"\xff" * 1_000,
}


@pytest.mark.parametrize("sent", NO_HTTP.values(), ids=NO_HTTP.keys())
def test_bytes_that_are_no_http_end_their_connection_only(client: httpx.Client, sent: bytes) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=30) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65_536)
    assert not answer or answer.startswith(b"HTTP/1.1 4")
    _is_up(client)


def test_a_fault_of_ours_is_a_500_that_tells_nothing_of_the_inside(service: Service) -> None:
    app = create_app(service)

    @app.get("/faulty")
    async def faulty() -> None:
        raise RuntimeError("a secret")

    async def ask() -> httpx.Response:
        inside = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=inside, base_url="http://localhost") as client:
            return await client.get("/faulty")

    answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "secret" not in answer.text


def _ask(client: httpx.Client, path: str) -> tuple[int, bytes, bytes]:
    """The answer to a path as it stands: a client library would tidy it up."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=30) as connection:
        connection.sendall(request.encode())
        found = b""
        while piece := connection.recv(65_536):
            found += piece
    head, _, body = found.partition(b"\r\n\r\n")
    return int(head[9:12]), head, body
