"""The store of a release → sitemap.tsv: everything that has an address, with the day on which it last changed.

Observations are left out where the Parquet file of a cube lists them: they are nineteen in twenty things.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

import pyoxigraph as ox

from loaders.release import Draft
from loaders.terms import DCAT, DCT, PROV, QB, RDF

FILE = "sitemap.tsv"
_TYPE, _MODIFIED, _DERIVED, _SOURCE, _DATA_SET = (
    ox.NamedNode(str(each)) for each in (RDF.type, DCT.modified, PROV.wasDerivedFrom, DCT.source, QB.dataSet)
)
_OBSERVATION, _PUBLISHED = ox.NamedNode(str(QB.Observation)), ox.NamedNode(str(DCAT.Dataset))
_CLASSES = "SELECT DISTINCT ?class { { ?thing a ?class } UNION { GRAPH ?graph { ?thing a ?class } } }"
_OBSERVATIONS = f"SELECT (COUNT(*) AS ?n) {{ ?thing a {_OBSERVATION} }}"


def write(draft: Draft, cubes: Sequence[Mapping[str, Any]]) -> None:
    """A line a thing, by path: its path below the base, and the day, empty where only the release has one. `cubes` are
    those of release.json."""
    store = ox.Store.read_only(str(draft.path / "store"))
    dates = _dates(store)
    things = {each for class_ in _classes(store) for each in _things(store, class_, cubes)}
    root = draft.base[:-1]
    own = (each for each in things if each.value.startswith(f"{root}/") and "#" not in each.value)
    lines = sorted(f"{each.value.removeprefix(root)}\t{_changed(store, each, dates)}\n" for each in own)
    (draft.path / FILE).write_text("".join(lines), encoding="utf-8")


def _classes(store: ox.Store) -> list[ox.NamedNode]:
    return [row["class"] for row in store.query(_CLASSES) if isinstance(row["class"], ox.NamedNode)]  # type: ignore[union-attr]


def _things(store: ox.Store, class_: ox.NamedNode, cubes: Sequence[Mapping[str, Any]]) -> Iterator[ox.NamedNode]:
    found = (quad.subject for quad in store.quads_for_pattern(None, _TYPE, class_))
    things = (each for each in found if isinstance(each, ox.NamedNode))
    if class_ != _OBSERVATION:
        yield from things
        return
    [counted] = store.query(_OBSERVATIONS)  # type: ignore[misc]
    if int(counted["n"].value) != sum(each["rows"] for each in cubes):
        listed = {ox.NamedNode(each["iri"]) for each in cubes}
        yield from (each for each in things if listed.isdisjoint(_objects(store, each, _DATA_SET)))


def _dates(store: ox.Store) -> dict[str, str]:
    """Source file, and data set → the day on which the data set last changed."""
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, _TYPE, _PUBLISHED):
        if isinstance(quad.subject, ox.NamedNode):
            day = next(_days(store, quad.subject), "")
            for each in (quad.subject, *_objects(store, quad.subject, _DERIVED)):
                if isinstance(each, ox.NamedNode):
                    found[each.value] = max(day, found.get(each.value, ""))
    return found


def _changed(store: ox.Store, thing: ox.NamedNode, dates: Mapping[str, str]) -> str:
    """The thing's own day, else that of the data set made from the file that the thing was read from."""
    own = next(_days(store, thing), "")
    places = chain(_objects(store, thing, _DERIVED), _objects(store, thing, _SOURCE))
    files = (each.value.partition("#")[0] for each in places if isinstance(each, ox.NamedNode))
    return own or max((dates.get(each, "") for each in files), default="")


def _days(store: ox.Store, thing: ox.NamedNode) -> Iterator[str]:
    found = (each.value for each in _objects(store, thing, _MODIFIED) if isinstance(each, ox.Literal))
    return (each[:10] for each in found if _is_day(each[:10]))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _objects(store: ox.Store, thing: ox.NamedNode, name: ox.NamedNode) -> Iterator[Any]:
    return (quad.object for quad in store.quads_for_pattern(thing, name, None))
