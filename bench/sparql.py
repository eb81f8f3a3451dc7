"""The SPARQL endpoint beside `oxigraph serve`, on the same release and machine: latency, overload, memory, start.

    python -m bench.sparql [RELEASES]

Prints each figure with the bound that it has to keep, and ends with 1 if one is missed.
"""

import argparse
import concurrent.futures
import contextlib
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psutil

ROOT = Path(__file__).parent.parent
ROUNDS = 300
HEAVY = 64
# Each is another text, so that neither side can have seen it before. The first take the engine a tenth of a
# millisecond, so that they time the way there and back; the others a few milliseconds.
TINY = (
    "SELECT ?p ?o {{ <{base}id/area/141178> ?p ?o }} LIMIT {n}",
    "ASK {{ <{base}id/area/141178> ?p ?o FILTER(?p != <{base}{n}>) }}",
    "SELECT ?s {{ ?s a <http://www.opengis.net/ont/geosparql#Feature> }} LIMIT 10 OFFSET {n}",
)
SMALL = (
    (
        "SELECT ?s ?label {{ ?s a <http://www.opengis.net/ont/geosparql#Feature> ; "
        "<http://www.w3.org/2000/01/rdf-schema#label> ?label }} LIMIT 1000 OFFSET {n}"
    ),
    (
        "SELECT ?p (COUNT(*) AS ?n) {{ ?s ?p ?o ; <http://www.w3.org/2000/01/rdf-schema#label> ?label "
        "FILTER(STRLEN(?label) > {n}) }} GROUP BY ?p"
    ),
)
LONG = "SELECT (COUNT(*) AS ?n) {{ ?a ?p ?b . ?c ?q ?d . FILTER(STRLEN(STR(?b)) = STRLEN(STR(?d)) + {n}) }}"


