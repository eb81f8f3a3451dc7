"""What a validator found: findings, the report that is published, and the summary for people."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import rdflib
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from loaders.errors import Language, Text
from loaders.gate.shapes import severity

# In the words of the page about quality (service/templates/quality.html).
SEVERITIES: Mapping[Node, Text] = MappingProxyType(
    {SH.Violation: Text("違反", "Violation"), SH.Warning: Text("注意", "Warning"), SH.Info: Text("参考", "Information")}
)


@dataclass(frozen=True)
class Finding:
    """One sh:ValidationResult. `path` is None for a rule about the whole node.

    `about` is the node whose place in the publisher's file is of interest: the focus node, or the value where one query
    asks about all things at once and its focus node is a catalogue, a code list or a data set.
    """

    focus: Node
    path: Node | None
    value: Node | None
    shape: Node
    severity: URIRef
    message: Text
    about: Node

    def with_severity(self, given: URIRef) -> "Finding":
        return replace(self, severity=given)


@dataclass(frozen=True)
class Report:
    """What a validator found in the data."""

    findings: tuple[Finding, ...]

    @classmethod
    def ordered(cls, findings: Iterable[Finding]) -> "Report":
        """By focus node, rule and value, however they were found."""
        return cls(tuple(sorted(findings, key=lambda each: (str(each.focus), str(each.shape), str(each.value)))))

    def of(self, given: URIRef) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == given)

    @property
    def violations(self) -> tuple[Finding, ...]:
        return self.of(SH.Violation)


def finding(
    shapes: rdflib.Graph,
    shape: Node,
    focus: Node,
    path: Node | None,
    value: Node | None,
    variables: Mapping[str, Node],
) -> Finding:
    """A finding with the severity and the messages of its shape, `{?name}` in them replaced by the variable."""
    constraint = (shape, RDF.type, SH.SPARQLConstraint) in shapes
    about = value if constraint and value is not None else focus
    return Finding(focus, path, value, shape, severity(shapes, shape), _message(shapes, shape, variables), about)


def _message(shapes: rdflib.Graph, shape: Node, variables: Mapping[str, Node]) -> Text:
    """The shape's own messages: pySHACL drops the language of those of SPARQL constraints."""
    texts = {
        str(message.language): re.sub(
            r"\{[?$](\w+)\}", lambda match: str(variables.get(match[1], match[0])), str(message)
        )
        for message in shapes.objects(shape, SH.message)
        if isinstance(message, Literal)
    }
    return Text(texts.get("ja", str(shape)), texts.get("en", str(shape)))


def report_graph(placed: Iterable[tuple[Finding, Node | None]], iri: URIRef, conforms: bool) -> rdflib.Graph:
    """The findings as a sh:ValidationReport with messages in both languages.

    Each comes with the place in the publisher's file that it is about, or None. MODEL 3.10: the place is dct:source.
    """
    graph = rdflib.Graph()
    graph.bind("sh", SH)
    graph.add((iri, RDF.type, SH.ValidationReport))
    graph.add((iri, SH.conforms, Literal(conforms)))
    for number, (found, place) in enumerate(placed, start=1):
        node = URIRef(f"{iri}#result-{number}")
        graph.add((iri, SH.result, node))
        graph.add((node, RDF.type, SH.ValidationResult))
        graph.add((node, SH.focusNode, found.focus))
        graph.add((node, SH.sourceShape, found.shape))
        graph.add((node, SH.resultSeverity, found.severity))
        graph.add((node, SH.resultMessage, Literal(found.message.ja, lang="ja")))
        graph.add((node, SH.resultMessage, Literal(found.message.en, lang="en")))
        for property_, term in ((SH.resultPath, found.path), (SH.value, found.value), (rdflib.DCTERMS.source, place)):
            if term is not None and not isinstance(term, BNode):
                graph.add((node, property_, term))
    return graph


def summary(report: Report, language: Language) -> list[str]:
    """Warnings and notes by rule, most frequent first, with the first places: the to-do list of data that passed."""
    counts: Counter[tuple[Node, Node]] = Counter()
    first: dict[tuple[Node, Node], Finding] = {}
    for each in report.findings:
        counts[each.severity, each.shape] += 1
        first.setdefault((each.severity, each.shape), each)
    return [
        f"{SEVERITIES[key[0]].in_(language)}: {count} × {first[key].message.in_(language)}"
        for key, count in counts.most_common()
    ]
