"""The documents, the build files and the code say the same."""

import re
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from loaders.__main__ import main as loaders
from service.settings import read_settings

ROOT = Path(__file__).parents[2]
_TRACKED = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
TRACKED = [ROOT / name for name in _TRACKED.decode().split("\0") if name]
DOCUMENTS = [path for path in TRACKED if path.suffix == ".md" and path.exists()]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _anchors(document: Path) -> set[str]:
    """The anchors of its headings, as code hosts form them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def _links(document: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [each for each in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", each)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    for link in _links(document):
        path, _, anchor = unquote(link).partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{link} in {document.name}"
        assert not anchor or anchor in _anchors(target), f"{link} in {document.name}"


def test_the_readme_begins_with_the_two_commands() -> None:
    block = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert block is not None
    assert [line.split("#")[0].strip() for line in block[1].splitlines()][:2] == ["make run", "make test"]


def test_where_do_i_change_names_only_places_that_exist() -> None:
    table = README.partition("## Where do I change")[2].partition("\n## ")[0]
    places = re.findall(r"`([a-z][\w./<>*-]*)`", table)
    assert len(places) > 10
    for place in places:
        pattern = re.sub(r"<[^>]+>", "*", place).rstrip("/")
        assert any(ROOT.glob(pattern)), place


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in phony[1].split():
        assert f"make {target}" in shown, target


def test_every_dependency_has_its_reason_and_is_locked_with_a_hash() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for listed, locked in (
        (PROJECT["project"]["dependencies"], "requirements.txt"),
        (PROJECT["dependency-groups"]["dev"], "requirements-dev.txt"),
    ):
        lock = (ROOT / locked).read_text(encoding="utf-8").lower()
        for requirement in listed:
            name = re.split(r"[ <>=;\[]", requirement)[0].lower()
            assert re.search(rf'"{re.escape(requirement)}",\s+# \w', text), f"{requirement}: no reason given"
            assert re.search(rf"^{re.escape(name)}==\S+ .*\\\n\s+--hash=sha256:", lock, re.MULTILINE), name


def test_lock_files_name_no_address() -> None:
    for path in TRACKED:
        if path.name.startswith("requirements") or "lock" in path.name:
            assert "://" not in path.read_text(encoding="utf-8"), path.name


def test_the_image_copies_what_exists_and_runs_commands_that_exist() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY") and "--from" not in line]
    assert copied
    assert all((ROOT / name).exists() for names in copied for name in names)
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    command = re.search(r'command: \["loaders", (.+)\]', compose)
    assert command is not None
    options = re.findall(r'"(--[a-z-]+)"', command[1])
    assert options
    with pytest.raises(SystemExit) as ended:
        loaders(["build", *(each for each in options if each == "--if-needed"), "--help"])
    assert ended.value.code == 0


def test_the_image_sets_only_settings_that_exist() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    variables = dict(re.findall(r"(LOD_[A-Z]+)=(\S+)", text))
    settings = read_settings([], variables)
    assert (str(settings.releases), settings.host, settings.port) == ("/releases", "0.0.0.0", 8000)


def test_the_service_never_imports_the_loaders() -> None:
    for path in (ROOT / "service").rglob("*.py"):
        assert not re.search(r"^\s*(from|import) loaders\b", path.read_text(encoding="utf-8"), re.MULTILINE), path
