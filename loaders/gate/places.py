"""Where in the publisher's file: from a finding to file, row and column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.term import Node

from loaders.errors import Problem, Refused, Text
from loaders.gate.report import Finding, Report
from loaders.gate.tables import Data
from loaders.rdf import term
from loaders.terms import PROV

# The provenance of the node itself comes before that of what points to it (a geometry, an address). Whatever has a
# provenance passes by the few that are asked for: it may be millions of observations.
_PLACES = """
WITH asked AS (SELECT DISTINCT unnest(?) AS about),
owners AS (SELECT about, about AS owner FROM asked UNION SELECT about, s FROM asked JOIN triples ON o = about),
places AS (SELECT s, min(o) AS place FROM {derived} SEMI JOIN owners ON s = owner GROUP BY s)
SELECT about, min(owner), arg_min(place, owner) FROM owners JOIN places ON s = owner
WHERE owner = about OR about NOT IN (SELECT s FROM places) GROUP BY about
"""


@dataclass(frozen=True)
class Place:
    """The node that has the provenance and the place in the publisher's file (an IRI ending in `#row=` or `#cell=`)."""

    owner: str
    iri: str


@dataclass(frozen=True)
class Places:
    """Turns findings into problems: provenance names file and row, the path or the cell names the column.

    `columns` are those of each source (its id → property → column), `headers` the first rows of their files.
    """

    data: Data
    columns: Mapping[str, Mapping[str, str]]
    headers: Mapping[str, Sequence[str]]

    def of(self, findings: Iterable[Finding]) -> dict[Node, Place]:
        """The places of the nodes that the findings are about, as far as they are known."""
        asked = {_text(finding.about): finding.about for finding in findings}
        sql = _PLACES.format(derived=self.data.predicate(PROV.wasDerivedFrom, rows=True))
        rows = self.data.rows(sql, [list(asked)]) if asked else []
        return {asked[about]: Place(owner[1:-1], place[1:-1]) for about, owner, place in rows}

    def problems(self, findings: Sequence[Finding]) -> list[Problem]:
        known = self.of(findings)
        return [self._problem(finding, known.get(finding.about)) for finding in findings]

    def _problem(self, finding: Finding, place: Place | None) -> Problem:
        value = "" if finding.value is None else str(finding.value)
        rule = str(finding.shape)
        if place is None:
            return Problem(str(finding.about), finding.message, value, rule=rule)
        iri, _, fragment = place.iri.partition("#")
        kind, _, position = fragment.rpartition("&")[2].partition("=")  # a workbook's cell stands after its sheet
        row, _, column = position.partition(",")
        named = self.columns.get(_source(iri), {}).get(str(finding.path)) or self._column(iri, column)
        number = int(row) if kind in {"row", "cell"} else _feature(fragment)
        message = Text(f"{finding.message.ja} <{place.owner}>", f"{finding.message.en} <{place.owner}>")
        return Problem(iri.rsplit("/", 1)[-1], message, value, number, named, rule)

    def _column(self, source: str, column: str) -> str | None:
        header = self.headers.get(_source(source), ())
        return header[int(column) - 1] if column and len(header) >= int(column) else (column or None)


def _source(file: str) -> str:
    """The id of the source in the IRI of one of its files."""
    return file.rsplit("/", 2)[-2]


def _feature(fragment: str) -> int | None:
    """The number of a feature in GeoJSON, the first being 1, from its pointer (RFC 6901).

    >>> _feature("/features/0"), _feature("/13")
    (1, None)
    """
    number = fragment.removeprefix("/features/")
    return int(number) + 1 if number.isdecimal() and number != fragment else None


def _text(node: Node) -> str:
    return term(node, "/")


def refuse(report: Report, places: Places) -> None:
    """Raises Refused with a place for each violation, if there is any."""
    if report.violations:
        raise Refused(places.problems(report.violations))


def placed(findings: Sequence[Finding], places: Places) -> list[tuple[Finding, Node | None]]:
    """Each finding with its place, for the published report."""
    known = places.of(findings)
    return [(finding, URIRef(known[finding.about].iri) if finding.about in known else None) for finding in findings]
