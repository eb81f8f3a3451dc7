"""A build that fails or is killed leaves the current release as it was, and the next one cleans up."""

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from loaders import gate, pipeline, release
from loaders.__main__ import main
from loaders.datasets import chosen
from loaders.errors import Problem, Refused, Text
from loaders.gate.tables import Data
from loaders.progress import Progress

ROOT = Path(__file__).parents[2]
# What a build says as it goes along (patterns); each line is a moment at which it can be killed.
MOMENTS = (
    "Reading tables",
    "Writing triples",
    "Checking statistics",
    "Writing statistics",
    "Checking [0-9]",
    "Loading the store",
)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "loaders", *arguments, "--language", "en"]


def building(releases: Path) -> list[str]:
    return command("build", "population-ward-month", "--releases", str(releases))


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """A folder with one small release: a file of one triple, published as it is."""
    (tmp_path / "one.nt").write_text("<urn:s> <urn:p> <urn:o> .\n", encoding="utf-8")
    folder = tmp_path / "releases"
    assert main(["import", str(tmp_path / "one.nt"), "--releases", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def unchanged(releases: Path) -> Callable[[], None]:
    """Asserts that the release of `releases` is still current and whole."""
    before = release.current(releases)
    assert before is not None

    def check() -> None:
        assert release.current(releases) == before
        assert release.ids(releases) == [before]
        assert len(ox.Store.read_only(str(releases / "current" / "store"))) == 1

    return check


def drafts(releases: Path) -> list[Path]:
    return list(releases.glob(f"{release.BUILDING}*"))


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_killed_at_any_moment_changes_nothing(
    releases: Path, unchanged: Callable[[], None], moment: str
) -> None:
    with subprocess.Popen(building(releases), cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert any(re.match(moment, line) for line in process.stderr), f"{moment} was never said"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert drafts(releases)
    unchanged()


def test_the_next_build_removes_what_a_killed_one_left(releases: Path) -> None:
    left = releases / f"{release.BUILDING}20200101T000000Z"
    (left / "store").mkdir(parents=True)
    (left / "store" / "half.sst").write_bytes(b"x")
    done = subprocess.run(building(releases), cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(releases / str(release.current(releases)))
    assert drafts(releases) == []


def test_an_interrupted_build_changes_nothing_and_cleans_up(releases: Path, unchanged: Callable[[], None]) -> None:
    with subprocess.Popen(building(releases), cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        next(line for line in process.stderr if line.startswith("Checking statistics"))
        process.send_signal(signal.SIGINT)
    assert process.returncode == 130
    assert drafts(releases) == []
    unchanged()


def limited(arguments: list[str], bytes_: int) -> subprocess.CompletedProcess[str]:
    """Runs a command that can write no file larger than this, as if the disk were full."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))

    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=limit)


@pytest.mark.parametrize("bytes_", [500, 20_000, 300_000])
def test_a_full_disk_stops_the_build_and_changes_nothing(
    releases: Path, unchanged: Callable[[], None], bytes_: int
) -> None:
    done = limited(building(releases), bytes_)
    assert done.returncode == 4
    assert "The current release is unchanged." in done.stderr
    assert drafts(releases) == []
    unchanged()


def test_a_disk_that_fills_while_the_store_is_written_changes_nothing(
    releases: Path, unchanged: Callable[[], None], tmp_path: Path
) -> None:
    many = tmp_path / "many.nt"
    many.write_text("".join(f'<urn:s{n}> <urn:p> "{n * 7919}" .\n' for n in range(20_000)), encoding="utf-8")
    done = limited(command("import", str(many), "--releases", str(releases)), 200_000)
    assert done.returncode == 4
    assert ".sst" in done.stderr
    assert drafts(releases) == []
    unchanged()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_with_no_room_left_stops_the_build(tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(tmp_path)], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let anyone mount a small disk")
    try:
        done = subprocess.run(building(tmp_path), cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 4
        assert "No space left on device" in done.stderr
        assert [path.name for path in tmp_path.iterdir()] == [release.LOCK]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_refusal_ends_the_loading_that_goes_on_meanwhile(releases: Path, unchanged: Callable[[], None]) -> None:
    def refuse(_data: Data, _shapes: rdflib.Graph) -> gate.Report:
        raise Refused([Problem("file.csv", Text("別の値", "another value"))])

    order = pipeline.Order(chosen(["population-ward-month"]), "http://localhost:8000/", releases, validator=refuse)
    with pytest.raises(Refused):
        pipeline.build(order, Progress(quiet=True), "en")
    assert drafts(releases) == []
    unchanged()


def test_a_bad_file_stops_the_build_and_changes_nothing(
    releases: Path, unchanged: Callable[[], None], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.ttl"
    bad.write_text("<urn:s> <urn:p> \n", encoding="utf-8")
    done = subprocess.run(
        command("import", str(bad), "--releases", str(releases)), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert re.search("bad.ttl, row [12]: expected well-formed Turtle", done.stderr)
    assert drafts(releases) == []
    unchanged()


def test_a_second_build_says_that_another_one_is_running(releases: Path, unchanged: Callable[[], None]) -> None:
    with subprocess.Popen(building(releases), cwd=ROOT, stderr=subprocess.PIPE, text=True) as first:
        assert first.stderr
        next(line for line in first.stderr if line.startswith("Reading tables"))
        os.kill(first.pid, signal.SIGSTOP)
        second = subprocess.run(building(releases), cwd=ROOT, capture_output=True, text=True, check=False)
        assert len(drafts(releases)) == 1
        first.kill()
    assert second.returncode == 3
    assert "Another build is writing" in second.stderr
    unchanged()


def test_a_rollback_waits_for_nobody_either(releases: Path) -> None:
    with release.draft(releases, "http://localhost:8000/"):
        assert main(["rollback", "--releases", str(releases)]) == 3


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "one.nt").write_text("", encoding="utf-8")
    assert main(["import", str(tmp_path / "one.nt"), "--releases", str(tmp_path / "file" / "releases")]) == 4
    assert str(tmp_path / "file" / "releases") in capsys.readouterr().err
