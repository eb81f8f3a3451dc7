"""A request → the query that it asks (SPARQL 1.1 Protocol, 2.1), each part decoded exactly once."""

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.types import Receive

from service.errors import (
    BadRequestError,
    ForbiddenError,
    TooLargeError,
    TooLongError,
    UnsupportedMediaTypeError,
)

QUERY_TYPE, FORM_TYPE, UPDATE_TYPE = (
    "application/sparql-query",
    "application/x-www-form-urlencoded",
    "application/sparql-update",
)
BODY_TYPES = (QUERY_TYPE, FORM_TYPE)
# Versions of the language that a client may say its query is in (SPARQL 1.2 Protocol).
VERSIONS = ("1.0", "1.1", "1.2-basic", "1.2")
_MANY_GRAPHS = ("default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri")
_MAX_FIELDS = 1_000
_MEMBERS = 16
_NUMBER = re.compile(r"(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})(?:[eE][+-]?\d{1,2})?", re.ASCII)


@dataclass(frozen=True)
class Request:
    """A query and how it is to be answered. Graphs are None where the request names none. Of `formats`, which override
    Accept, the first that we know counts: SPARQLWrapper sends several names of one.
    """

    query: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    formats: tuple[str, ...] = ()
    timeout: float | None = None
    explain: bool = False


class Parameters:
    """The fields of a query string or a form, in order; BadRequestError if they are not UTF-8."""

    def __init__(self, *encoded: bytes) -> None:
        self._fields = [field for part in encoded for field in _fields(part)]

    def __len__(self) -> int:
        return len(self._fields)

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self._fields if key == name)

    def one(self, name: str) -> str | None:
        """The value of a field that may be there once."""
        values = self.all(name)
        if len(values) > 1:
            raise BadRequestError(
                f"one parameter “{name}” expected, {len(values)} found",
                f"パラメーター「{name}」は1つだけ指定してください（{len(values)}個ありました）",
                parameter=name,
            )
        return values[0] if values else None


def _fields(encoded: bytes) -> Iterable[tuple[str, str]]:
    parts = [part for part in encoded.split(b"&", _MAX_FIELDS) if part]
    if len(parts) > _MAX_FIELDS:
        raise BadRequestError(f"at most {_MAX_FIELDS} parameters expected", f"パラメーターは{_MAX_FIELDS}個までです")
    for part in parts:
        name, _, value = part.partition(b"=")
        yield _decoded(name), _decoded(value)


def _decoded(encoded: bytes) -> str:
    return _utf8(unquote_to_bytes(encoded.replace(b"+", b" ")))


def _utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequestError(
            f"UTF-8 expected; the bytes at {error.start} are not",
            f"UTF-8ではありません（{error.start}バイト目）",
        ) from error


def read_url(parameters: Parameters, limit: int) -> Request:
    """The query of a GET request."""
    return _checked(parameters, limit, TooLongError)


def read_body(query_string: bytes, content_type: str, content: bytes, limit: int) -> Request:
    """The query of a POST or QUERY request: the body itself, or a field of a form."""
    media_type, parameters = media(content_type)
    if media_type == UPDATE_TYPE:
        raise _read_only()
    if media_type not in BODY_TYPES or parameters.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaTypeError(
            f"{QUERY_TYPE} or {FORM_TYPE} in UTF-8 expected, {content_type[:200]!r} found",
            f"本文は{QUERY_TYPE}か{FORM_TYPE}（UTF-8）で送ってください",
            {"Accept-Post": ", ".join(BODY_TYPES), "Accept-Query": ", ".join(BODY_TYPES)},
            available=list(BODY_TYPES),
        )
    _check_version(parameters.get("version"))
    if media_type == FORM_TYPE:
        return _checked(Parameters(query_string, content), limit, TooLargeError)
    url = Parameters(query_string)
    if url.all("query") or url.all("update"):
        raise BadRequestError(
            "one query expected, found one in the body and another in the URL",
            "問合せは本文かURLのどちらか一方で送ってください",
        )
    return _asked(_utf8(content), url, limit, TooLargeError)


def media(content_type: str) -> tuple[str, Mapping[str, str]]:
    """A media type and its parameters.

    >>> media('Application/SPARQL-query; Charset="utf-8"')
    ('application/sparql-query', {'charset': 'utf-8'})
    """
    name, *rest = content_type.split(";")
    pairs = (each.partition("=") for each in rest)
    return name.strip().lower(), {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}


