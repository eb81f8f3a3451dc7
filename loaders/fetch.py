"""Finds a publisher's files and takes their checksum. The network is never used here: files are handed over."""

import csv
import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from rdflib import URIRef

from loaders.errors import WrongCall


@dataclass(frozen=True)
class SourceFile:
    """A publisher's file as it lies on disk."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True)
class SourceRecord:
    """One row of a data set's `sources.csv`: what its facts were taken from."""

    file: str
    sha256: str
    bytes: str
    date: str
    publisher: str
    license: str
    taken_from: str


# ASCII characters that an IRI may not have in its path (RFC 3987, 2.2); Japanese file names stay readable.
_NOT_IN_A_PATH = re.compile(r'[\x00-\x20\x7f<>"{}|\\^`#?%\[\]]')

SOURCE_COLUMNS = tuple(SourceRecord.__dataclass_fields__)


def find(directory: Path, patterns: tuple[str, ...]) -> list[SourceFile]:
    """The files below `directory` whose names match, in order of name; WrongCall if a pattern finds none."""
    if not directory.is_dir():
        raise WrongCall(f"{directory} というフォルダーがありません。", f"There is no folder {directory}.")
    files: list[SourceFile] = []
    for pattern in patterns:
        found = sorted(directory.rglob(pattern), key=lambda path: path.name)
        if not found:
            raise WrongCall(
                f"{directory} に {pattern} に合うファイルがありません。",
                f"No file that matches {pattern} is below {directory}.",
            )
        files += [SourceFile(path) for path in found]
    return files


def describe(file: SourceFile, known: SourceRecord | None, publisher: str, license_: str) -> SourceRecord:
    """The record of a file handed over: date and origin are known only if the file was embedded before."""
    record = measured(known or SourceRecord(file.name, "", "", "", publisher, license_, ""), file.path)
    if known and known.sha256 != record.sha256:
        return replace(record, date="", taken_from="")
    return record


def measured(record: SourceRecord, path: Path) -> SourceRecord:
    """The record with the checksum and the size that the file has now."""
    content = path.read_bytes()
    return replace(record, sha256=hashlib.sha256(content).hexdigest(), bytes=str(len(content)))


def source_iri(source_id: str, file: str, fragment: str = "") -> URIRef:
    """The file as a resource; the fragment names a place in it: `cell=3,6` (RFC 7111) or `/12` (RFC 6901).

    >>> source_iri("shelters", "避難所 2026.csv", "row=2")
    rdflib.term.URIRef('/id/source/shelters/避難所%202026.csv#row=2')
    """
    path = _NOT_IN_A_PATH.sub(lambda found: quote(found[0], safe=""), file)
    return URIRef(f"/id/source/{source_id}/{path}{'#' if fragment else ''}{fragment}")


def read_records(folder: Path) -> list[SourceRecord]:
    """What the folder's `sources.csv` knows; nothing before the first files were carried over."""
    if not (folder / "sources.csv").exists():
        return []
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        return [SourceRecord(**row) for row in csv.DictReader(file)]


def write_records(folder: Path, records: list[SourceRecord]) -> None:
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SOURCE_COLUMNS)
        writer.writerows([getattr(record, column) for column in SOURCE_COLUMNS] for record in records)
