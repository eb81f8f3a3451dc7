"""`python -m loaders`: what scripts and people can rely on."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders import release
from loaders.__main__ import main
from loaders.datasets import all_data_sets
from service.release import open_release

ROOT = Path(__file__).parents[2]
BASE = "http://localhost:8000/"
COMMANDS = ("list", "build", "check", "import", "rollback", "embed")


def published(folder: Path, *files: Path) -> str:
    assert main(["import", *map(str, files), "--releases", str(folder), "--quiet"]) == 0
    return str(release.current(folder))


@pytest.fixture
def triple(tmp_path: Path) -> Path:
    path = tmp_path / "one.nt"
    path.write_text("<urn:s> <urn:p> <urn:o> .\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_both_languages(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert re.search("[a-z]{4}", said)
    assert re.search("[ぁ-ん]{2}", said)
    assert "exit status / 終了コード" in said


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert all(f"\n    {command} " in said for command in COMMANDS)


@pytest.mark.parametrize(("language", "title"), [("ja", "町・字と代表点"), ("en", "Towns of Yokohama")])
def test_list_names_every_data_set(language: str, title: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--language", language]) == 0
    said = capsys.readouterr().out
    assert title in said
    assert [line.split()[0] for line in said.splitlines()] == list(all_data_sets())


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "no-such-data-set"],
        ["check", "no-such-file.csv"],
        ["import", "no-such-file.ttl"],
        ["rollback", "--releases", "no-such-folder"],
        ["embed", "--source", "no-such-folder"],
    ],
)
def test_a_name_that_does_not_exist_is_a_wrong_call(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--language", "en"]) == 2
    assert "no-such-" in capsys.readouterr().err


@pytest.mark.parametrize("base", ["foo", "ftp://x/", "http://x", "http://x/?q/", "http://x/#a/", "http://日本/"])
def test_a_base_that_identifiers_cannot_begin_with_is_a_wrong_call(base: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["build", "--base-iri", base])
    assert ended.value.code == 2


def test_an_up_to_date_release_is_recognised_without_loading_anything_heavy(releases: Path) -> None:
    arguments = ["build", "--if-needed", "--base-iri", BASE, "--releases", str(releases)]
    program = (
        "import sys; from loaders.__main__ import main; "
        f"assert main({arguments!r}) == 0; "
        "heavy = {'rdflib', 'duckdb', 'pyoxigraph', 'pyshacl'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_another_base_is_another_release(releases: Path) -> None:
    from loaders.fingerprint import fingerprint

    assert fingerprint(BASE) == open_release(releases).fingerprint != fingerprint("https://data.example/")


def test_imported_files_are_published_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<a> <urn:p> _:x . _:x <urn:q> 1 .", encoding="utf-8")
    with gzip.open(tmp_path / "b.nq.gz", "wt", encoding="utf-8") as file:
        file.write("<urn:s> <urn:p> <urn:o> <urn:g> .\n")
    (tmp_path / "c.rdf").write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:n="urn:n:">'
        '<rdf:Description rdf:about="d"><n:p>x</n:p></rdf:Description></rdf:RDF>',
        encoding="utf-8",
    )
    (tmp_path / "d.jsonld").write_text('{"@id": "urn:j", "urn:n:p": "y"}', encoding="utf-8")
    (tmp_path / "e.trig").write_text("<urn:h> { <e> <urn:p> <urn:o> }", encoding="utf-8")
    folder = tmp_path / "releases"
    published(folder, *(tmp_path / name for name in ("a.ttl", "b.nq.gz", "c.rdf", "d.jsonld", "e.trig")))
    store = ox.Store.read_only(str(folder / "current" / "store"))
    assert {graph.value for graph in store.named_graphs()} == {"urn:g", "urn:h"}
    assert len([*store.quads_for_pattern(ox.NamedNode(f"{BASE}a"), None, None, ox.DefaultGraph())]) == 1
    opened = open_release(folder)
    assert (opened.triples, opened.quads, opened.datasets) == (4, 6, ())
    assert "qb" in opened.prefixes


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", b"", "The format of x.csv is not known"),
        ("x.ttl", b"<a> <b> <c>", "x.ttl, row 1: expected well-formed Turtle"),
        ("x.nt.gz", b"no gzip", "x.nt.gz: expected a whole gzip file"),
        ("x.nt.gz", gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n" * 99)[:-12], "x.nt.gz: expected a whole gzip file"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named_and_nothing_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    folder = tmp_path / "releases"
    assert main(["import", str(tmp_path / name), "--releases", str(folder), "--language", "en", "--quiet"]) in {1, 2}
    assert said in capsys.readouterr().err
    assert release.current(folder) is None


def test_rollback_makes_the_release_before_current(
    triple: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = published(tmp_path / "r", triple), published(tmp_path / "r", triple)
    capsys.readouterr()
    assert main(["rollback", "--releases", str(tmp_path / "r")]) == 0
    assert capsys.readouterr().out.strip() == first == release.current(tmp_path / "r")
    assert main(["rollback", "--releases", str(tmp_path / "r"), "--to", second]) == 0
    assert release.current(tmp_path / "r") == second
    assert main(["rollback", "--releases", str(tmp_path / "r"), "--to", "nothing"]) == 2


def test_only_as_many_releases_are_kept_as_asked_for(triple: Path, tmp_path: Path) -> None:
    made = [published(tmp_path / "r", triple) for _ in range(3)]
    assert main(["import", str(triple), "--releases", str(tmp_path / "r"), "--keep", "2", "--quiet"]) == 0
    assert release.ids(tmp_path / "r") == [made[-1], release.current(tmp_path / "r")]


def test_the_current_release_is_kept_however_old_it_is(triple: Path, tmp_path: Path) -> None:
    first, second = published(tmp_path / "r", triple), published(tmp_path / "r", triple)
    release.make_current(tmp_path / "r", first)
    assert release.prune(tmp_path / "r", 1) == [second]
    assert release.current(tmp_path / "r") == first


def test_progress_is_told_in_plain_lines_where_there_is_no_terminal(triple: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "loaders", "import", str(triple), "--releases", str(tmp_path / "r")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "Loading ...\n"
    assert done.stdout.strip() == str(tmp_path / "r" / str(release.current(tmp_path / "r")))


def test_a_file_is_recognised_by_its_header_and_found_sound(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [original] = shared_data.rglob("e1yokohama2608.csv")
    renamed = tmp_path / "人口.csv"
    renamed.write_bytes(original.read_bytes())
    assert main(["check", str(renamed), "--language", "ja", "--quiet"]) == 0
    assert "問題はありません（様式 population-ward-month、76 件）" in capsys.readouterr().out


def test_a_file_of_no_known_layout_is_a_wrong_call_that_lists_the_layouts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert main(["check", str(tmp_path / "x.csv"), "--language", "en", "--quiet"]) == 2
    assert "disaster-shelters" in capsys.readouterr().err


def test_release_json_names_the_format_and_the_version(releases: Path) -> None:
    about = json.loads((releases / "current" / "release.json").read_text(encoding="utf-8"))
    assert about["format"] == release.FORMAT
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", about["loader_version"])
