"""The gate as a step of the flow: all that is to be published must satisfy `shapes/`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import rdflib
from rdflib import RDF, URIRef
from rdflib.term import Node

from loaders.dataset import DataSet
from loaders.errors import Problem, Refused, Text
from loaders.gate import set_aside
from loaders.gate.paths import focuses
from loaders.gate.places import Places, placed, refuse
from loaders.gate.report import Finding, Report
from loaders.gate.shapes import read_shapes
from loaders.gate.tables import DERIVED_FROM, OBSERVATION, Data, Frame, open_data
from loaders.progress import Progress
from loaders.release import Draft

Validator = Callable[[Data, rdflib.Graph], Report]


@dataclass(frozen=True)
class Checked:
    """What was found in what is published, what was set aside before, and how much each part holds.

    `findings` come with their places. What was set aside is named by its row, since it has no page of its own.
    """

    report: Report
    aside: tuple[set_aside.Aside, ...]
    findings: tuple[tuple[Finding, Node | None], ...]
    counts: Mapping[str, Mapping[str, int]]


def check(
    draft: Draft, data_sets: Sequence[DataSet], frames: Sequence[Frame], validate: Validator, progress: Progress
) -> Checked:
    """Runs the shapes on all that is to be published; raises Refused with file, row and column of each violation.

    Observations are read from the columns of `frames`; the triples that say the same are made later. Records of data
    sets that allow it are set aside when a rule refuses them: that is decided before the columns are read, which no
    such rule looks at, and then everything is checked.
    """
    shapes = read_shapes(draft.base)
    parts = {path.stem: path for path, graph in draft.graphs if graph is None}
    with open_data(draft.base, parts) as data:
        places = _places(data, data_sets)
        aside = _set_aside(draft, data_sets, data, validate(data, shapes), places)
        if aside:
            progress.say(f"Setting {len({each.record for each in aside})} record(s) aside, checking the rest ...")
        data.add(frames)
        count = sum(each["triples"] for each in _counts(data).values())
        progress.say(f"Checking {count:,} triples against the rules ...")
        report = validate(data, shapes)
        refuse(report, places)
        _require_targets(draft, data_sets, data, shapes)
        findings = [*placed(report.findings, places), *((each.finding_at_row, each.row) for each in aside)]
        return Checked(report, aside, tuple(findings), _counts(data))


def _places(data: Data, data_sets: Sequence[DataSet]) -> Places:
    columns: dict[str, dict[str, str]] = {}
    for data_set in data_sets:
        columns.setdefault(data_set.source.id, {}).update(data_set.columns)
    return Places(data, columns, {data_set.source.id: data_set.source.header for data_set in data_sets})


def _set_aside(
    draft: Draft, data_sets: Sequence[DataSet], data: Data, report: Report, places: Places
) -> tuple[set_aside.Aside, ...]:
    """Takes what is set aside out of the tables and out of the files."""
    chosen = set_aside.choose(data_sets, data, report, places)
    for part, aside in chosen.items():
        gone = set_aside.closure(data, part, {each.record for each in aside})
        draft.drop(part, gone)
        data.remove(part, gone)
    return tuple(each for found in chosen.values() for each in found)


def _require_targets(draft: Draft, data_sets: Sequence[DataSet], data: Data, shapes: rdflib.Graph) -> None:
    for data_set in data_sets:
        expected = [URIRef(f"{draft.base}shapes/{name}") for name in data_set.expects]
        require_targets(data_set.id, data, shapes, expected)


def require_targets(part: str, data: Data, shapes: rdflib.Graph, expected: Iterable[URIRef]) -> None:
    """Raises Refused when an expected shape has no focus node in the part: what nothing checked has not passed."""
    idle = [shape for shape in expected if not _has_target(part, data, shapes, shape)]
    if idle:
        names = ", ".join(idle)
        raise Refused([Problem(part, Text(f"{names} の対象となるデータ", f"something that {names} applies to"))])


def _has_target(part: str, data: Data, shapes: rdflib.Graph, shape: URIRef) -> bool:
    nodes, *rows = focuses(data, shapes, shape)
    here = f"SELECT 1 FROM triples WHERE part = ? AND s IN ({nodes.sql}) LIMIT 1"
    return bool(data.rows(here, [part])) or any(focus.found for focus in rows)


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
        part = counts[view.data_set.rsplit("/", 1)[-1]]
        part["observations"] += observations
        part["triples"] += triples
    return counts
