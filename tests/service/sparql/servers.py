"""A release of synthetic data made for these tests, and real servers of it with limits of one's choice."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import uvicorn

from service.__main__ import server_configuration
from service.context import Service
from service.engine.partners.addresses import Resolver
from service.opening import open_service
from service.settings import Settings

BASE = "http://localhost:8000/"
PREFIXES: Mapping[str, str] = {
    "ex": f"{BASE}def/ex#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "service": f"{BASE}def/service#",
}
DATA = """
@prefix ex: <http://localhost:8000/def/ex#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://localhost:8000/id/place/横浜> rdfs:label "横浜"@ja , "Yokohama"@en ; ex:n 1 .
<http://localhost:8000/id/place/がっこう> rdfs:label "学校"@ja .
<http://localhost:8000/id/place/b> ex:n 2 ; ex:next <http://localhost:8000/id/place/横浜> .
<http://localhost:8000/graph/one> { <http://localhost:8000/id/x> ex:in "both" , "one" . }
<http://localhost:8000/graph/two> { <http://localhost:8000/id/x> ex:in "both" , "two" . }
<http://localhost:8000/graph/横浜> { <http://localhost:8000/id/x> ex:in "three" . }
"""
NUMBERS = 3_000
# Never ends: nine thousand million pairs, none of which fits.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ex:number ?x . ?b ex:number ?y . ?c ex:number ?z FILTER(?x + ?y + ?z < 0) }"
# A row for each of the pairs: some nine million rows, several hundred megabytes.
MANY_ROWS = "SELECT ?x ?y { ?a ex:number ?x . ?b ex:number ?y }"


def sample(store: ox.Store) -> None:
    """The data above and some thousand numbers."""
    store.bulk_load(DATA.encode(), format=ox.RdfFormat.TRIG)
    number = ox.NamedNode(PREFIXES["ex"] + "number")
    store.bulk_extend(ox.Quad(ox.NamedNode(f"{BASE}id/n/{n}"), number, ox.Literal(n)) for n in range(NUMBERS))


def write_release(
    folder: Path, fill: Callable[[ox.Store], None] = sample, prefixes: Mapping[str, str] = PREFIXES
) -> None:
    """Makes a folder of releases whose current one holds what `fill` puts into its store."""
    current = folder / "20260101T000000Z"
    current.mkdir()
    store = ox.Store(str(current / "store"))
    fill(store)
    store.flush()
    triples = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    about = {
        "format": 1,
        "id": current.name,
        "base_iri": BASE,
        "created": "2026-01-01T00:00:00Z",
        "loader_version": "test",
        "fingerprint": "test",
        "triples": triples,
        "quads": len(store),
        "prefixes": dict(prefixes),
        "datasets": [],
        "cubes": [],
    }
    del store
    (current / "release.json").write_text(json.dumps(about), encoding="utf-8")
    (folder / "current").symlink_to(current.name)


@dataclass
class Server:
    """A service that listens on a port of 127.0.0.1."""

    service: Service
    port: int
    client: httpx.Client
    connections: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, query: str, **named: Any) -> httpx.Response:
        """Asks by GET; what is not a header is a parameter."""
        headers = named.pop("headers", {})
        return self.client.get("/sparql", params={"query": query, **named}, headers=headers)

    def values(self, query: str, **named: Any) -> list[str]:
        """The only variable's values, sorted."""
        rows = self.get(query, **named).raise_for_status().json()["results"]["bindings"]
        return sorted(next(iter(row.values()))["value"] for row in rows)

    def connect(self) -> socket.socket:
        """A bare connection, closed with the test."""
        connection = socket.create_connection(("127.0.0.1", self.port), 20)
        self.connections.append(connection)
        return connection

    def running(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get("/running").json()
        return found

    def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        lines = self.client.get("/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((name + " ", name + "{")))

    def is_as_before(self) -> bool:
        """Whether nothing runs or waits, all workers are back, and a query is answered."""
        eventually(lambda: not self.running())
        eventually(lambda: self.metric("lod_workers_idle") == self.metric("lod_workers"))
        assert self.metric("lod_workers") >= self.service.settings.spares
        return bool(self.get("ASK { ?s ?p ?o }", headers={"Cache-Control": "no-cache"}).json()["boolean"])


def rows(server: Server, query: str) -> list[dict[str, str]]:
    """The solutions of a query as plain values."""
    found = server.get(query).raise_for_status().json()["results"]["bindings"]
    return [{name: term["value"] for name, term in each.items()} for each in found]


def eventually(condition: Callable[[], Any], seconds: float = 15.0) -> None:
    """Returns as soon as the condition holds, which another process or connection brings about."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s")
        threading.Event().wait(0.01)


@contextlib.contextmanager
def serving(settings: Settings, resolver: Resolver | None = None) -> Iterator[Server]:
    """A server in a thread, until the end of the block. `resolver` finds its partners."""
    service = open_service(settings, resolver)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(server_configuration(service))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            eventually(lambda: server.started or not thread.is_alive())
            port = listener.getsockname()[1]
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                found = Server(service, port, client)
                yield found
            for connection in found.connections:
                connection.close()
        finally:
            server.should_exit = True
            thread.join(20)
