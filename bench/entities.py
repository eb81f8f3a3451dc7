"""Entities as JSON-LD, side by side in one run: an empty route of the same application, entities seen before and for
the first time, 304 answers, and `oxigraph serve` answering DESCRIBE.

    python -m bench.entities --releases releases [--things 20000] [--seconds 5]

The facilities are synthetic: copies of the real ones of the release under new numbers, in a store of their own.
"""

import argparse
import asyncio
import json
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import pyoxigraph as ox
import uvloop

from loaders import lists
from loaders.release import Draft
from service.release import Release, open_release
from service.things import preparing

FACILITY = ox.NamedNode("http://imi.go.jp/ns/core/rdf#施設型")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
IDENTIFIER = "http://purl.org/dc/terms/identifier"
JSONLD = "application/ld+json"
SERVER = """
import sys, uvicorn
from pathlib import Path
from starlette.responses import Response
from service.__main__ import server_configuration
from service.opening import open_service
from service.settings import Settings
configuration = server_configuration(open_service(Settings(releases=Path(sys.argv[1]), port=int(sys.argv[2]))))
@configuration.app.get("/empty")
async def empty() -> Response:
    return Response(b"")
uvicorn.Server(configuration).run()
"""


@dataclass(frozen=True)
class Run:
    """What one run measured: requests a second, latencies in milliseconds, and the processor time of the server for
    one request in microseconds, which other work on the machine disturbs least."""

    name: str
    rate: float
    cost: float
    median: float
    p99: float
    status: str


# --- input ----------------------------------------------------------------------------------------


def multiplied(release: Release, things: int, folder: Path) -> list[str]:
    """Writes a release with so many synthetic facilities; their paths."""
    source = ox.Store.read_only(str(release.store))
    real = [quad.subject for quad in source.quads_for_pattern(None, TYPE, FACILITY, None)]
    models = [list(_whole(source, each)) for each in real if isinstance(each, ox.NamedNode)]
    target = folder / "bench"
    shutil.copytree(release.path, target, ignore=shutil.ignore_patterns("store"))
    store = ox.Store(str(target / "store"))
    store.bulk_extend(source)
    made: list[str] = []
    store.bulk_extend(
        quad for number in range(things) for quad in _copy(models[number % len(models)], number, release.base_iri, made)
    )
    store.optimize()
    del store
    (target / "lists.sqlite").unlink()
    lists.write(Draft(folder, "bench", release.base_iri, target))
    (target / "documents.sqlite").unlink(missing_ok=True)
    preparing.prepare(target)
    (folder / "current").symlink_to("bench")
    return made


def _whole(store: ox.Store, subject: ox.NamedNode | ox.BlankNode) -> Iterator[ox.Quad]:
    """A facility with its blank nodes and its geometry."""
    for quad in store.quads_for_pattern(subject, None, None, None):
        yield quad
        geometry = isinstance(quad.object, ox.NamedNode) and "/id/geometry/" in quad.object.value
        if isinstance(quad.object, ox.BlankNode) or geometry:
            yield from _whole(store, quad.object)


def _copy(quads: list[ox.Quad], number: int, base: str, made: list[str]) -> Iterator[ox.Quad]:
    subject = quads[0].subject.value
    name = f"id/facility/synthetic-{number:06d}"
    made.append(f"/{name}")

    def renamed(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> ox.NamedNode | ox.BlankNode | ox.Literal:
        if isinstance(term, ox.BlankNode):
            return ox.BlankNode(f"{term.value}x{number}")
        if isinstance(term, ox.NamedNode):
            key = subject.removeprefix(f"{base}id/")
            return ox.NamedNode(term.value.replace(key, name.removeprefix("id/")))
        return term

    for quad in quads:
        identifies = quad.predicate.value == IDENTIFIER
        value = ox.Literal(f"141003-synthetic-{number:06d}") if identifies else renamed(quad.object)
        yield ox.Quad(renamed(quad.subject), quad.predicate, value)


@dataclass(frozen=True)
class Server:
    port: int
    process: psutil.Process

    def processor_seconds(self) -> float:
        used = self.process.cpu_times()
        return float(used.user + used.system)


# --- load -----------------------------------------------------------------------------------------


async def load(
    port: int, requests: Callable[[], bytes | None], connections: int
) -> tuple[float, list[float], set[str]]:
    """Sends requests over so many kept connections until there are none: seconds, latencies, statuses."""
    latencies: list[float] = []
    statuses: set[str] = set()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (request := requests()) is not None:
            started = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            statuses.add(head[9:12].decode())
            await _body(reader, head.lower())
            latencies.append(time.perf_counter() - started)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(connections)))
    return time.perf_counter() - started, latencies, statuses


