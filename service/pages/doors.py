"""From the page of a thing to the lists that it leads to: the facilities of a ward, the statistics about an area, what
has a code, what is near."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from service import texts
from service.pages.shown import Label, Value
from service.things.graph import DCT, SKOS, WGS, Graph
from service.uris import UrlSpace

WARD = "/code/area-level/ward"
# How the codes of a code list filter which list.
_FILTERS = (
    ("/code/facility-type/", "facilities", "type"),
    ("/code/hazard/", "facilities", "hazard"),
    ("/code/amenity/", "facilities", "amenity"),
    ("/code/area-level/", "areas", "level"),
    ("/code/theme/", "datasets", "theme"),
)
NEAR = 500


class Doors:
    """Finds them for one release. `listed` are the lists that it has, `cubes` the ids of its cubes."""

    def __init__(self, urls: UrlSpace, listed: Sequence[str], cubes: Sequence[str]) -> None:
        self._urls = urls
        self._listed = listed
        self._cubes = cubes

    def of(self, graph: Graph, iri: str, language: str) -> list[Value]:
        of_area = [*self._ward(graph, iri), *self._area(iri)]
        found = [*self._coded(graph, iri), *of_area, *self._near(graph, iri), *self._cube(iri)]
        return [
            Value(Label(texts.text(f"door_{key}", language)), self._href(path, [*query, ("lang", language)]))
            for key, path, query in found
            if path.startswith("/cubes") or path[1:] in self._listed
        ]

    def _href(self, path: str, query: Sequence[tuple[str, str]]) -> str:
        return f"{self._urls.href(path)}?{urlencode(query, safe=',')}"

    def _coded(self, graph: Graph, iri: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        for start, list_, name in _FILTERS:
            if iri.startswith(self._urls.iri(start)):
                yield f"{list_}_with_code", f"/{list_}", [(name, _key(graph, iri))]

    def _ward(self, graph: Graph, iri: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        if any(each.value == self._urls.iri(WARD) for each in graph.objects(iri, f"{DCT}type")):
            for list_ in ("facilities", "areas"):
                yield f"{list_}_of_ward", f"/{list_}", [("ward", _key(graph, iri))]

    def _area(self, iri: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        start, _, code = iri.rpartition("/")
        if self._cubes and start == self._urls.iri("/id/area"):
            yield "cubes_about_area", "/cubes", [("refArea", code)]

    def _near(self, graph: Graph, iri: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        latitude, longitude = graph.first(iri, f"{WGS}lat"), graph.first(iri, f"{WGS}long")
        if latitude and longitude:
            around = [("near", f"{latitude.value},{longitude.value}"), ("within", str(NEAR)), ("sort", "distance")]
            yield "facilities_near", "/facilities", around

    def _cube(self, iri: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        start, _, id_ = iri.rpartition("/")
        if start == self._urls.iri("/id/dataset") and id_ in self._cubes:
            yield "cube", f"/cubes/{id_}", []
            yield "observations", "/observations", [("dataset", id_)]


def _key(graph: Graph, iri: str) -> str:
    """What lists call a thing (loaders/lists.py): its notation, its identifier or the end of its IRI."""
    named = graph.first(iri, f"{SKOS}notation", f"{DCT}identifier")
    return named.value if named else iri.rpartition("/")[2]
