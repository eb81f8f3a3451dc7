"""Parts → store and dumps. Observations go in bounded pieces: memory does not grow with them."""

import gzip
import io
from collections import deque
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from loaders.background import giving_way
from loaders.release import Draft

PIECE = 16 * 2**20  # the store sorts the terms of a piece in memory: much larger ones do not fit the processor's caches
AT_ONCE = 2  # pieces being loaded at the same time: each takes some seven times its size of memory
_COUNT = "SELECT (COUNT(*) AS ?count) { ?s ?p ?o }"
DUMP_LEVEL = 3  # N-Triples repeat themselves: level 6 takes three times as long to save a sixth of the size


def fill(
    draft: Draft,
    parts: Iterable[tuple[Path, str | None]],
    observations: Mapping[str, Iterable[bytes]],
    dumped: Collection[str],
) -> Generator[int, None, None]:
    """Loads parts of the draft into its store; the number of triples of each piece when it is loaded.

    `parts` are files and the graphs that they go to, `observations` what a cube adds to the part of its name. Parts in
    `dumped` are kept in `dumps/` too.
    """
    store = _opened(draft.path / "store")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        loading: deque[Future[int]] = deque()
        for piece, graph in _pieces(draft, parts, observations, dumped):
            if len(loading) == AT_ONCE:
                yield loading.popleft().result()
            loading.append(pool.submit(_load, store, piece, graph))
        for each in loading:
            yield each.result()
    store.flush()


def optimize(draft: Draft) -> None:
    """Sorts the filled store as a whole: reading it is several times faster then."""
    store = _opened(draft.path / "store")
    store.optimize()
    store.flush()


def count(directory: Path) -> tuple[int, int]:
    """The triples of the default graph and all quads of the store."""
    store = ox.Store.read_only(str(directory))
    quads = len(store)
    return quads - sum(_size(store, graph) for graph in store.named_graphs()), quads


def _size(store: ox.Store, graph: ox.NamedNode | ox.BlankNode) -> int:
    [solution] = store.query(_COUNT, default_graph=graph)  # type: ignore[misc]
    return int(solution["count"].value)


def dump_name(part: str) -> str:
    """The path of a part's dump inside the release."""
    return f"dumps/{part}.nt.gz"


def _opened(directory: Path) -> ox.Store:
    """A store that sorts in the background only as far as loading leaves time: the next pieces have it sort anew."""
    return giving_way(ox.Store, directory)


def _load(store: ox.Store, piece: bytes, graph: str | None) -> int:
    to_graph = None if graph is None else ox.NamedNode(graph)
    # lenient: the IRIs were checked when they were made into terms
    store.bulk_load(input=piece, format=ox.RdfFormat.N_TRIPLES, to_graph=to_graph, lenient=True)
    return piece.count(b"\n")


def _pieces(
    draft: Draft,
    parts: Iterable[tuple[Path, str | None]],
    observations: Mapping[str, Iterable[bytes]],
    dumped: Collection[str],
) -> Iterator[tuple[bytes, str | None]]:
    """Each piece with the graph it goes to. A part's file is one: a blank node has its name within one piece only."""
    for path, graph in parts:
        with _dump(draft, path.stem, wanted=path.stem in dumped) as dump:
            for piece in chain([path.read_bytes()], _joined(observations.get(path.stem, ()))):
                if dump is not None:
                    dump.write(piece)
                yield piece, graph


def _joined(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks joined to pieces of about the same size."""
    waiting = io.BytesIO()
    for block in blocks:
        waiting.write(block)
        if waiting.tell() >= PIECE:
            yield waiting.getvalue()
            waiting = io.BytesIO()
    if waiting.tell():
        yield waiting.getvalue()


@contextmanager
def _dump(draft: Draft, part: str, *, wanted: bool) -> Iterator[gzip.GzipFile | None]:
    """The compressed dump, the same bytes for the same triples; None if nobody wants it."""
    if not wanted:
        yield None
        return
    target = draft.path / dump_name(part)
    target.parent.mkdir(exist_ok=True)
    with target.open("wb") as raw, _packed(raw) as packed:
        yield packed


def _packed(raw: BinaryIO) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=DUMP_LEVEL)
