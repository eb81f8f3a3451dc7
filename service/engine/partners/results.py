"""What a partner answered → a VALUES block that stands for it in the query."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import pyoxigraph as ox

from service.engine.partners.errors import PartnerError

# What a SERVICE SILENT that failed stands for: one solution that binds nothing (Federated Query, 2.3).
NOTHING_BOUND = "VALUES () { () }"


def values(content: bytes, expected: AbstractSet[str], limit: int) -> str | PartnerError:
    """SPARQL 1.1 Query Results JSON as VALUES; an error if it is not that, or says what VALUES cannot.

    The error is not raised: its trace would keep the results, which may only be dropped on the thread that made them.

    >>> values(b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}},{}]}}', {"x"}, 9)
    'VALUES (?x) { ("1") (UNDEF) }'
    """
    try:
        return _values(content, expected, limit)
    except SyntaxError:
        return _not_results()
    except PartnerError as error:
        return PartnerError(error.en, error.ja, **error.fields)


def _values(content: bytes, expected: AbstractSet[str], limit: int) -> str:
    found = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    if not isinstance(found, ox.QuerySolutions):
        raise _not_results()
    names = [each.value for each in found.variables]
    if not expected >= set(names):
        raise PartnerError("its answer binds variables that were not asked for", "問い合わせていない変数を返しました")
    rows = " ".join(_rows(found, limit))
    return f"VALUES ({' '.join('?' + each for each in names)}) {{ {rows} }}"


def _rows(solutions: ox.QuerySolutions, limit: int) -> Iterator[str]:
    for count, solution in enumerate(solutions):
        if count >= limit:
            raise PartnerError(
                f"its answer has more than {limit:,} solutions; narrow the pattern in the block",
                f"結果が{limit:,}件を超えました。ブロック内の条件を絞ってください",
                limit="partner_rows",
                value=limit,
            )
        yield f"({' '.join(map(_written, solution))})"


def _written(term: object) -> str:
    """A term as VALUES has it, which is how N-Triples writes it."""
    if term is None:
        return "UNDEF"
    if isinstance(term, ox.NamedNode | ox.Literal):
        return str(term)
    raise PartnerError(
        "its answer has blank nodes or triple terms, which no other query can name; "
        "ask for literals and IRIs of what they describe in a sub-select",
        "結果に空白ノード等が含まれ、引き継げません。副問合せでIRIやリテラルだけを選んでください",
    )


def _not_results() -> PartnerError:
    return PartnerError("its answer is no SPARQL results in JSON", "結果がSPARQLのJSON形式ではありません")
