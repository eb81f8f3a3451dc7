"""Each rule is broken by the smallest change to a valid example, in a file named after the rule.

A case begins with `# example: NAME …` where the example is not the one of the rule's module, and with `# also: NAME …`
for rules that cannot but fail too. `# pyshacl lets pass: NAME` marks where pySHACL is not as strict as SHACL: it
compares ill-typed dates by their text, and rdflib has no geof:sfWithin.
"""

import re
from collections.abc import Callable, Container
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import SH

from loaders import gate
from loaders.gate.constraints import CONSTRAINTS
from loaders.gate.report import Finding
from loaders.gate.shapes import read_shapes, targeted
from loaders.gate.tables import Data
from loaders.terms import ONTOLOGY, SHAPES

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.glob("*.ru"))
EXAMPLES = sorted(path.stem for path in (ONTOLOGY / "examples").glob("*.ttl"))
# Modules without things of their own: their rules are shown on a facility.
ON_FACILITIES = {"label", "position", "privacy", "characters"}
BASE = "http://localhost:8000/"

Open = Callable[[ox.Store], Data]
Example = Callable[..., ox.Store]


def rules(shapes: rdflib.Graph) -> dict[str, str]:
    """The rules that can make a finding: local name → module."""
    found = {}
    for shape in targeted(shapes):
        for rule in (shape, *shapes.objects(shape, SH.property), *shapes.objects(shape, SH.sparql)):
            if any(parameter in CONSTRAINTS or parameter == SH.select for parameter in shapes.predicates(rule)):
                module, _, name = str(rule).rsplit("/", 1)[-1].partition("#")
                found[name] = module
    return found


def comment(case: Path, key: str) -> list[str]:
    match = re.search(rf"^# {key}: (.*)$", case.read_text(encoding="utf-8"), re.MULTILINE)
    return match[1].split() if match else []


def names(findings: tuple[Finding, ...]) -> set[str]:
    return {str(finding.shape).partition("#")[2] for finding in findings}


def keys(report: gate.Report, without: Container[str] = ()) -> set[tuple[str, ...]]:
    """Findings as comparable text; a path of several steps is a blank node of the shapes, the same in both."""
    return {
        (_plain(each.focus), str(each.path), _plain(each.value), str(each.shape), str(each.severity))
        for each in report.findings
        if str(each.shape).partition("#")[2] not in without
    }


def _plain(value: object) -> str:
    """Numbers by value, since rdflib and Oxigraph write them differently; texts and IRIs as they are."""
    if isinstance(value, rdflib.BNode):
        return "_"
    if isinstance(value, rdflib.Literal) and isinstance(value.value, (int, float)):
        return str(float(value.value))
    return str(value)


@pytest.fixture(scope="module")
def modules(shapes: rdflib.Graph) -> dict[str, str]:
    return rules(shapes)


def examples(case: Path, modules: dict[str, str]) -> list[str]:
    module = modules[case.stem]
    return comment(case, "example") or ["facility" if module in ON_FACILITIES else module]


@pytest.fixture
def broken(example: Example, prologue: str, modules: dict[str, str]) -> Callable[[Path], ox.Store]:
    def read(case: Path) -> ox.Store:
        store = example(*examples(case, modules))
        before = set(store)
        store.update(prologue + case.read_text(encoding="utf-8"))
        assert set(store) != before, "the case changes nothing"
        return store

    return read


@pytest.fixture(scope="module")
def rules_for() -> Callable[[list[str]], rdflib.Graph]:
    """The rules that can apply to examples: those of their modules, and of what every module shares."""

    @cache
    def read(*names: str) -> rdflib.Graph:
        return read_shapes(BASE, [SHAPES / f"{name}.ttl" for name in sorted({*names, *ON_FACILITIES})])

    return lambda names: read(*names)


def test_each_rule_has_a_case_and_each_case_a_rule(modules: dict[str, str]) -> None:
    assert CASES
    assert {case.stem for case in CASES} == set(modules)


def test_each_module_of_rules_has_an_example() -> None:
    assert {path.stem for path in SHAPES.glob("*.ttl")} - ON_FACILITIES == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_breaks_no_rule(name: str, example: Example, opened: Open, shapes: rdflib.Graph) -> None:
    assert not gate.columnar(opened(example(name)), shapes).findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case_breaks_its_rule_and_no_other_and_pyshacl_agrees(
    case: Path,
    broken: Callable[[Path], ox.Store],
    opened: Open,
    modules: dict[str, str],
    rules_for: Callable[[list[str]], rdflib.Graph],
) -> None:
    data, shapes = opened(broken(case)), rules_for(examples(case, modules))
    ours = gate.columnar(data, shapes)
    assert names(ours.findings) == {case.stem, *comment(case, "also")}
    passed_by_pyshacl = set(comment(case, "pyshacl lets pass"))
    assert keys(ours, passed_by_pyshacl) == keys(gate.pyshacl(data, shapes))
