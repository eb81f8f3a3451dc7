"""Clients that leave, stall, trickle or only hold on: the state of the service afterwards is as before."""

import contextlib
import json
import os
import signal
import socket
import time
from urllib.parse import quote

import httpx
import pytest

from tests.service.sparql.conftest import Serve
from tests.service.sparql.servers import ENDLESS, Server, eventually

ROWS = "SELECT ?x ?y ?z { ?a ex:number ?x . ?b ex:number ?y . ?c ex:number ?z }"


def request(query: str, *headers: str) -> bytes:
    head = [f"GET /sparql?query={quote(query)} HTTP/1.1", "Host: x", *headers, "", ""]
    return "\r\n".join(head).encode()


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    """Deadlines so long that only the client's leaving can end a query; heads and stalls as short as can be tested."""
    return serve(timeout=60.0, request_seconds=0.5, stall_seconds=0.5)


def is_closed(connection: socket.socket) -> bool:
    """Whether the server closes the connection, having sent whatever it sent."""
    connection.settimeout(15)
    with contextlib.suppress(ConnectionResetError):
        while connection.recv(65_536):
            pass
    return True


@pytest.mark.parametrize("leave", ["close", "reset", "half"])
def test_a_client_that_leaves_frees_its_worker(leave: str, server: Server) -> None:
    connection = server.connect()
    connection.sendall(request(ENDLESS))
    eventually(lambda: [each["state"] for each in server.running()] == ["runs"])
    pid = server.running()[0]["pid"]
    if leave == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    if leave == "half":
        connection.shutdown(socket.SHUT_WR)
    else:
        connection.close()
    eventually(lambda: not server.running(), 1.0)
    eventually(lambda: not _exists(pid), 1.0)
    assert server.is_as_before()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("leave", ["close", "half"])
@pytest.mark.parametrize("together", [True, False])
def test_a_client_that_leaves_with_requests_in_line_frees_its_worker(
    together: bool, leave: str, server: Server
) -> None:
    connection = server.connect()
    heads = [request(ENDLESS), *(request(f"ASK {{}} # {number}") for number in range(3))]
    for part in [b"".join(heads)] if together else heads:
        connection.sendall(part)
        eventually(lambda: [each["state"] for each in server.running()] == ["runs"])
    if leave == "half":
        connection.shutdown(socket.SHUT_WR)
    else:
        connection.close()
    eventually(lambda: not server.running(), 1.0)
    assert server.is_as_before()


def test_requests_in_line_are_answered_in_order(server: Server) -> None:
    connection = server.connect()
    connection.sendall(b"".join(request(f"SELECT ({n} AS ?n) {{}}", "Accept: text/csv") for n in range(3)))
    received = b""
    while received.count(b"HTTP/1.1 200") < 3 or not received.endswith(b"n\r\n2\r\n"):
        received += connection.recv(65_536)
    places = [received.index(f"n\r\n{n}\r\n".encode()) for n in range(3)]
    assert places == sorted(places)


def test_a_client_that_leaves_a_stream_frees_its_worker(server: Server) -> None:
    connection = server.connect()
    connection.sendall(request(ROWS))
    assert connection.recv(1_000).startswith(b"HTTP/1.1 200 OK")
    eventually(lambda: [each["state"] for each in server.running()] == ["streams"])
    connection.close()
    eventually(lambda: not server.running(), 1.0)
    assert server.is_as_before()


def test_a_client_that_leaves_while_it_waits_leaves_the_line(serve: Serve) -> None:
    server = serve(workers=1, timeout=60.0)
    clients = [server.connect() for _ in range(4)]
    for number, client in enumerate(clients):
        client.sendall(request(f"{ENDLESS} # {number}"))
        eventually(lambda number=number: len(server.running()) == number + 1)
    eventually(lambda: "waits" in [each["state"] for each in server.running()])
    for number, client in enumerate(reversed(clients)):
        client.close()
        eventually(lambda number=number: len(server.running()) == 3 - number, 1.0)
    assert server.is_as_before()


def test_a_reader_that_takes_nothing_loses_its_answer(server: Server) -> None:
    connection = server.connect()
    connection.sendall(request(ROWS))
    eventually(lambda: [each["state"] for each in server.running()] == ["streams"])
    eventually(lambda: not server.running())
    assert server.is_as_before()
    assert is_closed(connection)


def test_a_slow_reader_costs_no_memory_and_gets_all(server: Server) -> None:
    query = "SELECT ?x ?y { ?a ex:number ?x . ?b ex:number ?y } LIMIT 400000"
    received = 0
    with server.client.stream("GET", "/sparql", params={"query": query, "format": "tsv"}) as response:
        for number, chunk in enumerate(response.iter_bytes(65_536)):
            received += chunk.count(b"\n")
            if number < 5:
                time.sleep(0.2)
    assert received == 400_001
    assert server.is_as_before()


