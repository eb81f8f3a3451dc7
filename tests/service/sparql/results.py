"""SPARQL results and graphs in whatever format, and whether two of them are the same."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox

XSD = "http://www.w3.org/2001/XMLSchema#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
TABLES = {
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
MEDIA_TYPES = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".tsv": "text/tab-separated-values",
    ".csv": "text/csv",
}
GRAPHS = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".rdf": ox.RdfFormat.RDF_XML}
NUMBERS = frozenset(XSD + each for each in ("integer", "decimal", "double", "float"))

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = Sequence[Term | None]


@dataclass(frozen=True)
class Results:
    """One of a table of solutions, a boolean, and a graph."""

    variables: tuple[str, ...] = ()
    rows: Sequence[Row] = ()
    boolean: bool | None = None
    graph: Sequence[ox.Triple] | None = None
    ordered: bool = False


def read_rows(content: bytes, media_type: str) -> Results:
    """A table or a boolean."""
    if media_type == "text/csv":
        return _read_csv(content)
    found = ox.parse_query_results(content, format=TABLES[media_type])
    if isinstance(found, ox.QueryBoolean):
        return Results(boolean=bool(found))
    return Results(tuple(each.value for each in found.variables), [list(each) for each in found])


def _read_csv(content: bytes) -> Results:
    """All values are plain: the format does not tell terms apart (SPARQL 1.1 CSV and TSV, 3)."""
    head, *lines = csv.reader(io.StringIO(content.decode(), newline=""))
    return Results(tuple(head), [[_plain(cell) for cell in line] for line in lines])


def _plain(cell: str) -> Term | None:
    if cell.startswith("_:"):
        return ox.BlankNode(cell[2:])
    try:
        return ox.Literal(str(Decimal(cell).normalize()))
    except InvalidOperation:
        return ox.Literal(cell) if cell else None


def read_expected(path: Path, iri: str) -> Results:
    """What a test expects; tables may also be written as RDF (the vocabulary of the first working group)."""
    if path.suffix in MEDIA_TYPES:
        return read_rows(path.read_bytes(), MEDIA_TYPES[path.suffix])
    triples = [each.triple for each in ox.parse(path=str(path), format=GRAPHS[path.suffix], base_iri=iri)]
    sets = [each.subject for each in triples if each.object == ox.NamedNode(RS + "ResultSet")]
    return _read_set(triples, sets[0]) if sets else Results(graph=triples)


def _read_set(triples: Sequence[ox.Triple], node: Term) -> Results:
    def objects(subject: Term, name: str) -> list[Term]:
        return [each.object for each in triples if each.subject == subject and each.predicate.value == RS + name]

    if boolean := objects(node, "boolean"):
        return Results(boolean=boolean[0] == ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")))
    names = tuple(str(each.value) for each in objects(node, "resultVariable") if isinstance(each, ox.Literal))
    solutions = objects(node, "solution")
    ordered = all(objects(each, "index") for each in solutions) and bool(solutions)
    if ordered:
        solutions.sort(key=lambda each: int(_lexical(objects(each, "index")[0])))
    rows = []
    for solution in solutions:
        bound = {
            _lexical(objects(each, "variable")[0]): objects(each, "value")[0] for each in objects(solution, "binding")
        }
        rows.append([bound.get(name) for name in names])
    return Results(names, rows, ordered=ordered)


def _lexical(term: Term) -> str:
    return term.value if isinstance(term, ox.Literal) else ""


# --- sameness ----------------------------------------------------------------------------------------


def same(found: Results, expected: Results, lax: bool = False) -> bool:
    """Whether they say the same, blank nodes being renamed. `lax` leaves open how often a solution comes (REDUCED)."""
    if expected.boolean is not None or found.boolean is not None:
        return found.boolean is expected.boolean
    if expected.graph is not None or found.graph is not None:
        return _same_graphs(found.graph, expected.graph)
    if set(found.variables) != set(expected.variables):
        return False
    ours, theirs = (_named(each, expected.variables) for each in (found, expected))
    if lax:
        counts = Counter(map(str, ours))
        return counts.keys() == Counter(map(str, theirs)).keys()
    return _canonical(_table(ours, expected.ordered)) == _canonical(_table(theirs, expected.ordered))


def _same_graphs(found: Sequence[ox.Triple] | None, expected: Sequence[ox.Triple] | None) -> bool:
    if found is None or expected is None:
        return False
    return _canonical(map(_quad, found)) == _canonical(map(_quad, expected))


def _quad(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, _value(triple.object))


def _named(results: Results, order: Sequence[str]) -> list[dict[str, Term]]:
    rows = []
    for row in results.rows:
        bound = dict(zip(results.variables, row, strict=True))
        rows.append({name: _value(term) for name in order if (term := bound[name]) is not None})
    return rows


def _table(rows: Sequence[Mapping[str, Term]], ordered: bool) -> Iterator[ox.Quad]:
    """A node a row, so that rows count and blank nodes keep their places."""
    for index, row in enumerate(rows):
        node = ox.BlankNode(f"row{index}x")
        yield ox.Quad(node, ox.NamedNode("row:"), ox.Literal(str(index) if ordered else ""))
        for name, term in row.items():
            yield ox.Quad(node, ox.NamedNode(f"variable:{name}"), _apart(term))


def _apart(term: Term) -> Term:
    """Blank nodes of rows and those of data must not meet."""
    return ox.BlankNode(f"{term.value}y") if isinstance(term, ox.BlankNode) else term


def _canonical(quads: Iterator[ox.Quad]) -> frozenset[str]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, dataset))


def _value(term: Term) -> Term:
    """Numbers by value within their type, languages in lower case, as the store writes them."""
    if not isinstance(term, ox.Literal):
        return term
    if term.language:
        return ox.Literal(term.value, language=term.language.lower())
    if term.datatype.value in NUMBERS:
        return ox.Literal(_number(term.value), datatype=term.datatype)
    return term


def _number(text: str) -> str:
    try:
        return str(Decimal(text).normalize() + 0)
    except InvalidOperation:
        return text
