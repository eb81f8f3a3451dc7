"""What a public data service owes to caches, proxies and slow lines: RFC 9110, 9111, 9530."""

import base64
import gzip
import hashlib
import re
from collections.abc import Callable

import brotli
import pytest
import zstandard

from service.sparql.negotiation import Preferences
from tests.service.sparql.servers import MANY_ROWS, Server, eventually

QUERY = "SELECT ?n { ?s ex:number ?n } ORDER BY ?n"
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}


def digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def test_an_answer_says_what_it_is_and_where_from(server: Server) -> None:
    response = server.get(QUERY, headers={"Accept-Encoding": "identity"})
    assert response.headers["content-length"] == str(len(response.content))
    assert response.headers["repr-digest"] == response.headers["content-digest"] == digest(response.content)
    assert response.headers["x-release"] == server.service.release.id
    assert response.headers["last-modified"] == "Thu, 01 Jan 2026 00:00:00 GMT"
    assert response.headers["vary"] == "Accept, Accept-Encoding"
    assert response.headers["cache-control"] == "public, max-age=60"
    assert 'rel="service-desc"' in response.headers["link"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_the_time_of_each_phase_is_told(server: Server) -> None:
    timing = server.get(QUERY + " # not seen before").headers["server-timing"]
    assert re.fullmatch(r"queue;dur=[\d.]+, parse;dur=[\d.]+, evaluate;dur=[\d.]+, serialise;dur=[\d.]+", timing)


@pytest.mark.parametrize("condition", ["{tag}", "W/{tag}", '"other", {tag}'])
def test_an_answer_that_is_there_already_is_not_sent_again(condition: str, server: Server) -> None:
    tag = server.get(QUERY).headers["etag"]
    response = server.get(QUERY, headers={"If-None-Match": condition.format(tag=tag)})
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["etag"] == tag
    assert "content-type" not in response.headers


def test_not_modified_needs_no_worker(server: Server) -> None:
    tag = server.get(QUERY).headers["etag"]
    before = server.metric("lod_query_seconds_count")
    for _ in range(5):
        assert server.get(QUERY, headers={"If-None-Match": tag}).status_code == 304
    evaluated = [line for line in server.client.get("/metrics").text.splitlines() if 'phase="evaluate"' in line]
    assert evaluated
    assert server.metric("lod_query_seconds_count") == before + 5, "only the total of each, and no phase of a worker"


def test_a_date_is_a_condition_as_well(server: Server) -> None:
    assert server.get(QUERY, headers={"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}).status_code == 304
    assert server.get(QUERY, headers={"If-Modified-Since": "Wed, 31 Dec 2025 23:59:59 GMT"}).status_code == 200
    both = {"If-None-Match": '"other"', "If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}
    assert server.get(QUERY, headers=both).status_code == 200


@pytest.mark.parametrize("condition", [("If-None-Match", "*"), ("If-Modified-Since", "Thu, 01 Jan 2026 00:00:00 GMT")])
def test_any_answer_at_all_is_only_known_by_evaluating(condition: tuple[str, str], server: Server) -> None:
    headers = dict([condition])
    assert server.get("ASK {", headers=headers).status_code == 400
    assert server.get("CONSTRUCT WHERE { ?s ?p ?o }", headers={**headers, "Accept": "text/csv"}).status_code == 406
    assert server.get("ASK { ?s ?p 'never asked before' }", headers=headers).status_code == 304
    assert server.get(MANY_ROWS, headers=headers).status_code == 304
    eventually(lambda: not server.running())


def test_dates_are_conditions_of_reading_only(server: Server) -> None:
    headers = {"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT", "Content-Type": "application/sparql-query"}
    assert server.client.request("QUERY", "/sparql", content=QUERY, headers=headers).status_code == 200
    assert server.client.request("QUERY", "/sparql", content="nonsense", headers=headers).status_code == 400


def test_tags_differ_by_query_format_dataset_and_coding(server: Server) -> None:
    tags = {
        server.get(QUERY).headers["etag"],
        server.get(QUERY + " LIMIT 5").headers["etag"],
        server.get(QUERY, format="csv").headers["etag"],
        server.get(QUERY, headers={"Accept": "application/json"}).headers["etag"],
        server.get(QUERY, headers={"Accept-Encoding": "identity"}).headers["etag"],
        server.get(QUERY, **{"default-graph-uri": "http://a/"}).headers["etag"],
    }
    assert len(tags) == 6


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()", "\\u004eOW()"])
def test_what_differs_each_time_is_kept_by_nobody(function: str, server: Server) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"
    first, second = server.get(query), server.get(query)
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers
    if function != "BNODE()":
        assert first.content != second.content


def test_blank_nodes_of_a_template_make_a_weak_tag(server: Server) -> None:
    response = server.get("CONSTRUCT { [] ex:is ?n } WHERE { ?s ex:n ?n }")
    assert response.headers["etag"].startswith("W/")
    again = server.get(
        "CONSTRUCT { [] ex:is ?n } WHERE { ?s ex:n ?n }", headers={"If-None-Match": response.headers["etag"]}
    )
    assert again.status_code == 304


def test_a_repeated_query_is_answered_from_memory(server: Server) -> None:
    query = "SELECT ?s { ?s ex:number 17 } # remembered"
    first, second = server.get(query), server.get(query)
    assert second.headers["server-timing"] == "cache"
    assert second.content == first.content
    assert second.headers["repr-digest"] == first.headers["repr-digest"]


@pytest.mark.parametrize("coding", DECODERS)
def test_answers_travel_compressed(coding: str, server: Server) -> None:
    plain = server.get(QUERY, headers={"Accept-Encoding": "identity"})
    with server.client.stream(
        "GET", "/sparql", params={"query": QUERY}, headers={"Accept-Encoding": coding}
    ) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == coding
    assert response.headers["content-length"] == str(len(raw))
    assert response.headers["repr-digest"] == digest(raw)
    assert len(raw) < len(plain.content) / 2
    assert DECODERS[coding](raw) == plain.content


@pytest.mark.parametrize("accept", ["identity", "gzip;q=0", "*;q=0", "compress", "identity;q=1, gzip;q=0.5"])
def test_who_takes_no_compression_gets_none(accept: str, server: Server) -> None:
    assert "content-encoding" not in server.get(QUERY, headers={"Accept-Encoding": accept}).headers


@pytest.mark.parametrize("coding", ["", *DECODERS])
def test_large_answers_stream_complete(coding: str, server: Server) -> None:
    query = MANY_ROWS + " LIMIT 300000"
    with server.client.stream(
        "GET", "/sparql", params={"query": query, "format": "csv"}, headers={"Accept-Encoding": coding or "identity"}
    ) as response:
        assert response.headers["transfer-encoding"] == "chunked"
        assert response.headers["etag"]
        raw = b"".join(response.iter_raw())
    body = DECODERS[coding](raw) if coding else raw
    assert body.count(b"\r\n") == 300_001


def test_pipelined_and_kept_connections_answer_in_order(server: Server) -> None:
    connection = server.connect()
    one = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n"
    other = b"GET /sparql?query=ASK%7B?s%20?p%205%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    connection.sendall(one + one + other)
    received = b""
    while data := connection.recv(65_536):
        received += data
    assert re.findall(rb'"boolean":(\w+)', received) == [b"true", b"true", b"true"]


def test_http_1_0_gets_small_answers_and_no_unmarked_large_ones(server: Server) -> None:
    assert b'"boolean":true' in _old(server, "ASK%7B%7D")
    refused = _old(server, "SELECT*%7B?a%20ex:number%20?x.?b%20ex:number%20?y%7D")
    assert refused.startswith(b"HTTP/1.1 505 ")


def _old(server: Server, query: str) -> bytes:
    connection = server.connect()
    connection.sendall(f"GET /sparql?query={query} HTTP/1.0\r\n\r\n".encode())
    received = b""
    while data := connection.recv(65_536):
        received += data
    return received


@pytest.mark.parametrize("template", ["<a:a> <a:b> (1 2)", "<a:a> <a:b> [ <a:c> 1 ]", "_:x <a:b> 1"])
def test_a_graph_whose_blank_nodes_are_named_anew_has_a_weak_tag(template: str, server: Server) -> None:
    query = f"CONSTRUCT {{ {template} }} WHERE {{}}"
    assert server.get(query, headers={"Accept": "text/turtle"}).headers["etag"].startswith("W/")


def test_long_accept_headers_are_not_remembered_for_ever() -> None:
    preferences = Preferences()
    for n in range(40):
        preferences.of(f"text/csv;x={n}" + "a" * 100_000)
    assert 100_000 < preferences.weight < 500_000


def test_refusals_are_counted_by_their_status(server: Server) -> None:
    def refusals() -> dict[str, float]:
        return {each: server.metric(f'lod_queries_total{{outcome="{each}"}}') for each in ("400", "406", "415", "left")}

    before = refusals()
    server.get(QUERY, format="nope")
    server.client.get("/sparql?query=ASK{}&query=ASK{}", headers={"Accept": "application/json"})
    server.get(QUERY, headers={"Accept": "image/png"})
    server.client.post("/sparql", content=b"x", headers={"Content-Type": "text/plain"})
    after = refusals()
    assert {each: after[each] - before[each] for each in after} == {"400": 2, "406": 1, "415": 1, "left": 0}
