"""A graph → what a page says, in one language: names, facts, places in files, origins."""

from collections.abc import Iterable, Mapping, Sequence

from service import texts
from service.pages.maps import Drawing, Shape, draw, read_wkt
from service.pages.places import place
from service.pages.shown import Fact, Figure, Label, Origin, Section, Shown, Value, label_of
from service.things.graph import (
    DCT,
    GEO,
    NAMES,
    NUMBERS,
    PROV,
    QB,
    RDFS,
    SCHEMA,
    SDMX_ATTRIBUTE,
    SDMX_DIMENSION,
    SH,
    SKOS,
    TYPE,
    VOID,
    WGS,
    XSD,
    Graph,
    Term,
    is_without_figure,
)
from service.uris import UrlSpace

# What a reader looks for first stands first; the rest follows by name.
FIRST = (
    *NAMES,
    f"{SKOS}altLabel",
    TYPE,
    f"{DCT}type",
    f"{DCT}identifier",
    f"{SKOS}notation",
    f"{DCT}description",
    f"{RDFS}comment",
    f"{QB}dataSet",
    f"{SDMX_DIMENSION}refArea",
    f"{SDMX_DIMENSION}refPeriod",
    f"{DCT}isPartOf",
    f"{SCHEMA}containedInPlace",
)
APPROXIMATION = "/def/core#approximation"
DEPTH = 4
SEVERITIES = tuple(f"{SH}{name}" for name in ("Violation", "Warning", "Info"))

Names = Mapping[str, tuple[Term, ...]]


