"""Every IRI of ours answers, in every format, as crawlers expect."""

import os
import socket
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pyoxigraph as ox
import pytest
from pyld import jsonld
from rdflib import Graph
from rdflib.compare import isomorphic

from service.context import Service
from service.formats import DOCUMENT, HTML, JSONLD, NTRIPLES, PLAIN_JSON, RDFXML, TURTLE, carrying
from service.things.documents import FORMATS

AREA = "/area/141178"
THING, PAGE, DATA = f"/id{AREA}", f"/doc{AREA}", f"/data{AREA}"
SYNTAXES = {TURTLE: "turtle", NTRIPLES: "nt", RDFXML: "xml", JSONLD: "json-ld", PLAIN_JSON: "json-ld"}


def test_a_thing_answers_303_with_its_document_in_the_format_asked_for(client: httpx.Client) -> None:
    wanted = {
        "text/html": PAGE,
        "*/*": PAGE,
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": PAGE,
        "text/turtle": f"{DATA}.ttl",
        "application/ld+json": f"{DATA}.jsonld",
        "application/json": f"{DATA}.json",
        "application/rdf+xml": f"{DATA}.rdf",
        "application/n-triples": f"{DATA}.nt",
        "text/html;q=0.1, text/*;q=0.5": f"{DATA}.ttl",
        "text/turtle;q=0, application/*;q=0.3": f"{DATA}.jsonld",
    }
    for accept, location in wanted.items():
        answer = client.get(THING, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["Location"]) == (303, location), accept


def test_a_client_without_accept_gets_the_page(client: httpx.Client) -> None:
    request = client.build_request("GET", THING)
    del request.headers["Accept"]
    assert client.send(request).headers["Location"] == PAGE


def test_the_address_of_data_gives_data_to_who_accepts_anything(client: httpx.Client) -> None:
    assert client.get(DATA).headers["Content-Type"] == TURTLE.content_type


def test_a_document_names_the_address_that_always_gives_the_same(client: httpx.Client) -> None:
    for path in (PAGE, DATA, "/def/core", "/shapes/area"):
        for format_ in FORMATS:
            if path == DATA and format_ is HTML:
                continue
            negotiated = client.get(path, headers={"Accept": format_.media_type})
            place = negotiated.headers["Content-Location"]
            fixed = client.get(place, headers={"Accept": "image/png"})
            assert negotiated.status_code == fixed.status_code == 200
            assert negotiated.content == fixed.content
            assert negotiated.headers["ETag"] == fixed.headers["ETag"]
            assert fixed.headers["Content-Type"] == format_.content_type


def test_a_dot_in_a_name_is_part_of_the_name(client: httpx.Client) -> None:
    name = "/source/areas/local_gov_codes.json"
    assert client.get(f"/id{name}", headers={"Accept": "text/turtle"}).headers["Location"] == f"/data{name}.ttl"
    assert client.get(f"/doc{name}").headers["Content-Type"] == HTML.content_type
    assert f"/id{name}>" in client.get(f"/data{name}.nt").text


def test_406_lists_what_there_is(client: httpx.Client) -> None:
    for path in (THING, PAGE, DATA, "/def/core"):
        answer = client.get(path, headers={"Accept": "image/png"})
        assert answer.status_code == 406
        offered = answer.json()["available"]
        assert set(offered) == {each.media_type for each in FORMATS if path != DATA or each is not HTML}
        for address in offered.values():
            assert client.get(address).status_code == 200
            assert f"<{address}>" in answer.headers["Link"]


# --- one graph ------------------------------------------------------------------------------------


def _samples(service: Service) -> Iterator[str]:
    """The path of one thing of each class, and every vocabulary."""
    store = ox.Store.read_only(str(service.release.store))
    found = store.query(
        "SELECT ?c (MIN(STR(?s)) AS ?one) { { ?s a ?c } UNION { GRAPH ?g { ?s a ?c } }"
        " FILTER(isIRI(?s) && STRSTARTS(STR(?s), STR(</>)) && !CONTAINS(STR(?s), '#')) } GROUP BY ?c",
        base_iri=service.release.base_iri,
    )
    for row in found:
        path = service.urls.path(row["one"].value)
        if path and service.urls.is_thing(path):
            yield path


def _graph(client: httpx.Client, address: str, syntax: str) -> Graph:
    answer = client.get(address)
    assert answer.status_code == 200, address
    graph = Graph()
    if syntax == "json-ld":
        return graph.parse(data=_triples(client, answer.json()), format="nt")
    return graph.parse(data=answer.text, format=syntax)


def _triples(client: httpx.Client, document: Any) -> str:
    """N-Triples of JSON-LD, by PyLD. The context is put in place first, since nothing remote is fetched here."""
    if isinstance(document, dict) and isinstance(document.get("@context"), str):
        document["@context"] = client.get(urlsplit(document["@context"]).path).json()["@context"]
    return str(jsonld.to_rdf(document, {"format": "application/n-quads"}))


