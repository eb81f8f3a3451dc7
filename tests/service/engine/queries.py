"""Hypothesis strategies: small datasets of synthetic triples, and valid SPARQL queries over them."""

from hypothesis import strategies as st

BASE = "http://localhost:8000/"
PREFIXES = {"ex": f"{BASE}def/ex#", "service": f"{BASE}def/service#"}
_RESOURCES = [f"<{BASE}id/{name}>" for name in ("a", "b", "c", "横浜", "service")]
_PREDICATES = ["ex:p", "ex:q", "service:r", f"<{BASE}def/ex#p>"]
_LITERALS = [
    "1", "2", "3.5", "1e0", "-7", "true", "'a'", "'b'@en", "'横浜'@ja", "''", "'SERVICE <http://e/> {}'", "'it\\'s'",
    "'2020-01-02'^^<http://www.w3.org/2001/XMLSchema#date>", "'x'^^<http://e/service>",
]  # fmt: skip
_VARIABLES = ["?s", "?p", "?o", "?x", "?service", "?SERVICE", "$load"]
GRAPHS = [f"{BASE}graph/one", f"{BASE}graph/two", f"{BASE}graph/three"]

resources = st.sampled_from(_RESOURCES)
predicates = st.sampled_from(_PREDICATES)
variables = st.sampled_from(_VARIABLES)
terms = st.one_of(resources, st.sampled_from(_LITERALS))
triples = st.tuples(resources, predicates, terms).map(" ".join)
spaces = st.sampled_from([" ", "\n", "\t", " # SERVICE <http://e/> {}\n", "\r\n"])


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


@st.composite
def datasets(draw: st.DrawFn) -> str:
    """A default graph and named graphs that overlap, in TriG."""
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    default = draw(st.lists(triples, max_size=8))
    named = [f"<{graph}> {{ {' . '.join(draw(st.lists(triples, max_size=4)))} }}" for graph in GRAPHS]
    return "\n".join([prologue, *(f"{each} ." for each in default), *named])


paths = st.recursive(
    predicates,
    lambda inner: st.one_of(
        inner.map(lambda path: f"({path})*"),
        inner.map(lambda path: f"^({path})"),
        st.tuples(inner, inner).map(lambda both: f"({both[0]}/{both[1]})"),
        st.tuples(inner, inner).map(lambda both: f"({both[0]}|{both[1]})"),
    ),
    max_leaves=3,
)
patterns = st.tuples(
    st.one_of(variables, resources), st.one_of(variables, predicates, paths), st.one_of(variables, terms)
).map(" ".join)
values = st.one_of(variables, st.sampled_from(_LITERALS), resources)
expressions = st.recursive(
    st.one_of(
        st.tuples(values, st.sampled_from(["=", "!=", "<", ">", "<=", ">="]), values).map(" ".join),
        st.tuples(variables, st.sampled_from(["<", ">"]), variables).map("".join),
        variables.map(lambda name: f"BOUND({name})"),
        values.map(lambda value: f"ISLITERAL({value})"),
        values.map(lambda value: f"CONTAINS(STR({value}), 'service')"),
        st.lists(values, min_size=1, max_size=3).map(lambda some: f"?o IN ({', '.join(some)})"),
    ),
    lambda inner: st.one_of(
        inner.map(lambda each: f"!({each})"),
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda parts: f"({' '.join(parts)})"),
    ),
    max_leaves=4,
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Groups made of groups."""
    return st.one_of(
        st.tuples(inner, spaces, inner).map(lambda parts: f"{{ {parts[0]} }}{parts[1]}UNION{parts[1]}{{ {parts[2]} }}"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]} OPTIONAL {{ {parts[1]} }}"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]} MINUS {{ {parts[1]} }}"),
        st.tuples(inner, expressions).map(lambda parts: f"{parts[0]} FILTER({parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]} FILTER NOT EXISTS {{ {parts[1]} }}"),
        st.tuples(inner, st.lists(terms, max_size=3)).map(
            lambda parts: f"{parts[0]} VALUES ?x {{ {' '.join(parts[1])} }}"
        ),
        inner.map(lambda group: f"GRAPH ?g {{ {group} }}"),
        inner.map(lambda group: f"{{ SELECT * {{ {group} }} }}"),
    )


groups = st.recursive(
    st.lists(patterns, min_size=1, max_size=3).map(" .\n".join),
    _grown,
    max_leaves=3,
)
selects = st.one_of(
    groups.map(lambda group: f"SELECT * {{ {group} }}"),
    groups.map(lambda group: f"SELECT DISTINCT ?s ?o WHERE {{ {group} }} ORDER BY ?s ?o LIMIT 5"),
    groups.map(
        lambda group: f"SELECT ?s (COUNT(*) AS ?n) (SUM(?o) AS ?t) {{ {group} }} GROUP BY ?s HAVING (COUNT(*)>0)"
    ),
    groups.map(lambda group: f"SELECT (STR(?o) AS ?text) (?s<?o AS ?less) {{ {group} }}"),
)
queries = st.one_of(
    selects,
    groups.map(lambda group: f"ASK {{ {group} }}"),
    groups.map(lambda group: f"CONSTRUCT {{ ?s ex:made ?o }} WHERE {{ {group} }}"),
    st.tuples(resources, groups).map(lambda parts: f"DESCRIBE {parts[0]} ?s WHERE {{ {parts[1]} }}"),
)
