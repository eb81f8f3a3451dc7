"""The URL space: what names a thing, what describes it, and how one is made from the other.

    /id/area/141178      a thing              ↔  /doc/area/141178        its page
    /code/age/total      a code               ↔  /doc/code/age/total     its page
    /graph/meta          a graph              ↔  /doc/graph/meta         its page
    /query/indicator-3-3 a stored query       ↔  /doc/query/indicator-3-3
                                              ↔  /data/area/141178       its data in any format
                                              ↔  /data/area/141178.ttl   its data as Turtle
    /def/core#codeCollection                  ↔  /def/core, /def/core.ttl
    /shapes/area#AreaShape                    ↔  /shapes/area, /shapes/area.ttl

Identifiers are IRIs, in Unicode; URLs in headers, links and redirects are ASCII. In between stands
the canonical path: percent-decoded once, NFC, with an escape left only where the character itself
could not stand in a path.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

MAX_PATH = 2_048
DOCUMENT, DATA = "/doc/", "/data/"
ID = "/id/"
# Kinds of things whose own first segment stays in the address of their document.
NAMED_KINDS = ("code", "graph", "query")
# Kinds whose own addresses a route answers (service/routes/queries.py): a stored query also runs there.
ROUTED_KINDS = ("query",)
# Kinds whose document is the address itself, since their things are fragments of it.
VOCABULARIES = ("def", "shapes")

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})?")
# What stays an escape: decoded, it would end the path, start another escape or be no part of any
# IRI (RFC 3987, 2.2).
_STAYS = frozenset(b'/?#%[] "<>\\^`{|}')
_ESCAPED = re.compile(r'[?#\[\] "<>\\^`{|}]')
# Controls, bidirectional marks and overrides (RFC 3987, 4.1), invisible characters, noncharacters,
# private use.
_REFUSED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufdd0-\ufdef"
    "\ufeff\ufff0-\uffff\U000e0000-\U0010ffff]"
)
_MODULE = re.compile(r"/(?:def|shapes)/[a-z][a-z0-9-]*")


class BadPathError(ValueError):
    """The path names nothing that could exist; `en` and `ja` say what is wrong with it."""

    def __init__(self, en: str, ja: str) -> None:
        super().__init__(en)
        self.en = en
        self.ja = ja


class LongPathError(BadPathError):
    """The path is longer than any identifier of ours."""


def canonical(raw: bytes | str) -> str:
    """The canonical path of a request path or of an IRI's path, whichever way it was written.

    >>> canonical("/id/place/%E6%A8%AA%e6%b5%9c") == canonical("/id/place/横浜")
    True
    """
    if isinstance(raw, str):
        raw = raw.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_PATH:
        raise LongPathError(
            f"a path of at most {MAX_PATH} bytes expected, {len(raw)} found",
            f"パスは{MAX_PATH}バイトまでです（{len(raw)}バイトでした）",
        )
    text = unicodedata.normalize("NFC", _decoded(raw))
    if found := _REFUSED.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise BadPathError(f"the character {code} cannot stand in a path", f"{code} はパスに使えない文字です")
    if {".", ".."} & set(text.split("/")):
        raise BadPathError("“.” and “..” cannot be segments of a path", "「.」「..」はパスの区切りに使えません")
    return text


def _decoded(raw: bytes) -> str:
    """Decodes escapes strictly as UTF-8: no overlong forms, no surrogates."""
    try:
        text = _ESCAPE.sub(_unescaped, raw).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadPathError(
            f"percent-encoded UTF-8 expected; the bytes at {error.start} are not",
            f"パーセント符号化されたUTF-8ではありません（{error.start}バイト目）",
        ) from error
    return _ESCAPED.sub(lambda match: quote(match[0], safe=""), text)


def _unescaped(match: re.Match[bytes]) -> bytes:
    if not match[1]:
        raise BadPathError("two hexadecimal digits expected after “%”", "「%」の後に16進数2桁が必要です")
    byte = bytes.fromhex(match[1].decode("ascii"))
    return match[0].upper() if byte[0] in _STAYS else byte


@dataclass(frozen=True)
class UrlSpace:
    """The addresses under one base IRI, which ends in a slash."""

    base_iri: str

    @property
    def _root(self) -> str:
        return self.base_iri[:-1]

    # --- identifiers ↔ paths -----------------------------------------------------------------

    def iri(self, path: str) -> str:
        """The IRI whose canonical path this is."""
        return self._root + path

    def path(self, iri: str) -> str | None:
        """The path of an IRI of ours without its fragment; None for anyone else's."""
        if not iri.startswith(self.base_iri):
            return None
        return iri[len(self._root) :].partition("#")[0]

    def canonical_iri(self, iri: str) -> str:
        """The spelling that the data use for an IRI of ours; anyone else's IRI stays as it is."""
        path = self.path(iri)
        if path is None or "?" in path:
            return iri
        fragment = iri.partition("#")[1:]
        return self.iri(canonical(path)) + "".join(fragment)

    # --- things ↔ documents ------------------------------------------------------------------

    def page(self, thing: str) -> str:
        """The page about a thing; a vocabulary is its own page."""
        return _described(thing, DOCUMENT)

    def data(self, thing: str, extension: str = "") -> str:
        """The data about a thing, in the format that the extension names or in any."""
        return _described(thing, DATA) + (f".{extension}" if extension else "")

    def thing(self, document: str) -> str | None:
        """The thing that a page, or data without extension, is about: undoes `page` and `data`."""
        for start in (DOCUMENT, DATA):
            if document.startswith(start):
                return _thing(document.removeprefix(start))
        return document if _MODULE.fullmatch(document) else None

    def is_thing(self, path: str) -> bool:
        """Whether the path is one that things are named with."""
        kind, _, rest = path[1:].partition("/")
        if kind == "id":
            return bool(rest) and rest.split("/")[0] not in NAMED_KINDS
        return kind in NAMED_KINDS and bool(rest)

    # --- URLs to send ------------------------------------------------------------------------

    def url(self, path: str) -> str:
        """The absolute URL of a path, in ASCII. The request's Host plays no part in it."""
        return self._root + ascii_path(path)

    def href(self, path: str) -> str:
        """The URL of a path without scheme and host, which works on whatever host serves it."""
        return urlsplit(self.base_iri).path[:-1] + ascii_path(path)

    def absolute(self, href: str) -> str:
        """A URL that `href` or `link` gave, with scheme and host."""
        parts = urlsplit(self.base_iri)
        return f"{parts.scheme}://{parts.netloc}{href}" if href.startswith("/") else href

    def link(self, iri: str) -> str | None:
        """Where following a link to this IRI should lead; None if a browser cannot follow it."""
        path = self.path(iri)
        if path is None:
            return ascii_url(iri) if iri.startswith(("http://", "https://")) else None
        fragment = iri.partition("#")[2]
        target = self.page(path) if self.is_thing(path) else path
        return self.href(target) + (f"#{ascii_path(fragment)}" if fragment else "")


