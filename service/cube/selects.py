"""SELECT on top of a pattern: grouping, HAVING, expressions, ORDER BY, DISTINCT, LIMIT (SPARQL 1.1, section 18.2.4)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from service.cube.aggregates import aggregate
from service.cube.errors import NotUnderstood
from service.cube.expressions import compiled, condition
from service.cube.kinds import NOTHING
from service.cube.question import Desk
from service.cube.relation import Column, Relation, column_name, join
from service.cube.scope import Scope, Value
from service.cube.sql import conjunction
from service.cube.syntax import Call, Expression, Group, Order, Select, aggregates, variables

Groups = Callable[[Desk, Group], Relation]


def compile_select(desk: Desk, select: Select, groups: Groups, outermost: bool = False) -> Relation:
    """The solutions of a SELECT. `groups` compiles its pattern. Those of the outermost are always in the same order."""
    found = groups(desk, select.where)
    written = _Written(select)
    if select.values is not None:
        if select.group_by or written.aggregates:
            raise NotUnderstood("VALUES after groups")
        found = join(found, desk.pattern([select.values], None))
    if select.group_by or written.aggregates:
        found = _grouped(desk, found, select, written)
        found = _having(desk, found, [written.named(each) for each in select.having])
    elif select.having:
        raise NotUnderstood("HAVING without groups")
    found = _computed(desk, found, select, written)
    orders = [replace(each, expression=written.named(each.expression)) for each in select.order_by]
    return _ordered(desk, found, select, orders, outermost)


@dataclass
class _Written:
    """The aggregates of a SELECT, each with a variable for its value."""

    select: Select
    aggregates: dict[Call, ox.Variable] = field(default_factory=dict)

    def __post_init__(self) -> None:
        select = self.select
        parts = (
            [each for _, each in select.projection],
            list(select.having),
            [each.expression for each in select.order_by],
        )
        for call in (call for part in parts for each in part for call in aggregates(each)):
            self.aggregates.setdefault(call, ox.Variable(f"_aggregate_{len(self.aggregates)}"))

    def named(self, expression: Expression) -> Expression:
        """The expression with variables in place of aggregates."""
        if not isinstance(expression, Call):
            return expression
        if expression in self.aggregates:
            return self.aggregates[expression]
        return replace(expression, arguments=tuple(map(self.named, expression.arguments)))


def _grouped(desk: Desk, relation: Relation, select: Select, written: _Written) -> Relation:
    scope = Scope(desk, relation)
    values: dict[ox.Variable, Value] = {}
    keys: list[str] = []
    for number, (alias, expression) in enumerate(select.group_by):
        variable = alias or (expression if isinstance(expression, ox.Variable) else ox.Variable(f"_key_{number}"))
        if variable in values or (alias is not None and alias in relation.columns):
            raise NotUnderstood(f"{variable} as a group key twice")
        values[variable] = compiled(scope, expression)
        keys.append(str(len(values)))
    for call, variable in written.aggregates.items():
        values[variable] = aggregate(scope, call, implicit=not select.group_by)
    picked = [f"CAST({each.sql} AS {each.kind.sql}) AS {column_name(name)}" for name, each in values.items()]
    grouping = f" GROUP BY {', '.join(keys)}" if keys else ""
    columns = {name: Column(each.kind, each.nullable, each.domain) for name, each in values.items()}
    return Relation(f"SELECT {', '.join(picked)} FROM {scope.source}{grouping}", columns, relation.rows)


def _having(desk: Desk, relation: Relation, conditions: Iterable[Expression]) -> Relation:
    scope = Scope(desk, relation)
    tests = []
    for each in conditions:
        if not variables(each) <= relation.columns.keys():
            raise NotUnderstood("HAVING about what is neither a key nor an aggregate")
        tests.append(condition(scope, each).sql)
    return replace(relation, sql=f"SELECT t.* FROM {scope.source} WHERE {conjunction(tests)}") if tests else relation


def _computed(desk: Desk, relation: Relation, select: Select, written: _Written) -> Relation:
    """The expressions of the SELECT clause, each of which may use those before it."""
    for variable, expression in select.projection:
        if expression is None:
            continue
        if variable in relation.columns:
            raise NotUnderstood(f"{variable} bound twice")
        scope = Scope(desk, relation)
        value = compiled(scope, written.named(expression))
        sql = f"SELECT t.*, CAST({value.sql} AS {value.kind.sql}) AS {column_name(variable)} FROM {scope.source}"
        column = Column(value.kind, value.nullable, value.domain)
        relation = Relation(sql, {**relation.columns, variable: column}, relation.rows, scope.steady([expression]))
    return relation


def _ordered(desk: Desk, relation: Relation, select: Select, orders: list[Order], outermost: bool) -> Relation:
    projected = dict.fromkeys(variable for variable, _ in select.projection)
    if select.distinct:
        relation = _distinct(relation, projected)
        if any(not variables(each) <= projected.keys() for each in orders):
            raise NotUnderstood("DISTINCT ordered by what is not selected")
    scope = Scope(desk, relation)
    keys = [_key(scope, each) for each in orders]
    steady = scope.steady([]) and not keys
    if not steady and (outermost or select.limit is not None or select.offset):
        keys += _ties(relation, projected)
    picked = [f"{_column(relation, each)} AS {column_name(each)}" for each in projected]
    sql = f"SELECT {', '.join(picked)} FROM {scope.source}"
    sql += f" ORDER BY {', '.join(keys)}" if keys else ""
    sql += f" LIMIT {select.limit}" if select.limit is not None else ""
    sql += f" OFFSET {select.offset}" if select.offset else ""
    rows = relation.rows if select.limit is None else min(relation.rows, select.limit)
    columns = {each: relation.columns.get(each, Column(NOTHING, True)) for each in projected}
    return Relation(sql, columns, rows, steady)


def _ties(relation: Relation, projected: Iterable[ox.Variable]) -> list[str]:
    """What else to sort by, so that the same query has the same rows in the same order: pages and the ETag count on it.

    By all that is selected, since solutions that are alike in it may stand in any order. For groups, which are few, it
    costs next to nothing. A million solutions of a join cost less than 0.5 s, beside the 4.5 s that it takes to write
    them, and the memory that holds them: up to three million fit into 512 MB. More are for Oxigraph, in its order.
    """
    return [f"t.{column_name(each)}" for each in projected if each in relation.columns]


def _distinct(relation: Relation, projected: Iterable[ox.Variable]) -> Relation:
    picked = [f"{_column(relation, each)} AS {column_name(each)}" for each in projected]
    columns = {each: relation.columns.get(each, Column(NOTHING, True)) for each in projected}
    return Relation(f"SELECT DISTINCT {', '.join(picked)} FROM ({relation.sql}) AS t", columns, relation.rows)


def _column(relation: Relation, variable: ox.Variable) -> str:
    return f"t.{column_name(variable)}" if variable in relation.columns else "CAST(NULL AS VARCHAR)"


def _key(scope: Scope, order: Order) -> str:
    """Unbound comes first, last when descending (section 15.1)."""
    value = compiled(scope, order.expression)
    if value.kind.name == "other":
        if not isinstance(order.expression, ox.Variable):
            raise NotUnderstood("an order of computed terms")
        value = scope.rank(order.expression)
    return f"{value.sql} {'DESC NULLS LAST' if order.descending else 'ASC NULLS FIRST'}"
