"""Which format an answer comes in: the one that a request names, else what its Accept header prefers."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from service.errors import BadRequestError
from service.formats import GRAPH, HTML, NQUADS, SOLUTIONS, TRIG, Format, carrying, named, negotiate
from service.http.caching import Memory

RESULTS = carrying(SOLUTIONS)
# Triples fit into the formats of datasets as well: they are the default graph.
GRAPHS = (*carrying(GRAPH), TRIG, NQUADS)
# A format that has several media types is sent under the one that the client asked for; our own choice is the first.
_RESULT_TYPES = tuple(by_type for each in RESULTS for by_type in each.by_type())
# What clients call formats for graphs, some of them whatever the kind of answer. Turtle is N3.
_GRAPHS_ALSO_CALLED = MappingProxyType({"xml": "rdf", "rdf+xml": "rdf", "json": "jsonld", "n3": "ttl"})
# The extensions that the standards name for results.
_RESULTS_ALSO_CALLED = MappingProxyType({"srj": "json", "srx": "xml"})
# The page is for those who name it; whoever takes anything gets data.
_PAGE = replace(HTML, quality=0.1)
_REMEMBERED = 500_000


@dataclass(frozen=True)
class Preference:
    """The formats that an Accept header prefers by kind of answer, and whether it would rather have a page."""

    solutions: Format | None
    graph: Format | None
    page: bool


class Preferences:
    """Clients send few different Accept headers, so each is read once. `weight` is in bytes, about."""

    def __init__(self) -> None:
        self._known: Memory[Preference] = Memory(_REMEMBERED)

    @property
    def weight(self) -> int:
        return self._known.weight

    def of(self, accept: str | None) -> Preference:
        found = self._known.get(accept)
        if found is None:
            page = negotiate(accept, (*RESULTS, *GRAPHS, _PAGE)) is _PAGE
            found = Preference(negotiate(accept, _RESULT_TYPES), negotiate(accept, GRAPHS), page)
            self._known.put(accept, found, len(accept or "") + 500)
        return found


def by_name(names: tuple[str, ...]) -> tuple[Format | None, Format | None]:
    """The formats for results and for graphs that the first known of these names stands for; BadRequestError if there
    is none."""
    for name in names:
        solutions = named(_RESULTS_ALSO_CALLED.get(name.lower(), name), RESULTS)
        graph = graph_format(name)
        if solutions or graph:
            return solutions, graph
    available = [each.extension for each in (*RESULTS, *GRAPHS)]
    raise BadRequestError(
        f"format: one of {', '.join(available)} expected, {names[0][:40]!r} found",
        f"formatは{'、'.join(available)}のいずれかです",
        parameter="format",
        available=available,
    )


def graph_format(name: str) -> Format | None:
    """The format for graphs that a name stands for."""
    return named(_GRAPHS_ALSO_CALLED.get(name.lower(), name), GRAPHS)
