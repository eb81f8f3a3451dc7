"""What many tests share: one real release of the embedded data, built once and kept until something of it changes."""

from pathlib import Path

import pytest

from loaders.__main__ import main as loaders

ROOT = Path(__file__).parent.parent
BASE = "http://localhost:8000/"


@pytest.fixture(scope="session")
def releases() -> Path:
    """A releases folder whose current release holds all embedded data."""
    folder = ROOT / ".test-releases"
    arguments = ["build", "--if-needed", "--base-iri", BASE, "--releases", str(folder), "--quiet"]
    assert loaders(arguments) == 0
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The publishers' files, which lie beside the project and are not part of it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the publishers' files are not beside the project (../shared/data)")
    return folder
