"""Virtuoso from Debian's virtuoso-opensource beside ours, where it is installed: a server of our own on loopback."""

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bench import synthetic

_SERVER, _CLIENT = "virtuoso-t", "isql-vt"
_GRAPH = "urn:bench:default"
_START, _GRACE = 120.0, 5.0
_SETTINGS = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
DirsAllowed = {data}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
DefaultGraph = {graph}
MaxQueryExecutionTime = {cap}
"""


@dataclass(frozen=True)
class Took:
    """How long a query took; `over` if it had not ended by then."""

    seconds: float
    over: bool = False


# None where the query fails.
Ask = Callable[[str], Took | None]


@contextmanager
def absent() -> Iterator[Ask]:
    """Nobody to ask."""
    yield lambda _: None


@contextmanager
def serving(folder: Path, cap: float) -> Iterator[Ask]:
    """Loads the release's triples once; asks queries, each for `cap` seconds at most."""
    if not shutil.which(_SERVER) or not shutil.which(_CLIENT):
        print(f"{_SERVER} and {_CLIENT} are not installed (Debian: virtuoso-opensource); left out")
        yield lambda _: None
        return
    home = (folder / "virtuoso").resolve()
    fresh = not home.exists()
    home.mkdir(exist_ok=True)
    sql, http = _free(), _free()
    (home / "virtuoso.ini").write_text(
        _SETTINGS.format(folder=home, data=folder.resolve(), sql=sql, http=http, graph=_GRAPH, cap=round(cap))
    )
    process = subprocess.Popen([_SERVER, "-f", "-c", str(home / "virtuoso.ini")], stderr=subprocess.DEVNULL)
    try:
        _wait(http)
        if fresh:
            _load(folder.resolve(), sql)
        yield lambda text: _asked(text, http, cap)
    finally:
        process.kill()
        process.wait()


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(port: int) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"Virtuoso did not open port {port} within {_START} s")


def _load(folder: Path, port: int) -> None:
    print("loading into Virtuoso ...", flush=True)
    triples = synthetic.pieces(folder / "cubes" / "syn.parquet", synthetic.LARGE, folder)
    for path in chain(folder.glob("*.ttl"), triples):
        command = f"DB.DBA.TTLP_MT(file_to_string_output('{path}'), '', '{_GRAPH}', 0, 2);"
        _run(port, command)
    _run(port, "checkpoint;")


def _run(port: int, command: str) -> None:
    subprocess.run([_CLIENT, str(port), "dba", "dba", f"exec={command}"], check=True, stdout=subprocess.DEVNULL)


def _asked(text: str, port: int, cap: float) -> Took | None:
    """The better of three, if there is time for them."""
    found = _once(text, port, cap)
    again = [_once(text, port, cap) for _ in range(2) if found and found.seconds < cap / 10]
    return min([each for each in (found, *again) if each], key=lambda each: each.seconds, default=None)


def _once(text: str, port: int, cap: float) -> Took | None:
    query = urllib.parse.urlencode({"query": text, "default-graph-uri": _GRAPH, "format": "json"})
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?{query}", timeout=cap + _GRACE) as answer:
            json.loads(answer.read())
    except (TimeoutError, urllib.error.URLError, ValueError):
        # At its limit it gives up by itself, and says so.
        return Took(cap, over=True) if time.perf_counter() - begun >= cap else None
    return Took(time.perf_counter() - begun)
