"""What was answered before is sent again by the server itself, byte for byte as the application would."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.__main__ import open_service
from service.context import Service
from service.settings import Settings
from tests.service.conftest import serving

WARD = b"/data/area/141178.jsonld"
ACCEPT = (b"accept", b"application/ld+json")


def request(target: bytes = WARD, *headers: bytes, method: bytes = b"GET", body: bytes = b"") -> bytes:
    lines = [b"%b %b HTTP/1.1" % (method, target), b"Host: localhost", b"Accept: application/ld+json", *headers]
    return b"\r\n".join([*lines, b"", b""]) + body


@pytest.fixture
def connection(client: httpx.Client) -> Iterator[socket.socket]:
    assert client.get(WARD.decode(), headers={"Accept": "application/ld+json"}).status_code == 200
    with socket.create_connection(("127.0.0.1", client.base_url.port), 20) as connection:
        yield connection


def answers(connection: socket.socket, count: int = 1) -> list[tuple[bytes, bytes]]:
    """Head without its date, and body, of so many answers."""
    file = connection.makefile("rb")
    found = []
    for _ in range(count):
        lines = []
        while (line := file.readline()) != b"\r\n":
            assert line, "the connection ended"
            lines.append(line)
        length = next((int(line.split()[1]) for line in lines if line.startswith(b"content-length")), 0)
        found.append((b"".join(line for line in lines if not line.startswith(b"date")), file.read(length)))
    return found


def ask(connection: socket.socket, *requests: bytes) -> list[tuple[bytes, bytes]]:
    connection.sendall(b"".join(requests))
    return answers(connection, len(requests))


def test_an_answer_is_known_once_it_was_given(service: Service, client: httpx.Client) -> None:
    target = b"/data/area/141011.ttl?lang=en"
    assert service.documents.known(target, []) is None
    given = client.get(target.decode())
    # The client's own Accept header belongs to what was asked.
    known = service.documents.known(target, [(b"accept", b"*/*"), (b"host", b"elsewhere")])
    assert known is not None
    assert known.body == given.content
    assert service.documents.known(target, [(b"accept", b"text/turtle")]) is None


def test_an_answer_is_known_below_a_path_and_without_it(elsewhere: httpx.Client) -> None:
    first = elsewhere.get("/lod/data/area/141178.ttl")
    assert first.status_code == 200
    for path in ("/lod/data/area/141178.ttl", "/data/area/141178.ttl"):
        again = elsewhere.get(path)
        assert (again.status_code, again.content) == (200, first.content)


def test_a_known_answer_is_the_one_that_the_application_gives(connection: socket.socket) -> None:
    # An expectation is left to the application, so this one is its own.
    (made,) = ask(connection, request(WARD, b"Expect: nothing"))
    known, again = ask(connection, request(), request())
    assert known == again == made
    assert b"x-release" in known[0]
    assert json.loads(known[1])["identifier"] == "141178"


def test_preferences_tell_answers_apart(client: httpx.Client) -> None:
    path = "/data/area/141178"
    for _ in range(2):
        types = [
            client.get(path, headers={"Accept": each}).headers["content-type"]
            for each in ("text/turtle", "application/ld+json")
        ]
        assert types == ["text/turtle; charset=utf-8", "application/ld+json"]
    pages = [client.get("/doc/area/141178.html", headers={"Accept-Language": each}) for each in ("ja", "en", "ja")]
    assert [each.headers["content-language"] for each in pages] == ["ja", "en", "ja"]


def test_a_known_answer_is_not_sent_to_whoever_has_it(connection: socket.socket) -> None:
    ((head, _),) = ask(connection, request())
    tag = re.search(rb"etag: (\S+)", head)
    assert tag
    same, other = ask(connection, request(WARD, b"If-None-Match: " + tag[1]), request(WARD, b'If-None-Match: "x"'))
    assert same[0].startswith(b"HTTP/1.1 304 Not Modified\r\n")
    assert same[1] == b""
    assert other[0].startswith(b"HTTP/1.1 200 OK\r\n")


def test_pipelined_requests_are_answered_in_their_order(connection: socket.socket) -> None:
    unknown = b"/data/area/141038.ttl"
    found = ask(connection, request(), request(unknown), request())
    places = [re.search(rb"content-location: (\S+)", head) for head, _ in found]
    assert [place[1] for place in places if place] == [WARD, unknown, WARD]


def test_head_has_no_body(connection: socket.socket) -> None:
    connection.sendall(request(method=b"HEAD") + request(WARD, b"Connection: close"))
    whole = connection.makefile("rb").read()
    assert whole.count(b"HTTP/1.1 200 OK") == 2
    assert whole.count(b'"@context"') == 1


def test_a_body_that_nobody_asked_for_does_not_become_a_request(connection: socket.socket) -> None:
    first, second = ask(connection, request(WARD, b"Content-Length: 15", body=b"GET / HTTP/1.1\r"), request())
    assert first == second


@pytest.mark.parametrize("ending", [b"HTTP/1.1\r\nConnection: close", b"HTTP/1.0"])
def test_a_connection_ends_when_the_client_wants_it_to(ending: bytes, connection: socket.socket) -> None:
    connection.sendall(request().replace(b"HTTP/1.1", ending))
    whole = connection.makefile("rb").read()
    assert whole.startswith(b"HTTP/1.1 200 OK")
    assert whole.endswith(b"}")


def test_known_answers_wait_for_a_client_that_does_not_read(connection: socket.socket, service: Service) -> None:
    connection.sendall(request() * 1_000)
    found = answers(connection, 1_000)
    assert len(set(found)) == 1
    assert service.documents.remembered <= service.settings.document_cache


def test_known_answers_are_refused_too_when_connections_are_too_many(releases: Path) -> None:
    crowded = open_service(Settings(releases=releases, port=0, log_level="CRITICAL", connections=1))
    with serving(crowded) as first, httpx.Client(base_url=first.base_url) as second:
        statuses = [each.get(WARD.decode()).status_code for each in (first, first, second)]
    assert statuses == [200, 200, 503]
