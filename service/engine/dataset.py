"""Which graphs a query sees (SPARQL 1.1 Query, 13.2; Protocol, 2.1.4), merged where there are several.

Oxigraph matches a triple once for each default graph that it is in. The standard asks for their merge,
in which it is once; so several default graphs are copied into one, within a limit.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pyoxigraph as ox

from service.engine.faults import Fault
from service.engine.tokens import COMMENT, IRI, NAME, tokens

_FROM = re.compile(r"\bFROM\b", re.IGNORECASE | re.ASCII)
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


@dataclass(frozen=True)
class Dataset:
    """A store and which of its graphs make up the dataset; None leaves it to the query and the store."""

    store: ox.Store
    default: list[Graph] | None = None
    named: list[ox.NamedNode | ox.BlankNode] | None = None


def named_by_request(default: Sequence[str] | None, named: Sequence[str] | None) -> bool:
    """Whether the request says what the dataset is; then FROM in the query does not count."""
    return default is not None or named is not None


def clauses(text: str, base_iri: str, prefixes: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The IRIs after FROM and after FROM NAMED."""
    if not _FROM.search(text):
        return [], []
    prologue, default, named = _clauses(text)
    return _resolved(prologue, default, base_iri, prefixes), _resolved(prologue, named, base_iri, prefixes)


def _clauses(text: str) -> tuple[str, list[str], list[str]]:
    """The text before the query form, and what follows FROM and FROM NAMED, which are keywords of nothing else."""
    words = [each for each in tokens(text) if each.kind != COMMENT]
    prologue = next((text[: each.start] for each in words if each.is_word(*_FORMS)), "")
    default = [term.text for before, term in pairwise(words) if before.is_word("FROM") and term.kind in {IRI, NAME}]
    named = [
        term.text
        for first, second, term in zip(words, words[1:], words[2:], strict=False)
        if first.is_word("FROM") and second.is_word("NAMED") and term.kind in {IRI, NAME}
    ]
    return prologue, default, named


def _resolved(prologue: str, terms: Sequence[str], base_iri: str, prefixes: Mapping[str, str]) -> list[str]:
    """Against the query's own BASE and prefixes, by the parser itself."""
    if not terms:
        return []
    text = f"{prologue}\nSELECT ?graph {{ VALUES ?graph {{ {' '.join(terms)} }} }}"
    rows = ox.Store().query(text, base_iri=base_iri, prefixes=dict(prefixes))
    return [row["graph"].value for row in rows] if isinstance(rows, ox.QuerySolutions) else []


def select(store: ox.Store, default: Iterable[str], named: Iterable[str], limit: int) -> Dataset:
    """The dataset of these graphs; a graph that does not exist is empty."""
    graphs = [ox.NamedNode(each) for each in dict.fromkeys(default)]
    others = [ox.NamedNode(each) for each in dict.fromkeys(named)]
    if len(graphs) < 2:
        return Dataset(store, list(graphs), list(others))
    merged = ox.Store()
    merged.bulk_extend(_copied(store, graphs, others, limit))
    return Dataset(merged, [ox.DefaultGraph()], list(others))


def _copied(
    store: ox.Store, default: Iterable[ox.NamedNode], named: Iterable[ox.NamedNode], limit: int
) -> Iterator[ox.Quad]:
    for count, quad in enumerate(_quads(store, default, named)):
        if count >= limit:
            raise Fault(
                400,
                f"Several default graphs are merged up to {limit:,} triples; these have more. "
                "Name one default graph and reach the others with GRAPH.",
                f"既定グラフの併合は{limit:,}トリプルまでです。1つだけを既定グラフとし、他はGRAPHで参照してください。",
                limit="merged_triples",
                value=limit,
            )
        yield quad


def _quads(store: ox.Store, default: Iterable[ox.NamedNode], named: Iterable[ox.NamedNode]) -> Iterator[ox.Quad]:
    for graph in default:
        for quad in store.quads_for_pattern(None, None, None, graph):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)
    for graph in named:
        yield from store.quads_for_pattern(None, None, None, graph)
