"""Content codings (RFC 9110, 8.4.1): which one a client gets, and how bytes are put into it."""

import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

IDENTITY = ""
# Smaller bodies travel in one packet either way.
SMALLEST = 1_000


class Compressor(Protocol):
    """Bytes go in, fewer come out, the last of them from flush."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class _Brotli:
    def __init__(self) -> None:
        import brotli  # type: ignore[import-untyped]

        self._compressor = brotli.Compressor(quality=4)

    def compress(self, data: bytes, /) -> bytes:
        return bytes(self._compressor.process(data))

    def flush(self) -> bytes:
        return bytes(self._compressor.finish())


def _zstandard() -> Compressor:
    import zstandard

    return zstandard.ZstdCompressor(level=3).compressobj()


def _gzip() -> Compressor:
    return zlib.compressobj(5, wbits=31)


# The first that a client likes best is taken.
CODINGS: Mapping[str, Callable[[], Compressor]] = MappingProxyType({"br": _Brotli, "zstd": _zstandard, "gzip": _gzip})

_ALSO_CALLED = MappingProxyType({"x-gzip": "gzip"})


def chosen(accept: str | None) -> str:
    """The content coding for an Accept-Encoding header (RFC 9110, 12.5.3).

    >>> chosen("gzip, br;q=0.5"), chosen("*;q=0"), chosen("*"), chosen("br;q=1;x=y"), chosen("x-gzip"), chosen(None)
    ('gzip', '', 'br', 'br', 'gzip', '')
    """
    if not accept:
        return IDENTITY
    weights = dict(map(_weighed, accept.lower().split(",")))
    others = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda name: weights.get(name, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else IDENTITY


def _weighed(part: str) -> tuple[str, float]:
    name, *parameters = (each.strip() for each in part.split(";"))
    weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return _ALSO_CALLED.get(name, name), float(weight)
    except ValueError:
        return name, 0.0
