"""What Oxigraph is asked on the way: small questions whose answers become tables of DuckDB."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count, islice
from typing import Any, cast

import pyoxigraph as ox

from service.cube.catalogue import Cube
from service.cube.duck import MAX_DOMAIN, Duck
from service.cube.errors import NotUnderstood
from service.cube.explanation import Step
from service.cube.kinds import Kind, Term, column_of
from service.cube.relation import Column, Domain, Relation, Terms, column_name
from service.cube.sql import Parameters
from service.cube.syntax import Element, Expression, Group, Select, in_scope
from service.cube.unparse import element_text, expression_text

MAX_ROWS = 20_000
Columns = Mapping[str, tuple[Kind, Sequence[Any]]]
_RESULT = ox.Variable("_result")


@dataclass(frozen=True)
class Lookup:
    """The value of an expression for each value of a variable: a table (k, r), and the value where it is unbound.

    `complete` is true if it has a value everywhere; `results` are the terms that it gives.
    """

    table: str
    kind: Kind
    complete: bool
    unbound: object
    results: Domain


@dataclass
class Desk:
    """Everything that one query is planned with. `tables` are the tables made for it."""

    duck: Duck
    store: ox.Store
    cubes: Sequence[Cube]
    parameters: Parameters = field(default_factory=Parameters)
    tables: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    mappings: dict[tuple[str, Terms], Lookup] = field(default_factory=dict)
    named: "count[int]" = field(default_factory=count)

    def name(self) -> str:
        """A name for a part of the statement that no other has."""
        return f"part{next(self.named)}"

    def pattern(self, parts: Sequence[Element | Group | Select], known: Relation | None) -> Relation:
        """The solutions of a pattern, of those that can agree with the known ones."""
        variables = sorted(frozenset[ox.Variable]().union(*map(in_scope, parts)), key=str)
        if not variables:
            raise NotUnderstood("a pattern without variables")
        body = " ".join(element_text(each) for each in parts)
        rows = self._rows(variables, f"{_among(variables, known)} {body}")
        return self._relation(variables, rows)

    def mapping(self, variable: ox.Variable, domain: Terms, expression: Expression) -> Lookup:
        """What Oxigraph makes of the expression for every value of its only variable."""
        text = expression_text(expression)
        key = (text, domain)
        if key not in self.mappings:
            self.mappings[key] = self._mapping(variable, domain, text)
        return self.mappings[key]

    def ranks(self, domain: Terms) -> Lookup:
        """The place of each term in SPARQL's order (section 15.1)."""
        key = ("ORDER BY", domain)
        if key not in self.mappings:
            if any(_numeric(term) for term in domain):
                raise NotUnderstood("an order of numbers among other terms")
            rows = self._rows([_RESULT], f"VALUES {_RESULT} {{ {' '.join(domain)} }}", f"ORDER BY {_RESULT}")
            numbered = [(*row, ox.Literal(number)) for number, row in enumerate(rows)]
            self.mappings[key] = self._table_of_pairs(numbered)
        return self.mappings[key]

    def _mapping(self, variable: ox.Variable, domain: Terms, text: str) -> Lookup:
        if len(domain) > MAX_DOMAIN:
            raise NotUnderstood(f"an expression over {len(domain)} values")
        values = f"VALUES {variable} {{ UNDEF {' '.join(domain)} }}"
        return self._table_of_pairs(self._rows([variable, _RESULT], f"{values} BIND({text} AS {_RESULT})"))

    def _table_of_pairs(self, rows: Sequence[Sequence[Term | None]]) -> Lookup:
        kind, results = column_of([row[1] for row in rows])
        pairs = list(zip([row[0] for row in rows], results, strict=True))
        keys, values = [key for key, _ in pairs if key is not None], [value for key, value in pairs if key is not None]
        key_kind, key_values = column_of(keys)
        table = self._make({"k": (key_kind, key_values), "r": (kind, values)})
        unbound = next((value for key, value in pairs if key is None), None)
        return Lookup(table, kind, None not in values, unbound, _domain_of([row[1] for row in rows]))

    def _relation(self, variables: Sequence[ox.Variable], rows: Sequence[Sequence[Term | None]]) -> Relation:
        columns, data = {}, {}
        for place, variable in enumerate(variables):
            terms = [row[place] for row in rows]
            kind, values = column_of(terms)
            columns[variable] = Column(kind, None in values, _domain_of(terms))
            data[column_name(variable)] = (kind, values)
        return Relation(f"SELECT * FROM {self._make(data)}", columns, len(rows))

    def _make(self, data: Columns) -> str:
        self.tables.append(self.duck.table(data))
        return self.tables[-1]

    def _rows(self, variables: Sequence[ox.Variable], body: str, end: str = "") -> list[tuple[Term | None, ...]]:
        text = f"SELECT {' '.join(map(str, variables))} WHERE {{ {body} }} {end}"
        begun = time.perf_counter()
        try:
            solutions = cast("ox.QuerySolutions", self.store.query(text))
        except SyntaxError as error:
            raise NotUnderstood(f"a question that Oxigraph does not read: {text} ({error})") from error
        rows = [tuple(each) for each in islice(solutions, MAX_ROWS + 1)]
        self.steps.append(Step("oxigraph", text, len(rows), time.perf_counter() - begun))
        if len(rows) > MAX_ROWS:
            raise NotUnderstood(f"more than {MAX_ROWS} solutions of: {body}")
        return rows


def _among(variables: Iterable[ox.Variable], known: Relation | None) -> str:
    """VALUES of the variable that has the fewest possible values, so that Oxigraph need not look at others."""
    if known is None:
        return ""
    domains = [(each, _terms(known.columns[each])) for each in variables if each in known.columns]
    small = [(each, terms) for each, terms in domains if terms is not None and len(terms) <= MAX_DOMAIN]
    if not small:
        return ""
    variable, terms = min(small, key=lambda each: len(each[1]))
    return f"VALUES {variable} {{ {' '.join(terms)} }}"


def _terms(column: Column) -> Terms | None:
    return column.domain() if column.domain and not column.nullable else None


def _domain_of(terms: Sequence[Term | None]) -> Domain:
    @cache
    def domain() -> Terms | None:
        if any(isinstance(each, ox.BlankNode | ox.Triple) for each in terms):
            return None
        return tuple(dict.fromkeys(str(each) for each in terms if each is not None))

    return domain


def _numeric(term: str) -> bool:
    return term.startswith('"') and "^^<http://www.w3.org/2001/XMLSchema#" in term
