"""Records that a rule refuses and that may be left out, each with the row it came from; too many stop the load."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rdflib import URIRef

from loaders.dataset import DataSet
from loaders.errors import Problem, Refused
from loaders.gate.places import Places
from loaders.gate.report import Finding, Report
from loaders.gate.tables import DERIVED_FROM, Data
from loaders.rdf import term
from loaders.terms import GEO, RDF


@dataclass(frozen=True)
class Aside:
    """A record that is not published, the rule that refused it, and where it stands in the publisher's file."""

    record: str
    row: URIRef
    finding: Finding
    problem: Problem

    @property
    def finding_at_row(self) -> Finding:
        return replace(self.finding, focus=self.row)


def choose(data_sets: Sequence[DataSet], data: Data, report: Report, places: Places) -> dict[str, list[Aside]]:
    """What to set aside, by data set; Refused with every problem when a data set has too many bad records."""
    return {
        data_set.id: chosen
        for data_set in data_sets
        if data_set.set_aside_below and report.violations and (chosen := _choose(data_set, data, report, places))
    }


def _choose(data_set: DataSet, data: Data, report: Report, places: Places) -> list[Aside]:
    records = _records(data, data_set.id, report.violations)
    refused = [finding for finding in report.violations if term(finding.about, "/") in records]
    found = [
        Aside(record, URIRef(row[1:-1]), finding, problem)
        for finding, problem in zip(refused, places.problems(refused), strict=True)
        for record, row in [records[term(finding.about, "/")]]
    ]
    [(total,)] = data.rows(
        "SELECT count(DISTINCT s) FROM triples WHERE part = ? AND p = ?", [data_set.id, DERIVED_FROM]
    )
    if found and len({each.record for each in found}) >= data_set.set_aside_below * total:
        raise Refused([each.problem for each in found])
    return found


def _records(data: Data, part: str, findings: Iterable[Finding]) -> dict[str, tuple[str, str]]:
    """What a finding is about → the record of the part (that node, or what points to it) and its row."""
    rows = data.rows(
        "WITH record AS (SELECT s, min(o) AS row FROM triples WHERE part = $1 AND p = $2 GROUP BY s), "
        "asked AS (SELECT DISTINCT unnest($3) AS about) "
        "SELECT about, s, row FROM asked JOIN record ON s = about UNION "
        "SELECT about, record.s, row FROM asked JOIN triples t ON t.o = about AND t.part = $1 JOIN record USING (s) "
        "ORDER BY ALL DESC",
        [part, DERIVED_FROM, [term(finding.about, "/") for finding in findings]],
    )
    return {about: (record, row) for about, record, row in rows}


def closure(data: Data, part: str, records: Iterable[str]) -> set[str]:
    """The records with what only they own: blank nodes and geometries."""
    gone = set(records)
    owned = data.rows(
        "SELECT DISTINCT o FROM triples WHERE part = $1 AND s IN (SELECT unnest($2)) AND (is_blank(o) OR o IN "
        "(SELECT s FROM triples WHERE part = $1 AND p = $3 AND o = $4))",
        [part, [*gone], f"<{RDF.type}>", f"<{GEO.Geometry}>"],
    )
    return gone | {node for (node,) in owned}
