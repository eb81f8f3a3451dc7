"""Every setting of the service: one frozen record, a default and a line of help each.

Command line beats environment (`LOD_…`) beats default. Only `read_settings` looks at either.
"""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

PREFIX = "LOD_"
# An endpoint that can be asked: no credentials and no fragment, nothing that would have to be encoded first.
_ENDPOINT = re.compile(r"https?://[\w.\-\[\]:]+(?:[/?][\w!$%&'()*+\-./:;=?@~]*)?", re.ASCII)


def _setting(default: Any, about: str) -> Any:
    return field(default=default, metadata={"help": about})


@dataclass(frozen=True)
class Settings:
    """What an operator can choose. Times are in seconds, sizes in bytes."""

    releases: Path = _setting(Path("releases"), "where releases lie; the one named `current` is served")
    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    workers: int = _setting(3, "queries evaluated at once; all but one of them may be long ones")
    spares: int = _setting(2, "worker processes kept ready beyond those at work, at least 2")
    timeout: float = _setting(10.0, "seconds that a query may take unless it asks for others with timeout=")
    min_timeout: float = _setting(0.1, "seconds that a query has at least, whatever it asks for")
    max_timeout: float = _setting(60.0, "seconds that a query may ask for")
    heavy_after: float = _setting(0.05, "seconds after which a query is a long one")
    turn: float = _setting(
        2.0, "seconds that a long query has before it gives way to a client with less than its share"
    )
    queue: int = _setting(128, "queries that may wait for a worker")
    long_queue: int = _setting(64, "long queries that may wait for a worker")
    patience: float = _setting(10.0, "seconds that a query may wait for a worker")
    client_queries: int = _setting(96, "queries that one client may have here at once")
    query_bytes: int = _setting(262_144, "bytes of a query text")
    nesting: int = _setting(64, "brackets that may be open at once in a query text")
    worker_bytes: int = _setting(1_073_741_824, "bytes of memory of a worker process; 0 is no limit")
    worn_bytes: int = _setting(536_870_912, "bytes that a worker may keep after an answer; with more it is replaced")
    spool_bytes: int = _setting(1_048_576, "bytes up to which an answer is sent in one piece, with length and digest")
    result_bytes: int = _setting(1_073_741_824, "bytes of an answer before compression")
    merged_triples: int = _setting(500_000, "triples up to which several default graphs are merged")
    cache_bytes: int = _setting(33_554_432, "bytes of answers kept for whoever asks the same")
    cache_seconds: int = _setting(60, "seconds for which others may keep an answer without asking again")
    request_seconds: float = _setting(10.0, "seconds that a client may take to send a request")
    stall_seconds: float = _setting(30.0, "seconds that a client may take none of its answer")
    log_level: str = _setting("INFO", "least level of what is logged: DEBUG, INFO, WARNING or ERROR")
    connections: int = _setting(1_000, "connections open at once")
    document_cache: int = _setting(256 * 1024 * 1024, "bytes of documents about things that are remembered")
    planner: bool = _setting(True, "whether queries about observations are answered from the cubes' columns")
    planner_bytes: int = _setting(536_870_912, "bytes of memory that a worker may use for columns")
    planner_threads: int = _setting(2, "processor threads that a worker may use for columns")
    partners: tuple[str, ...] = _setting(
        (), "IRIs of endpoints that SERVICE may ask, with spaces or commas between; none: SERVICE is refused"
    )
    partner_seconds: float = _setting(5.0, "seconds that a partner may take to answer a SERVICE block")
    partner_blocks: int = _setting(4, "SERVICE blocks that a query may have")
    partner_rows: int = _setting(10_000, "solutions that a partner may answer a block with")
    partner_bytes: int = _setting(4_194_304, "bytes that a partner may answer a block with")
    partner_queries: int = _setting(16, "queries that may wait for partners at once; a quarter of them one client's")
    cube_timeout: float = _setting(10.0, "seconds that an answer of /cubes may take to compute")
    cube_memory: int = _setting(512_000_000, "bytes of memory for all questions to /cubes together")
    cube_threads: int = _setting(2, "processor threads for questions to /cubes")
    cube_queue: int = _setting(32, "questions to /cubes that may wait; beyond that the answer is 503")
    cube_rows: int = _setting(100_000, "rows that an answer of /cubes may have; observations as Parquet have no limit")
    cube_csv_rows: int = _setting(10_000_000, "observations that a CSV of /cubes may have, which is streamed")
    chart_timeout: float = _setting(15.0, "seconds that drawing a chart may take")
    chart_queue: int = _setting(16, "charts that may wait to be drawn; beyond that the answer is 503")
    chart_rows: int = _setting(3_000, "rows that a chart may show")
    chart_font: str = _setting("", "font family for charts as PNG; empty: any that has Japanese glyphs")

    @staticmethod
    def variable(name: str) -> str:
        """The environment variable of a setting: `port` → `LOD_PORT`."""
        return PREFIX + name.upper()


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """The settings of a command line and an environment; exits with a usage message if a value does not fit."""
    parser = argparse.ArgumentParser(
        prog="python -m service",
        description="Serves the current release over HTTP. 現在の公開版をHTTPで提供する。",
    )
    for each in fields(Settings):
        _add(parser, each, environment)
    return Settings(**vars(parser.parse_args(arguments)))


def _add(parser: argparse.ArgumentParser, each: Field[Any], environment: Mapping[str, str]) -> None:
    variable = Settings.variable(each.name)
    # argparse converts a default that is text as it would the argument, so a bad variable is a usage error too.
    parser.add_argument(
        "--" + each.name.replace("_", "-"),
        type=_READERS.get(each.type, each.type),
        default=environment.get(variable, each.default),
        metavar=each.name.rpartition("_")[2].upper(),
        help=f"{each.metadata['help']} ({each.default}; {variable})",
    )


def _boolean(text: str) -> bool:
    values = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in values:
        raise argparse.ArgumentTypeError(f"true or false expected, {text!r} found")
    return values[text.lower()]


def _endpoints(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(each for each in re.split(r"[\s,]+", text) if each))
    for each in found:
        if not (_ENDPOINT.fullmatch(each) and _has_place(each)):
            raise argparse.ArgumentTypeError(f"http or https IRIs of endpoints expected, {each!r} found")
    return found


def _has_place(url: str) -> bool:
    """Whether there is a host, and a port if one is given."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


# What argparse cannot make of a text by calling the type of the setting.
_READERS: Mapping[Any, Any] = MappingProxyType({bool: _boolean, tuple[str, ...]: _endpoints})
