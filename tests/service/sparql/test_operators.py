"""What an operator sees, and what nobody sees."""

import json
import logging
from pathlib import Path

import httpx
import pytest

from service.http.logs import JsonLines
from tests.service.sparql.conftest import Serve
from tests.service.sparql.servers import ENDLESS, Server, eventually


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    return serve(timeout=1.0)


def test_queries_are_counted_by_how_they_ended(server: Server) -> None:
    server.get("ASK { ?s ?p 1 }")
    server.get("ASK { ?s ?p 1 }")
    server.get("ASK {")
    server.get(ENDLESS)
    text = server.client.get("/metrics").text
    for outcome in ("answered", "remembered", "400", "504"):
        assert f'lod_queries_total{{outcome="{outcome}"}} 1.0' in text
    for phase in ("queue", "parse", "evaluate", "serialise", "total"):
        assert f'lod_query_seconds_count{{phase="{phase}"}}' in text
    for name in (
        "lod_queries_running",
        "lod_queries_waiting",
        "lod_workers",
        "lod_workers_idle",
        "lod_worker_restarts",
    ):
        assert f"\n{name} " in text
    assert 'lod_cache_total{result="hit"}' in text


def test_running_queries_are_listed_without_what_was_asked_for(server: Server) -> None:
    connection = server.connect()
    secret = ENDLESS.replace("0)", "0 && 'secret' != '42')").replace("\n", " ")
    connection.sendall(
        f"GET /sparql?query={httpx.QueryParams(q=secret)}".replace("=q=", "=").encode()
        + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    eventually(server.running)
    [found] = server.running()
    assert found["state"] == "runs"
    assert found["pid"] > 0
    assert found["seconds"] >= 0
    assert "ex:number" in found["text"]
    assert "secret" not in found["text"]
    assert "42" not in found["text"]
    connection.close()
    assert server.is_as_before()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_running_queries_are_shown_to_nobody_from_outside(header: str, server: Server) -> None:
    assert server.client.get("/running", headers={header: "192.0.2.1"}).status_code == 404


def test_a_line_of_the_log_tells_neither_who_nor_what(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "service.queries"):
        server.get("ASK { ?s ?p 'secret' }", headers={"X-Forwarded-For": "192.0.2.77"})
        eventually(lambda: caplog.records)
    line = JsonLines().format(caplog.records[-1])
    about = json.loads(line)
    assert set(about) == {"time", "level", "logger", "message", "query", "outcome", "bytes", "ms"}
    assert "secret" not in line
    assert "192.0.2.77" not in line


def test_nothing_logged_can_start_a_line_of_its_own() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, 'a\n{"level": "error"}\r\u2028\x1b[31m', None, None)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "\r" not in line
    assert "\x1b" not in line


def test_a_trace_is_one_line_as_well() -> None:
    problem = ValueError("two\nlines")
    record = logging.LogRecord("x", logging.ERROR, "", 0, "m", None, (ValueError, problem, None))
    assert "two\\nlines" in JsonLines().format(record)
    assert "\n" not in JsonLines().format(record)


def test_workers_have_no_network(server: Server) -> None:
    assert all(worker.offline for worker in server.service.engine._crew.alive if worker.ready)


def test_workers_hold_no_listening_socket(server: Server) -> None:
    for worker in server.service.engine._crew.alive:
        links = [path.readlink() for path in Path(f"/proc/{worker.pid}/fd").iterdir()]
        assert sum(str(link).startswith("socket:") for link in links) == 1
