"""The JSON-LD context: `ontology/context.jsonld` and the release's base → the document served, the words to write in.

The file writes our own namespace as an absolute path, like the Turtle files beside it. A version of the context never
changes; a new key makes a new version, and the old one stays where it was.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.http.links import Link
from service.uris import UrlSpace

VERSION = "1.2.0"
EARLIER = ("1.0.0", "1.1.0")
CURRENT, IMMUTABLE = "/context/core.jsonld", f"/context/core-{VERSION}.jsonld"
FOLDER = Path(__file__).parents[2] / "ontology"
FILE = FOLDER / "context.jsonld"

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
GEN_DELIMITERS = ":/?#[]@"


@dataclass(frozen=True)
class Key:
    """A key of our JSON and the property it stands for.

    `type` is empty, `@id`, `@vocab` or the IRI of a datatype; `by_language` makes the value a map from language to
    text; `many` makes it an array; `reverse` turns subject and object around.
    """

    name: str
    iri: str
    type: str = ""
    by_language: bool = False
    many: bool = False
    reverse: bool = False

    @property
    def absent(self) -> object:
        """What stands under the key when there is nothing to say."""
        if self.by_language:
            return {}
        return [] if self.many else None


@dataclass(frozen=True, eq=False)
class Context:
    """Keys by name, and by the IRI they stand for; namespaces by prefix.

    `scopes` are the contexts that hold inside the values of a key, where they differ. None reaches further than one
    node (`@propagate` is false in each), so all lie side by side.
    """

    keys: Mapping[str, Key]
    prefixes: Mapping[str, str]
    scopes: Mapping[str, "Context"] = field(repr=False)
    forward: Mapping[str, tuple[Key, ...]] = field(init=False)
    backward: Mapping[str, Key] = field(init=False)
    names: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        forward: dict[str, tuple[Key, ...]] = {}
        for key in self.keys.values():
            if not key.reverse:
                forward[key.iri] = (*forward.get(key.iri, ()), key)
        plain = {key.iri: key.name for key in self.keys.values() if not (key.type or key.by_language or key.reverse)}
        object.__setattr__(self, "forward", forward)
        object.__setattr__(self, "backward", {key.iri: key for key in self.keys.values() if key.reverse})
        object.__setattr__(self, "names", plain)

    def compact(self, iri: str) -> str:
        """The IRI as a term of the vocabulary: a key, a compact IRI, or as it is (JSON-LD 1.1 API, 6.2)."""
        name = self.names.get(iri)
        if name:
            return name
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace):
                short = f"{prefix}:{iri[len(namespace) :]}"
                return iri if short in self.keys or iri[len(namespace) :].startswith("//") else short
        return iri


def text(urls: UrlSpace, file: Path = FILE) -> bytes:
    """The context as it is served."""
    return json.dumps(_document(urls, file), ensure_ascii=False, indent=2).encode() + b"\n"


def earlier() -> Mapping[str, Path]:
    """The addresses of the versions before this one, and their files."""
    return {f"/context/core-{each}.jsonld": FOLDER / f"context-{each}.jsonld" for each in EARLIER}


def link(urls: UrlSpace) -> Link:
    """What makes JSON-LD of an answer in plain JSON (JSON-LD 1.1, 6.1)."""
    return Link(urls.url(IMMUTABLE), "http://www.w3.org/ns/json-ld#context", "application/ld+json")


def read_context(urls: UrlSpace) -> Context:
    """The words in which JSON for this release is written."""
    terms = _document(urls)["@context"]
    prefixes = {name: value for name, value in terms.items() if isinstance(value, str) and value[-1] in GEN_DELIMITERS}
    scopes: dict[str, Context] = {}
    outer = Context(_keys(terms, prefixes), prefixes, scopes)
    _add_scopes(terms, outer, scopes)
    return outer


def _add_scopes(terms: Mapping[str, Any], outer: Context, scopes: dict[str, Context]) -> None:
    for name, value in terms.items():
        inner = value.get("@context") if isinstance(value, dict) else None
        if inner:
            keys = {**outer.keys, **_keys(inner, outer.prefixes)}
            scopes[name] = Context(keys, outer.prefixes, scopes)
            _add_scopes(inner, outer, scopes)


def _document(urls: UrlSpace, file: Path = FILE) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    terms = content["@context"]
    content["@context"] = {name: _absolute(value, urls) for name, value in terms.items()}
    return content


def _absolute(value: Any, urls: UrlSpace) -> Any:
    return urls.iri(value) if isinstance(value, str) and value.startswith("/") else value


def _keys(terms: Mapping[str, Any], prefixes: Mapping[str, str]) -> dict[str, Key]:
    return {
        name: _key(name, value, prefixes)
        for name, value in terms.items()
        if name not in prefixes and not _is_keyword(value)
    }


def _is_keyword(value: Any) -> bool:
    """Aliases of keywords (`id` for `@id`) and the version of JSON-LD are no keys."""
    return not isinstance(value, str | dict) or (isinstance(value, str) and value.startswith("@"))


def _key(name: str, value: Any, prefixes: Mapping[str, str]) -> Key:
    if isinstance(value, str):
        return Key(name, _expanded(value, prefixes))
    containers = value.get("@container", ())
    containers = (containers,) if isinstance(containers, str) else containers
    type_ = value.get("@type", "")
    return Key(
        name,
        _expanded(value.get("@id") or value["@reverse"], prefixes),
        type_ if type_.startswith("@") else _expanded(type_, prefixes),
        by_language="@language" in containers,
        many="@set" in containers,
        reverse="@reverse" in value,
    )


def _expanded(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + local if prefix in prefixes else name
