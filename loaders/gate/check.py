"""The gate as a step of the flow: all that is to be published must satisfy `shapes/`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import rdflib
from rdflib import RDF, URIRef
from rdflib.term import Node

from loaders import catalogue, vocabulary
from loaders.dataset import DataSet
from loaders.errors import Problem, Refused, Text
from loaders.fingerprint import rules_fingerprint
from loaders.gate import settled
from loaders.gate.columnar import columnar
from loaders.gate.paths import Rows, focuses
from loaders.gate.places import Places, placed, refuse
from loaders.gate.report import Finding, Report
from loaders.gate.set_aside import Aside, choose, closure
from loaders.gate.settled import Settled
from loaders.gate.shapes import read_shapes
from loaders.gate.tables import DERIVED_FROM, OBSERVATION, Data, Frame, View, open_data
from loaders.progress import Progress
from loaders.rdf import absolute, term
from loaders.release import CURRENT, Draft

Validator = Callable[[Data, rdflib.Graph], Report]


@dataclass(frozen=True)
class Checked:
    """What was found in what is published, what was set aside before, and how much each part holds.

    `findings` come with their places. What was set aside is named by its row, since it has no page of its own.
    `cubes` is what the next build can take over, `taken_over` the number of cubes of which this one did.
    """

    report: Report
    aside: tuple[Aside, ...]
    findings: tuple[tuple[Finding, Node | None], ...]
    counts: Mapping[str, Mapping[str, int]]
    cubes: Mapping[str, Settled]
    taken_over: int


def set_aside(draft: Draft, data_sets: Sequence[DataSet], validate: Validator, progress: Progress) -> tuple[Aside, ...]:
    """Takes out of the draft the records that a rule refuses, of data sets that allow it; Refused if they are too many.

    Observations are not read for it: no rule about such records looks at them. What is left is for `check`.
    """
    if not any(each.set_aside_below for each in data_sets):
        return ()
    with open_data(draft.base, _parts(draft)) as data:
        report = validate(data, read_shapes(draft.base))
        chosen = choose(data_sets, data, report, _places(data, data_sets))
        for part, aside in chosen.items():
            draft.drop(part, closure(data, part, {each.record for each in aside}))
    found = tuple(each for some in chosen.values() for each in some)
    if found:
        progress.say(f"Setting {len({each.record for each in found})} record(s) aside, checking the rest ...")
    return found


def check(
    draft: Draft,
    data_sets: Sequence[DataSet],
    frames: Sequence[Frame],
    aside: Sequence[Aside],
    validate: Validator,
    progress: Progress,
) -> Checked:
    """Runs the shapes on all that is to be published; raises Refused with file, row and column of each violation.

    Observations are read from the columns of `frames`, as their triples are. Only pySHACL reads the rows of cubes that
    have not changed since the current release.
    """
    shapes = read_shapes(draft.base)
    with open_data(draft.base, _parts(draft), frames) as data:
        places, counts = _places(data, data_sets), _counts(data)
        keys = settled.keys(data, rules_fingerprint(draft.base))
        known = settled.read(draft.releases / CURRENT / settled.FILE, keys) if validate is columnar else {}
        data.settled = frozenset(known)
        progress.say(_announced(counts, len(known), len(keys)))
        report = _with(validate(data, shapes), known)
        refuse(report, places)
        _require_targets(draft, data_sets, data, shapes)
        findings = [*placed(report.findings, places), *((each.finding_at_row, each.row) for each in aside)]
        found = settled.about_rows(data, report.findings)
        cubes = {data_set: Settled(key, found[data_set]) for data_set, key in keys.items()}
        return Checked(report, tuple(aside), tuple(findings), counts, cubes, len(known))


def _parts(draft: Draft) -> dict[str, Path]:
    return {path.stem: path for path, graph in draft.graphs if graph is None}


def _announced(counts: Mapping[str, Mapping[str, int]], known: int, cubes: int) -> str:
    triples = sum(each["triples"] for each in counts.values())
    unchanged = f", {known} of {cubes} cubes as in the current release" if known else ""
    return f"Checking {triples:,} triples against the rules{unchanged} ..."


def _with(report: Report, known: Mapping[str, Settled]) -> Report:
    """The report with what was found in the rows of settled cubes."""
    return Report.ordered(chain(report.findings, *(each.findings for each in known.values())))


def check_account(
    draft: Draft, checked: Checked, expected: Mapping[str, Iterable[str]], validate: Validator
) -> Checked:
    """Runs the shapes on what is said of the release itself: loads, graphs, register. Raises Refused as `check` does.

    It lies in named graphs and is written when the rest has passed, since it tells how much that was. `expected` are
    the shapes that must find something in a part. What was found is added to what is given.
    """
    shapes = read_shapes(draft.base)
    account = {path.stem: path for path, graph in draft.graphs if graph is not None}
    known = {name: draft.part(name) for name in (catalogue.PART, vocabulary.PART)}
    with open_data(draft.base, {**account, **known}) as data:
        report = validate(data, shapes)
        refuse(report, _places(data, ()))
        for part, names in expected.items():
            require_targets(part, data, shapes, _named(draft, names))
        told = set(data.rows("SELECT DISTINCT s FROM triples WHERE part IN (SELECT unnest(?))", [list(account)]))
    found = [each for each in report.findings if (term(each.focus, "/"),) in told]
    return replace(
        checked,
        report=Report.ordered(chain(checked.report.findings, found)),
        findings=(*checked.findings, *((each, None) for each in found)),
    )


def _places(data: Data, data_sets: Sequence[DataSet]) -> Places:
    columns: dict[str, dict[str, str]] = {}
    for data_set in data_sets:
        columns.setdefault(data_set.source.id, {}).update(data_set.columns)
    return Places(data, columns, {data_set.source.id: data_set.source.header for data_set in data_sets})


def _require_targets(draft: Draft, data_sets: Sequence[DataSet], data: Data, shapes: rdflib.Graph) -> None:
    """Nothing is required of a settled cube: its rows have been checked."""
    for data_set in data_sets:
        if str(absolute(data_set.iri, draft.base)) not in data.settled:
            require_targets(data_set.id, data, shapes, _named(draft, data_set.expects))


def _named(draft: Draft, shapes: Iterable[str]) -> list[URIRef]:
    return [URIRef(f"{draft.base}shapes/{name}") for name in shapes]


def require_targets(part: str, data: Data, shapes: rdflib.Graph, expected: Iterable[URIRef]) -> None:
    """Raises Refused when an expected shape has no focus node in the part: what nothing checked has not passed."""
    idle = [shape for shape in expected if not _has_target(part, data, shapes, shape)]
    if idle:
        names = ", ".join(idle)
        raise Refused([Problem(part, Text(f"{names} の対象となるデータ", f"something that {names} applies to"))])


def _has_target(part: str, data: Data, shapes: rdflib.Graph, shape: URIRef) -> bool:
    nodes, *rows = focuses(data, shapes, shape)
    here = f"SELECT 1 FROM triples WHERE part = ? AND s IN ({nodes.sql}) LIMIT 1"
    own = (focus for focus in rows if isinstance(focus, Rows) and _part(focus.view) == part)
    return bool(data.rows(here, [part])) or any(focus.found for focus in own)


def _part(view: View) -> str:
    """The part that holds the rest of what is said of the frame's data set."""
    return view.data_set.rsplit("/", 1)[-1]


def _counts(data: Data) -> dict[str, dict[str, int]]:
    """For each part the triples, observations and other records (what has a row or a place of its own)."""
    rows = data.rows(
        "SELECT part, count(*), count(DISTINCT s) FILTER (p = $1 AND o = $2), count(DISTINCT s) FILTER (p = $3) "
        "FROM triples GROUP BY part",
        [f"<{RDF.type}>", OBSERVATION, DERIVED_FROM],
    )
    counts = {
        part: {"triples": triples, "observations": observations, "records": things - observations}
        for part, triples, observations, things in rows
    }
    for view in data.views:
        cells = " + ".join(f"count({column})" for column in view.columns.values())
        [(observations, triples)] = data.rows(f"SELECT count(*), {cells} FROM {view.name}")
        part = counts[_part(view)]
        part["observations"] += observations
        part["triples"] += triples
    return counts
