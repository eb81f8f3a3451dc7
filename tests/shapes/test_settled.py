"""What was found in cubes that are as they were is taken over from the current release; all else is checked again."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import URIRef

from loaders import gate, provenance, release
from loaders.errors import Refused
from loaders.fingerprint import FILES, FOLDERS, ROOT, rules_fingerprint
from loaders.gate.tables import Frame, open_data
from loaders.progress import Progress

FOLDER, BASE = Path(__file__).parent, "http://localhost:8000/"
POPULATION, HOUSEHOLDS = f"{BASE}id/dataset/example-population", f"{BASE}id/dataset/example-households"
Framed = Callable[[ox.Store, Path], tuple[Path, list[Frame]]]
Built = Callable[..., gate.Checked]


@pytest.fixture
def built(example: Callable[..., ox.Store], prologue: str, framed: Framed, tmp_path: Path) -> Built:
    """Publishes the example of statistics, changed by the cases of these names, after the gate has passed it."""

    def build(*cases: str, validator: gate.Validator = gate.columnar) -> gate.Checked:
        store = example("statistics")
        for case in cases:
            store.update(prologue + (FOLDER / f"{case}.ru").read_text(encoding="utf-8"))
        with release.draft(tmp_path / "releases", BASE) as draft:
            (draft.path / "cubes").mkdir()
            rest, frames = framed(store, draft.path / "cubes")
            draft.write("rest", rest.read_text(encoding="utf-8").splitlines(keepends=True))
            for each in frames:
                draft.write(each.data_set.rsplit("/", 1)[-1], [f"<{each.data_set}> <{BASE}p> <{BASE}o> .\n"])
            frames = [replace(each, data_set=URIRef(each.data_set)) for each in frames]  # as a build has them
            checked = gate.check(draft, [], frames, (), validator, Progress(quiet=True))
            provenance.report(draft, checked)
            draft.complete({})
            draft.publish()
        return checked

    return build


def shapes_of(checked: gate.Checked) -> list[str]:
    return [str(each.shape).partition("#")[2] for each in checked.report.findings]


def test_unchanged_cubes_are_taken_over_with_the_same_report(built: Built) -> None:
    first, second = built("AreasAddUp"), built("AreasAddUp")
    assert (first.taken_over, second.taken_over) == (0, 2)
    assert shapes_of(first) == ["AreasAddUp"]
    assert first.report == second.report
    assert first.cubes == second.cubes


def test_what_was_taken_over_is_taken_over_again(built: Built) -> None:
    first, _, third = built("AreasAddUp"), built("AreasAddUp"), built("AreasAddUp")
    assert third.taken_over == 2
    assert first.findings == third.findings


def test_one_changed_figure_has_its_cube_checked_again(built: Built) -> None:
    built()
    changed = built("AreasAddUp")
    assert changed.taken_over == 1
    assert shapes_of(changed) == ["AreasAddUp"]


def test_a_fault_in_a_changed_cube_is_refused(built: Built) -> None:
    built()
    with pytest.raises(Refused) as refused:
        built("PopulationNotNegative")
    assert [each.rule for each in refused.value.problems] == [f"{BASE}shapes/statistics#PopulationNotNegative"]


def test_a_fault_in_the_records_is_found_beside_cubes_taken_over(built: Built) -> None:
    built()
    with pytest.raises(Refused) as refused:
        built("DataSetAttributeMissing")
    assert {each.rule for each in refused.value.problems} == {f"{BASE}shapes/statistics#DataSetAttributeMissing"}


def test_pyshacl_takes_nothing_over(built: Built) -> None:
    first, second = built("AreasAddUp"), built("AreasAddUp", validator=gate.pyshacl)
    assert second.taken_over == 0
    assert shapes_of(first) == shapes_of(second)


def test_other_rules_have_every_cube_checked_again(
    example: Callable[..., ox.Store], framed: Framed, tmp_path: Path
) -> None:
    rest, frames = framed(example("statistics"), tmp_path)
    with open_data(BASE, {"rest": rest}, frames) as data:
        before, after = (gate.settled.keys(data, rules) for rules in ("before", "after"))
    assert set(before) == {POPULATION, HOUSEHOLDS}
    assert not set(before.values()) & set(after.values())


@pytest.mark.parametrize(
    ("file", "other"), [("shapes/statistics.ttl", True), ("loaders/gate/totals.py", True), ("loaders/new.csv", False)]
)
def test_rules_are_others_when_a_shape_or_a_program_changes_and_not_for_a_table(
    file: str, other: bool, tmp_path: Path
) -> None:
    for name in ("shapes", "loaders/gate", *FILES):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    before = rules_fingerprint(BASE, tmp_path)
    with (tmp_path / file).open("a", encoding="utf-8") as changed:
        changed.write("# changed\n")
    assert (rules_fingerprint(BASE, tmp_path) != before) == other
    assert {"shapes", "loaders", "ontology"} == set(FOLDERS)


def test_a_release_says_what_was_found_in_each_of_its_cubes(releases: Path) -> None:
    about = json.loads((releases / "current" / "release.json").read_text(encoding="utf-8"))
    kept = json.loads((releases / "current" / gate.settled.FILE).read_text(encoding="utf-8"))
    assert set(kept) == {each["iri"] for each in about["cubes"]}
    assert any(each["findings"] for each in kept.values())
