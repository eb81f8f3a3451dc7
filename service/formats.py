"""The formats that answers come in: one table, and negotiation over it (RFC 9110, 12.5.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

SOLUTIONS, BOOLEAN, GRAPH, DATASET, PAGE = "solutions", "boolean", "graph", "dataset", "html"
# A document about one thing: a graph, or a page or plain JSON that says the same.
DOCUMENT = "document"
CUBE, CHART = "cube", "chart"
# A page of a list of things.
LIST = "list"
_RESULTS = frozenset({SOLUTIONS, BOOLEAN})
MAX_ACCEPT = 8_192


@dataclass(frozen=True, eq=False)
class Format:
    """One row; there is one object for each. The first media type is the one we send; `carries` are kinds of answers.

    Of formats that a client likes equally well it gets the one of the highest `quality`.
    """

    name: str
    extension: str
    media_types: tuple[str, ...]
    carries: frozenset[str]
    quality: float = 1.0
    charset: bool = True

    @property
    def media_type(self) -> str:
        return self.media_types[0]

    def by_type(self) -> tuple["Format", ...]:
        """The format once for each of its media types, so that each can be negotiated; the first one is preferred."""
        first, *others = self.media_types
        rarer = (replace(self, media_types=(each,), quality=self.quality / 10) for each in others)
        return (replace(self, media_types=(first,)), *rarer)

    @property
    def content_type(self) -> str:
        """The value of a Content-Type header."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


HTML = Format("HTML", "html", ("text/html",), frozenset({PAGE, DOCUMENT, LIST}))
TURTLE = Format("Turtle", "ttl", ("text/turtle",), frozenset({GRAPH, DOCUMENT, LIST}), 0.9)
JSONLD = Format(
    "JSON-LD", "jsonld", ("application/ld+json",), frozenset({GRAPH, DATASET, DOCUMENT, CUBE, LIST}), 0.8, charset=False
)
RDFXML = Format("RDF/XML", "rdf", ("application/rdf+xml",), frozenset({GRAPH, DOCUMENT}), 0.7)
NTRIPLES = Format("N-Triples", "nt", ("application/n-triples",), frozenset({GRAPH, DOCUMENT}), 0.6)
NQUADS = Format("N-Quads", "nq", ("application/n-quads",), frozenset({DATASET}), 0.6)
TRIG = Format("TriG", "trig", ("application/trig",), frozenset({DATASET}), 0.9)
JSON = Format("JSON", "json", ("application/sparql-results+json", "application/json"), _RESULTS)
XML = Format("XML", "xml", ("application/sparql-results+xml", "application/xml"), _RESULTS, 0.9)
PLAIN_JSON = Format("plain JSON", "json", ("application/json",), frozenset({DOCUMENT, LIST}), 0.5, charset=False)
CSV = Format("CSV", "csv", ("text/csv",), frozenset({SOLUTIONS, CUBE, LIST}), 0.8)
TSV = Format("TSV", "tsv", ("text/tab-separated-values",), frozenset({SOLUTIONS}), 0.7)
JSONSTAT = Format("JSON-stat", "json", ("application/json",), frozenset({CUBE}), charset=False)
GEOJSON = Format("GeoJSON", "geojson", ("application/geo+json",), frozenset({CUBE, LIST}), 0.7, charset=False)
PARQUET = Format("Parquet", "parquet", ("application/vnd.apache.parquet",), frozenset({CUBE}), 0.6, charset=False)
SVG = Format("SVG", "svg", ("image/svg+xml",), frozenset({CHART}))
PNG = Format("PNG", "png", ("image/png",), frozenset({CHART}), 0.9, charset=False)

FORMATS: tuple[Format, ...] = (
    HTML, TURTLE, JSONLD, RDFXML, NTRIPLES, NQUADS, TRIG, PLAIN_JSON, JSON, XML, CSV, TSV,
    JSONSTAT, GEOJSON, PARQUET, SVG, PNG,
)  # fmt: skip


def carrying(kind: str) -> tuple[Format, ...]:
    """The formats for a kind of answer, the preferred one first."""
    return tuple(sorted((each for each in FORMATS if kind in each.carries), key=lambda f: -f.quality))


def named(name: str, offered: Iterable[Format]) -> Format | None:
    """The offered format with this extension, name or media type, as `?format=` gives it."""
    wanted = name.strip().lower()
    for each in offered:
        if wanted in {each.extension, each.name.lower(), *each.media_types}:
            return each
    return None


@dataclass(frozen=True)
class _Range:
    """One media range of an Accept header."""

    type: str
    subtype: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """How closely it names the media type: 0 is not at all."""
        type_, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (type_, subtype):
            return 3
        if self.subtype == "*" and self.type == type_:
            return 2
        return 1 if (self.type, self.subtype) == ("*", "*") else 0


def negotiate(accept: str | None, offered: Sequence[Format]) -> Format | None:
    """The offered format that the client prefers; None if it accepts none of them.

    >>> negotiate("text/html;q=0.5, text/*, */*;q=0", (HTML, TURTLE, JSONLD)).name
    'Turtle'
    """
    if accept is None or not accept.strip():
        return offered[0] if offered else None
    ranges = _ranges(accept[:MAX_ACCEPT])
    scored = [(_quality(each, ranges), each.quality, each) for each in offered]
    acceptable = [each for each in scored if each[0] > 0]
    return max(acceptable, key=lambda each: each[:2])[2] if acceptable else None


def first_liked(accept: str | None, offered: Sequence[Format]) -> Format | None:
    """Of the offered formats that the client likes best, the first, in the order in which they are offered.

    >>> first_liked("*/*", (JSONLD, TURTLE)).name, first_liked("text/turtle, */*;q=0.1", (JSONLD, TURTLE)).name
    ('JSON-LD', 'Turtle')
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = _ranges(accept[:MAX_ACCEPT])
    best = max(offered, key=lambda each: _quality(each, ranges))
    return best if _quality(best, ranges) > 0 else None


def _quality(format_: Format, ranges: Sequence[_Range]) -> float:
    """The client's quality of the media type of a format that it likes best."""
    return max(_client_quality(each, ranges) for each in format_.media_types)


def _client_quality(media_type: str, ranges: Sequence[_Range]) -> float:
    closest = max(ranges, key=lambda each: each.specificity(media_type), default=None)
    return closest.quality if closest and closest.specificity(media_type) else 0.0


def _ranges(accept: str) -> list[_Range]:
    found = []
    for part in accept.split(","):
        name, *parameters = (each.strip() for each in part.lower().split(";"))
        type_, slash, subtype = name.partition("/")
        if slash and type_ and subtype:
            found.append(_Range(type_, subtype, _weight(parameters)))
    return found


def _weight(parameters: Iterable[str]) -> float:
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
