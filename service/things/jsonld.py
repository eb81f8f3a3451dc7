"""A graph → the JSON-LD document about one thing: framed, compacted, the same keys for every thing of its class.

Written directly, without a JSON-LD processor, which would take milliseconds; the tests let one read it back and
compare the graphs. Nothing of the graph is left out: what is not the thing itself, belongs to it, is referred to by
it or refers to it stands under `included`.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.http.caching import Memory
from service.things.context_document import IMMUTABLE, XSD_STRING, Context, Key
from service.things.frames import ANYTHING, FRAMES, Frame
from service.things.graph import NAMES, TYPE, XSD, Graph, Term
from service.uris import UrlSpace

Node = dict[str, Any]
Properties = Mapping[str, tuple[Term, ...]]
Make = Callable[[str, Properties, Context], Node]

# What names of things that documents refer to take in memory, about.
REPEATED_BYTES, REPEATED_WEIGHT = 8 * 1024 * 1024, 1_500

# What these lead to is shown with all that is known of it; anything else that has an IRI only with its names.
OWNED = frozenset(
    {
        "http://www.opengis.net/ont/geosparql#hasDefaultGeometry",
        "http://rdfs.org/ns/void#inDataset",
    }
)
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "PublicHolidays")
_RANK = {day: rank for rank, day in enumerate(WEEK)}
# Beyond these JSON's numbers lose digits in most programs (RFC 8259, 6).
_SAFE = 2**53


@dataclass(frozen=True)
class _Named:
    """What something is called, as a node; `complete` if its properties say no more."""

    properties: Properties
    node: Node
    complete: bool


class Writer:
    """Writes JSON-LD in the words of one context. Made once for a release."""

    def __init__(self, context: Context, urls: UrlSpace) -> None:
        self.context = context
        self._address = urls.url(IMMUTABLE)
        self._absent: dict[tuple[str, Context], Node] = {}
        self._repeated: Memory[_Named] = Memory(REPEATED_BYTES)
        # As many as there are properties and datatypes in the release.
        self._keys: dict[tuple[Context, str, str, bool, str], Key] = {}
        types = (urls.iri(each.type) if each.type.startswith("/") else each.type for each in FRAMES)
        self._frames = {type_: (rank, frame) for rank, (type_, frame) in enumerate(zip(types, FRAMES, strict=True))}

    def document(self, graph: Graph, iri: str) -> bytes:
        """The document about the thing."""
        return self.whole(self.root(graph, iri))

    def root(self, graph: Graph, iri: str) -> Node:
        """The document as a dictionary, without its context."""
        return _Composition(graph, iri, self).root()

    def node(self, graph: Graph, iri: str) -> Node:
        """The thing as an item of a list: what it says itself, and the names of what it refers to."""
        return _Composition(graph, iri, self).item()

    def absent(self, frame: Frame, context: Context) -> Node:
        """What stands under the keys of a frame when there is nothing to say, in their order. Not to be changed."""
        known = self._absent.get((frame.name, context))
        if known is None:
            # No key: a part of an address, say, that stands where none belongs.
            known = {name: context.keys[name].absent for name in frame.keys if name in context.keys}
            self._absent[frame.name, context] = known
        return known

    def key(self, property_: str, term: Term, context: Context) -> Key:
        """The key under which a value of a property stands."""
        kind = (context, property_, term.kind, bool(term.language), term.datatype)
        known = self._keys.get(kind)
        if known is None:
            keys = context.forward.get(property_, ())
            known = next((each for each in keys if _holds(each, term)), None) or _unnamed(property_, context)
            self._keys[kind] = known
        return known

    def once(self, iri: str, properties: Properties, context: Context, make: Make) -> _Named:
        """A node that many documents repeat, made again only when it comes with other properties."""
        key = (iri, context)
        known = self._repeated.get(key)
        if known is None or known.properties is not properties:
            known = _Named(properties, make(iri, properties, context), _is_names(properties))
            self._repeated.put(key, known, REPEATED_WEIGHT)
        return known

    def whole(self, content: Mapping[str, Any]) -> bytes:
        """A document whose keys are already those of the context."""
        return dumps({"@context": self._address, **content})

    def frame(self, types: Iterable[Term]) -> Frame | None:
        """The frame of the first class that has one, in the order of `FRAMES`."""
        found = [ranked for each in types if (ranked := self._frames.get(each.value))]
        return min(found, key=lambda ranked: ranked[0])[1] if found else None


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def dumps(content: object) -> bytes:
    return _ENCODER.encode(content).encode()


class _Composition:
    """One document in the making: which nodes have been told in full, and which by name."""

    def __init__(self, graph: Graph, root: str, writer: Writer) -> None:
        self._graph = graph
        self._root = root
        self._writer = writer
        self._told: set[str] = {root}
        self._named: set[str] = set()
        self._blanks = Counter(
            term.value
            for properties in graph.subjects.values()
            for terms in properties.values()
            for term in terms
            if term.kind == "blank"
        )

    def root(self) -> Node:
        content = self._whole(self._root, self._writer.context, self._frame())
        self._add_pointing(content, self._writer.context)
        included = self._included()
        if included:
            content["included"] = included
        return content

    def item(self) -> Node:
        """Without the keys that say what refers to the thing: an item of a list does not know."""
        frame = self._frame()
        keys = self._writer.context.keys
        own = replace(frame, keys=tuple(each for each in frame.keys if each in keys and not keys[each].reverse))
        return self._whole(self._root, self._writer.context, own)

    def _frame(self) -> Frame:
        return self._writer.frame(self._graph.objects(self._root, TYPE)) or ANYTHING

    # --- nodes --------------------------------------------------------------------------------

    def _whole(self, subject: str, context: Context, frame: Frame | None) -> Node:
        """Everything that the graph says of the subject, the keys of the frame first."""
        self._told.add(subject)
        properties = self._graph.properties(subject)
        node = self._head(subject, context, properties.get(TYPE, ()))
        values: Node = {}
        for property_, terms in properties.items():
            if property_ != TYPE:
                self._add(values, property_, terms, context, subject)
        return node | (self._writer.absent(frame, context) if frame else {}) | values

    def _head(self, subject: str, context: Context, types: Iterable[Term]) -> Node:
        """`id` and `type`. A blank node is named only where more than one place must refer to it."""
        node: Node = {}
        if not subject.startswith("_:") or self._blanks[subject] != 1:
            node["id"] = subject
        names = [context.compact(each.value) for each in types]
        if names:
            node["type"] = names
        return node

    def _add(self, node: Node, property_: str, terms: tuple[Term, ...], context: Context, subject: str) -> None:
        """Puts the values of a property under the keys that can hold them."""
        if len(terms) == 1 and terms[0].value != self._root:
            self._add_one(node, property_, terms[0], context)
            return
        held: dict[str, tuple[Key, list[Term]]] = {}
        for term in terms:
            if term.value == self._root and term.kind == "iri" and self._is_told_backwards(subject, property_):
                continue
            key = self._writer.key(property_, term, context)
            held.setdefault(key.name, (key, []))[1].append(term)
        for key, group in held.values():
            if key.by_language:
                node[key.name] = _by_language(group, key.many)
            else:
                values = self._ordered(key, [self._value(key, term, context) for term in group], group)
                node[key.name] = values if key.many or len(values) > 1 else values[0]

    def _add_one(self, node: Node, property_: str, term: Term, context: Context) -> None:
        """The short way for most properties: one value, which is not the thing itself."""
        key = self._writer.key(property_, term, context)
        if key.by_language:
            node[key.name] = _by_language((term,), key.many)
        else:
            value = self._value(key, term, context)
            node[key.name] = [value] if key.many else value

    def _is_told_backwards(self, subject: str, property_: str) -> bool:
        """Whether what the subject says of the root stands at the root, under a key that reads it backwards."""
        told = subject != self._root and not subject.startswith("_:")
        return told and property_ in self._writer.context.backward

    def _ordered(self, key: Key, values: list[Any], terms: list[Term]) -> list[Any]:
        """A set has no order in RDF; here it has one, so that the same graph gives the same bytes."""
        if len(values) > 1 and key.type == "@vocab":
            return sorted(values, key=lambda day: _RANK.get(day, len(_RANK)))
        if len(values) > 1 and terms[0].kind == "blank":
            return sorted(values, key=lambda node: json.dumps(node, sort_keys=True))
        return values

    def _value(self, key: Key, term: Term, context: Context) -> Any:
        if term.kind == "literal":
            return _literal(key, term, context)
        if key.type == "@vocab":
            return context.compact(term.value)
        # No scope reaches further than the node it is for (`@propagate`).
        inner = context.scopes.get(key.name, self._writer.context)
        if term.value in self._told:
            return {"id": term.value}
        if term.kind == "blank" or (key.iri in OWNED and term.value in self._graph.subjects):
            return self._whole(term.value, inner, self._writer.frame(self._graph.objects(term.value, TYPE)))
        return self._reference(term.value, inner)

    def _reference(self, iri: str, context: Context) -> Node:
        properties = self._graph.properties(iri)
        if not properties or iri == self._root:
            return {"id": iri}
        self._named.add(iri)
        return self._writer.once(iri, properties, context, self._name).node

    def _name(self, iri: str, properties: Properties, context: Context) -> Node:
        node: Node = {"id": iri}
        for name in NAMES:
            if name in properties:
                texts = tuple(each for each in properties[name] if each.kind == "literal")
                self._add(node, name, texts, context, iri)
        return node

    # --- around the thing ---------------------------------------------------------------------

    def _add_pointing(self, node: Node, context: Context) -> None:
        """What refers to the thing in a way that has a key, and the document that describes it."""
        for property_, subject in self._graph.pointing_to(self._root):
            if not self._is_told_backwards(subject, property_):
                continue
            key = context.backward[property_]
            if key.many:
                told = node.get(key.name) or []
                node[key.name] = [*told, self._reference(subject, context.scopes.get(key.name, context))]
            else:
                types = self._graph.objects(subject, TYPE)
                node[key.name] = self._whole(subject, context, self._writer.frame(types))

    def _included(self) -> list[Node]:
        found = []
        for subject, properties in self._graph.subjects.items():
            if subject in self._told:
                continue
            named = self._writer.once(subject, properties, self._writer.context, self._name)
            if not named.complete:
                found.append({"id": subject} | self._whole(subject, self._writer.context, None))
            elif subject not in self._named:
                if subject.startswith("_:"):
                    # Whatever refers to it further down must not tell it again, as a node of its own.
                    self._told.add(subject)
                found.append(named.node)
        return found


# --- values -----------------------------------------------------------------------------------


def _is_names(properties: Mapping[str, tuple[Term, ...]]) -> bool:
    """Whether a reference by name says all there is."""
    return all(name in NAMES and all(each.kind == "literal" for each in terms) for name, terms in properties.items())


def _holds(key: Key, term: Term) -> bool:
    """Whether the key's definition gives back exactly this term when it is expanded (JSON-LD 1.1 API, 5.3.2)."""
    if term.kind != "literal":
        return not key.by_language and (key.type in {"", "@id"} or (key.type == "@vocab" and term.kind == "iri"))
    if key.by_language:
        return bool(term.language) or _is_string(term)
    return not key.type or (key.type == term.datatype and not term.language)


