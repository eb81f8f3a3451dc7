"""Pages of lists over HTTP, one after the other: 100 facilities by box, distance, type, words, in each format.

    python -m bench.lists --releases releases [--things 20000] [--requests 200]

The facilities are synthetic: copies of the real ones of the release under new numbers, each a little way off.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox

from bench.entities import FACILITY, SERVER, TYPE, _copy, _whole, free_port, started
from loaders import lists
from loaders.release import Draft
from service.release import Release, open_release

CODES = Path(__file__).parent.parent / "ontology" / "codelists"
WGS = "http://www.w3.org/2003/01/geo/wgs84_pos#"
# Degrees on a side: about 4 km, which holds some hundred of 20,000 facilities.
SIDE = 0.04


def prepare(release: Release, things: int, folder: Path) -> None:
    """A release of the synthetic facilities, the areas and the code lists, with its lists."""
    source = ox.Store.read_only(str(release.store))
    target = folder / "bench"
    target.mkdir()
    for name in ("release.json", "cubes"):
        (target / name).symlink_to(release.path / name)
    store = ox.Store(str(target / "store"))
    for path in CODES.glob("*.ttl"):
        store.bulk_load(path=path, base_iri=release.base_iri)
    store.bulk_extend(_areas(source))
    store.bulk_extend(_facilities(source, things, release.base_iri))
    store.flush()
    del store
    started_at = time.perf_counter()
    lists.write(Draft(folder, "bench", release.base_iri, target))
    size = (target / "lists.sqlite").stat().st_size
    print(f"{things} facilities: lists.sqlite of {size / 1e6:.0f} MB in {time.perf_counter() - started_at:.1f} s\n")
    (folder / "current").symlink_to("bench")


def _areas(source: ox.Store) -> Iterator[ox.Quad]:
    kind = ox.NamedNode("http://schema.org/AdministrativeArea")
    for quad in source.quads_for_pattern(None, TYPE, kind, None):
        yield from _whole(source, quad.subject)


def _facilities(source: ox.Store, things: int, base: str) -> Iterator[ox.Quad]:
    real = (quad.subject for quad in source.quads_for_pattern(None, TYPE, FACILITY, None))
    models = [quads for each in real if _has_position(quads := list(_whole(source, each)))]
    shift = random.Random(1)
    for number in range(things):
        for quad in _copy(models[number % len(models)], number, base, []):
            yield _moved(quad, shift) if quad.predicate.value.startswith(WGS) else quad


def _has_position(quads: list[ox.Quad]) -> bool:
    return any(quad.predicate.value == f"{WGS}lat" for quad in quads)


def _moved(quad: ox.Quad, shift: random.Random) -> ox.Quad:
    value = float(quad.object.value) + shift.uniform(-0.002, 0.002)
    return ox.Quad(quad.subject, quad.predicate, ox.Literal(f"{value:.6f}", datatype=quad.object.datatype))


def boxes(count: int) -> Iterator[str]:
    place = random.Random(2)
    for _ in range(count):
        west, south = place.uniform(139.48, 139.66), place.uniform(35.34, 35.54)
        yield f"bbox={west:.4f},{south:.4f},{west + SIDE:.4f},{south + SIDE:.4f}"


def cases(count: int) -> Iterator[tuple[str, list[str]]]:
    for extension in ("jsonld", "geojson", "csv", "ttl"):
        yield f"by box, {extension}", [f"/facilities.{extension}?{box}&limit=100" for box in boxes(count)]
    points = [box.removeprefix("bbox=").split(",") for box in boxes(count)]
    near = [f"/facilities?near={south},{west}&within=2000&sort=distance" for west, south, *_ in points]
    yield "by distance, sorted", near
    yield "by box, counted, with facets", [f"/facilities?{box}&count=true&facets=type,ward" for box in boxes(count)]
    yield "by three letters", ["/facilities?q=%E5%B0%8F%E5%AD%A6%E6%A0%A1&limit=100"] * count
    yield "by two letters", ["/facilities?q=%E5%B0%8F%E5%AD%A6&limit=100"] * count
    yield "sorted by name, by ward", ["/facilities?ward=141011&sort=name&limit=100"] * count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--releases", type=Path, default=Path("releases"))
    parser.add_argument("--things", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=200)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(open_release(arguments.releases), arguments.things, folder)
        port = free_port()
        print("| page of 100 | median ms | p95 ms | first ms | things |\n|---|---|---|---|---|")
        with (
            started([sys.executable, "-c", SERVER, str(folder), str(port)], port),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
        ):
            for title, addresses in cases(arguments.requests):
                report(title, client, addresses)


def report(title: str, client: httpx.Client, addresses: list[str]) -> None:
    taken = []
    for address in addresses:
        begin = time.perf_counter()
        answer = client.get(address)
        taken.append((time.perf_counter() - begin) * 1_000)
        answer.raise_for_status()
    things = len(
        client.get(addresses[0].replace(".geojson", "").replace(".csv", "").replace(".ttl", "")).json()["items"]
    )
    p95 = sorted(taken)[int(len(taken) * 0.95)]
    print(f"| {title} | {statistics.median(taken):.1f} | {p95:.1f} | {taken[0]:.1f} | {things} |")


if __name__ == "__main__":
    main()
