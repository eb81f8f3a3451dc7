"""No query makes the service ask another machine: a listener of ours waits for a request that must not come."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.service.sparql.servers import Server

# {at} is the listener. Each tries to reach it.
FEDERATED = (
    "SELECT * {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ service silent<{at}>{{ ?s ?p ?o }} }}",
    "SELECT * {{ sErViCe <{at}> {{ ?s ?p ?o }} }}",
    "ASK {{ SERVICE<{at}>{{}} }}",
    "SELECT * {{ BIND(<{at}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?e {{ <{at}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?e {{ <{at}> }} SERVICE $e {{ ?s ?p ?o }} }}",
    "PREFIX e: <{at}> SELECT * {{ SERVICE e: {{ ?s ?p ?o }} }}",
    "BASE <{at}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE # a comment\n<{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ #\nSERVICE#<x>\n#\nSILENT#\n<{at}> {{ }} }}",
    "SELECT * {{ ?s ?p ?o . OPTIONAL {{ SERVICE <{at}> {{ ?s ?q ?r }} }} }}",
    "SELECT * {{ ?s ?p ?o MINUS {{ SERVICE <{at}> {{ ?s ?q ?r }} }} }}",
    "SELECT * {{ {{ }} UNION {{ SERVICE <{at}> {{ ?s ?q ?r }} }} }}",
    "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{at}> {{ ?s ?q ?r }} }} }}",
    "SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ SERVICE <{at}> {{ ?s ?q ?r }} }} }}",
    "SELECT (EXISTS {{ SERVICE <{at}> {{ ?s ?p ?o }} }} AS ?x) {{ }}",
    "SELECT * {{ BIND(EXISTS {{ SERVICE <{at}> {{ }} }} AS ?x) }}",
    "SELECT * {{ GRAPH ?g {{ SERVICE <{at}> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <{at}> {{ ?s ?p ?o }} }} }} }}",
    "SELECT * {{ LATERAL {{ SERVICE <{at}> {{ ?s ?p ?o }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s WHERE {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p 'service' FILTER(?s<'b>') SERVICE <{at}> {{}} FILTER(?s<'b>') }}",
    "SELECT * {{ FILTER(1<2)SERVICE<{at}>{{}} }}",
    "SELECT * {{ ?service ?p '''SERVICE''' . SERVICE <{at}> {{}} }}",
    "SELECT * {{ \\u0053ERVICE <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERV\\u0049CE <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE <{at}> {{ SERVICE <{at}> {{}} }} }}",
)
UPDATES = (
    "LOAD <{at}>",
    "LOAD SILENT <{at}> INTO GRAPH <{at}>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
    "PREFIX e: <{at}> # a comment\nload e:",
)
# These name the listener as a graph, which is not there and is therefore empty.
DATASETS = (
    "SELECT * FROM <{at}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{at}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{at}> FROM <{at}x> {{ ?s ?p ?o }}",
    "SELECT * {{ GRAPH <{at}> {{ ?s ?p ?o }} }}",
)
# The word, where it is no keyword.
HARMLESS = (
    "SELECT ?service ?SERVICE {{ ?service rdfs:label ?SERVICE }}",
    "ASK {{ ?s ?p 'SERVICE <{at}> {{}}' }}",
    'ASK {{ ?s ?p """\nSERVICE <{at}> {{}}\n""" }}',
    "ASK {{ ?s ?p 'it\\'s SERVICE <{at}>' }}",
    "ASK {{ ?s <{at}service> ?o }} # SERVICE <{at}> {{}}",
    "ASK {{ ?s service:service ?o }}",
    "PREFIX e: <{at}> ASK {{ e:service e:SERVICE-desk 'x'@service }}",
    "ASK {{ _:service ?p ?o }}",
    "ASK {{ ?s ?p ?o FILTER(CONTAINS(?o, 'service') && ?o<'service' && 'a>'>'Service') }}",
    "SELECT (1 AS ?services) (2 AS ?myservice) {{ }}",
    "ASK {{ ?s ?p 'ſervice', 'load', 'LOAD <{at}>' }}",
    "PREFIX load: <{at}> ASK {{ load:a load:b ?load }}",
)


@pytest.fixture
def canary() -> Iterator["Canary"]:
    with Canary() as canary:
        yield canary


class Canary:
    """A listener that remembers whether anybody came."""

    def __enter__(self) -> "Canary":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self.visits = 0
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()
        return self

    def _wait(self) -> None:
        try:
            while True:
                connection, _ = self._listener.accept()
                self.visits += 1
                connection.close()
        except OSError:
            return

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.mark.parametrize("text", FEDERATED)
def test_a_federated_query_is_refused_and_reaches_nobody(text: str, server: Server, canary: Canary) -> None:
    response = server.get(text.format(at=canary.url))
    assert response.status_code == 400
    assert response.json()["limit"] == "federation"
    assert "SERVICE" in response.json()["detail"]
    assert canary.visits == 0


@pytest.mark.parametrize("text", UPDATES)
def test_an_update_is_refused_and_reaches_nobody(text: str, server: Server, canary: Canary) -> None:
    response = server.get(text.format(at=canary.url))
    assert response.status_code == 400
    assert response.json()["limit"] == "read-only"
    assert canary.visits == 0


@pytest.mark.parametrize("text", DATASETS)
def test_a_graph_elsewhere_is_empty_and_not_fetched(text: str, server: Server, canary: Canary) -> None:
    response = server.get(text.format(at=canary.url))
    assert response.json()["results"]["bindings"] == []
    assert canary.visits == 0


@pytest.mark.parametrize("text", HARMLESS)
def test_the_word_itself_is_harmless(text: str, server: Server, canary: Canary) -> None:
    response = server.get(text.format(at=canary.url))
    assert response.status_code == 200, response.text
    assert canary.visits == 0


def test_dataset_parameters_reach_nobody(server: Server, canary: Canary) -> None:
    assert server.get("ASK { ?s ?p ?o }", **{"default-graph-uri": canary.url}).json()["boolean"] is False
    assert server.client.get("/graphs", params={"graph": canary.url}).status_code == 404
    assert canary.visits == 0
