"""Any RDF files → a release, as they are: no tables, no rules."""

import gzip
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from loaders import exclusive, recognise, release, sitemap, store
from loaders.errors import Problem, Refused, Text, WrongCall
from loaders.progress import Progress
from loaders.rdf import absolute
from loaders.terms import prefixes


def publish(files: Sequence[Path], releases: Path, base: str, keep: int, progress: Progress) -> Path:
    """Publishes the files as a release; its path.

    What is in the default graph of a file goes to the default graph, what is in a named graph to that graph. Relative
    IRIs get the base. Raises WrongCall for a file that is missing or in no syntax known here, Refused for a fault in
    the syntax of one.
    """
    formats = [_format(path) for path in files]
    with release.draft(releases, base) as draft:
        into = ox.Store(draft.path / "store")
        for path, format_ in progress.each(zip(files, formats, strict=True), len(files), "Loading", " files"):
            _load(into, path, format_, base)
        into.optimize()
        into.flush()
        del into
        about = _about(draft, files, base, progress)
        sitemap.write(draft, about["cubes"])
        draft.complete(about)
        path = draft.publish()
        for removed in release.prune(releases, keep):
            progress.say(f"removed old release {removed}")
    return path


def _format(path: Path) -> ox.RdfFormat:
    """By the extension, `.gz` left aside."""
    if not path.is_file():
        raise WrongCall(f"{path} というファイルがありません。", f"There is no file {path}.")
    extension = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    found = ox.RdfFormat.from_extension(extension.removeprefix("."))
    if found is None:
        raise WrongCall(
            f"{path.name} の形式が分かりません。拡張子は .ttl .nt .nq .trig .rdf .jsonld .n3 のいずれか"
            "（圧縮する場合は .gz を付ける）にしてください。",
            f"The format of {path.name} is not known. Its extension must be one of .ttl .nt .nq .trig .rdf .jsonld "
            ".n3, with .gz after it if it is compressed.",
        )
    return found


def _load(into: ox.Store, path: Path, format_: ox.RdfFormat, base: str) -> None:
    try:
        with _opened(path) as file:
            into.bulk_load(input=file, format=format_, base_iri=base)
    except SyntaxError as error:
        expected = Text(f"正しい {format_.name}", f"well-formed {format_.name}")
        raise Refused([Problem(path.name, expected, str(error.msg), error.lineno)]) from error
    except (EOFError, gzip.BadGzipFile) as error:
        expected = Text("完全なgzipファイル", "a whole gzip file")
        raise Refused([Problem(path.name, expected, str(error))]) from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if path.suffix == ".gz":
        with gzip.open(path) as packed:
            yield cast("IO[bytes]", packed)
    else:
        with path.open("rb") as plain:
            yield plain


def _about(draft: release.Draft, files: Sequence[Path], base: str, progress: Progress) -> dict[str, Any]:
    cubes, left = recognise.cubes(draft.path, draft.work / "recognised")
    for line in left:
        progress.say(f"no columns for {line}")
    triples, quads = store.count(draft.path / "store")
    return {
        "fingerprint": _fingerprint(files, base),
        "triples": triples,
        "quads": quads,
        "prefixes": {prefix: absolute(iri, base) for prefix, iri in prefixes().items()},
        "datasets": [],
        "cubes": exclusive.marked(draft.path, cubes),
    }


def _fingerprint(files: Sequence[Path], base: str) -> str:
    digest = hashlib.sha256(base.encode())
    for path in files:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