@pytest.mark.parametrize("released", ["service", "specimens"])
def test_every_format_of_every_kind_of_thing_carries_the_same_graph(
    released: str, request: pytest.FixtureRequest
) -> None:
    service: Service = request.getfixturevalue(released)
    client = request.getfixturevalue("client" if released == "service" else "specimen_client")
    samples = set(_samples(service))
    assert len(samples) > 15
    modules = {"/def/core", "/shapes/area"}
    for path in sorted(samples | modules):
        if client.get(path).status_code == 410:
            continue
        graphs = {each: _graph(client, service.urls.data(path, each.extension), SYNTAXES[each]) for each in SYNTAXES}
        plain = graphs[NTRIPLES]
        assert len(plain) > 0
        for format_, graph in graphs.items():
            assert isomorphic(plain, graph), (path, format_.name)


def test_the_document_says_where_it_comes_from_and_how_it_may_be_used(client: httpx.Client, service: Service) -> None:
    path = "/data/obs/population-ward-history/141178/2024/T/TOTAL.ttl"
    store = ox.Store()
    store.load(client.get(path).content, format=ox.RdfFormat.TURTLE)
    document = ox.NamedNode(service.urls.iri(path.replace("/data/", "/doc/").removesuffix(".ttl")))
    said = {
        quad.predicate.value.rpartition("#")[2].rpartition("/")[2]
        for quad in store.quads_for_pattern(document, None, None)
    }
    assert said >= {"primaryTopic", "inDataset", "license", "creditText", "wasDerivedFrom", "version", "modified"}


# --- what there is not ----------------------------------------------------------------------------


def test_what_nobody_mentions_is_not_found_and_never_an_empty_document(client: httpx.Client) -> None:
    for path in ("/id/area/999999", "/doc/area/999999", "/data/area/999999.ttl", "/code/nothing", "/def/nothing",
                 "/def/core/9.9.9", "/shapes/nothing.ttl", "/graph/nothing", "/id/", "/doc/", "/nothing"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert {"detail", "detail_ja", "status"} <= set(answer.json())


def test_what_was_withdrawn_is_gone_and_leaves_a_tombstone(specimen_client: httpx.Client) -> None:
    name = "facility/141003-disaster-base-9999"
    for path in (f"/id/{name}", f"/doc/{name}", f"/data/{name}", f"/data/{name}.ttl"):
        answer = specimen_client.get(path, headers={"Accept": "text/turtle"})
        assert answer.status_code == 410, path
        assert "invalidatedAtTime" in answer.text
        assert "isReplacedBy" in answer.text
    page = specimen_client.get(f"/id/{name}", headers={"Accept": "text/html", "Accept-Language": "ja"})
    assert page.status_code == 410
    assert "廃止されました" in page.text
    assert '<meta name="robots" content="noindex">' in page.text


# --- spellings ------------------------------------------------------------------------------------


def test_a_japanese_iri_answers_in_every_spelling(specimen_client: httpx.Client) -> None:
    name = "ガーデン"
    raw = f"/id/place/{name}".encode()
    upper = f"/id/place/{quote(name)}"
    decomposed = f"/id/place/{quote(unicodedata.normalize('NFD', name))}"
    assert decomposed != upper
    for target in (raw, upper.encode(), upper.lower().encode(), decomposed.encode()):
        head = _raw(specimen_client, b"GET " + target + b"?lang=en HTTP/1.1\r\nAccept: text/turtle\r\n")
        assert head.startswith(b"HTTP/1.1 303"), target
        assert f"location: /data/place/{quote(name)}.ttl?lang=en".encode() in head, "canonical, ASCII, query kept"


def _raw(client: httpx.Client, head: bytes) -> bytes:
    """The head of the answer to a request as it stands."""
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=30) as connection:
        connection.sendall(head + b"Host: localhost\r\nConnection: close\r\n\r\n")
        found = b""
        while piece := connection.recv(65_536):
            found += piece
    return found.partition(b"\r\n\r\n")[0]


def test_redirects_keep_the_query_and_no_query_can_start_a_header(client: httpx.Client) -> None:
    answer = client.get(f"{THING}?lang=en&x=%0d%0aSet-Cookie:a=b&y=%E6%A8%AA", headers={"Accept": "text/html"})
    assert answer.headers["Location"] == f"{PAGE}?lang=en&x=%0d%0aSet-Cookie:a=b&y=%E6%A8%AA"
    assert "set-cookie" not in answer.headers


# --- headers --------------------------------------------------------------------------------------


def test_a_known_tag_or_date_answers_304_with_the_same_headers(client: httpx.Client) -> None:
    for path in (f"{DATA}.ttl", PAGE, "/def/core.jsonld", "/", "/static/site.css", "/dump/areas.nt.gz"):
        first = client.get(path)
        assert first.status_code == 200
        again = client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers.get("Link") == first.headers.get("Link")
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    since = client.get(f"{DATA}.ttl").headers["Last-Modified"]
    assert client.get(f"{DATA}.ttl", headers={"If-Modified-Since": since}).status_code == 304
    older = {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}
    assert client.get(f"{DATA}.ttl", headers=older).status_code == 200


