"""A real release with columns: the embedded tables of its cubes as Parquet, as `release.json` describes them."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pyoxigraph as ox
import pytest
import uvicorn

from loaders.statistics import structure
from service.app import create_app
from service.opening import open_service
from service.settings import Settings

ROOT = Path(__file__).parents[3]
BASE = "http://localhost:8000/"
SKOS, RDFS = "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/2000/01/rdf-schema#"


@pytest.fixture(scope="session")
def cube_releases(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A releases folder whose current release has the columns of each cube."""
    source = (releases / "current").resolve()
    if json.loads((source / "release.json").read_text())["cubes"] if "cubes" in _about(source) else False:
        return releases
    folder = tmp_path_factory.mktemp("releases")
    target = folder / source.name
    shutil.copytree(source, target)
    (folder / "current").symlink_to(source.name)
    _add_columns(target)
    return folder


def _about(release: Path) -> dict[str, Any]:
    about: dict[str, Any] = json.loads((release / "release.json").read_text(encoding="utf-8"))
    return about


def _add_columns(release: Path) -> None:
    store = ox.Store.read_only(str(release / "store"))
    about = _about(release)
    (release / "cubes").mkdir()
    about["cubes"] = [_cube(store, release, each["id"]) for each in about["datasets"] if each["observations"]]
    (release / "release.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


def _cube(store: ox.Store, release: Path, id_: str) -> dict[str, Any]:
    components = [each for each in structure(id_).components if each.on_observation]
    dimensions = [each for each in components if each.kind == "dimension"]
    rows = [_row(store, id_, components, dimensions, solution) for solution in _observations(store, id_)]
    rows.sort(key=lambda row: [row[f"{each.name}_code"] for each in dimensions])
    write_parquet(release / "cubes" / f"{id_}.parquet", rows)
    return {
        "id": id_, "iri": f"{BASE}id/dataset/{id_}", "dsd": f"{BASE}id/dsd/{id_}", "parquet": f"cubes/{id_}.parquet",
        "rows": len(rows), "components": [*map(_component, structure(id_).components), DERIVED],
    }  # fmt: skip


DERIVED = {
    "name": "wasDerivedFrom", "property": "http://www.w3.org/ns/prov#wasDerivedFrom", "kind": "attribute",
    "type": "iri", "codes": None, "attachment": "observation",
}  # fmt: skip


def _component(each: Any) -> dict[str, Any]:
    return {
        "name": each.name, "property": absolute(each.property), "kind": each.kind,
        "type": "integer" if each.kind == "measure" else "iri", "codes": each.codes and absolute(each.codes),
        "attachment": "observation" if each.on_observation else "dataset",
    }  # fmt: skip


def absolute(iri: str) -> str:
    return BASE + iri[1:] if iri.startswith("/") else str(iri)


def _observations(store: ox.Store, id_: str) -> Iterator[ox.NamedNode]:
    data_set = ox.NamedNode(f"{BASE}id/dataset/{id_}")
    for quad in store.quads_for_pattern(None, ox.NamedNode("http://purl.org/linked-data/cube#dataSet"), data_set):
        yield quad.subject


def _row(store: ox.Store, id_: str, components: list[Any], dimensions: list[Any], subject: Any) -> dict[str, Any]:
    facts = {quad.predicate.value: quad.object for quad in store.quads_for_pattern(subject, None, None)}
    row: dict[str, Any] = {"observation": subject.value}
    for each in components:
        value = facts.get(absolute(each.property))
        row[each.name] = None if value is None else int(value.value) if each.kind == "measure" else value.value
    row["wasDerivedFrom"] = facts[DERIVED["property"]].value
    keys = subject.value.removeprefix(f"{BASE}id/obs/{id_}/").split("/")
    for each, key in zip(dimensions, keys, strict=True):
        names = _names(store, facts[absolute(each.property)])
        row |= {f"{each.name}_code": key, f"{each.name}_ja": names.get("ja"), f"{each.name}_en": names.get("en")}
    return row


def _names(store: ox.Store, code: Any) -> Mapping[str, str]:
    found = {}
    for name in (f"{SKOS}prefLabel", f"{RDFS}label"):
        for quad in store.quads_for_pattern(code, ox.NamedNode(name), None):
            found[quad.object.language] = quad.object.value
    return found


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    """Numbers as BIGINT, everything else as VARCHAR."""
    kinds = {name: {type(row[name]) for row in rows} - {type(None)} for name in rows[0]}
    columns = ", ".join(f'"{name}" {"BIGINT" if kind == {int} else "VARCHAR"}' for name, kind in kinds.items())
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"CREATE TABLE rows ({columns})")
        marks = ", ".join("?" * len(kinds))
        connection.executemany(f"INSERT INTO rows VALUES ({marks})", [list(row.values()) for row in rows])
        connection.execute(f"COPY rows TO '{path}' (FORMAT parquet)")


@pytest.fixture(scope="session")
def address(cube_releases: Path) -> Iterator[str]:
    """Where the service listens: a real server with all its routes."""
    with serving(Settings(releases=cube_releases)) as address:
        yield address


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(open_service(settings)), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=20)) as client:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            assert client.get(f"{address}/health").status_code == 200
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60, follow_redirects=False) as client:
        yield client
