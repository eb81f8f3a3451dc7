"""The SPARQL constraints that look at observations or at all triples, as questions to the tables.

The queries in `shapes/` say what each rule means and are what pySHACL runs; a form finds the same, at the speed of
columns. The tests compare the two on every breaking case. A form is found by the local name of its constraint.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rdflib import RDF, URIRef

from loaders.gate import totals
from loaders.gate.cube import MISSING, Component, Form, Row, components, observations, wide
from loaders.gate.paths import Focus, Nodes, sql
from loaders.gate.tables import OBSERVATION, Data
from loaders.terms import DCAT, OWL, PROV, RDFS, SDMX_ATTRIBUTE, SKOS


def _about(component: Component, nodes: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
    for (node,) in nodes:
        yield {"this": component.data_set, "value": node, "path": f"<{component.property}>"}


# --- RDF Data Cube --------------------------------------------------------------------------------


def _duplicates(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """IC-12: of each group of observations alike in all dimensions, the first."""
    keys: dict[str, list[URIRef]] = {}
    for each in components(data, ["dimension"]):
        keys.setdefault(each.data_set, []).append(each.property)
    for data_set, dimensions in keys.items():
        for focus in observations(data, focuses, data_set):
            columns = ", ".join(f"k{number}" for number in range(len(dimensions)))
            found = f"SELECT min(node) FROM ({wide(focus, dimensions)}) GROUP BY {columns} HAVING count(*) > 1"
            yield from ({"this": data_set, "value": value} for (value,) in data.rows(found))


def _dimension_missing(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """IC-11."""
    for component in components(data, ["dimension"]):
        for focus in observations(data, focuses, component.data_set):
            yield from _about(component, data.rows(focus.fewer_than(component.property, 1)))


def _measure_missing(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """IC-14, unless a status says why there is no figure."""
    for component in components(data, ["measure"]):
        for focus in observations(data, focuses, component.data_set):
            status, secret = focus.pairs(SDMX_ATTRIBUTE.obsStatus), focus.pairs(SDMX_ATTRIBUTE.confStatus)
            found = (
                f"SELECT node FROM ({focus.fewer_than(component.property, 1)}) "
                f"WHERE node NOT IN (SELECT focus FROM ({status}) WHERE value = {sql(MISSING)}) "
                f"AND node NOT IN (SELECT focus FROM ({secret}))"
            )
            yield from _about(component, data.rows(found))


def _attribute_missing(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """IC-13, attributes of observations."""
    for component in components(data, ["attribute"]):
        if component.required and not component.on_data_set:
            for focus in observations(data, focuses, component.data_set):
                yield from _about(component, data.rows(focus.fewer_than(component.property, 1)))


def _data_set_attribute_missing(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """IC-13, attributes of data sets."""
    for component in components(data, ["attribute"]):
        if component.required and component.on_data_set:
            yield from _about(
                component, data.rows(_data_set(data, focuses, component).fewer_than(component.property, 1))
            )


def _code_not_in_list(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """In place of IC-19, codes of observations."""
    for component in components(data, ["dimension", "attribute"]):
        if component.codes:
            for focus in observations(data, focuses, component.data_set):
                yield from _about(component, data.rows(_unlisted(data, component, focus)))


def _data_set_code_not_in_list(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """In place of IC-19, codes of data sets."""
    for component in components(data, ["attribute"]):
        if component.codes:
            yield from _about(component, data.rows(_unlisted(data, component, _data_set(data, focuses, component))))


def _data_set(data: Data, focuses: Sequence[Focus], component: Component) -> Nodes:
    return Nodes(data, focuses[0].shapes, f"SELECT '{component.data_set}' AS node")


def _unlisted(data: Data, component: Component, focus: Focus) -> str:
    """SQL of the nodes with a value that is neither in the scheme nor in the collection of the component."""
    listed = (
        f"SELECT s FROM {data.predicate(SKOS.inScheme)} WHERE o = '{component.codes}' "
        f"UNION SELECT o FROM {data.predicate(SKOS.member)} WHERE s = '{component.codes}'"
    )
    return f"SELECT DISTINCT focus FROM ({focus.pairs(component.property)}) WHERE value NOT IN ({listed})"


# --- all triples ----------------------------------------------------------------------------------


def _predicate_declared(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    columns = {f"('<{iri}>')" for view in data.views for iri in view.columns}
    used = "SELECT p FROM triples" + (f" UNION SELECT col0 FROM (VALUES {', '.join(columns)})" if columns else "")
    return _undeclared(data, focuses, used)


def _class_declared(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    used = f"SELECT o FROM {data.predicate(str(RDF.type))}"
    return _undeclared(data, focuses, used + (f" UNION SELECT '{OBSERVATION}'" if data.views else ""))


def _undeclared(data: Data, focuses: Sequence[Focus], used: str) -> Iterator[Row]:
    """The terms in use that no vocabulary of ours declares, for each focus node."""
    declared = data.predicate(RDFS.isDefinedBy)
    terms = f"SELECT DISTINCT u.col0 AS term FROM ({used}) u(col0) WHERE col0 NOT IN (SELECT s FROM {declared})"
    vocabularies = f"SELECT s FROM {data.predicate(str(RDF.type))} WHERE o = {sql(OWL.Ontology)}"
    focus_nodes = f"SELECT node FROM ({focuses[0].sql}) WHERE node IN ({vocabularies})"
    for focus, term in data.rows(f"SELECT f.node, t.term FROM ({focus_nodes}) f, ({terms}) t"):
        yield {"this": focus, "value": term}


def _source_described(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """Of the places that things were derived from, the files: each must be a dcat:Distribution."""
    places = data.predicate(PROV.wasDerivedFrom, rows=True)
    types = data.predicate(str(RDF.type))
    files = f"SELECT DISTINCT rtrim(split_part(o, '#', 1), '>') || '>' AS file FROM {places}"
    known = f"SELECT s FROM {types} WHERE o = {sql(DCAT.Distribution)}"
    found = f"SELECT f.node, d.file FROM ({focuses[0].sql}) f, ({files}) d WHERE d.file NOT IN ({known})"
    for focus, file in data.rows(found):
        yield {"this": focus, "value": file}


FORMS: Mapping[str, Form] = {
    "NoDuplicates": _duplicates,
    "DimensionMissing": _dimension_missing,
    "MeasureMissing": _measure_missing,
    "ObservationAttributeMissing": _attribute_missing,
    "DataSetAttributeMissing": _data_set_attribute_missing,
    "CodeNotInList": _code_not_in_list,
    "DataSetCodeNotInList": _data_set_code_not_in_list,
    "PredicateDeclared": _predicate_declared,
    "ClassDeclared": _class_declared,
    "SourceDescribed": _source_described,
    "SexesAddUp": totals.sexes,
    "AgesAddUp": totals.ages,
    "AreasAddUp": totals.areas,
    "MonthlyChange": totals.months,
    "ProjectionStatus": totals.status("projection", "F"),
    "EstimateStatus": totals.status("estimate", "P", "B"),
    "SuppressedAlone": totals.suppressed,
}
