"""The gate of a whole release: what it says of the parts of a draft, and what is published of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import rdflib
from rdflib import RDF, URIRef

from loaders import gate, set_aside
from loaders.catalogue import Load
from loaders.dataset import DataSet
from loaders.errors import Language
from loaders.progress import Progress
from loaders.rdf import ntriples
from loaders.release import Draft
from loaders.terms import PROV, QB


@dataclass(frozen=True)
class Checked:
    """The report on what is published, what was set aside before, and how much each data set holds."""

    report: gate.Report
    aside: tuple[set_aside.Aside, ...]
    counts: Mapping[str, Mapping[str, int]]

    @property
    def findings(self) -> tuple[gate.Finding, ...]:
        """For the published report; what was set aside is named by its row, since it has no page of its own."""
        return (*self.report.findings, *(each.finding_at_row for each in self.aside))


def check(draft: Draft, data_sets: Sequence[DataSet], validate: gate.Validator, progress: Progress) -> Checked:
    """Runs the shapes on all that is to be published; raises Refused with file, row and column of each violation.

    Records of data sets that allow it are set aside when a rule refuses them, and the rest is checked again.
    """
    shapes = gate.read_shapes(draft.base)
    parts = {path.stem: gate.read_data([path]) for path, graph in draft.graphs if graph is None}
    data = rdflib.Graph()
    for part in parts.values():
        data += part
    progress.say(f"Checking {len(data):,} triples against the rules ...")
    report = validate(data, shapes)
    aside = set_aside.choose(data_sets, parts, report, places(data, data_sets))
    if aside:
        progress.say(f"Setting {len({each.record for each in aside})} record(s) aside, checking the rest ...")
        for data_set in data_sets:
            gone = set_aside.closure(parts[data_set.id], {each.record for each in aside})
            draft.drop(data_set.id, {node.n3() for node in gone})
            for node in gone:
                parts[data_set.id].remove((node, None, None))
                data.remove((node, None, None))
        report = validate(data, shapes)
    gate.refuse(report, places(data, data_sets))
    for data_set in data_sets:
        expected = [URIRef(f"{draft.base}shapes/{name}") for name in data_set.expects]
        gate.require_targets(data_set.id, parts[data_set.id], shapes, expected)
    return Checked(report, aside, {id_: _counts(part) for id_, part in parts.items()})


def places(data: rdflib.Graph, data_sets: Sequence[DataSet]) -> gate.Places:
    """How to find file, row and column of a finding in the data."""
    columns = {path: name for data_set in data_sets for path, name in data_set.columns.items()}
    headers = {data_set.source.id: data_set.source.header for data_set in data_sets}
    return gate.Places(data, columns, headers)


def _counts(part: rdflib.Graph) -> dict[str, int]:
    observations = sum(1 for _ in part.subjects(RDF.type, QB.Observation))
    things = len(set(part.subjects(PROV.wasDerivedFrom)))
    return {"triples": len(part), "observations": observations, "records": things - observations}


# --- what is said about it --------------------------------------------------------------------


def write_report(draft: Draft, checked: Checked) -> None:
    """The report of the gate as a file, and in a graph of its own."""
    quality = URIRef(f"{draft.base}graph/quality/{draft.id}")
    report = gate.report_graph(checked.findings, quality, conforms=not checked.report.violations)
    report.serialize(draft.path / "report.ttl", format="turtle")
    draft.write("quality", ntriples(report, draft.base), quality)


def counted(loads: Sequence[Load], checked: Checked) -> list[Load]:
    """The loads with the triples that are left after records were set aside."""
    return [replace(load, triples=checked.counts[load.data_set.id]["triples"]) for load in loads]


def summary(checked: Checked, language: Language) -> list[str]:
    """What people should know about a release that passed: rows set aside, warnings by rule."""
    aside = [f"set aside: {each.problem.sentence(language)}" for each in checked.aside]
    return aside + gate.summary(checked.report, language)