class Reader:
    """Reads a graph in one language. `dimensions` are those that observations may have, in their order."""

    def __init__(
        self, graph: Graph, names: Names, urls: UrlSpace, language: str, query: str, dimensions: Sequence[str]
    ) -> None:
        self._graph = graph
        self._dimensions = dimensions
        self._names = names
        self._urls = urls
        self._language = language
        self._query = query

    def title(self, iri: str) -> Label:
        """The name; for an observation, which has none, its figure's name and its dimensions."""
        found = self._named(iri)
        if found:
            return found
        parts = self._observed(iri)
        if parts:
            return Label("・".join(parts) if self._language == "ja" else ", ".join(parts))
        return Label(short(iri, self._urls.base_iri, {}))

    def _named(self, iri: str) -> Label | None:
        names = self._graph.names(iri) or self._names.get(iri) or self._graph.objects(iri, f"{SH}resultMessage")
        found = texts.best(names, self._language)
        return label_of(found) if found else self._shape_of(iri)

    def _shape_of(self, iri: str) -> Label | None:
        """A geometry is called after what has it."""
        if not self._graph.first(iri, f"{GEO}asWKT"):
            return None
        pointing = self._graph.pointing_to(iri)
        owner = next((subject for name, subject in pointing if name == f"{GEO}hasDefaultGeometry"), None)
        return Label(texts.text("shape_of", self._language, self.title(owner).text)) if owner else None

    def _observed(self, iri: str) -> list[str]:
        """Data set, area and period first, then the other codes that an observation names."""
        if not self._graph.first(iri, f"{QB}dataSet"):
            return []
        order = (f"{QB}dataSet", f"{SDMX_DIMENSION}refArea", f"{SDMX_DIMENSION}refPeriod", *self._dimensions)
        named = (self._graph.first(iri, each) for each in dict.fromkeys(order))
        return [label.text for each in named if each and (label := self._named(each.value))]

    # --- facts --------------------------------------------------------------------------------

    def facts(self, subject: str, depth: int = DEPTH) -> tuple[Fact, ...]:
        properties = self._graph.properties(subject)
        found = [
            Fact(self._property(name), self._link(name), self._values(objects, depth))
            for name, objects in properties.items()
        ]
        ranks = {name: rank for rank, name in enumerate(FIRST)}
        keys = {
            id(fact): (ranks.get(name, len(FIRST)), fact.name.text)
            for fact, name in zip(found, properties, strict=True)
        }
        return tuple(sorted(found, key=lambda fact: keys[id(fact)]))

    def _values(self, objects: Iterable[Term], depth: int) -> tuple[Value, ...]:
        values = [(self._severity(each), self.value(each, depth)) for each in objects]
        return tuple(value for _, value in sorted(values, key=self._rank))

    def _rank(self, ranked: tuple[int, Value]) -> tuple[int, bool, str, str]:
        """Grave findings come first, and what is in the language asked for."""
        severity, value = ranked
        return severity, value.label.lang != self._language, value.label.lang, value.label.text

    def _severity(self, term: Term) -> int:
        """How grave a finding of the rules is, 0 most; the same for all that is no finding."""
        found = self._graph.first(term.value, f"{SH}resultSeverity") if term.is_iri else None
        return SEVERITIES.index(found.value) if found and found.value in SEVERITIES else len(SEVERITIES)

    def value(self, term: Term, depth: int = DEPTH) -> Value:
        if term.is_blank:
            facts = self.facts(term.value, depth - 1) if depth else ()
            return Value(Label(""), facts=facts)
        if term.is_iri:
            return self._resource(term.value)
        if term.datatype == f"{XSD}boolean" and term.value in {"true", "false"}:
            return Value(Label(texts.text(term.value, self._language)))
        return Value(label_of(term), kind=_kind(term))

    def _resource(self, iri: str) -> Value:
        """A link with a name; a place in a source file says which."""
        external = self._urls.path(iri) is None
        label = self._finding(iri) or self._named(iri) or self._place(iri) or Label(short(iri, self._urls.base_iri, {}))
        return Value(label, self._link(iri), external, "iri")

    def _finding(self, iri: str) -> Label | None:
        """What a rule found, after how grave that is."""
        severity = self._graph.first(iri, f"{SH}resultSeverity")
        said = self._named(iri) if severity else None
        word = self._named(severity.value) if severity else None
        if said is None or word is None:
            return said
        # What was found stands at the end of the message; its address says nothing to a reader.
        found = self._graph.first(iri, f"{SH}value")
        text = said.text.removesuffix(f": {found.value}") if found and found.is_iri else said.text
        return Label(f"{word.text}: {text}", said.lang)

    def _place(self, iri: str) -> Label | None:
        """`t020100.csv, row 3, column 6` for `…/t020100.csv#cell=3,6`."""
        file, hash_, fragment = iri.partition("#")
        if not hash_ or "/id/source/" not in file:
            return None
        name = self._named(file) or Label(file.rpartition("/")[2])
        where = place(fragment, self._language)
        return Label(f"{name.text} {where}") if where else None

    def _property(self, iri: str) -> Label:
        return self._named(iri) or Label(short(iri, self._urls.base_iri, {}))

    def _pointing(self, name: str) -> Label:
        return Label(texts.text("pointing", self._language, self._property(name).text))

    def _link(self, iri: str) -> str:
        link = self._urls.link(iri) or ""
        return link if self._urls.path(iri) is None else with_query(link, self._query)

    def shown(self, iri: str, document: str, outline: str) -> Shown:
        """All that the page about a thing shows. `outline` is the WKT of the area around it."""
        return Shown(
            title=self.title(iri),
            names=tuple(label_of(each) for each in self._graph.names(iri)),
            types=tuple(self.value(each) for each in self._graph.objects(iri, TYPE)),
            facts=self.facts(iri),
            figure=self.figure(iri),
            map=drawing(self._graph, iri, outline),
            incoming=self.incoming(iri),
            origins=self.origins(document),
            licenses=self._resources(document, f"{DCT}license"),
            credits=tuple(label_of(each) for each in self._graph.objects(document, f"{SCHEMA}creditText")),
            loads=self._resources(document, f"{PROV}wasDerivedFrom"),
            sources=self._resources(iri, f"{PROV}wasDerivedFrom"),
            query=found.value if (found := self._graph.first(iri, f"{SH}select")) else "",
        )

    # --- parts of the page --------------------------------------------------------------------

    def figure(self, iri: str) -> Figure | None:
        """The measure of an observation: its one number that is neither a dimension nor an attribute. Where it is
        missing or withheld, that there is none."""
        data_set = self._graph.first(iri, f"{QB}dataSet")
        if data_set is None:
            return None
        unit = f"{SDMX_ATTRIBUTE}unitMeasure"
        status = self._code(iri, f"{SDMX_ATTRIBUTE}obsStatus")
        confidentiality = self._code(iri, f"{SDMX_ATTRIBUTE}confStatus")
        for name, objects in self._graph.properties(iri).items():
            is_other = name in self._dimensions or name.startswith(SDMX_ATTRIBUTE)
            if objects[0].datatype in NUMBERS and not is_other:
                return Figure(
                    self._property(name),
                    _grouped(objects[0].value),
                    self._code(iri, self._urls.iri(APPROXIMATION)),
                    self._code(iri, unit) or self._code(data_set.value, unit),
                    status,
                    confidentiality,
                )
        if is_without_figure(self._graph.properties(iri)):
            number = texts.text("no_figure", self._language)
            return Figure(Label(""), number, None, None, status, confidentiality)
        return None

    def _code(self, subject: str, attribute: str) -> Label | None:
        found = self._graph.first(subject, attribute)
        return self._resource(found.value).label if found else None

    def incoming(self, iri: str) -> tuple[Section, ...]:
        """What refers to the thing, by the property that it does so with. Its name alone would read as the thing's."""
        grouped: dict[str, list[Value]] = {}
        document = self._urls.iri(self._urls.page(self._urls.path(iri) or ""))
        for name, subject in self._graph.pointing_to(iri):
            if subject != document and not subject.startswith("_:") and subject != iri:
                grouped.setdefault(name, []).append(self._resource(subject))
        return tuple(
            Section("", self._pointing(name), self._link(name), values=_sorted(values))
            for name, values in sorted(grouped.items(), key=lambda each: (len(each[1]), each[0]))
        )

    def origins(self, document: str) -> tuple[Origin, ...]:
        """The data sets that the document says it was made from."""
        return tuple(self._origin(each.value) for each in self._graph.objects(document, f"{VOID}inDataset"))

    def _origin(self, iri: str) -> Origin:
        modified = self._graph.first(iri, f"{DCT}modified")
        return Origin(self.title(iri), self._link(iri), modified.value if modified else "")

    def _resources(self, subject: str, name: str) -> tuple[Value, ...]:
        return _sorted(self._resource(each.value) for each in self._graph.objects(subject, name) if each.is_iri)


