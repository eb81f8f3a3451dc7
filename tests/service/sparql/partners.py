"""Endpoints that behave as partners may: real listeners on 127.0.0.1, each path answering in its own way."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from service.engine.partners.addresses import Resolver

# The host of a partner that has a name and no address of its own.
NAMED = "partner.example"
RESULTS = "application/sparql-results+json"


def results(*variables: str, rows: list[dict[str, object]]) -> bytes:
    return json.dumps({"head": {"vars": variables}, "results": {"bindings": rows}}).encode()


def literal(value: str, **more: str) -> dict[str, str]:
    return {"type": "literal", "value": value, **more}


ONE = results("x", rows=[{"x": literal("one")}])
BLANK = results("x", rows=[{"x": {"type": "bnode", "value": "b"}}])


@dataclass(frozen=True)
class Behaviour:
    """What one path answers with."""

    body: bytes = ONE
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": RESULTS})
    length: int | None = None


def _typed(**more: str) -> Mapping[str, str]:
    return {"Content-Type": RESULTS, **more}


BEHAVIOURS: Mapping[str, Behaviour] = {
    "/good": Behaviour(),
    "/with-parameters": Behaviour(headers={"Content-Type": RESULTS + "; charset=utf-8"}),
    "/none": Behaviour(results("x", rows=[])),
    "/true": Behaviour(results(rows=[{}])),
    "/blank": Behaviour(BLANK),
    "/other-variable": Behaviour(results("z", rows=[{"z": literal("z")}])),
    "/injection": Behaviour(results("x) { } #", rows=[])),
    "/hostile-text": Behaviour(results("x", rows=[{"x": literal('"\n} SERVICE <http://127.0.0.1:1/> {} \\ ）')}])),
    "/hostile-iri": Behaviour(results("x", rows=[{"x": {"type": "uri", "value": "http://a/> <b"}}])),
    "/terms": Behaviour(
        results(
            "x",
            "y",
            rows=[
                {"x": literal("横浜", **{"xml:lang": "ja"}), "y": {"type": "uri", "value": "http://e.example/a"}},
                {"x": literal("7", datatype="http://www.w3.org/2001/XMLSchema#integer")},
            ],
        )
    ),
    "/moved": Behaviour(b"", 302, {"Location": "/good"}),
    "/moved-for-good": Behaviour(b"", 308, {"Location": "/good"}),
    "/refuses": Behaviour(b"secret words of the partner", 400, {"Content-Type": "text/plain"}),
    "/fails": Behaviour(b"", 500, {}),
    "/html": Behaviour(b"<html>", headers={"Content-Type": "text/html"}),
    "/json": Behaviour(headers={"Content-Type": "application/json"}),
    "/untyped": Behaviour(headers={}),
    "/gzip": Behaviour(headers=_typed(**{"Content-Encoding": "gzip"})),
    "/boolean": Behaviour(b'{"head":{},"boolean":true}'),
    "/broken": Behaviour(ONE[:-3]),
    "/cut-off": Behaviour(ONE[:-3], length=len(ONE)),
    "/nested": Behaviour(b"[" * 100_000),
    "/many": Behaviour(results("x", rows=[{"x": literal(str(n))} for n in range(101)])),
    "/large": Behaviour(results("x", rows=[{"x": literal("x" * 200_000)}])),
    "/big-head": Behaviour(headers=_typed(**{f"X-{n}": "x" * 60_000 for n in range(20)})),
}


async def lookup(host: str, _: int) -> Sequence[str]:
    """Names are not asked of any server in tests."""
    return [host if host[0].isdigit() else "127.0.0.1"]


HERE = Resolver(lookup, lambda address: address.is_loopback)


@dataclass
class Partner:
    """A listener; `asked` has every request: path, headers, the query."""

    port: int
    asked: list[tuple[str, Mapping[str, str], str]]
    released: threading.Event

    def at(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


def by_path(path: str, _: str) -> Behaviour:
    return BEHAVIOURS.get(path, Behaviour())


@contextmanager
def partner(
    secured: Callable[[ThreadingHTTPServer], None] = lambda _: None,
    answer: Callable[[str, str], Behaviour] = by_path,
) -> Iterator[Partner]:
    """Listens until the end of the block; `answer` gets the path and the query. `/slow` waits for `released`."""
    asked: list[tuple[str, Mapping[str, str], str]] = []
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append((self.path, dict(self.headers), form["query"][0]))
            if self.path == "/slow":
                released.wait(30)
            _reply(self, answer(self.path, form["query"][0]))

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        secured(server)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Partner(server.server_port, asked, released)
        finally:
            released.set()
            server.shutdown()
            thread.join()


def _reply(handler: BaseHTTPRequestHandler, behaviour: Behaviour) -> None:
    handler.close_connection = True
    handler.send_response(behaviour.status)
    for name, value in behaviour.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(behaviour.length or len(behaviour.body)))
    handler.end_headers()
    handler.wfile.write(behaviour.body)