def test_304_needs_no_description_made_before(specimens: Service, specimen_client: httpx.Client) -> None:
    path = "/data/area/141097.ttl"
    answer = specimen_client.get(path)
    again = specimen_client.get(path.replace(".ttl", ".nt"), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 200, "each format has a tag of its own"


def test_tags_differ_by_format_language_and_page(client: httpx.Client) -> None:
    addresses = [f"{DATA}.{each.extension}" for each in carrying(DOCUMENT)]
    addresses += [f"{PAGE}?lang=en", f"{PAGE}?lang=ja&page=2", f"{DATA}.ttl?page=2"]
    tags = {client.get(each).headers["ETag"] for each in addresses}
    assert len(tags) == len(addresses)


def test_head_gives_the_headers_of_get(client: httpx.Client) -> None:
    for path in (THING, PAGE, f"{DATA}.ttl", "/def/core", "/", "/health", "/robots.txt", "/sitemap.xml",
                 "/.well-known/void", "/static/site.css", "/dump/areas.nt.gz", "/id/nothing"):  # fmt: skip
        got, head = client.get(path), client.head(path)
        assert head.status_code == got.status_code, path
        assert head.content == b""
        different = {"date"}
        assert {k: v for k, v in head.headers.items() if k not in different} == {
            k: v for k, v in got.headers.items() if k not in different
        }, path


def test_links_stand_on_200_303_304_and_406(client: httpx.Client) -> None:
    tag = client.get(f"{DATA}.ttl").headers["ETag"]
    answers = {
        200: client.get(f"{DATA}.ttl"),
        303: client.get(THING, headers={"Accept": "text/turtle"}),
        304: client.get(f"{DATA}.ttl", headers={"If-None-Match": tag}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        relations = {
            rel for each in answer.headers["Link"].split(", <") for rel in [each.split('rel="')[1].split('"')[0]]
        }
        assert relations >= {"alternate", "canonical", "describedby", "license", "type", "next"}, status
        assert 'type="application/ld+json"' in answer.headers["Link"]
    refused = client.get(f"{DATA}", headers={"Accept": "image/png"})
    assert 'rel="alternate"; type="text/turtle"' in refused.headers["Link"]


def test_an_observation_links_to_its_data_set_as_collection(client: httpx.Client, service: Service) -> None:
    answer = client.get("/data/obs/population-ward-history/141178/2024/T/TOTAL.ttl")
    assert f'<{service.urls.iri("/id/dataset/population-ward-history")}>; rel="collection"' in answer.headers["Link"]


def test_every_answer_varies_and_may_be_read_from_anywhere(client: httpx.Client) -> None:
    for path, accept in (
        (THING, "*/*"), (PAGE, "*/*"), (f"{DATA}.ttl", "*/*"), ("/id/nothing", "*/*"), (DATA, "image/png"),
        ("/", "*/*"), ("/health", "*/*"), ("/robots.txt", "*/*"), ("/nothing", "*/*"), ("/id/%ff", "*/*"),
    ):  # fmt: skip
        answer = client.get(path, headers={"Accept": accept, "Origin": "https://app.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*", path
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"]
    for path in (THING, PAGE, f"{DATA}.ttl", "/id/nothing"):
        assert "Accept" in client.get(path).headers["Vary"]


def test_preflight_is_answered_on_every_address(client: httpx.Client) -> None:
    preflight = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    for path in (THING, PAGE, f"{DATA}.ttl", "/def/core", "/", "/health", "/dump/areas.nt.gz", "/nothing"):
        answer = client.options(path, headers=preflight)
        assert answer.status_code == 204
        assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))


def test_other_methods_are_refused_with_what_is_allowed(client: httpx.Client) -> None:
    for path in (THING, PAGE, f"{DATA}.ttl", "/", "/health"):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = client.request(method, path)
            assert answer.status_code == 405, (method, path)
            assert "GET" in answer.headers["Allow"]
            assert answer.headers["Content-Type"] == "application/problem+json"


# --- all of it ------------------------------------------------------------------------------------


def _kind(path: str) -> str:
    return "/".join(path.split("/")[:3])


def test_every_iri_of_ours_in_the_release_resolves(client: httpx.Client, service: Service) -> None:
    """Some of each kind; LOD_TEST_ALL_IRIS=1 takes all."""
    store = ox.Store.read_only(str(service.release.store))
    terms = {each for quad in store for each in quad if isinstance(each, ox.NamedNode)}
    paths = sorted({path for each in terms if (path := service.urls.path(each.value)) is not None})
    assert len(paths) > 5_000
    each_kind = None if os.environ.get("LOD_TEST_ALL_IRIS") else 3
    for _, group in groupby(paths, key=_kind):
        for path in list(group)[:each_kind]:
            if path == "/sparql":
                continue
            answer = client.get(quote(path, safe="/%:"), follow_redirects=True)
            assert answer.status_code == 200, path
            assert answer.content, path
