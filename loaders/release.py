"""The release: an immutable directory that a build writes whole and then makes current by one rename.

releases/.lock               held while a build writes
releases/.building-<id>/     a build that has not passed yet, or one that was killed: swept by the next build
releases/<id>/               release.json, store/, dumps/, cubes/, lists.sqlite, documents.sqlite, sitemap.tsv,
                             report.ttl, gate.json
releases/current             symbolic link to one of them
"""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loaders import __version__
from loaders.errors import Busy, CannotWrite, WrongCall

FORMAT = 1
CURRENT, LOCK, BUILDING = "current", ".lock", ".building-"


@dataclass
class Draft:
    """A release in the making. Everything lies under `path` until `publish` renames it."""

    releases: Path
    id: str
    base: str
    path: Path
    graphs: list[tuple[Path, str | None]] = field(default_factory=list)

    def write(self, name: str, lines: Iterable[str], graph: str | None = None) -> int:
        """Writes N-Triples to `parts/<name>.nt`, to be loaded into the graph (None: the default graph); their number.

        Each of `lines` is one line or many, with the newline at the end.
        """
        path = self.part(name)
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            count = 0
            for line in lines:
                file.write(line)
                count += line.count("\n")
        self.graphs.append((path, graph))
        return count

    def drop(self, name: str, subjects: set[str]) -> None:
        """Removes the triples of these subjects (in N-Triples form) from a part."""
        if not subjects:
            return
        path = self.part(name)
        with path.open(encoding="utf-8") as file:
            kept = [line for line in file if line.split(" ", 1)[0] not in subjects]
        path.write_text("".join(kept), encoding="utf-8")

    @property
    def work(self) -> Path:
        """Holds what is not published."""
        return self.path / "parts"

    def part(self, name: str) -> Path:
        return self.work / f"{name}.nt"

    def complete(self, about: dict[str, Any]) -> None:
        """Writes release.json. From now on the draft can be read as what it will be."""
        head = {
            "format": FORMAT,
            "id": self.id,
            "base_iri": self.base,
            "created": moment(self.id).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "loader_version": __version__,
        }
        text = json.dumps({**head, **about}, ensure_ascii=False, indent=2)
        (self.path / "release.json").write_text(text + "\n", encoding="utf-8")

    def publish(self) -> Path:
        """Moves the directory into place and makes it current."""
        shutil.rmtree(self.work, ignore_errors=True)
        _flush(self.path)
        target = self.releases / self.id
        self.path.rename(target)
        make_current(self.releases, self.id)
        return target


def _flush(directory: Path) -> None:
    """What the rename makes visible must be on the disk first, or a power cut could publish an empty file."""
    for path in (*(each for each in directory.rglob("*") if each.is_file()), directory):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def draft(releases: Path, base: str) -> Iterator[Draft]:
    """A draft under the lock. Whatever goes wrong inside, the current release stays and the draft is removed."""
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with _locked(releases):
            _sweep(releases)
            id_ = _new_id(releases)
            path = releases / f"{BUILDING}{id_}"
            path.mkdir()
            try:
                yield Draft(releases, id_, base, path)
            finally:
                shutil.rmtree(path, ignore_errors=True)
    except Exception as error:
        if _no_room(error):
            raise CannotWrite(
                f"{releases} に書き込めません（{error}）。現在の公開版はそのままです。",
                f"Cannot write to {releases} ({error}). The current release is unchanged.",
            ) from error
        raise


def _no_room(error: Exception) -> bool:
    """Whether the disk or its rights are at fault. The store and DuckDB say so in words only."""
    full = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
    denied = {errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST}
    if isinstance(error, OSError) and error.errno in full | denied:
        return True
    return any(os.strerror(number) in str(error) for number in full)


@contextmanager
def _locked(releases: Path) -> Iterator[None]:
    """An advisory lock that the kernel releases when the process ends, however it ends."""
    with (releases / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(
                f"{releases} では別の処理が実行中です。終わってからもう一度実行してください。",
                f"Another build is writing to {releases}. Wait until it has ended, then try again.",
            ) from error
        yield


def _sweep(releases: Path) -> None:
    """Removes what a killed build left; the lock says that nobody is writing it now."""
    for path in releases.glob(f"{BUILDING}*"):
        shutil.rmtree(path)
    (releases / f"{CURRENT}.new").unlink(missing_ok=True)


def _new_id(releases: Path) -> str:
    """The time in UTC; a build within the same second as another takes the next free second."""
    now = int(datetime.now(UTC).timestamp())
    while (id_ := datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")) in ids(releases):
        now += 1
    return id_


def moment(id_: str) -> datetime:
    return datetime.strptime(id_, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def ids(releases: Path) -> list[str]:
    """The complete releases, oldest first."""
    return sorted(path.parent.name for path in releases.glob("[0-9]*T[0-9]*Z/release.json"))


def current(releases: Path) -> str | None:
    link = releases / CURRENT
    return link.readlink().name if link.is_symlink() and (link / "release.json").exists() else None


def read(releases: Path, id_: str) -> dict[str, Any]:
    """The contents of a release's release.json."""
    content: dict[str, Any] = json.loads((releases / id_ / "release.json").read_text(encoding="utf-8"))
    return content


def make_current(releases: Path, id_: str) -> None:
    """One rename: a reader sees the old release or the new one, never neither."""
    link = releases / f"{CURRENT}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(id_)
    link.replace(releases / CURRENT)


def rollback(releases: Path, to: str | None = None) -> str:
    """Makes the release before the current one current again, or the named one; the id of it."""
    if not releases.is_dir():
        raise WrongCall(f"{releases} がありません。", f"There is no {releases}.")
    with _locked(releases):
        known, now = ids(releases), current(releases)
        earlier = [id_ for id_ in known if now is None or id_ < now]
        target = to or (earlier[-1] if earlier else None)
        if target is None:
            raise WrongCall("戻せる以前の公開版がありません。", "There is no earlier release to go back to.")
        if target not in known:
            raise WrongCall(
                f"公開版 {target} はありません。あるのは: {', '.join(known)}",
                f"There is no release {target}. There are: {', '.join(known)}",
            )
        make_current(releases, target)
        return target


def prune(releases: Path, keep: int) -> list[str]:
    """Removes the oldest releases beyond `keep`, never the current one; the ids removed. Call it under the lock.

    A release is renamed first: one that is half removed must not look whole.
    """
    now = current(releases)
    others = [id_ for id_ in ids(releases) if id_ != now]
    removed = others[: max(0, len(others) - (keep - 1))] if keep > 0 else []
    for id_ in removed:
        gone = (releases / id_).rename(releases / f"{BUILDING}{id_}")
        shutil.rmtree(gone)
    return removed
