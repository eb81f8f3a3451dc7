"""More than the service can do: short queries go on, long ones are answered or refused, nobody has it all."""

import concurrent.futures

import httpx
import pytest

from tests.service.sparql.conftest import Serve
from tests.service.sparql.servers import ENDLESS, MANY_ROWS, Server, eventually

HEAVY = 64
# Some tenths of a second each: 600,000 pairs.
LONG = "SELECT (COUNT(*) AS ?n) {{ ?a ex:number ?x FILTER(?x < 200) ?b ex:number ?y FILTER(?x + ?y = {n}) }}"


def ask(server: Server, query: str, client: str = "") -> httpx.Response:
    """Asks over a connection of its own, as the client with this address: a proxy on the same machine is believed."""
    headers = {"X-Forwarded-For": client} if client else {}
    return httpx.get(f"{server.url}/sparql", params={"query": query}, headers=headers, timeout=60, verify=False)


def test_light_queries_are_answered_among_heavy_ones_and_each_heavy_one_is_answered_or_refused(serve: Serve) -> None:
    server = serve(timeout=1.0, patience=3.0)
    with concurrent.futures.ThreadPoolExecutor(HEAVY) as threads:
        heavy = [threads.submit(ask, server, f"{ENDLESS} # {n}") for n in range(HEAVY)]
        light = 0
        while not all(each.done() for each in heavy):
            assert server.get(f"ASK {{ ?s ex:number {light} }} # {light}").status_code == 200
            light += 1
    endings = [each.result() for each in heavy]
    assert {each.status_code for each in endings} <= {503, 504}
    assert all(int(each.headers["retry-after"]) > 0 for each in endings if each.status_code == 503)
    assert light > 20
    assert server.is_as_before()


def test_long_queries_that_end_are_all_answered(serve: Serve) -> None:
    server = serve(timeout=30.0, patience=60.0)
    with concurrent.futures.ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda n: ask(server, LONG.format(n=n)), range(12)))
    counts = [int(each.json()["results"]["bindings"][0]["n"]["value"]) for each in answers]
    assert counts == [n + 1 for n in range(12)]
    assert server.is_as_before()


def test_when_full_the_answer_is_503_at_once(serve: Serve) -> None:
    server = serve(workers=1, queue=2, timeout=60.0, patience=60.0)
    waiting = [server.connect() for _ in range(4)]
    for n, connection in enumerate(waiting):
        connection.sendall(_request(f"{ENDLESS} # {n}"))
        eventually(lambda n=n: len(server.running()) >= min(n, 3))
    eventually(lambda: [each["state"] for each in server.running()].count("waits") >= 2)
    response = server.get("ASK { ?s ?p 'one more' }")
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert response.json()["limit"] == "queue"
    for connection in waiting:
        connection.close()
    assert server.is_as_before()


def _request(query: str) -> bytes:
    return f"GET /sparql?query={httpx.QueryParams(q=query)}".replace("?query=q=", "?query=").encode() + (
        b" HTTP/1.1\r\nHost: x\r\n\r\n"
    )


def test_one_client_has_its_share_and_no_more(serve: Serve) -> None:
    server = serve(client_queries=3, timeout=60.0)
    mine = [server.connect() for _ in range(3)]
    for n, connection in enumerate(mine):
        connection.sendall(_request(f"{ENDLESS} # {n}"))
    eventually(lambda: len(server.running()) == 3)
    refused = ask(server, "ASK {}")
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    assert (refused.json()["limit"], refused.json()["value"]) == ("client_queries", 3)
    assert ask(server, "ASK {}", client="192.0.2.1").status_code == 200
    for connection in mine:
        connection.close()
    assert server.is_as_before()