def _described(thing: str, where: str) -> str:
    if thing.startswith(ID):
        return where + thing.removeprefix(ID)
    if thing[1:].partition("/")[0] in NAMED_KINDS:
        return where + thing[1:]
    return thing


def _thing(rest: str) -> str | None:
    if not rest:
        return None
    kind, _, key = rest.partition("/")
    if kind in NAMED_KINDS:
        return f"/{rest}" if key else None
    return ID + rest


def split_extension(path: str, extensions: Iterable[str]) -> tuple[str, str]:
    """The path and the extension that names a format; a dot that does not is part of the name.

    >>> split_extension("/data/source/areas/N03.geojson.ttl", ["ttl", "nt"])
    ('/data/source/areas/N03.geojson', 'ttl')
    >>> split_extension("/data/source/areas/N03.geojson", ["ttl", "nt"])
    ('/data/source/areas/N03.geojson', '')
    """
    stem, dot, extension = path.rpartition(".")
    return (stem, extension) if dot and extension in set(extensions) else (path, "")


@lru_cache(maxsize=4_096)
def ascii_path(path: str) -> str:
    """A canonical path with everything outside ASCII percent-encoded; its own escapes stay."""
    return quote(path, safe="/%!$&'()*+,;=:@~?")


@lru_cache(maxsize=4_096)
def ascii_url(iri: str) -> str:
    """Anyone's IRI as an ASCII URL (RFC 3987, 3.1), with nothing that ends a `<…>` in a header."""
    return quote(iri, safe="/%!$&'()*+,;=:@~?#[]")
