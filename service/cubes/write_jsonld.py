"""A table as JSON-LD: observations as the RDF has them, sums as what they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.cubes.model import Code, Component
from service.cubes.table import COUNTS, Number, Row, Table, plain
from service.things.graph import PROV, RDF, SDMX_ATTRIBUTE, XSD

QB = "http://purl.org/linked-data/cube#"
# The words of ours for what a sum is made of (ontology/core.ttl), by the name of the count.
WORDS = {"cells": "cellsUsed", "missing": "cellsMissing", "suppressed": "cellsSuppressed", "absent": "cellsAbsent"}
_SYNTAX: Mapping[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type", "graph": "@graph"}


def observations(table: Table) -> Mapping[str, Any]:
    """The observations with all their components; the context is inline."""
    context = {
        **_SYNTAX,
        "qb": QB,
        "Observation": "qb:Observation",
        "dataSet": {"@id": "qb:dataSet", "@type": "@id"},
        **_components(table, (*table.cube.dimensions, *table.cube.attributes)),
    }
    return {"@context": context, "graph": [_observation(table, row) for row in table.rows]}


def aggregates(table: Table, url: str, vocabulary: str) -> Mapping[str, Any]:
    """Sums. Nobody has published them, so they have no IRI and are no qb:Observation: blank nodes, each with its value,
    of how many cells it is, and the cube and the question that it was derived from. `vocabulary` is the namespace of
    our words."""
    context = {
        **_SYNTAX,
        "Aggregate": f"{vocabulary}Aggregate",
        "wasDerivedFrom": {"@id": f"{PROV}wasDerivedFrom", "@type": "@id"},
        "value": {"@id": f"{RDF}value", "@type": f"{XSD}{table.measure.number}"},
        "measure": {"@id": f"{QB}measureType", "@type": "@id"},
        "unit": {"@id": f"{SDMX_ATTRIBUTE}unitMeasure", "@type": "@id"},
        "comparability": f"{vocabulary}comparability",
        **{name: f"{vocabulary}{word}" for name, word in WORDS.items()},
        **_components(table, (*table.cube.dimensions, *table.cube.attributes)),
    }
    return {"@context": context, "graph": [_aggregate(table, row, url) for row in table.rows]}


def _components(table: Table, components: Sequence[Component]) -> Mapping[str, Any]:
    named: dict[str, Any] = {
        each.name: {"@id": each.iri, **({"@type": "@id"} if each.type == "iri" else {})} for each in components
    }
    return {**named, table.measure.name: {"@id": table.measure.iri, "@type": f"{XSD}{table.measure.number}"}}


def _observation(table: Table, row: Row) -> Mapping[str, Any]:
    found: dict[str, Any] = {"id": row.iri, "type": "Observation", "dataSet": table.cube.iri, **_key(table, row)}
    if row.value is not None:
        found[table.measure.name] = _number(row.value)
    return found | _attributes(table, row)


def _aggregate(table: Table, row: Row, url: str) -> Mapping[str, Any]:
    found: dict[str, Any] = {"type": "Aggregate", "wasDerivedFrom": [table.cube.iri, url], "measure": table.measure.iri}
    if table.measure.unit:
        found["unit"] = table.measure.unit.iri
    found |= {each.name: _terms(each, codes) for each, codes in table.fixed}
    found |= _key(table, row)
    if row.value is not None:
        found["value"] = _number(row.value)
    found |= {name: count for name in COUNTS if (count := getattr(row, name)) is not None}
    if row.comparability:
        found["comparability"] = row.comparability
    return found | _attributes(table, row)


def _key(table: Table, row: Row) -> Mapping[str, Any]:
    return {
        each.name: _term(each, each.by_notation[name]) for each, name in zip(table.keys, row.key, strict=True) if name
    }


def _terms(component: Component, codes: Sequence[Code]) -> Sequence[object]:
    """The codes whose figures were added."""
    return [_term(component, code) for code in codes]


def _term(component: Component, code: Code) -> object:
    return int(code.iri) if component.type == "integer" else code.iri


def _number(value: Number) -> object:
    """Whole numbers as such; others as text, since a number of JSON is an xsd:double, which decimals are not."""
    return value if isinstance(value, int) else plain(value)


def _attributes(table: Table, row: Row) -> dict[str, Any]:
    named = zip(table.attributes, row.attributes, strict=True)
    return {each.name: value for each, value in named if value is not None}