def test_slow_readers_do_not_keep_others_waiting(server: Server) -> None:
    slow = [server.connect() for _ in range(10)]
    for number, connection in enumerate(slow):
        connection.sendall(request(f"{ROWS} # {number}"))
    for n in range(20):
        assert server.get(f"ASK {{ ?s ex:number {n} }}").json()["boolean"] is True
    for connection in slow:
        connection.close()
    assert server.is_as_before()


def test_a_head_that_does_not_come_is_not_waited_for(server: Server) -> None:
    silent, trickling = server.connect(), server.connect()
    trickling.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-Never: ")
    assert is_closed(silent)
    assert is_closed(trickling)
    assert server.is_as_before()


def test_a_kept_connection_may_send_another_head_but_not_half_of_one(server: Server) -> None:
    connection = server.connect()
    for _ in range(2):
        connection.sendall(request("ASK {}"))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
    connection.sendall(b"GET /sparql?query=ASK%7B%7D HT")
    assert is_closed(connection)


def test_a_body_that_does_not_come_is_answered_408(server: Server) -> None:
    connection = server.connect()
    connection.sendall(
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK"
    )
    assert connection.recv(65_536).startswith(b"HTTP/1.1 408 ")
    assert server.is_as_before()


def test_a_body_that_breaks_off_leaves_nothing(server: Server) -> None:
    connection = server.connect()
    connection.sendall(
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK"
    )
    connection.close()
    assert server.is_as_before()


def test_a_head_without_end_is_refused(server: Server) -> None:
    connection = server.connect()
    received = b""
    with contextlib.suppress(ConnectionError):
        connection.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 1_000_000)
        received = connection.recv(65_536)
    assert not received or received.startswith(b"HTTP/1.1 431 ")
    assert server.is_as_before()


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET http:///\xff HTTP/1.1\r\n\r\n",
        b"\r\n\r\n\r\n\x00\x00",
        b"GET /sparql?query=ASK{} HTTP/1.1\r\n\r\n",
        b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_nonsense_is_refused(nonsense: bytes, server: Server) -> None:
    connection = server.connect()
    connection.sendall(nonsense)
    connection.settimeout(15)
    head, _, body = _everything(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"access-control-allow-origin: *" in head
    assert json.loads(body)["status"] == 400
    assert server.is_as_before()


def _everything(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("at", [5, 20, 30, 60])
def test_japanese_in_the_request_line_may_come_in_pieces(at: int, server: Server) -> None:
    sent = "GET /doc/place/横浜.nt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    connection = server.connect()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(sent[:at])
    time.sleep(0.1)
    connection.sendall(sent[at:])
    connection.settimeout(15)
    assert "Yokohama" in _everything(connection).decode()


def test_three_hundred_idle_connections_cost_nobody_anything(serve: Serve) -> None:
    server = serve(request_seconds=30.0)
    idle = [server.connect() for _ in range(300)]
    for connection in idle[:150]:
        connection.sendall(b"GET /sparql")
    for n in range(20):
        assert server.get(f"ASK {{ ?s ex:number {n} }}").json()["boolean"] is True
    for connection in idle:
        connection.close()
    assert server.is_as_before()


def test_beyond_the_connections_allowed_the_answer_is_503(serve: Serve) -> None:
    server = serve(connections=20, request_seconds=30.0)
    idle = [server.connect() for _ in range(25)]
    with httpx.Client(base_url=server.url) as client:
        response = client.get("/health")
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert response.headers["access-control-allow-origin"] == "*"
    for connection in idle:
        connection.close()
    assert server.is_as_before()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_workers_death_costs_one_client_one_clear_error(how: signal.Signals, server: Server) -> None:
    connection = server.connect()
    connection.sendall(request(ENDLESS))
    eventually(lambda: [each["state"] for each in server.running()] == ["runs"])
    os.kill(server.running()[0]["pid"], how)
    answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 503 " if how == signal.SIGKILL else b"HTTP/1.1 400 ")
    assert (b"retry-after" in answer) == (how == signal.SIGKILL)
    assert server.is_as_before()


def test_idle_workers_that_die_are_replaced(server: Server) -> None:
    deaths = server.metric("lod_worker_restarts")
    killed = list(server.service.engine._crew.alive)
    assert len(killed) >= server.service.settings.spares
    for worker in killed:
        os.kill(worker.pid, signal.SIGKILL)
    eventually(lambda: server.metric("lod_worker_restarts") >= deaths + len(killed))
    assert server.is_as_before()
