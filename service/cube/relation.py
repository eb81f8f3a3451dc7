"""Solutions as a table: a column for each variable, NULL where it is unbound."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from service.cube.errors import NotUnderstood
from service.cube.kinds import Kind, common
from service.cube.sql import quoted

Terms = tuple[str, ...]
# The terms that a column may hold, in N-Triples: known of dimensions and of what Oxigraph has answered, unless too many.
Domain = Callable[[], Terms | None]


@dataclass(frozen=True)
class Column:
    """`nullable` is true if some solution may leave the variable unbound."""

    kind: Kind
    nullable: bool = False
    domain: Domain | None = None


@dataclass(frozen=True)
class Relation:
    """`sql` is a SELECT whose columns are named by `column_name`; it gives at most `rows` rows."""

    sql: str
    columns: Mapping[ox.Variable, Column]
    rows: int


def column_name(variable: ox.Variable) -> str:
    """SQL names do not tell capitals from small letters, variables do; so each capital is marked."""
    return quoted("".join(f"^{each}" if each.isupper() else each for each in variable.value))


def join(left: Relation, right: Relation, outer: bool = False) -> Relation:
    """The solutions of both that agree (section 18.5 of SPARQL 1.1: Join, LeftJoin without a condition)."""
    shared = _certainly_bound(left, right)
    on = " AND ".join(f"l.{column_name(each)} = r.{column_name(each)}" for each in shared) or "TRUE"
    columns = {**_outer(right, outer), **left.columns, **_agreed(left, right, shared)}
    picked = [("l." if each in left.columns else "r.") + column_name(each) for each in columns]
    kind = "LEFT JOIN" if outer else "JOIN"
    sql = f"SELECT {', '.join(picked)} FROM ({left.sql}) AS l {kind} ({right.sql}) AS r ON {on}"
    return Relation(sql, columns, left.rows * max(1, right.rows))


def _outer(right: Relation, outer: bool) -> dict[ox.Variable, Column]:
    return {name: Column(each.kind, each.nullable or outer, each.domain) for name, each in right.columns.items()}


def _agreed(left: Relation, right: Relation, shared: Iterable[ox.Variable]) -> dict[ox.Variable, Column]:
    """The columns that both have: what is known of either side holds."""
    found = {}
    for each in shared:
        one, other = left.columns[each], right.columns[each]
        found[each] = Column(common(one.kind, other.kind), domain=one.domain or other.domain)
    return found


def _certainly_bound(left: Relation, right: Relation) -> list[ox.Variable]:
    """The variables of both. An unbound one would agree with everything, which no SQL join does."""
    shared = [each for each in left.columns if each in right.columns]
    for each in shared:
        if left.columns[each].nullable or right.columns[each].nullable:
            raise NotUnderstood(f"a join on {each}, which may be unbound")
    return shared


def agreement(left: Relation, right: Relation) -> str:
    """SQL for: the solution `t` of the left and `e` of the right agree."""
    shared = _certainly_bound(left, right)
    _agreed(left, right, shared)
    return " AND ".join(f"t.{column_name(each)} = e.{column_name(each)}" for each in shared) or "TRUE"


def union(relations: Iterable[Relation], combine: Callable[[list[str]], str]) -> Relation:
    """All solutions of all; a variable that one of them does not have is unbound there."""
    given = list(relations)
    columns: dict[ox.Variable, Column] = {}
    for variable in dict.fromkeys(name for each in given for name in each.columns):
        columns[variable] = _united([each.columns.get(variable) for each in given])
    selects = [_aligned(each, columns) for each in given]
    return Relation(combine(selects), columns, sum(each.rows for each in given))


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
