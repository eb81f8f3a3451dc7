"""The small parts of the engine, each by itself."""

import asyncio
import doctest
import importlib
import json
import logging
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine import codings, wire
from service.engine.faults import Fault
from service.engine.forking import Template
from service.engine.line import Line, Remembered
from service.engine.process import Worker
from service.engine.setup import Setup

ROOT = Path(__file__).parent.parent.parent.parent
MODULES = ("codings", "constants", "line", "tokens", "wire")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"service.engine.{name}"))
    assert found.attempted > 0
    assert found.failed == 0


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([wire.HEAD, wire.CHUNK]), st.text(), st.binary(max_size=50))), st.integers(1, 9)
)
def test_frames_survive_any_way_of_cutting_them(sent: list[tuple[bytes, str, bytes]], step: int) -> None:
    data = b"".join(wire.pack(kind, {"text": text}, body) for kind, text, body in sent)
    reader = wire.Reader()
    found = [frame for at in range(0, len(data), step) for frame in reader.feed(data[at : at + step])]
    assert [(each.kind, each.record["text"], each.body) for each in found] == sent


def test_a_frame_of_absurd_length_is_refused() -> None:
    with pytest.raises(ValueError, match="announced"):
        list(wire.Reader().feed(b"C" + b"\xff" * 8))


def test_clients_take_turns_and_their_newest_comes_first() -> None:
    line: Line[int] = Line()
    for client, item in (("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5)):
        line.add(client, item)
    line.remove("c", 5)
    line.remove("c", 5)
    line.remove("x", 0)
    assert len(line) == 4
    assert [line.pop() for _ in range(5)] == [3, 4, 2, 1, None]


def test_who_holds_less_comes_before_whose_turn_it_is() -> None:
    line: Line[int] = Line()
    for client, item in (("a", 1), ("b", 2), ("c", 3)):
        line.add(client, item)
    held = {"a": 2, "b": 1}
    assert line.clients == {"a", "b", "c"}
    assert [line.pop(held) for _ in range(4)] == [3, 2, 1, None]


def test_what_is_remembered_has_a_bound() -> None:
    remembered = Remembered(2)
    for each in "abca":
        remembered.add(each)
    remembered.discard("c")
    remembered.discard("never there")
    assert [each in remembered for each in "abc"] == [True, False, False]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, ""), ("", ""), ("gzip", "gzip"), ("br, gzip", "br"), ("gzip;q=1, br;q=0.2", "gzip"), ("*", "br"),
        ("*;q=0.1, br;q=0", "zstd"), ("identity", ""), ("identity;q=0.5, gzip;q=0.2", ""), ("gzip;q=x", ""),
        ("GZIP", "gzip"), (";;;,,,", ""), ("deflate", ""),
    ],
)  # fmt: skip
def test_the_coding_is_the_one_liked_best(accept: str | None, chosen: str) -> None:
    assert codings.chosen(accept) == chosen


CONFINED = """
import json, resource, socket, subprocess
from service.engine import confine
ours, theirs = socket.socketpair()
confine.limit_memory(500_000_000)
left = confine.leave_network()
def fails(action):
    try:
        action()
    except PermissionError:
        return True
    return False
print(json.dumps({
    "left": left,
    "socket": fails(lambda: socket.socket()),
    "version 6": fails(lambda: socket.socket(socket.AF_INET6)),
    "name": fails(lambda: socket.create_connection(("127.0.0.1", 9))),
    "program": fails(lambda: subprocess.run(["true"])),
    "pipe still works": ours.send(b"x") == 1 and theirs.recv(1) == b"x",
    "files still open": bool(open("/proc/self/status").read()),
    "cores": resource.getrlimit(resource.RLIMIT_CORE)[0],
}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel has no such means")
def test_a_confined_process_opens_no_socket_and_starts_no_program() -> None:
    run = subprocess.run([sys.executable, "-c", CONFINED], cwd=ROOT, capture_output=True, check=True, timeout=30)
    found = json.loads(run.stdout)
    assert found.pop("cores") == 0
    assert all(found.values()), found


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel has no such means")
def test_a_worker_dies_with_its_parent() -> None:
    program = (
        "import socket, subprocess, sys, os\n"
        "a, b = socket.socketpair()\n"
        "code = 'from service.engine.confine import die_with_parent as f; import time; f(); print(1, flush=True); '\n"
        "code += 'time.sleep(60)'\n"
        "child = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=30)
    pid = int(run.stdout)
    end = time.monotonic() + 20
    while _lives(pid) and time.monotonic() < end:
        threading.Event().wait(0.01)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not fetched yet does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def test_a_worker_that_fails_by_a_fault_of_ours_leaves_a_trace(caplog: pytest.LogCaptureFixture) -> None:
    async def start_on_nothing() -> Fault:
        ended = asyncio.Event()
        worker = Worker(lambda _: None, lambda _: ended.set())
        template = Template({"release": "", "planner_bytes": 0})
        await worker.start(template, {"no such": "setup", "worker_bytes": 0})
        with pytest.raises(Fault) as caught:
            await worker.frame()
        await ended.wait()
        template.stop()
        return caught.value

    # Servers of other tests set the level of all loggers.
    with caplog.at_level(logging.ERROR, "service.engine.process"):
        fault = asyncio.run(start_on_nothing())
    assert fault.status == 500
    assert "TypeError" in caplog.text


def test_a_worker_whose_answer_nobody_waits_for_any_more_ends_without_a_word(tmp_path: Path) -> None:
    ox.Store(str(tmp_path)).flush()
    asked = {"default_graphs": None, "named_graphs": None, "solutions_format": "JSON", "graph_format": None}

    async def ask_and_leave(text: str) -> tuple[int, bytes]:
        template = Template({"release": "", "planner_bytes": 0})
        ours, theirs = socket.socketpair()
        with theirs:
            process = await template.fork(theirs)
        with ours:
            ours.sendall(wire.pack(wire.SETUP, vars(Setup(str(tmp_path), "http://e/", {}))))
            await asyncio.to_thread(ours.recv, 1_000)
            ours.sendall(wire.pack(wire.QUERY, {"text": text, **asked}))
        ending = await process.ended()
        template.stop()
        return ending

    for text in ("ASK {}", "ASK {", "SELECT * { VALUES ?x { " + "1 " * 200_000 + "} }"):
        assert asyncio.run(ask_and_leave(text)) == (0, b"")