class Client:
    """One connection that is kept: as little as is needed to time a server and not a library."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str, query: str) -> tuple[int, bytes]:
        target = f"{path}?query={quote(query)}"
        accept = "application/sparql-results+json"
        self._socket.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode())
        return self._response()

    def _response(self) -> tuple[int, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._some()
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
        while len(body) < length if length is not None else not body.endswith(b"0\r\n\r\n"):
            body += self._some()
        return int(lines[0].split()[1]), body

    def _some(self) -> bytes:
        data = self._socket.recv(65_536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data

    def close(self) -> None:
        self._socket.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server(command: list[str], port: int) -> Iterator[tuple[psutil.Process, float]]:
    """A server that runs, and the seconds until it answered."""
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while not _listens(port):
                time.sleep(0.005)
            yield psutil.Process(process.pid), time.perf_counter() - started
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    try:
        client = Client(port)
        client.get("/sparql" if port else "/query", "ASK {}")
        client.close()
    except OSError:
        return False
    return True


def latencies(port: int, path: str, texts: tuple[str, ...], numbers: range, base: str) -> list[float]:
    """Milliseconds of each query, one after the other."""
    client = Client(port)
    found = []
    for n in numbers:
        for text in texts:
            started = time.perf_counter()
            status, _ = client.get(path, text.format(base=base, n=n))
            found.append((time.perf_counter() - started) * 1000)
            assert status == 200, status
    client.close()
    return found


def overload(port: int, base: str) -> tuple[list[float], dict[int, int]]:
    """Milliseconds of light queries while heavy ones come all at once, and how the heavy ones ended, by status."""
    with concurrent.futures.ThreadPoolExecutor(HEAVY) as threads:
        heavy = [threads.submit(_heavy, port, n) for n in range(HEAVY)]
        client, light = Client(port), []
        n = 0
        while not all(each.done() for each in heavy):
            started = time.perf_counter()
            status, _ = client.get("/sparql", TINY[0].format(base=base, n=100_000 + n))
            light.append((time.perf_counter() - started) * 1000)
            assert status == 200, status
            n += 1
            time.sleep(0.02)
        client.close()
        statuses = [each.result() for each in heavy]
    return light, {status: statuses.count(status) for status in set(statuses)}


def _heavy(port: int, n: int) -> int:
    client = Client(port)
    status, _ = client.get("/sparql", LONG.format(n=n))
    client.close()
    return status


def burnt_after_leaving(port: int, service: psutil.Process) -> float:
    """Cores used in the second that begins one second after sixteen clients left heavy queries."""
    clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(16)]
    for n, client in enumerate(clients):
        client.sendall(f"GET /sparql?query={quote(LONG.format(n=1000 + n))} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    time.sleep(0.5)
    for client in clients:
        client.close()
    time.sleep(1)
    before = _processor(service)
    time.sleep(1)
    return _processor(service) - before


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _processor(process: psutil.Process) -> float:
    total = 0.0
    for each in _family(process):
        with contextlib.suppress(psutil.Error):
            total += sum(each.cpu_times()[:2])
    return total


def _memory(process: psutil.Process) -> float:
    """Megabytes that all processes hold together, shared pages counted once."""
    return sum(each.memory_full_info().pss for each in _family(process)) / 1e6


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def compare(
    report: Callable[[str, float, str, float], None],
    name: str,
    ours: int,
    theirs: int,
    texts: tuple[str, ...],
    base: str,
    rounds: int,
) -> None:
    """Both sides in turns, so that whatever else the machine does meets both."""
    mine: list[float] = []
    peers: list[float] = []
    for turn in range(4):
        numbers = range(turn * rounds, (turn + 1) * rounds)
        mine += latencies(ours, "/sparql", texts, numbers, base)[turn == 0 and rounds // 2 :]
        peers += latencies(theirs, "/query", texts, numbers, base)[turn == 0 and rounds // 2 :]
    middle = statistics.median(mine), statistics.median(peers)
    print(f"{name}, median: ours {middle[0]:.3f} ms, oxigraph {middle[1]:.3f} ms")
    report(f"{name}, median, ratio", middle[0] / middle[1], "×", 1.5)


def main(releases: Path) -> int:
    """Runs everything; 1 if a bound is missed."""
    current = (releases / "current").resolve()
    base = json.loads((current / "release.json").read_text(encoding="utf-8"))["base_iri"]
    missed = 0

    def report(name: str, value: float, unit: str, bound: float) -> None:
        nonlocal missed
        kept = value <= bound
        missed += not kept
        print(f"{name:<46} {value:9.3f} {unit:<6} ≤ {bound:g}  {'ok' if kept else 'MISSED'}")

    ours, theirs = free_port(), free_port()
    peer = [str(Path(sys.executable).parent / "oxigraph"), "serve-read-only", "--location", str(current / "store")]
    service = [sys.executable, "-m", "service", "--releases", str(releases), "--port", str(ours)]
    with server([*peer, "--bind", f"127.0.0.1:{theirs}"], theirs), server(service, ours) as (process, ready):
        _run(report, ours, theirs, base, process, ready)
    return 1 if missed else 0


def _run(
    report: Callable[[str, float, str, float], None],
    ours: int,
    theirs: int,
    base: str,
    process: psutil.Process,
    ready: float,
) -> None:
    report("ready", ready, "s", 3)
    report("idle memory, all processes", _memory(process), "MB", 200)
    compare(report, "tiny query", ours, theirs, TINY, base, ROUNDS)
    compare(report, "small query", ours, theirs, SMALL, base, ROUNDS // 10)
    again = latencies(ours, "/sparql", TINY, range(1), base) + latencies(ours, "/sparql", TINY * ROUNDS, range(1), base)
    print(f"tiny query asked again, median: {statistics.median(again):.3f} ms")
    light, statuses = overload(ours, base)
    print(f"{HEAVY} heavy queries by status: {statuses}; light queries meanwhile: {len(light)}")
    report("light query under heavy ones, median", statistics.median(light), "ms", 100)
    report("light query under heavy ones, p99", percentile(light, 0.99), "ms", 100)
    report("light query under heavy ones, worst", max(light), "ms", 1000)
    report("processor after clients left", burnt_after_leaving(ours, process), "cores", 0.05)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.sparql", description=__doc__)
    parser.add_argument("releases", nargs="?", type=Path, default=Path("releases"), help="where releases lie")
    sys.exit(main(parser.parse_args().releases))
