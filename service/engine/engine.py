"""The seam between the service and whatever evaluates SPARQL."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from service.engine.constants import plain
from service.engine.tokens import redacted
from service.formats import Format

# Characters of a query that are shown to the operator, and that are read for it.
_SHOWN, _READ = 500, 2_000


@dataclass(frozen=True)
class Query:
    """A query and what it may see. `bindings` (variable → IRI) serve our own texts only.

    `default_graphs` and `named_graphs` are IRIs, and None where the query itself says; `coding` is the content
    coding to answer in, `timeout` in seconds, and `client` tells those apart who share the workers. `explain` asks
    for the plan instead of the answer.
    """

    text: str
    base_iri: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    solutions_format: Format | None = None
    graph_format: Format | None = None
    bindings: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 10.0
    client: str = ""
    coding: str = ""
    explain: bool = False


def digest(text: str) -> str:
    """What stands for a query text in logs and in the list of running queries."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Chunks(Protocol):
    """An answer in pieces. Whoever got it closes it, whether it was read or not."""

    def __aiter__(self) -> "Chunks": ...

    async def __anext__(self) -> bytes: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True)
class Answer:
    """`body` is set when the answer is complete; otherwise `chunks` deliver it, and fail if they end too early.

    `engine` says what evaluated the query, `digest` is the SHA-256 of a body in base64, `timings` are seconds by phase.
    """

    form: str
    format: Format
    body: bytes | None
    chunks: Chunks | None = None
    coding: str = ""
    digest: str = ""
    engine: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """A query as the operator sees it. `seconds` since it began, or since it came if it waits."""

    digest: str
    text: str
    state: str
    seconds: float
    pid: int


def shown(query: Query, state: str, seconds: float, pid: int = 0) -> Running:
    """A query without what it asks for, and not all of a long one."""
    return Running(digest(query.text), redacted(plain(query.text[:_READ]))[:_SHOWN], state, seconds, pid)


class Engine(Protocol):
    """Whatever answers queries in bytes; Fault (service/engine/faults.py) if it does not."""

    async def answer(self, query: Query) -> Answer: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def running(self) -> Sequence[Running]: ...
