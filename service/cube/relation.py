"""Solutions as a table: a column for each variable, NULL where it is unbound."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from service.cube.errors import NotUnderstood
from service.cube.kinds import Kind, common, integer
from service.cube.sql import quoted

# No statement that has more rows ends within any deadline.
_MOST_ROWS = 10**15
# Pairs of rows that are compared one by one at most.
_MAX_PAIRS = 20_000_000

Terms = tuple[str, ...]
# The terms that a column may hold, in N-Triples: known of dimensions and of what Oxigraph has answered; None: many.
Domain = Callable[[], Terms | None]


@dataclass(frozen=True)
class Column:
    """`nullable` is true if some solution may leave the variable unbound."""

    kind: Kind
    nullable: bool = False
    domain: Domain | None = None


@dataclass(frozen=True)
class Relation:
    """`sql` is a SELECT whose columns are named by `column_name`; it gives at most `rows` rows.

    `steady` is true if they come in the same order each time. DuckDB promises that of scans, WHERE, UNION ALL and LIMIT
    ("Order Preservation" in its documentation). Rows of joins, even with at most one row for each, of groups and of
    DISTINCT come as its threads find them.
    """

    sql: str
    columns: Mapping[ox.Variable, Column]
    rows: int
    steady: bool = False


def column_name(variable: ox.Variable) -> str:
    """SQL names do not tell capitals from small letters, variables do; so each capital is marked."""
    return quoted("".join(f"^{each}" if each.isupper() else each for each in variable.value))


def join(left: Relation, right: Relation, outer: bool = False) -> Relation:
    """The solutions of both that agree (section 18.5 of SPARQL 1.1: Join, LeftJoin without a condition)."""
    shared = [each for each in left.columns if each in right.columns]
    columns = {**_outer(right, outer), **left.columns, **{each: _agreed(left, right, each) for each in shared}}
    picked = [_picked(left, right, each) for each in columns]
    kind = "LEFT JOIN" if outer else "JOIN"
    on = _agree(left, right, "l", "r")
    sql = f"SELECT {', '.join(picked)} FROM ({left.sql}) AS l {kind} ({right.sql}) AS r ON {on}"
    return Relation(sql, columns, min(left.rows * max(1, right.rows), _MOST_ROWS))


def join_if(left: Relation, right: Relation, name: str, keep: Callable[[Relation], Relation]) -> Relation:
    """LeftJoin (section 18.5): solutions of the left with those of the right that agree and `keep` keeps, or alone.

    `name` is what the left is called in the statement: numbered once, its solutions are found again by their number.
    """
    number = ox.Variable("_number_")
    columns = {**left.columns, number: Column(integer(left.rows))}
    found = keep(join(Relation(f"SELECT * FROM {name}", columns, left.rows), right))
    agreed = {each: _agreed(left, found, each) for each in left.columns}
    new = {each: column for each, column in _outer(found, outer=True).items() if each not in columns}
    picked = [_preferred(left, each) for each in agreed] + [f"r.{column_name(each)}" for each in new]
    key = column_name(number)
    sql = (
        f"WITH {name} AS MATERIALIZED (SELECT *, row_number() OVER () AS {key} FROM ({left.sql}) AS n) "
        f"SELECT {', '.join(picked)} FROM {name} AS l LEFT JOIN ({found.sql}) AS r ON l.{key} = r.{key}"
    )
    return Relation(sql, {**agreed, **new}, min(left.rows + found.rows, _MOST_ROWS))


def _preferred(left: Relation, variable: ox.Variable) -> str:
    """What the left leaves unbound the right may have bound."""
    name = column_name(variable)
    return f"COALESCE(l.{name}, r.{name}) AS {name}" if left.columns[variable].nullable else f"l.{name}"


def agreement(left: Relation, right: Relation) -> str:
    """SQL for: the solution `t` of the left and `e` of the right agree in variables that both bind."""
    for each in left.columns:
        if each in right.columns and (left.columns[each].nullable or right.columns[each].nullable):
            raise NotUnderstood(f"MINUS or EXISTS about {each}, which may be unbound")
    return _agree(left, right, "t", "e")


def _agree(left: Relation, right: Relation, one: str, other: str) -> str:
    """An unbound variable agrees with everything. No hash join does that, so it is for small tables only."""
    tests = []
    for each in (each for each in left.columns if each in right.columns):
        common(left.columns[each].kind, right.columns[each].kind)
        name = column_name(each)
        test = f"{one}.{name} = {other}.{name}"
        for side, relation in ((one, left), (other, right)):
            if relation.columns[each].nullable:
                test += f" OR {side}.{name} IS NULL"
                if left.rows * right.rows > _MAX_PAIRS:
                    raise NotUnderstood(f"a large join on {each}, which may be unbound")
        tests.append(f"({test})")
    return " AND ".join(tests) or "TRUE"


def _outer(right: Relation, outer: bool) -> dict[ox.Variable, Column]:
    return {name: Column(each.kind, each.nullable or outer, each.domain) for name, each in right.columns.items()}


def _picked(left: Relation, right: Relation, variable: ox.Variable) -> str:
    name = column_name(variable)
    if variable not in right.columns:
        return f"l.{name}"
    if variable not in left.columns:
        return f"r.{name}"
    return f"COALESCE(l.{name}, r.{name}) AS {name}" if left.columns[variable].nullable else f"l.{name}"


def _agreed(left: Relation, right: Relation, variable: ox.Variable) -> Column:
    """A column that both have: where both are bound, what is known of either side holds."""
    one, other = left.columns[variable], right.columns[variable]
    kind = common(one.kind, other.kind)
    if one.nullable or other.nullable:
        return Column(kind, one.nullable, _all_of([one.domain, other.domain]))
    return Column(kind, domain=one.domain or other.domain)


def union(relations: Iterable[Relation], combine: Callable[[list[str]], str]) -> Relation:
    """All solutions of all; a variable that one of them does not have is unbound there."""
    given = list(relations)
    columns: dict[ox.Variable, Column] = {}
    for variable in dict.fromkeys(name for each in given for name in each.columns):
        columns[variable] = _united([each.columns.get(variable) for each in given])
    selects = [_aligned(each, columns) for each in given]
    return Relation(
        combine(selects), columns, sum(each.rows for each in given), steady=all(each.steady for each in given)
    )


def _united(columns: list[Column | None]) -> Column:
    present = [each for each in columns if each is not None]
    kind = present[0].kind
    for each in present[1:]:
        kind = common(kind, each.kind)
    domains = [each.domain for each in present]
    return Column(kind, len(present) < len(columns) or any(each.nullable for each in present), _all_of(domains))


def _all_of(domains: list[Domain | None]) -> Domain | None:
    known = [each for each in domains if each is not None]
    if len(known) < len(domains):
        return None
    return lambda: _together([each() for each in known])


def _together(parts: list[Terms | None]) -> Terms | None:
    known = [each for each in parts if each is not None]
    return tuple(dict.fromkeys(term for each in known for term in each)) if len(known) == len(parts) else None


def _aligned(relation: Relation, columns: Mapping[ox.Variable, Column]) -> str:
    picked = [
        f"CAST({column_name(name) if name in relation.columns else 'NULL'} AS {column.kind.sql}) AS {column_name(name)}"
        for name, column in columns.items()
    ]
    return f"SELECT {', '.join(picked)} FROM ({relation.sql}) AS u"