# --- small things -----------------------------------------------------------------------------


def _kind(term: Term) -> str:
    if term.datatype in NUMBERS:
        return "number"
    return "wkt" if term.datatype == f"{GEO}wktLiteral" else ""


def _sorted(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(sorted(values, key=lambda value: (value.label.text, value.href)))


def _grouped(number: str) -> str:
    """
    >>> _grouped("3771000"), _grouped("-1234.5"), _grouped("1e3")
    ('3,771,000', '-1,234.5', '1e3')
    """
    whole, dot, fraction = number.partition(".")
    return f"{int(whole):,}{dot}{fraction}" if whole.lstrip("-").isdecimal() else number


def short(iri: str, base: str, prefixes: Mapping[str, str]) -> str:
    """An IRI of ours without the base, anyone else's by prefix, or as it is."""
    for start in ("id/", ""):
        if iri.startswith(base + start) and iri != base + start:
            return iri[len(base + start) :]
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def with_query(link: str, query: str) -> str:
    """Keeps the choice of language on the way to another page of ours."""
    address, hash_, fragment = link.partition("#")
    return f"{address}{query}{hash_}{fragment}" if query and link.startswith("/") else link


def drawing(graph: Graph, iri: str, outline: str) -> Drawing | None:
    """The map of what has a geometry, or a latitude and longitude."""
    shapes = _shapes(graph, iri)
    around = read_wkt(outline) if outline else None
    return draw(shapes, [around] if around else []) if shapes else None


def _shapes(graph: Graph, iri: str) -> list[Shape]:
    geometries = [each.value for each in graph.objects(iri, f"{GEO}hasDefaultGeometry")]
    texts_ = (wkt for each in (iri, *geometries) for wkt in graph.objects(each, f"{GEO}asWKT"))
    shapes = [shape for wkt in texts_ if (shape := read_wkt(wkt.value))]
    if shapes:
        return shapes
    latitude, longitude = graph.first(iri, f"{WGS}lat"), graph.first(iri, f"{WGS}long")
    found = read_wkt(f"POINT({longitude.value} {latitude.value})") if latitude and longitude else None
    return [found] if found else []
