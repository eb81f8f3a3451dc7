"""The gate: what is to be published must satisfy `shapes/`. One function validates; the rest explains its findings."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import rdflib
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from loaders.errors import Language, Problem, Refused, Text
from loaders.terms import prefixes, shape_files

PROV_DERIVED = URIRef("http://www.w3.org/ns/prov#wasDerivedFrom")
PREFIX_DECLARATIONS = "/shapes/prefixes"


@dataclass(frozen=True)
class Finding:
    """One sh:ValidationResult. `path` is None for a rule about the whole node."""

    focus: Node
    path: Node | None
    value: Node | None
    shape: Node
    severity: URIRef
    message: Text


@dataclass(frozen=True)
class Report:
    """What a validator found in a graph."""

    findings: tuple[Finding, ...]

    def of(self, severity: URIRef) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == severity)

    @property
    def violations(self) -> tuple[Finding, ...]:
        return self.of(SH.Violation)


Validator = Callable[[rdflib.Graph, rdflib.Graph], Report]


def pyshacl(data: rdflib.Graph, shapes: rdflib.Graph) -> Report:
    """Validates with pySHACL, the reference that any faster validator is compared with."""
    from pyshacl import validate

    _, results, _ = validate(
        data,
        shacl_graph=shapes,
        inplace=True,
        advanced=False,
        meta_shacl=False,
        do_owl_imports=False,
    )
    if not isinstance(results, rdflib.Graph):
        raise TypeError(f"pySHACL gave no report: {results!r}")
    return Report(tuple(sorted(_findings(results, shapes), key=lambda each: str(each.focus))))


def read_shapes(base: str, files: Iterable[Path] | None = None) -> rdflib.Graph:
    """The shapes with the base, and the prefixes of their SPARQL: sh:namespace is a literal, so code writes it."""
    shapes = rdflib.Graph()
    for path in files or shape_files():
        shapes.parse(path, publicID=base)
    holder = URIRef(base[:-1] + PREFIX_DECLARATIONS)
    for prefix, namespace in prefixes().items():
        node = BNode()
        absolute = base[:-1] + namespace if namespace.startswith("/") else namespace
        shapes.add((holder, SH.declare, node))
        shapes.add((node, SH.prefix, Literal(prefix)))
        shapes.add((node, SH.namespace, Literal(absolute, datatype=rdflib.XSD.anyURI)))
    return shapes


def read_data(files: Iterable[Path]) -> rdflib.Graph:
    """The N-Triples files as one graph."""
    data = rdflib.Graph()
    for path in files:
        data.parse(path, format="nt")
    return data


def _findings(results: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Finding]:
    for result in results.subjects(RDF.type, SH.ValidationResult):
        constraint = results.value(result, SH.sourceConstraint)
        shape = constraint or results.value(result, SH.sourceShape)
        if shape is None:
            raise ValueError("a validation result without its shape")
        value = results.value(result, SH.value)
        yield Finding(
            focus=_some(results.value(result, SH.focusNode)),
            path=results.value(result, SH.resultPath),
            value=value,
            shape=shape,
            severity=URIRef(str(_some(results.value(result, SH.resultSeverity)))),
            message=_message(shapes, shape, value),
        )


def _some(node: Node | None) -> Node:
    if node is None:
        raise ValueError("a validation result without focus node or severity")
    return node


def _message(shapes: rdflib.Graph, shape: Node, value: Node | None) -> Text:
    """The shape's own messages: pySHACL drops the language of those of SPARQL constraints."""
    texts = {
        str(message.language): str(message).replace("{?value}", str(value))
        for message in shapes.objects(shape, SH.message)
        if isinstance(message, Literal)
    }
    return Text(texts.get("ja", str(shape)), texts.get("en", str(shape)))


# --- what a rule applied to -------------------------------------------------------------------


def require_targets(name: str, data: rdflib.Graph, shapes: rdflib.Graph, expected: Iterable[URIRef]) -> None:
    """Raises Refused when an expected shape has no focus node: a graph that nothing checked has not passed."""
    idle = [shape for shape in expected if not any(_focus_nodes(data, shapes, shape))]
    if idle:
        names = ", ".join(idle)
        expected_text = Text(f"{names} の対象となるデータ", f"something that {names} applies to")
        raise Refused([Problem(name, expected_text)])


