"""The gate's validator: every rule is one set-based question to the tables, never a question for each focus node."""

from collections.abc import Iterator

import rdflib
from rdflib.namespace import SH

from loaders.gate.constraints import Rule, rules
from loaders.gate.paths import focuses
from loaders.gate.queries import Queries
from loaders.gate.report import Finding, Report, finding
from loaders.gate.shapes import targeted
from loaders.gate.tables import Data, node


def columnar(data: Data, shapes: rdflib.Graph) -> Report:
    """Validates the data; the findings are those that pySHACL makes (focus node, path, value, shape, severity)."""
    queries = Queries(data, shapes)
    found: list[Finding] = []
    for shape in targeted(shapes):
        focus_sets = focuses(data, shapes, shape)
        for focus in focus_sets:
            for rule in rules(data, shapes, shape, focus):
                found += _findings(data, shapes, rule)
        for constraint in sorted(shapes.objects(shape, SH.sparql), key=str):
            found += queries.findings(constraint, focus_sets)
    return Report(tuple(sorted(found, key=lambda each: str(each.focus))))


def _findings(data: Data, shapes: rdflib.Graph, rule: Rule) -> Iterator[Finding]:
    for focus, value in data.rows(rule.sql):
        yield finding(shapes, rule.shape, node(focus), rule.path, None if value is None else node(value), {})
