"""The gate: what is to be published must satisfy `shapes/`.

tables → paths → constraints → columnar is the validator; reference is pySHACL, which it is compared with; check is the
step of the flow, places and set_aside say where a fault stands and what may be left out, settled what need not be
asked again.
"""

from loaders.gate import settled
from loaders.gate.check import Checked, Validator, check, check_account, set_aside
from loaders.gate.columnar import columnar
from loaders.gate.reference import pyshacl
from loaders.gate.report import Finding, Report, report_graph, summary
from loaders.gate.set_aside import Aside
from loaders.gate.tables import Column, Frame

__all__ = [
    "Aside", "Checked", "Column", "Finding", "Frame", "Report", "Validator",
    "check", "check_account", "columnar", "pyshacl", "report_graph", "set_aside", "settled", "summary",
]  # fmt: skip