def _focus_nodes(data: rdflib.Graph, shapes: rdflib.Graph, shape: URIRef) -> Iterator[Node]:
    """SHACL 2.1.3: targets by node, class (also implicit), subjects and objects of a property."""
    for node in shapes.objects(shape, SH.targetNode):
        if (node, None, None) in data:
            yield node
    classes = [*shapes.objects(shape, SH.targetClass)]
    if (shape, RDF.type, RDFS.Class) in shapes:
        classes.append(shape)
    for class_ in classes:
        yield from data.subjects(RDF.type, class_)
    for property_ in shapes.objects(shape, SH.targetSubjectsOf):
        yield from data.subjects(property_)
    for property_ in shapes.objects(shape, SH.targetObjectsOf):
        yield from data.objects(None, property_)


# --- where in the publisher's file ------------------------------------------------------------


@dataclass(frozen=True)
class Places:
    """Turns a finding into a Problem: the focus node's provenance names file and row, its path the column."""

    data: rdflib.Graph
    columns: Mapping[str, str]
    headers: Mapping[str, Sequence[str]]

    def problem(self, finding: Finding) -> Problem:
        owner, derived_from = self._derived_from(finding.focus)
        value = "" if finding.value is None else str(finding.value)
        if derived_from is None:
            return Problem(str(finding.focus), finding.message, value)
        iri, _, fragment = derived_from.partition("#")
        kind, _, position = fragment.partition("=")
        row, _, column = position.partition(",")
        named = self.columns.get(str(finding.path)) or self._column(iri, column)
        number = int(row) if kind in {"row", "cell"} else None
        message = Text(f"{finding.message.ja} <{owner}>", f"{finding.message.en} <{owner}>")
        return Problem(iri.rsplit("/", 1)[-1], message, value, number, named)

    def _derived_from(self, focus: Node) -> tuple[Node, str | None]:
        """The provenance of the node, or of what points to it (a geometry, an address)."""
        for owner in (focus, *self.data.subjects(None, focus)):
            sources = sorted(str(source) for source in self.data.objects(owner, PROV_DERIVED))
            if sources:
                return owner, sources[0]
        return focus, None

    def _column(self, source: str, column: str) -> str | None:
        header = self.headers.get(source.rsplit("/", 2)[-2], ())
        return header[int(column) - 1] if column and len(header) >= int(column) else (column or None)


def refuse(report: Report, places: Places) -> None:
    """Raises Refused with a place for each violation, if there is any."""
    if report.violations:
        raise Refused([places.problem(finding) for finding in report.violations])


# --- the report for publication ---------------------------------------------------------------


def report_graph(findings: Iterable[Finding], iri: URIRef, conforms: bool) -> rdflib.Graph:
    """The findings as a sh:ValidationReport with messages in both languages."""
    graph = rdflib.Graph()
    graph.bind("sh", SH)
    graph.add((iri, RDF.type, SH.ValidationReport))
    graph.add((iri, SH.conforms, Literal(conforms)))
    for number, finding in enumerate(findings, start=1):
        node = URIRef(f"{iri}#result-{number}")
        graph.add((iri, SH.result, node))
        graph.add((node, RDF.type, SH.ValidationResult))
        graph.add((node, SH.focusNode, finding.focus))
        graph.add((node, SH.sourceShape, finding.shape))
        graph.add((node, SH.resultSeverity, finding.severity))
        graph.add((node, SH.resultMessage, Literal(finding.message.ja, lang="ja")))
        graph.add((node, SH.resultMessage, Literal(finding.message.en, lang="en")))
        for property_, found in ((SH.resultPath, finding.path), (SH.value, finding.value)):
            if found is not None and not isinstance(found, BNode):
                graph.add((node, property_, found))
    return graph


def summary(report: Report, language: Language) -> list[str]:
    """Warnings and notes by rule, most frequent first: the to-do list of a data set that passed."""
    counts = Counter(
        (str(finding.severity).rsplit("#")[-1], finding.message.in_(language)) for finding in report.findings
    )
    return [f"{severity}: {count} × {message}" for (severity, message), count in counts.most_common()]
