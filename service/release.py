"""Opens what a build published: the release that is current when the service starts.

A release never changes. Its directory is resolved once, so a later build or rollback does not reach
a running service.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

FORMAT = 1


class ReleaseError(Exception):
    """There is no release to serve, or it is not one that this version can read."""


@dataclass(frozen=True)
class DataSet:
    """One published data set. `records` counts things; `dump` is a path inside the release."""

    id: str
    iri: str
    title: Mapping[str, str]
    graph: str
    triples: int
    records: int
    observations: int
    dump: str
    modified: str
    license: str


@dataclass(frozen=True)
class Component:
    """A dimension, measure or attribute of a cube. `name` is its column, `type` says what the column holds:
    iri, integer, decimal, double, string or boolean. `codes` is None where values are not codes. `attachment` is
    observation or dataset."""

    name: str
    property: str
    kind: str
    type: str
    codes: str | None
    attachment: str


@dataclass(frozen=True)
class CubeFile:
    """The observations of one qb:DataSet as columns. `parquet` is a path inside the release.

    `exclusive` names the properties (of components attached to observations, qb:dataSet, rdf:type with qb:Observation)
    of which the default graph has no triple but those that the columns of all cubes tell of. It is empty, too, where
    the default graph may say more of an observation than its row does.
    """

    id: str
    iri: str
    dsd: str
    parquet: str
    rows: int
    components: tuple[Component, ...]
    exclusive: tuple[str, ...] = ()

    def of_kind(self, kind: str) -> tuple[Component, ...]:
        return tuple(each for each in self.components if each.kind == kind)


@dataclass(frozen=True)
class Release:
    """An immutable release. `triples` counts the default graph, `quads` all graphs."""

    path: Path
    id: str
    base_iri: str
    created: datetime
    loader_version: str
    fingerprint: str
    triples: int
    quads: int
    prefixes: Mapping[str, str]
    datasets: tuple[DataSet, ...]
    cubes: tuple[CubeFile, ...] = ()

    @property
    def store(self) -> Path:
        return self.path / "store"

    @property
    def dumps(self) -> Mapping[str, DataSet]:
        """File name under `/dump/` → the data set that it holds."""
        return {Path(each.dump).name: each for each in self.datasets if each.dump}


def open_release(releases_dir: Path) -> Release:
    """The current release of a directory that builds publish to."""
    current = releases_dir / "current"
    if not (current / "release.json").is_file():
        raise ReleaseError(
            f"No release in {releases_dir}: {current}/release.json is missing. Build one: python -m loaders build"
        )
    return read_release(current.resolve())


def read_release(path: Path) -> Release:
    """The release in one directory."""
    file = path / "release.json"
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ReleaseError(f"{file} is not JSON in UTF-8: {error}") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        found = about.get("format") if isinstance(about, dict) else type(about).__name__
        raise ReleaseError(f"{file}: format {FORMAT} expected, {found} found. Build a new release.")
    try:
        release = _release(path, about)
    except (KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{file}: {type(error).__name__} at {error}") from error
    if not release.store.is_dir():
        raise ReleaseError(f"{release.store} is missing: the release is not complete.")
    return release


def _release(path: Path, about: dict[str, Any]) -> Release:
    created = datetime.fromisoformat(about["created"])
    return Release(
        path=path,
        id=about["id"],
        base_iri=_base(about["base_iri"]),
        created=created.astimezone(UTC),
        loader_version=about["loader_version"],
        fingerprint=about["fingerprint"],
        triples=about["triples"],
        quads=about["quads"],
        prefixes=MappingProxyType(dict(about["prefixes"])),
        datasets=tuple(_data_set(each) for each in about["datasets"]),
        cubes=tuple(_cube(each) for each in about.get("cubes", ())),
    )


def _cube(about: dict[str, Any]) -> CubeFile:
    components = tuple(Component(**each) for each in about["components"])
    return CubeFile(**about | {"components": components, "exclusive": tuple(about.get("exclusive", ()))})


def _data_set(about: dict[str, Any]) -> DataSet:
    names = DataSet.__dataclass_fields__
    known = {name: about[name] for name in names}
    return DataSet(**known | {"title": MappingProxyType(dict(about["title"]))})


def _base(iri: str) -> str:
    """Identifiers are the base and a path, so it is absolute and ends in a slash."""
    parts = urlsplit(iri)
    plain = iri.isascii() and parts.scheme in {"http", "https"} and bool(parts.netloc)
    if not plain or not iri.endswith("/") or parts.query or parts.fragment:
        raise ValueError(f"base_iri: an http(s) IRI that ends in a slash expected, {iri!r} found")
    return iri
