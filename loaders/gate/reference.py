"""pySHACL, the reference: what the tests compare the gate's validator with, and `--validator pyshacl`."""

from collections.abc import Iterator

import rdflib
from rdflib import URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from loaders.gate.report import Finding, Report, finding
from loaders.gate.tables import Data


def pyshacl(data: Data, shapes: rdflib.Graph) -> Report:
    """Validates with pySHACL. Minutes for tens of thousands of observations."""
    from pyshacl import validate

    _, results, _ = validate(
        data.graph(),
        shacl_graph=shapes,
        inplace=True,
        advanced=False,
        meta_shacl=False,
        do_owl_imports=False,
    )
    if not isinstance(results, rdflib.Graph):
        raise TypeError(f"pySHACL gave no report: {results!r}")
    return Report.ordered(_findings(results, shapes))


def _findings(results: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Finding]:
    for result in results.subjects(RDF.type, SH.ValidationResult):
        shape = results.value(result, SH.sourceConstraint) or results.value(result, SH.sourceShape)
        value = results.value(result, SH.value)
        path = results.value(result, SH.resultPath)
        variables = {} if value is None else {"value": value}
        severity = URIRef(str(_some(results.value(result, SH.resultSeverity))))
        found = finding(shapes, _some(shape), _some(results.value(result, SH.focusNode)), path, value, variables)
        yield found.with_severity(severity)


def _some(node: Node | None) -> Node:
    if node is None:
        raise ValueError("a validation result without focus node, shape or severity")
    return node
