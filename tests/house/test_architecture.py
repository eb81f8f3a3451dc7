"""docs/architecture.md names every module, and the tree keeps the promises that it makes."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PICTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def _modules(package: str) -> set[str]:
    """The modules and folders directly in a package."""
    folder = ROOT / package
    files = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    return files | {f"{path.name}/" for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"}


@pytest.mark.parametrize("package", ["loaders", "service"])
def test_every_module_stands_in_the_picture_and_nothing_else(package: str) -> None:
    section = PICTURE.partition(f"\n## {package}/\n")[2].partition("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = {name for cell in first_cells for name in re.findall(r"`([^`]+)`", cell)}
    assert named == _modules(package)
