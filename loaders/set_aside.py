"""Records that a rule refuses and that may be left out, each with the row it came from; too many stop the load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import rdflib
from rdflib import RDF, BNode, URIRef
from rdflib.term import Node

from loaders.dataset import DataSet
from loaders.errors import Problem, Refused
from loaders.gate import Finding, Places, Report
from loaders.terms import GEO, PROV


@dataclass(frozen=True)
class Aside:
    """A record that is not published, the rule that refused it, and where it stands in the publisher's file."""

    record: Node
    row: URIRef
    finding: Finding
    problem: Problem

    @property
    def finding_at_row(self) -> Finding:
        return replace(self.finding, focus=self.row)


def choose(
    data_sets: Sequence[DataSet], parts: Mapping[str, rdflib.Graph], report: Report, places: Places
) -> tuple[Aside, ...]:
    """What to set aside; Refused with every problem when a data set has too many bad records."""
    chosen: list[Aside] = []
    for data_set in data_sets:
        if data_set.set_aside_below and report.violations:
            chosen += _choose(data_set, parts[data_set.id], report, places)
    return tuple(chosen)


def _choose(data_set: DataSet, part: rdflib.Graph, report: Report, places: Places) -> list[Aside]:
    records = set(part.subjects(PROV.wasDerivedFrom))
    found = [
        Aside(record, _row(part, record), finding, places.problem(finding))
        for finding in report.violations
        if (record := _record(part, finding.focus, records)) is not None
    ]
    if len({each.record for each in found}) >= data_set.set_aside_below * len(records) and found:
        raise Refused([each.problem for each in found])
    return found


def _record(part: rdflib.Graph, focus: Node, records: set[Node]) -> Node | None:
    """The record that a finding is about: its focus node, or the record that points to it."""
    candidates = (focus, *part.subjects(None, focus))
    return next((node for node in candidates if node in records), None)


def _row(part: rdflib.Graph, record: Node) -> URIRef:
    return URIRef(str(part.value(record, PROV.wasDerivedFrom)))


def closure(part: rdflib.Graph, records: set[Node]) -> set[Node]:
    """The records with what only they own: blank nodes and geometries."""
    gone = {record for record in records if (record, None, None) in part}
    for record in list(gone):
        gone |= {
            node for node in part.objects(record) if isinstance(node, BNode) or (node, RDF.type, GEO.Geometry) in part
        }
    return gone
