"""The seam between the service and whatever evaluates SPARQL."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from service.formats import Format


@dataclass(frozen=True)
class Query:
    """A query and what it may see. `bindings` (variable → IRI) serve our own texts only."""

    text: str
    base_iri: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    solutions_format: Format | None = None
    graph_format: Format | None = None
    bindings: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 10.0
    client: str = ""


@dataclass(frozen=True)
class Answer:
    """`body` is set when the answer is complete; otherwise `chunks` deliver it."""

    form: str
    format: Format
    body: bytes | None
    chunks: AsyncIterator[bytes] | None = None


class Engine(Protocol):
    """Whatever answers queries in bytes."""

    async def answer(self, query: Query) -> Answer: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...
