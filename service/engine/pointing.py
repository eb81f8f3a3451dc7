"""What points to a thing: a page of it, however far away, and how much there is.

The store gives the triples that point to a thing in an order that never changes. Pages near the beginning are read off
it; to one far away the store skips by itself, which is ten times as fast.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox

# From this count on, properties that point to a thing are equally common.
RARE = 20
# From this many triples on, skipping is left to the store.
FAR = 1_000
_QUERIES = Path(__file__).parent.parent / "queries"

Node = ox.NamedNode | ox.BlankNode
Pair = tuple[str, str]
Quads = Callable[[Node | None, ox.NamedNode | None, ox.NamedNode | None], Iterator[ox.Quad]]


class Pointing:
    """Reads one store. `quads` gives the triples of all graphs, each once; `properties` are those that point to things
    of ours. A triple counts if its subject has an IRI that is not the thing's own."""

    def __init__(self, store: ox.Store, quads: Quads, properties: list[ox.NamedNode]) -> None:
        self._store = store
        self._quads = quads
        self._properties = properties
        self._graphs = list(store.named_graphs())
        self._page = (_QUERIES / "pointing.rq").read_text(encoding="utf-8")
        self._counts = (_QUERIES / "pointing-count.rq").read_text(encoding="utf-8")

    def page(self, iri: str, skip: int, limit: int) -> tuple[list[Pair], bool]:
        """Subject and property of a page of the triples that point to an IRI, and whether more follow.

        Few are given as the store has them. Of many, those with rare properties come first, since the thousandth
        observation tells less of a ward than its only change event; that order takes one look-up a property.
        """
        thing = ox.NamedNode(iri)
        few = list(islice(self._all(thing, None), limit + 1))
        if len(few) <= limit:
            return few[skip:], False
        found = list(islice(self._after(thing, skip), limit + 1))
        return found[:limit], len(found) > limit

    def count(self, iri: str) -> int:
        """How many triples point to an IRI."""
        thing = ox.NamedNode(iri)
        return sum(self._count(thing, name) for name in self._names(thing))

    # --- in order ------------------------------------------------------------------------------

    def _after(self, thing: ox.NamedNode, skip: int) -> Iterator[Pair]:
        """What follows after so many."""
        for name in self._rarest_first(thing):
            far = skip >= FAR
            count = self._count(thing, name) if far else 0
            if far and count <= skip:
                skip -= count
                continue
            for each in self._far(thing, name, skip) if far else self._all(thing, name):
                if skip and not far:
                    skip -= 1
                else:
                    yield each
            skip = 0 if far else skip

    def _rarest_first(self, thing: ox.NamedNode) -> Iterator[ox.NamedNode]:
        heads = {name: len(list(islice(self._all(thing, name), RARE))) for name in self._properties}
        declared = [name for name, length in heads.items() if length]
        yield from sorted(declared, key=lambda name: heads[name])
        yield from (name for name in self._names(thing) if name not in heads)

    def _all(self, thing: ox.NamedNode, name: ox.NamedNode | None) -> Iterator[Pair]:
        for quad in self._quads(None, name, thing):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject != thing:
                yield quad.subject.value, quad.predicate.value

    def _far(self, thing: ox.NamedNode, name: ox.NamedNode, skip: int) -> Iterator[Pair]:
        """What follows after so many, in the order of `_all`."""
        default = self._in_default(thing, name)
        if not self._is_plain(thing, name) or skip >= default:
            yield from islice(self._all(thing, name), skip, None)
            return
        text = self._page.replace("OFFSET 0 # skip", f"OFFSET {skip:d}")
        for row in self._select(text, {"thing": thing, "name": name}):
            yield row["subject"].value, name.value
        if self._only_named(thing, name):
            yield from islice(self._all(thing, name), default, None)

    # --- counting ------------------------------------------------------------------------------

    def _count(self, thing: ox.NamedNode, name: ox.NamedNode) -> int:
        if not self._is_plain(thing, name):
            return sum(1 for _ in self._all(thing, name))
        return self._in_default(thing, name) + self._only_named(thing, name)

    def _in_default(self, thing: ox.NamedNode, name: ox.NamedNode) -> int:
        rows = self._select(self._counts, {"thing": thing, "name": name})
        return sum(int(row["n"].value) for row in rows)

    def _only_named(self, thing: ox.NamedNode, name: ox.NamedNode) -> int:
        """How many triples with a property only named graphs tell of."""
        found = {quad.triple for quad in self._named(thing, name)}
        return sum(ox.Quad(each.subject, each.predicate, each.object) not in self._store for each in found)

    def _named(self, thing: ox.NamedNode, name: ox.NamedNode | None) -> Iterator[ox.Quad]:
        return chain.from_iterable(self._store.quads_for_pattern(None, name, thing, each) for each in self._graphs)

    def _names(self, thing: ox.NamedNode) -> list[ox.NamedNode]:
        """The properties that anything points to the thing with."""
        found = {row["name"] for row in self._select(self._counts, {"thing": thing})}
        return sorted(found | {quad.predicate for quad in self._named(thing, None)}, key=str)

    def _is_plain(self, thing: ox.NamedNode, name: ox.NamedNode) -> bool:
        """Whether all that points with a property has an IRI, as far as the first triple tells, and another one."""
        first = next(self._quads(None, name, thing), None)
        itself = next(self._quads(thing, name, thing), None)
        return first is not None and isinstance(first.subject, ox.NamedNode) and itself is None

    def _select(self, text: str, bound: Mapping[str, ox.NamedNode]) -> ox.QuerySolutions:
        results = self._store.query(text, substitutions={ox.Variable(name): value for name, value in bound.items()})
        if not isinstance(results, ox.QuerySolutions):
            raise TypeError("a SELECT query expected")
        return results
