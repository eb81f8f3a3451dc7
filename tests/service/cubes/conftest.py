"""A real release with one more cube, made up here to have every kind of gap; a server for it."""

import itertools
import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pyoxigraph as ox
import pytest
import uvicorn

from service.app import create_app
from service.opening import open_service
from service.settings import Settings

ROOT = Path(__file__).parents[3]
BASE = "http://localhost:8000/"
SKOS, RDFS = "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/2000/01/rdf-schema#"


@pytest.fixture(scope="session")
def cube_releases(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A releases folder whose current release has the columns of each cube, and of a synthetic one with gaps."""
    source = (releases / "current").resolve()
    folder = tmp_path_factory.mktemp("releases")
    target = folder / source.name
    shutil.copytree(source, target)
    (folder / "current").symlink_to(source.name)
    _add_synthetic(target)
    return folder


def _about(release: Path) -> dict[str, Any]:
    about: dict[str, Any] = json.loads((release / "release.json").read_text(encoding="utf-8"))
    return about


def _add_synthetic(release: Path) -> None:
    store = ox.Store.read_only(str(release / "store"))
    about = _about(release)
    about["cubes"] += [_synthetic(store, release), _twins(release), _rough(release)]
    (release / "release.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


GAPS = "synthetic-gaps"
SDMX = "http://purl.org/linked-data/sdmx/2009"
SUPPRESSED, MISSING, ABSENT = ("141011", "2021", "F", "Y65T"), ("141020", "2021", "M", "Y0T14"), ("141020", "2020")


def synthetic_figure(area: str, period: str, sex: str, age: str) -> int:
    """A made-up figure; totals are the sums of their parts."""
    parts = [(s, a) for s in (["M", "F"] if sex == "T" else [sex]) for a in (AGES[1:] if age == "TOTAL" else [age])]
    return sum(int(area[-3:]) + int(period) + 10 * len(s + a) + 7 * AGES.index(a) + (s == "F") for s, a in parts)


AGES = ["TOTAL", "Y0T14", "Y15T64", "Y65T"]


def _synthetic(store: ox.Store, release: Path) -> dict[str, Any]:
    """A made-up cube of two wards, three years, sexes and ages: one cell is suppressed, one missing, all ages 65 and
    over of one ward in one year are absent, and in the last year the wards have different population bases."""
    keys = itertools.product(["141011", "141020"], ["2020", "2021", "2022"], ["F", "M", "T"], AGES)
    rows = [_cell(store, key) for key in keys if not (key[:2] == ABSENT and key[3] == "Y65T")]
    write_parquet(release / "cubes" / f"{GAPS}.parquet", rows)
    attributes = [_made("obsStatus", "attribute", f"{SDMX}/code#obsStatus"), _made("confStatus", "attribute", "")]
    attributes.append({**_made("populationBasis", "attribute", ""), "property": f"{BASE}def/core#populationBasis"})
    dimensions = [_made(name, "dimension", "") for name in ("refArea", "refPeriod", "sex", "age")]
    components = [*dimensions, _made("population", "measure", None), *attributes]
    return {
        "id": GAPS, "iri": f"{BASE}id/dataset/{GAPS}", "dsd": f"{BASE}id/dsd/{GAPS}",
        "parquet": f"cubes/{GAPS}.parquet", "rows": len(rows), "components": components,
    }  # fmt: skip


def _twins(release: Path) -> dict[str, Any]:
    """A made-up cube as another publisher may have made it: two codes share a notation, another is a number."""
    areas = {f"http://other.example/{scheme}/1": figure for scheme, figure in (("a", 10), ("b", 32))}
    rows = [
        {"observation": f"{iri}/{number}", "refArea": iri, "refArea_code": "1", "refArea_ja": None, "refArea_en": None}
        | {"count": number, "count_code": str(number), "count_ja": None, "count_en": None, "figure": figure * number}
        for iri, figure in areas.items()
        for number in (1, 2)
    ]
    write_parquet(release / "cubes" / "synthetic-twins.parquet", rows)
    components = [_made("refArea", "dimension", ""), _made("count", "dimension", ""), _made("figure", "measure", None)]
    components[1]["type"] = "integer"
    return {
        "id": "synthetic-twins", "iri": "http://other.example/twins", "dsd": "http://other.example/dsd",
        "parquet": "cubes/synthetic-twins.parquet", "rows": len(rows), "components": components,
    }  # fmt: skip


ROUGH = {
    ("141011", "2020"): (0.5, "about"), ("141020", "2020"): (2.25, None),
    ("141011", "2021"): (0.00001, None), ("141020", "2021"): (1e16, None),
    ("141011", "2022"): (3.0, "about"), ("141020", "2022"): (4.0, "more-than"), ("141101", "1986"): (12.0, None),
}  # fmt: skip


def _rough(release: Path) -> dict[str, Any]:
    """A made-up cube of figures that are very small, very large or only approximate."""
    rows = []
    for (area, period), (figure, approximation) in ROUGH.items():
        row: dict[str, Any] = {"observation": f"{BASE}id/obs/synthetic-rough/{area}/{period}"}
        for name, kind, code in (("refArea", "area", area), ("refPeriod", "period", period)):
            row |= {name: f"{BASE}id/{kind}/{code}", f"{name}_code": code, f"{name}_ja": None, f"{name}_en": None}
        row["figure"] = figure
        row["approximation"] = f"{BASE}code/approximation/{approximation}" if approximation else None
        rows.append(row)
    write_parquet(release / "cubes" / "synthetic-rough.parquet", rows)
    dimensions = [_made(name, "dimension", "") for name in ("refArea", "refPeriod")]
    measure = {**_made("figure", "measure", None), "type": "double"}
    attribute = {**_made("approximation", "attribute", ""), "property": f"{BASE}def/core#approximation"}
    return {
        "id": "synthetic-rough", "iri": f"{BASE}id/dataset/synthetic-rough", "dsd": f"{BASE}id/dsd/synthetic-rough",
        "parquet": "cubes/synthetic-rough.parquet", "rows": len(rows), "components": [*dimensions, measure, attribute],
    }  # fmt: skip


def _made(name: str, kind: str, codes: str | None) -> dict[str, Any]:
    type_ = "integer" if kind == "measure" else "iri"
    property_ = f"{SDMX}/{kind}#{name}"
    return {
        "name": name, "property": property_, "kind": kind, "type": type_, "codes": codes, "attachment": "observation",
    }  # fmt: skip


def _cell(store: ox.Store, key: tuple[str, str, str, str]) -> dict[str, Any]:
    area, period, sex, age = key
    iris = {
        "refArea": f"{BASE}id/area/{area}", "refPeriod": f"{BASE}id/period/{period}", "sex": f"{SDMX}/code#sex-{sex}",
        "age": f"{BASE}code/age/{'total' if age == 'TOTAL' else age}",
    }  # fmt: skip
    there = key not in {SUPPRESSED, MISSING}
    row: dict[str, Any] = {"observation": f"{BASE}id/obs/{GAPS}/{'/'.join(key)}", **iris}
    row["population"] = synthetic_figure(*key) if there else None
    row["obsStatus"] = f"{SDMX}/code#obsStatus-{'M' if key == MISSING else 'A'}" if key != SUPPRESSED else None
    row["confStatus"] = f"{SDMX}/code#confStatus-C" if key == SUPPRESSED else None
    register = (area, period) == ("141020", "2022")
    row["populationBasis"] = f"{BASE}code/population-basis/{'register' if register else 'estimate'}"
    for (name, iri), notation in zip(iris.items(), key, strict=True):
        names = _names(store, ox.NamedNode(iri))
        row |= {f"{name}_code": notation, f"{name}_ja": names.get("ja"), f"{name}_en": names.get("en")}
    return row


def _names(store: ox.Store, code: Any) -> Mapping[str, str]:
    found = {}
    for name in (f"{SKOS}prefLabel", f"{RDFS}label"):
        for quad in store.quads_for_pattern(code, ox.NamedNode(name), None):
            found[quad.object.language] = quad.object.value
    return found


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    """Whole numbers as BIGINT, others as DOUBLE, everything else as VARCHAR."""
    kinds = {name: next((type(row[name]) for row in rows if row[name] is not None), str) for name in rows[0]}
    types: dict[type, str] = {int: "BIGINT", float: "DOUBLE", str: "VARCHAR"}
    columns = ", ".join(f'"{name}" {types[kind]}' for name, kind in kinds.items())
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


@pytest.fixture(scope="session")
def serve() -> Callable[[Settings], AbstractContextManager[str]]:
    """Serves with other settings for as long as the context lasts; its address."""
    return serving


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(open_service(settings)), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=20), timeout=30) as client:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            assert client.get(f"{address}/health").status_code == 200
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="session")
def http(address: str) -> Iterator[httpx.Client]:
    """Asks that server; follows no redirects."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client
