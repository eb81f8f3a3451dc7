"""docs/adding-a-dataset.md, followed to the letter in a copy of the project."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "adding-a-dataset.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```\w+ (file|append|run)(?:=(\S+))?\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a build needs, after all steps of the guide."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("loaders", "ontology", "service", "shapes"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    steps = BLOCK.findall(GUIDE)
    assert len(steps) == 7
    for action, name, content in steps:
        _follow(folder, action, name, content)
    return folder


def _follow(folder: Path, action: str, name: str, content: str) -> None:
    if action == "run":
        for line in content.splitlines():
            command = [sys.executable, *line.split()[1:]]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if action == "append" else "w", encoding="utf-8") as file:
        file.write(f"\n{content}" if action == "append" else content)


def test_the_guide_ends_with_the_figures_published(project: Path) -> None:
    store = ox.Store.read_only(str(project / "releases" / "current" / "store"))
    rows = store.query(
        "SELECT ?o ?loans ?status ?cell WHERE { ?o qb:dataSet <http://localhost:8000/id/dataset/library-loans> ; "
        "sdmxa:obsStatus ?status ; prov:wasDerivedFrom ?cell "
        "OPTIONAL { ?o <http://localhost:8000/def/core#loansExample> ?loans } } ORDER BY ?o",
        prefixes={
            "qb": "http://purl.org/linked-data/cube#",
            "sdmxa": "http://purl.org/linked-data/sdmx/2009/attribute#",
            "prov": "http://www.w3.org/ns/prov#",
        },
    )
    assert isinstance(rows, ox.QuerySolutions)
    found = [tuple(str(term.value).rpartition("/")[2] if term else None for term in row) for row in rows]
    assert found == [
        ("2024", "0", "code#obsStatus-A", "kashidashi_2025.csv#cell=4,3"),
        ("2024", "120500", "code#obsStatus-A", "kashidashi_2025.csv#cell=2,3"),
        ("2024", None, "code#obsStatus-M", "kashidashi_2025.csv#cell=3,3"),
    ]


def test_the_guide_leaves_a_readme_with_the_checksum(project: Path) -> None:
    folder = project / "loaders" / "datasets" / "library_loans"
    assert "SHA-256" in (folder / "README.md").read_text(encoding="utf-8")
    assert (folder / "sources.csv").read_text(encoding="utf-8").count("kashidashi_2025.csv") == 1
