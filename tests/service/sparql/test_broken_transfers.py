"""An answer that cannot be completed breaks off so that every stock client and parser sees it, in every format."""

import shutil
import subprocess
import urllib.error
import urllib.request
from http.client import IncompleteRead
from urllib.parse import urlencode

import httpx
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, SPARQLWrapper

from service.sparql.negotiation import GRAPHS, RESULTS
from tests.service.sparql.conftest import Serve
from tests.service.sparql.servers import MANY_ROWS, Server, eventually

# Rows without end; each construct has as many triples.
ROWS = "SELECT ?x ?y ?z { ?a ex:number ?x . ?b ex:number ?y . ?c ex:number ?z }"
TRIPLES = "CONSTRUCT { ?a ex:next ?b } WHERE { ?a ex:number ?x . ?b ex:number ?y }"
CASES = [*((ROWS, each) for each in RESULTS), *((TRIPLES, each) for each in GRAPHS)]


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    """Stops at half a second, in the midst of any of these answers, and keeps little of them together."""
    return serve(timeout=0.5, spool_bytes=10_000)


@pytest.fixture(scope="module")
def small(serve: Serve) -> Server:
    """Answers of 200,000 bytes at most, sent on from 10,000."""
    return serve(timeout=5.0, spool_bytes=10_000, result_bytes=200_000)


def url(server: Server, query: str, format_: str) -> str:
    return f"{server.url}/sparql?{urlencode({'query': query, 'format': format_})}"


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
@pytest.mark.parametrize(("query", "format_"), CASES, ids=[format_.name for _, format_ in CASES])
def test_httpx_fails(query: str, format_: object, coding: str, small: Server) -> None:
    address = url(small, query, format_.extension)
    with small.client.stream("GET", address, headers={"Accept-Encoding": coding}) as response:
        assert response.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            response.read()


@pytest.mark.parametrize(("query", "format_"), CASES, ids=[format_.name for _, format_ in CASES])
def test_urllib_fails(query: str, format_: object, server: Server) -> None:
    with pytest.raises(IncompleteRead), urllib.request.urlopen(url(server, query, format_.extension)) as response:
        response.read()


@pytest.mark.parametrize(("query", "format_"), CASES, ids=[format_.name for _, format_ in CASES])
def test_curl_fails(query: str, format_: object, small: Server) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    command = [curl, "--silent", "--fail", "--output", "/dev/null", url(small, query, format_.extension)]
    assert subprocess.run(command, check=False, timeout=30).returncode == 18, "transfer closed with data remaining"


def test_rdflib_fails(small: Server) -> None:
    store = SPARQLStore(f"{small.url}/sparql", returnFormat="json")
    with pytest.raises((IncompleteRead, ValueError)):
        list(rdflib.Graph(store).query(MANY_ROWS))


def test_sparqlwrapper_fails(small: Server) -> None:
    wrapper = SPARQLWrapper(f"{small.url}/sparql")
    wrapper.setQuery(MANY_ROWS)
    wrapper.setReturnFormat(JSON)
    with pytest.raises((IncompleteRead, ValueError)):
        wrapper.query().convert()


def test_a_result_that_is_too_large_from_the_start_is_refused_with_the_limit(serve: Serve) -> None:
    server = serve(result_bytes=5_000, spool_bytes=10_000)
    response = server.get(MANY_ROWS)
    assert response.status_code == 400
    assert (response.json()["limit"], response.json()["value"]) == ("result_bytes", 5_000)
    assert "LIMIT" in response.json()["detail"]


def test_a_broken_answer_is_not_remembered(small: Server) -> None:
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            small.get(MANY_ROWS)


def test_nothing_is_left_of_broken_transfers(server: Server, small: Server) -> None:
    eventually(lambda: not server.running() and not small.running())
    assert server.is_as_before()
    assert small.is_as_before()
    assert small.metric("lod_queries_total") > 0