def _checked(parameters: Parameters, limit: int, too_big: type[Any]) -> Request:
    updates, queries = parameters.all("update"), parameters.all("query")
    if updates and not queries:
        raise _read_only()
    if updates or len(queries) != 1:
        raise BadRequestError(
            f"exactly one parameter “query” expected, found {len(queries)}" + (" and “update”" if updates else ""),
            "パラメーター「query」をちょうど1つ指定してください（updateとは併用できません）",
            parameter="query",
        )
    return _asked(queries[0], parameters, limit, too_big)


def _asked(query: str, parameters: Parameters, limit: int, too_big: type[Any]) -> Request:
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > limit:
        raise too_big(
            f"a query of at most {limit:,} bytes expected, {size:,} found",
            f"問合せは{limit:,}バイトまでです（{size:,}バイトでした）",
            limit="query_bytes",
            value=limit,
        )
    if any(parameters.all(name) for name in _MANY_GRAPHS[2:]):
        raise BadRequestError(
            "using-graph-uri and using-named-graph-uri belong to updates; use default-graph-uri and named-graph-uri",
            "using-graph-uri等は更新用です。default-graph-uriかnamed-graph-uriを使ってください",
        )
    _check_version(parameters.one("version"))
    default, named = (parameters.all(name) for name in _MANY_GRAPHS[:2])
    return Request(
        query=query,
        default_graphs=default if default or named else None,
        named_graphs=named if default or named else None,
        formats=parameters.all("format") + parameters.all("output"),
        timeout=seconds(parameters.one("timeout")),
        explain=parameters.one("explain") in {"1", "true"},
    )


def _check_version(version: str | None) -> None:
    if version is not None and version not in VERSIONS:
        raise BadRequestError(
            f"SPARQL version {', '.join(VERSIONS)} expected, {version[:20]!r} found",
            f"SPARQLの版は{'、'.join(VERSIONS)}のいずれかです",
            available=list(VERSIONS),
        )


def seconds(text: str | None) -> float | None:
    if not text:
        return None
    seconds = float(text) if _NUMBER.fullmatch(text) else 0.0
    if seconds <= 0:
        raise BadRequestError(
            f"timeout: a number of seconds above 0 expected, {text[:20]!r} found",
            "timeoutには0より大きい秒数を指定してください",
            parameter="timeout",
        )
    return seconds


def _read_only() -> ForbiddenError:
    return ForbiddenError(
        "SPARQL Update is refused: the data are read-only. Queries go in “query” or as application/sparql-query.",
        "SPARQL Updateは受け付けません。データは読み取り専用です。",
        limit="read-only",
    )


async def read_content(receive: Receive, coding: str, limit: int) -> bytes:
    """The body of a request, at most `limit` bytes of it before and after decompression."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the client left while it sent its request")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        _check_size(size, limit)
        more = message.get("more_body", False)
    return _decompressed(b"".join(parts), coding.strip().lower(), limit)


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise TooLargeError(
            f"a body of at most {limit:,} bytes expected",
            f"本文は{limit:,}バイトまでです",
            limit="body",
            value=limit,
        )


def _decompressed(content: bytes, coding: str, limit: int) -> bytes:
    windows = {"gzip": 31, "x-gzip": 31, "deflate": 15}
    if coding in {"", "identity"}:
        return content
    if coding not in windows:
        raise UnsupportedMediaTypeError(
            f"a body in gzip, deflate or no coding expected, {coding[:40]!r} found",
            "本文の圧縮はgzipかdeflateだけです",
            {"Accept-Encoding": "gzip, deflate"},
        )
    found = b""
    # A gzip file may have several members (RFC 1952, 2.2); nothing else may come after the first.
    for _ in range(_MEMBERS):
        stream = zlib.decompressobj(windows[coding])
        try:
            found += stream.decompress(content, limit + 1 - len(found))
        except zlib.error as error:
            raise BadRequestError(
                f"a body in {coding} expected: {error}", f"本文が{coding}形式ではありません"
            ) from error
        _check_size(len(found), limit)
        if not stream.eof:
            raise BadRequestError(f"the {coding} body ends too early", f"{coding}形式の本文が途中で終わっています")
        content = stream.unused_data
        if not content:
            return found
    raise BadRequestError(
        f"a {coding} body of at most {_MEMBERS} members expected",
        f"{coding}形式の本文は{_MEMBERS}個までの部分で送ってください",
    )
