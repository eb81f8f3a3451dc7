"""How a release came to be: PROV of each load, the register of graphs, the report of the gate, a summary for people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import SH

from loaders import catalogue, gate
from loaders.catalogue import Load
from loaders.errors import Language
from loaders.rdf import absolute, ntriples
from loaders.release import Draft


def write(draft: Draft, loads: Sequence[Load], checked: gate.Checked) -> list[Load]:
    """Writes PROV and register to graphs of their own; the loads with what is left after records were set aside."""
    final = [replace(load, triples=checked.counts[load.data_set.id]["triples"]) for load in loads]
    for load in final:
        lines = ntriples(catalogue.provenance(load), draft.base)
        draft.write(_part(load), lines, absolute(load.graph, draft.base))
    total = sum(counts["triples"] for counts in checked.counts.values())
    register = catalogue.register(final, draft.id, draft.base, total)
    draft.write("meta", ntriples(register, draft.base), f"{draft.base}graph/meta")
    return final


def _part(load: Load) -> str:
    return f"prov-{load.data_set.id}"


def expected(loads: Sequence[Load]) -> Mapping[str, Sequence[str]]:
    """For each part the shapes that must find something to check in it."""
    return {_part(load): ("provenance#LoadShape", "provenance#LoadedGraphShape") for load in loads}


def report(draft: Draft, checked: gate.Checked) -> None:
    """Writes what the gate found to a graph of its own and to a file, and what the next build can take over."""
    quality = URIRef(f"{draft.base}graph/quality/{draft.id}")
    graph = gate.report_graph(checked.findings, quality, conforms=not checked.report.violations)
    lines = list(ntriples(graph, draft.base))
    draft.write("quality", lines, quality)
    triples = (quad.triple for quad in ox.parse("".join(lines), format=ox.RdfFormat.N_TRIPLES))
    ox.serialize(triples, draft.path / "report.ttl", format=ox.RdfFormat.TURTLE, prefixes={"sh": str(SH)})
    gate.settled.write(draft.path / gate.settled.FILE, checked.cubes)


def summary(checked: gate.Checked, language: Language) -> list[str]:
    """What people should know about a release that passed: rows set aside, warnings by rule."""
    aside = [f"set aside: {each.problem.sentence(language)}" for each in checked.aside]
    return aside + gate.summary(checked.report, language)