def test_clients_take_turns(serve: Serve) -> None:
    """Whoever sends one long query is not behind all those that another has sent before."""
    server = serve(workers=2, timeout=0.3, patience=60.0)
    with concurrent.futures.ThreadPoolExecutor(25) as threads:
        many = [threads.submit(ask, server, f"{ENDLESS} # {n}", "192.0.2.1") for n in range(24)]
        eventually(lambda: len(server.running()) > 8)
        one = threads.submit(ask, server, f"{ENDLESS} # mine", "192.0.2.2")
        assert one.result().status_code == 504
        assert not all(each.done() for each in many)
    assert {each.result().status_code for each in many} == {504}
    assert server.is_as_before()


def test_nobody_has_all_the_places_for_long_queries(serve: Serve) -> None:
    server = serve(timeout=60.0, patience=5.0, turn=0.3)
    for n in range(2):
        server.connect().sendall(_request(f"{ENDLESS} # {n}"))
    eventually(server.running)
    oldest = server.running()[0]
    # What names NOW is not remembered. Once it is known to take long, it waits until somebody's turn is over.
    for n, query in enumerate([LONG.format(n=1), *[LONG.format(n=2) + " # NOW"] * 4], 2):
        server.connect().sendall(_request(f"{ENDLESS} # {n}"))
        eventually(
            lambda: [each["seconds"] > 0.1 for each in server.running() if each["state"] == "runs"] == [True] * 3
        )
        assert ask(server, query, client="192.0.2.2").status_code == 200
    assert server.running()[0]["pid"] == oldest["pid"]
    for connection in server.connections:
        connection.close()
    assert server.is_as_before()


def test_who_has_no_long_query_may_have_the_last_worker(serve: Serve) -> None:
    """Also where two places are held by answers that are streamed and read slowly."""
    server = serve(timeout=60.0, patience=5.0)
    for n in range(2):
        server.connect().sendall(_request(f"{MANY_ROWS} # {n}"))
    eventually(lambda: [each["state"] for each in server.running()] == ["streams"] * 2)
    for _ in range(3):
        assert ask(server, LONG.format(n=2) + " # NOW", client="192.0.2.2").status_code == 200
    for connection in server.connections:
        connection.close()
    assert server.is_as_before()


@pytest.mark.parametrize("timeout", ["1e-99", "1e-7", "0.0001"])
def test_the_least_deadline_ends_like_any_other_and_is_long_enough_for_a_short_query(
    timeout: str, serve: Serve
) -> None:
    server = serve(min_timeout=0.2)
    for n in range(3):
        assert server.get(f"{ENDLESS} # {n}", timeout=timeout).status_code == 504
        assert server.get(f"ASK {{ ?s ?p {n} }}", timeout=timeout).status_code == 200
    assert server.is_as_before()


def test_neighbours_in_one_network_of_version_6_are_one_client(serve: Serve) -> None:
    server = serve(client_queries=1, timeout=60.0)
    connection = server.connect()
    connection.sendall(_request(ENDLESS).replace(b"Host: x", b"Host: x\r\nX-Forwarded-For: 2001:db8::1"))
    eventually(lambda: len(server.running()) == 1)
    assert ask(server, "ASK {}", client="2001:db8::2").status_code == 429
    assert ask(server, "ASK {}", client="2001:db8:0:1::2").status_code == 200
    connection.close()
    assert server.is_as_before()


def test_a_text_that_is_known_to_take_long_does_not_try_a_short_ones_place_again(serve: Serve) -> None:
    server = serve(timeout=30.0)
    query = LONG.format(n=5)
    ask(server, query)
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: ask(server, query), range(8)))
    assert {each.status_code for each in answers} == {200}
    assert server.metric("lod_queries_gave_way_total") == 0


def test_a_worker_that_keeps_much_memory_is_replaced_after_its_answer(serve: Serve) -> None:
    """A megabyte is less than any process has."""
    server = serve(worn_bytes=1_000_000)
    assert server.metric("lod_worker_restarts") == 0
    assert server.get("ASK {}").status_code == 200
    eventually(lambda: server.metric("lod_worker_restarts") == 1)
    assert server.is_as_before()
