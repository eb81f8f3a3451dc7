"""The gate's validator: all rules of a shape are one set-based question, never a question for each focus node."""

from collections.abc import Iterator, Sequence

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
        focus_sets = [focus for focus in focuses(data, shapes, shape) if focus.found]
        for focus in focus_sets:
            found += _findings(data, shapes, list(rules(data, shapes, shape, focus)))
        if focus_sets:
            for constraint in sorted(shapes.objects(shape, SH.sparql), key=str):
                found += queries.findings(constraint, focus_sets)
    return Report.ordered(found)


def _findings(data: Data, shapes: rdflib.Graph, asked: Sequence[Rule]) -> Iterator[Finding]:
    """What breaks the rules, asked in one go."""
    if not asked:
        return
    parts = [f"SELECT {number} AS rule, focus, value FROM ({rule.sql})" for number, rule in enumerate(asked)]
    for number, focus, value in data.rows(" UNION ALL ".join(parts)):
        rule = asked[number]
        yield finding(shapes, rule.shape, node(focus), rule.path, None if value is None else node(value), {})
