"""A request as documents and pages read it: what was asked for, in which language, which page of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from starlette.types import Scope

from service import texts
from service.errors import BadRequestError, TooLongError
from service.http.known import AsAsked, as_asked
from service.uris import BadPathError, LongPathError, canonical

PREFERENCES = frozenset({b"accept", b"accept-language", b"accept-profile"})
CONDITIONS = frozenset({b"if-none-match", b"if-modified-since"})
MAX_PAGE = 999_999_999
# Up to that, each page in one spelling.
_PAGE = re.compile("[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Asked:
    """A request, as far as documents care. `query` is as it came, `headers` by lower-case name, `as_asked` all that
    its answer depends on but for conditions, in the words of the client."""

    path: str
    query: str
    headers: Mapping[str, str]
    as_asked: AsAsked

    @property
    def parameters(self) -> Mapping[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True, errors="replace")) if self.query else {}


def asked(scope: Scope) -> Asked:
    """The request in an ASGI scope; ServiceError if its path cannot name anything."""
    raw, query = scope["raw_path"], scope["query_string"]
    read = PREFERENCES | CONDITIONS
    headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in read}
    target = raw + b"?" + query if query else raw
    words = as_asked(target, scope["headers"], PREFERENCES)
    return Asked(canonical_path(raw), query.decode("latin-1"), headers, words)


def canonical_path(raw: bytes) -> str:
    try:
        return canonical(raw)
    except LongPathError as error:
        raise TooLongError(error.en, error.ja) from error
    except BadPathError as error:
        raise BadRequestError(error.en, error.ja) from error


def page_of(request: Asked) -> int:
    """The number in ?page=."""
    given = request.parameters.get("page", "1")
    if not _PAGE.fullmatch(given):
        raise BadRequestError(
            f"page: a number from 1 to {MAX_PAGE} expected, {given[:40]!r} found.",
            f"page には1から{MAX_PAGE}までの数を指定してください（{given[:40]!r} でした）。",
            parameter="page",
        )
    return int(given)


def language_of(request: Asked) -> str:
    """The language of ?lang=, else the one that Accept-Language prefers."""
    given = request.parameters.get("lang")
    if given is None:
        return texts.preferred(request.headers.get("accept-language"))
    if given not in texts.LANGUAGES:
        raise BadRequestError(
            f"lang: one of {', '.join(texts.LANGUAGES)} expected, {given[:40]!r} found.",
            f"lang には {'、'.join(texts.LANGUAGES)} のどれかを指定してください（{given[:40]!r} でした）。",
            parameter="lang",
            allowed=texts.LANGUAGES,
        )
    return given


def kept(query: str) -> str:
    """The query of a request, for the address that it is led to: ASCII, and nothing that ends a header."""
    return "?" + quote(query, safe="/%!$&'()*+,;=:@~?[]") if query else ""
