"""The service over real stores, and clients that talk to it over a socket."""

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import uvicorn
from pyld import jsonld as processor

from loaders import sitemap
from loaders.release import Draft
from service.__main__ import open_service, server_configuration
from service.context import Service
from service.release import read_release
from service.settings import Settings
from service.things import context_document

DATA = Path(__file__).parent / "data"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--hide-scrollbars",
]

Browse = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def service(releases: Path) -> Service:
    return open_service(Settings(releases=releases, port=0, log_level="CRITICAL"))


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[httpx.Client]:
    """Speaks to a real server on a free port of this machine."""
    with serving(service) as client:
        yield client


@pytest.fixture(scope="session")
def specimens(tmp_path_factory: pytest.TempPathFactory, releases: Path) -> Service:
    """The service for a release of one thing of each kind, real and invented (data/)."""
    return specimen_service(tmp_path_factory.mktemp("specimens"), releases, "http://localhost:8000/")


@pytest.fixture(scope="session")
def specimen_client(specimens: Service) -> Iterator[httpx.Client]:
    with serving(specimens) as client:
        yield client


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, releases: Path) -> Iterator[httpx.Client]:
    """A client of a service whose release was built for another host and a path below it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with serving(specimen_service(folder, releases, "https://data.city.example/lod/")) as client:
        yield client


@pytest.fixture(scope="session")
def expanded(service: Service) -> Callable[[bytes], ox.Dataset]:
    """The graph that a standard JSON-LD processor reads from a document."""
    address = service.urls.url(context_document.IMMUTABLE)
    context = json.loads(context_document.text(service.urls))

    def load(url: str, _: dict[str, Any]) -> dict[str, Any]:
        assert url == address, f"a remote context: {url}"
        return {"contextUrl": None, "documentUrl": url, "document": context}

    def expand(document: bytes) -> ox.Dataset:
        options = {"format": "application/n-quads", "documentLoader": load}
        quads = processor.to_rdf(json.loads(document), options)
        return ox.Dataset(ox.parse(quads, format=ox.RdfFormat.N_QUADS))

    return expand


@pytest.fixture(scope="session")
def browser() -> str:
    """The path of a Chromium; tests/tools.sh installs one where it may."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("there is no Chromium")
    return found


@pytest.fixture
def browse(browser: str, tmp_path: Path) -> Browse:
    """Opens an address, each time as a new visitor."""

    def run(url: str, *options: str) -> subprocess.CompletedProcess[bytes]:
        profile = tmp_path / f"visitor-{len(list(tmp_path.iterdir()))}"
        command = [browser, *OPTIONS, f"--user-data-dir={profile}", *options, url]
        return subprocess.run(command, capture_output=True, timeout=120, check=True)

    return run


@contextmanager
def serving(service: Service) -> Iterator[httpx.Client]:
    server = uvicorn.Server(server_configuration(service))
    started = threading.Event()
    startup = server.startup

    async def start(sockets: None = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = start  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run)
    thread.start()
    assert started.wait(30)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join()


def specimen_service(folder: Path, releases: Path, base: str) -> Service:
    """Publishes the specimens under a base IRI, with the prefixes and data sets of the real release."""
    real = json.loads((releases / "current" / "release.json").read_text(encoding="utf-8"))
    target = folder / "specimens"
    target.mkdir()
    store = ox.Store(str(target / "store"))
    for path in sorted(DATA.glob("*.t*")):
        # Their IRIs begin at the root of a host: that is where the base is put.
        text = re.sub(
            r"</(?=(?:id|code|graph|def|shapes|dump|sparql)\b|>)", f"<{base}", path.read_text(encoding="utf-8")
        )
        store.bulk_load(text, format=ox.RdfFormat.from_extension(path.suffix[1:]))
    store.flush()
    del store
    about = real | {"id": "specimens", "base_iri": base, "datasets": [], "cubes": []}
    (target / "release.json").write_text(json.dumps(about), encoding="utf-8")
    sitemap.write(Draft(folder, "specimens", base, target), [])
    read_release(target)
    (folder / "current").symlink_to("specimens")
    return open_service(Settings(releases=folder, port=0, log_level="CRITICAL"))
