"""How a release came to be: PROV of each load, the report of the gate, the register of graphs, a summary for people."""

from collections.abc import Sequence
from dataclasses import replace

from rdflib import URIRef

from loaders import catalogue, gate
from loaders.catalogue import Load
from loaders.errors import Language
from loaders.rdf import absolute, ntriples
from loaders.release import Draft


def write(draft: Draft, loads: Sequence[Load], checked: gate.Checked) -> list[Load]:
    """Writes each of them to a graph of its own; the loads with what is left after records were set aside."""
    final = [replace(load, triples=checked.counts[load.data_set.id]["triples"]) for load in loads]
    for load in final:
        lines = ntriples(catalogue.provenance(load), draft.base)
        draft.write(f"prov-{load.data_set.id}", lines, absolute(load.graph, draft.base))
    quality = URIRef(f"{draft.base}graph/quality/{draft.id}")
    report = gate.report_graph(checked.findings, quality, conforms=not checked.report.violations)
    report.serialize(draft.path / "report.ttl", format="turtle")
    draft.write("quality", ntriples(report, draft.base), quality)
    total = sum(counts["triples"] for counts in checked.counts.values())
    register = catalogue.register(final, draft.id, draft.base, total)
    draft.write("meta", ntriples(register, draft.base), f"{draft.base}graph/meta")
    return final


def summary(checked: gate.Checked, language: Language) -> list[str]:
    """What people should know about a release that passed: rows set aside, warnings by rule."""
    aside = [f"set aside: {each.problem.sentence(language)}" for each in checked.aside]
    return aside + gate.summary(checked.report, language)