def _unnamed(property_: str, context: Context) -> Key:
    """A property without a key, or whose key cannot hold the value: its compact IRI and self-describing values."""
    short = next(
        (
            f"{prefix}:{property_[len(namespace) :]}"
            for prefix, namespace in context.prefixes.items()
            if property_.startswith(namespace) and not property_[len(namespace) :].startswith("//")
        ),
        property_,
    )
    return Key(short, property_, many=True)


def _is_string(term: Term) -> bool:
    return not term.language and term.datatype in {"", XSD_STRING}


def _by_language(terms: Iterable[Term], many: bool) -> dict[str, Any]:
    """Language → text, or texts; text in no language stands under `@none` (JSON-LD 1.1, 9.8)."""
    found: dict[str, list[str]] = {}
    for term in terms:
        found.setdefault(term.language or "@none", []).append(term.value)
    return {language: texts if many or len(texts) > 1 else texts[0] for language, texts in found.items()}


def _literal(key: Key, term: Term, context: Context) -> Any:
    if key.type:
        return term.value
    if _is_string(term):
        return term.value
    if term.language:
        return {"@language": term.language, "@value": term.value}
    native = _native(term)
    return native if native is not None else {"@type": context.compact(term.datatype), "@value": term.value}


def _native(term: Term) -> int | bool | None:
    """JSON's own numbers and booleans, where they come back as the same literal (JSON-LD 1.1 API, 8.6)."""
    if term.datatype == f"{XSD}boolean" and term.value in {"true", "false"}:
        return term.value == "true"
    if term.datatype == f"{XSD}integer" and len(term.value) < 17:
        number = int(term.value)
        return number if str(number) == term.value and abs(number) < _SAFE else None
    return None