async def _body(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"content-length: " in head:
        await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r")[0]))
    elif b"chunked" in head:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", f"Accept: {JSONLD}", *headers, "", ""]).encode()


def once(requests: list[bytes]) -> Callable[[], bytes | None]:
    """Each request once."""
    left = iter(requests)
    return lambda: next(left, None)


def many(requests: list[bytes], seconds: float) -> Callable[[], bytes | None]:
    """Random ones for so long."""
    chance, end = random.Random(1), time.perf_counter() + seconds

    def another() -> bytes | None:
        return chance.choice(requests) if time.perf_counter() < end else None

    return another


def measure(name: str, server: Server, requests: Callable[[], bytes | None], connections: int = 8) -> Run:
    before = server.processor_seconds()
    seconds, latencies, statuses = uvloop.run(load(server.port, requests, connections))
    used = server.processor_seconds() - before
    ordered = sorted(latencies)
    return Run(
        name=name,
        rate=len(ordered) / seconds,
        cost=used / len(ordered) * 1_000_000,
        median=statistics.median(ordered) * 1_000,
        p99=ordered[int(len(ordered) * 0.99)] * 1_000,
        status="/".join(sorted(statuses)),
    )


# --- servers --------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def started(command: list[str], port: int) -> Iterator[Server]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield Server(port, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()


def _await(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"nothing answers on port {port}")


def ours(folder: Path, paths: list[str], seconds: float) -> list[Run]:
    port = free_port()
    with started([sys.executable, "-c", SERVER, str(folder), str(port)], port) as server:
        documents = [path.replace("/id/", "/data/") + ".jsonld" for path in paths]
        requests = [get(each) for each in documents]
        random.Random(2).shuffle(requests)
        lonely, rest = requests[:500], requests[500:]
        measure("warming up", server, many([get("/empty")], seconds / 2))
        runs = [
            measure("empty route", server, many([get("/empty")], seconds)),
            measure("first time, 1 connection", server, once(lonely), 1),
            measure("first time", server, once(rest)),
            measure("seen before", server, many(requests, seconds)),
            measure("seen before, 64 connections", server, many(requests, seconds), 64),
            measure("empty route, 64 connections", server, many([get("/empty")], seconds), 64),
            measure("empty route again", server, many([get("/empty")], seconds)),
        ]
        known = [get(each, f"If-None-Match: {_tag(port, each)}") for each in documents[:2_000]]
        return [*runs, measure("304 of what was seen before", server, many(known, seconds))]


def _tag(port: int, path: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method="HEAD")
    with urllib.request.urlopen(request) as answer:
        return str(answer.headers["ETag"])


def oxigraph(folder: Path, release: Release, paths: list[str], seconds: float) -> Run:
    port = free_port()
    binary = str(Path(sys.executable).parent / "oxigraph")
    location = str(folder / "bench" / "store")
    with started([binary, "serve-read-only", "-l", location, "-b", f"127.0.0.1:{port}"], port) as server:
        queries = [f"DESCRIBE <{release.base_iri[:-1]}{path}>" for path in paths]
        requests = [get(f"/query?query={quote(each)}") for each in queries]
        return measure("oxigraph serve, DESCRIBE", server, many(requests, seconds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--releases", type=Path, default=Path("releases"))
    parser.add_argument("--things", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    arguments = parser.parse_args()
    release = open_release(arguments.releases)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = multiplied(release, arguments.things, folder)
        runs = ours(folder, paths, arguments.seconds)
        runs.append(oxigraph(folder, release, paths, arguments.seconds))
    report(runs)


def report(runs: list[Run]) -> None:
    empty = runs[0]
    print("| request | a second | of the empty route | server µs | empty / this | median ms | p99 ms | status |")
    print("|---|---|---|---|---|---|---|---|")
    for each in runs:
        print(
            f"| {each.name} | {each.rate:,.0f} | {each.rate / empty.rate:.2f} | {each.cost:.0f} "
            f"| {empty.cost / each.cost:.2f} | {each.median:.2f} | {each.p99:.2f} | {each.status} |"
        )
    print(json.dumps({each.name: round(each.rate) for each in runs}), file=sys.stderr)


if __name__ == "__main__":
    main()
