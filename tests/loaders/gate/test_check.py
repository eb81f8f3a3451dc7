"""What the gate does with a real release in the making: refuses, sets aside, finds places, reports."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib import URIRef
from rdflib.namespace import SH

from loaders import gate
from loaders.errors import Refused
from loaders.gate.check import require_targets
from loaders.gate.places import Places, placed
from loaders.gate.shapes import read_shapes
from loaders.gate.tables import Data, open_data
from loaders.terms import shape_files

BASE = "http://localhost:8000/"
SHAPES = f"{BASE}shapes/"
FILE = f"{BASE}id/source/disaster-shelters/hinanjo_20260401.csv"
# A facility (例) that lies too far north, with an owner of the geometry and the row it came from.
WGS, XSD = "http://www.w3.org/2003/01/geo/wgs84_pos#", "http://www.w3.org/2001/XMLSchema#"
RDF, GEO = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.opengis.net/ont/geosparql#"
FACILITY = f"""
<{BASE}id/facility/1> <{WGS}lat> "43.2"^^<{XSD}decimal> .
<{BASE}id/facility/1> <{WGS}long> "139.6"^^<{XSD}decimal> .
<{BASE}id/facility/1> <http://www.w3.org/ns/prov#wasDerivedFrom> <{FILE}#row=487> .
<{BASE}id/facility/1> <{GEO}hasDefaultGeometry> <{BASE}id/geometry/1> .
<{BASE}id/geometry/1> <{RDF}type> <{GEO}Geometry> .
<{BASE}id/geometry/1> <http://purl.org/dc/terms/source> <{FILE}#row=487> .
"""


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return read_shapes(BASE, [path for path in shape_files() if path.stem in {"area", "position"}])


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Data]:
    path = tmp_path / "shelters.nt"
    path.write_text(FACILITY, encoding="utf-8")
    with open_data(BASE, {"shelters": path}) as opened:
        yield opened


@pytest.fixture
def places(data: Data) -> Places:
    return Places(data, {"disaster-shelters": {f"{WGS}lat": "Lat"}}, {})


def test_a_violation_names_file_row_and_column(data: Data, shapes: rdflib.Graph, places: Places) -> None:
    found = [each for each in gate.columnar(data, shapes).violations if str(each.shape).endswith("#LatitudeRange")]
    [problem] = places.problems(found)
    assert (problem.file, problem.row, problem.column) == ("hinanjo_20260401.csv", 487, "Lat")
    assert problem.found == "43.2"
    assert problem.rule == f"{SHAPES}position#LatitudeRange"


def test_the_place_of_a_geometry_is_that_of_its_facility(data: Data, shapes: rdflib.Graph, places: Places) -> None:
    found = [each for each in gate.columnar(data, shapes).violations if str(each.shape).endswith("#GeometryOnce")]
    [problem] = places.problems(found)
    assert (problem.row, problem.column) == (487, None)


@pytest.mark.parametrize(
    ("fragment", "row", "column"),
    [("cell=3,2", 3, "Name"), ("sheet=2&cell=3,2", 3, "Name"), ("row=7", 7, None), ("/features/3", 4, None)],
)
def test_a_cell_is_named_by_the_header_of_its_column(
    fragment: str, row: int | None, column: str | None, tmp_path: Path, shapes: rdflib.Graph
) -> None:
    path = tmp_path / "part.nt"
    path.write_text(FACILITY.replace("row=487", fragment), encoding="utf-8")
    with open_data(BASE, {"shelters": path}) as data:
        report = gate.columnar(data, shapes)
        problem = Places(data, {}, {"disaster-shelters": ("No", "Name")}).problems(report.violations)[0]
    assert (problem.row, problem.column) == (row, column)


def test_the_published_report_names_the_row(data: Data, shapes: rdflib.Graph, places: Places) -> None:
    report = gate.columnar(data, shapes)
    graph = gate.report_graph(placed(report.findings, places), URIRef(f"{BASE}graph/quality/1"), conforms=False)
    [result] = graph.subjects(SH.sourceShape, URIRef(f"{SHAPES}position#LatitudeRange"))
    assert graph.value(result, rdflib.DCTERMS.source) == URIRef(f"{FILE}#row=487")
    assert {message.language for message in graph.objects(result, SH.resultMessage)} == {"ja", "en"}


def test_a_shape_that_finds_nothing_to_check_does_not_pass(data: Data, shapes: rdflib.Graph) -> None:
    require_targets("shelters", data, shapes, [URIRef(f"{SHAPES}position#PositionShape")])
    with pytest.raises(Refused, match="1 problem"):
        require_targets("shelters", data, shapes, [URIRef(f"{SHAPES}area#AreaShape")])


def test_what_is_removed_is_checked_no_more(data: Data, shapes: rdflib.Graph) -> None:
    assert gate.columnar(data, shapes).violations
    data.remove("shelters", [f"<{BASE}id/facility/1>", f"<{BASE}id/geometry/1>"])
    assert not gate.columnar(data, shapes).findings


def test_a_parameter_that_the_gate_does_not_know_is_an_error(data: Data, tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .\n"
        "<#s> a sh:NodeShape ; sh:targetSubjectsOf wgs:lat ; sh:closed true .",
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match=r"does not know .*closed"):
        gate.columnar(data, read_shapes(BASE, [path]))


ILL_TYPED = {
    "integer": ["1", "-1", "1.0", "abc", "1e3", "", "１"],
    "decimal": ["35.3", "+1", ".5", "1e3", "35,3", "x"],
    "date": ["2024-02-29", "2023-02-29", "2024-1-1", "20240101", "2024-13-01"],
    "dateTime": ["2024-01-01T00:00:00Z", "2024-01-01T25:00:00Z", "2024-01-01 x", "2024-01-02"],
    "boolean": ["true", "1", "yes"],
}
# Not in the lexical spaces of XML Schema, but Python reads them.
RDFLIB_TAKES = {("integer", "１"), ("decimal", "1e3"), ("dateTime", "2024-01-02")}


@pytest.mark.parametrize("datatype", ILL_TYPED)
def test_ill_typed_literals_are_found_as_pyshacl_finds_them(datatype: str, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        f"<#s> a sh:NodeShape ; sh:targetSubjectsOf <p> ; sh:property <#d> .\n"
        f"<#d> a sh:PropertyShape ; sh:path <p> ; sh:datatype xsd:{datatype} ; sh:severity sh:Violation .",
        encoding="utf-8",
    )
    lines = [
        f'<{BASE}{number}> <{BASE}p> "{text}"{suffix} .\n'
        for number, text in enumerate(ILL_TYPED[datatype])
        for suffix in (f"^^<http://www.w3.org/2001/XMLSchema#{datatype}>", "", "@ja")
    ]
    (tmp_path / "data.nt").write_text("".join(lines), encoding="utf-8")
    graph = read_shapes(BASE, [shapes])
    with open_data(BASE, {"data": tmp_path / "data.nt"}) as data:
        ours, reference = gate.columnar(data, graph), gate.pyshacl(data, graph)
    assert len(ours.findings) > 2 * len(ILL_TYPED[datatype])
    stricter = {
        f"{BASE}{number}" for number, text in enumerate(ILL_TYPED[datatype]) if (datatype, text) in RDFLIB_TAKES
    }
    assert keys(ours) >= keys(reference)
    assert {focus for focus, *_ in keys(ours) - keys(reference)} == stricter


def keys(report: gate.Report) -> set[tuple[str, ...]]:
    return {(str(each.focus), *_parts(each.value)) for each in report.findings}


def _parts(value: object) -> tuple[str, ...]:
    assert isinstance(value, rdflib.Literal)
    return str(value), str(value.datatype), str(value.language)


def test_a_sample_of_the_real_release_has_the_findings_of_pyshacl(releases: Path, tmp_path: Path) -> None:
    import pyoxigraph as ox

    store = ox.Store.read_only(str(releases / "current" / "store"))
    facilities = store.query("SELECT ?f WHERE { ?f a <http://imi.go.jp/ns/core/rdf#施設型> } ORDER BY ?f LIMIT 40")
    triples: set[ox.Triple] = set()
    new = {row[0] for row in facilities}
    for _ in range(3):
        found = {quad.triple for node in new for quad in store.quads_for_pattern(node, None, None, ox.DefaultGraph())}
        new = {each.object for each in found - triples if not isinstance(each.object, ox.Literal)}
        triples |= found
    path = tmp_path / "sample.nt"
    path.write_text("".join(f"{triple} .\n" for triple in triples), encoding="utf-8")
    shapes = read_shapes(BASE, [each for each in shape_files() if each.stem in {"facility", "label", "position"}])
    with open_data(BASE, {"sample": path}) as data:
        ours, reference = gate.columnar(data, shapes), gate.pyshacl(data, shapes)
    assert {(str(each.focus), str(each.shape)) for each in ours.findings} == {
        (str(each.focus), str(each.shape)) for each in reference.findings
    }
    assert ours.findings
