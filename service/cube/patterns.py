"""Group graph patterns as relations (SPARQL 1.1, section 18.2.2): stars from Parquet, the rest from Oxigraph."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyoxigraph as ox

from service.cube.errors import NotUnderstood
from service.cube.expressions import compiled, condition
from service.cube.question import Desk
from service.cube.relation import Column, Relation, agreement, column_name, join, join_if, union
from service.cube.scope import Scope
from service.cube.selects import compile_select
from service.cube.sql import conjunction
from service.cube.sql import union as union_all
from service.cube.stars import Star, has_star, scan, split
from service.cube.syntax import (
    Bind,
    Call,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    Optional,
    Part,
    Select,
    Triple,
    Triples,
    Union,
    Values,
    in_scope,
    variables,
)


def contains_star(part: Part | Expression, desk: Desk) -> bool:
    """Whether anything in it is answered from a cube."""
    match part:
        case Triples(triples):
            return has_star(triples, desk.cubes)
        case Group(parts) | Union(parts):
            return any(contains_star(each, desk) for each in parts)
        case Optional(group) | Minus(group) | Exists(group) | Select(group):
            return contains_star(group, desk)
        case Filter(expression) | Bind(expression):
            return contains_star(expression, desk)
        case Call(arguments=arguments):
            return any(contains_star(each, desk) for each in arguments)
    return False


def compile_group(desk: Desk, group: Group) -> Relation:
    """The solutions of a group."""
    if not contains_star(group, desk):
        return desk.pattern([group], None)
    return _Gathering(desk, gathered(group)).solutions()


def compile_within(desk: Desk, part: Part, known: Relation | None) -> Relation:
    """The solutions of a part; of one without stars, only those that can agree with what is known."""
    if not contains_star(part, desk):
        return desk.pattern([part], known)
    if isinstance(part, Group):
        return compile_group(desk, part)
    if isinstance(part, Union):
        return union([compile_within(desk, each, known) for each in part.groups], union_all)
    if isinstance(part, Select):
        return compile_select(desk, part, compile_group)
    raise NotUnderstood(type(part).__name__)


def gathered(group: Group) -> Group:
    """The same group with its triples together and its filters last, as far as that changes no solution.

    Triples may be matched before a BIND, OPTIONAL or MINUS above them if they share no variable with it but those that
    the triples above it bind anyway.
    """
    triples: list[Triple] = []
    held: list[Part] = []
    filters = [each for each in group.elements if isinstance(each, Filter)]
    for each in group.elements:
        if isinstance(each, Triples):
            if not all(_may_wait(one, each, triples) for one in held):
                held.append(each)
            else:
                triples += each.triples
        elif not isinstance(each, Filter):
            held.append(each)
    return Group((*([Triples(tuple(triples))] if triples else []), *held, *filters))


def _may_wait(part: Part, triples: Triples, before: Sequence[Triple]) -> bool:
    if isinstance(part, Bind | Optional | Minus):
        return variables(part) & variables(triples) <= variables(tuple(before))
    return True


class _Gathering:
    """The solutions of a group that has stars, element by element."""

    def __init__(self, desk: Desk, group: Group) -> None:
        self._desk = desk
        self._elements: list[Part] = [each for each in group.elements if not isinstance(each, Filter)]
        self._filters = [
            one for each in group.elements if isinstance(each, Filter) for one in conjuncts(each.condition)
        ]
        self._found: Relation | None = None

    def solutions(self) -> Relation:
        others = self._elements
        if others and isinstance(others[0], Triples):
            others = self._take_options(others[0], others[1:])
        for each in others:
            self._add(each)
        if self._found is None:
            raise NotUnderstood("an empty group")
        return filtered(self._desk, self._found, self._filters)

    def _take_options(self, triples: Triples, others: list[Part]) -> list[Part]:
        """Matches the triples; each OPTIONAL with one property of an observation becomes a column of its star."""
        stars, rest = split(triples.triples, self._desk.cubes)
        seen = set(in_scope(triples))
        left: list[Part] = []
        for each in others:
            star = _option_of(each, stars, seen)
            if star is None:
                left.append(each)
            else:
                stars = [star if one.subject == star.subject else one for one in stars]
            seen |= variables(each)
        self._join_all(stars, rest)
        return left

    def _join_all(self, stars: Iterable[Star], rest: Sequence[Triple]) -> None:
        for star in stars:
            self._join(scan(self._desk, star))
        for part in connected(rest, [] if self._found is None else self._found.columns):
            own = [each for each in self._filters if self._only_about(each, part)]
            self._filters = [each for each in self._filters if each not in own]
            self._join(self._desk.pattern([Triples(tuple(part)), *map(Filter, own)], self._found))

    def _only_about(self, condition_: Expression, part: Sequence[Triple]) -> bool:
        """A filter that Oxigraph can apply by itself to what it finds."""
        about = variables(condition_)
        return bool(about) and about <= variables(tuple(part)) and not contains_star(condition_, self._desk)

    def _join(self, relation: Relation) -> None:
        self._found = relation if self._found is None else join(self._found, relation)

    def _add(self, part: Part) -> None:
        match part:
            case Triples(triples):
                self._join_all(*split(triples, self._desk.cubes))
            case Group() | Union() | Select() | Values() | Graph():
                self._join(compile_within(self._desk, part, self._found))
            case Optional(group):
                self._found = self._with_option(group)
            case Minus(group):
                self._found = self._without(group)
            case Bind():
                self._found = extended(self._desk, self._before(), part.variable, part.expression)

    def _before(self) -> Relation:
        if self._found is None:
            raise NotUnderstood("BIND, OPTIONAL or MINUS at the beginning of a group")
        return self._found

    def _with_option(self, group: Group) -> Relation:
        """LeftJoin, whose condition is what the filters of the option say that look outside it (section 18.2.2.6)."""
        before = self._before()
        # What the option may leave unbound a solution before it may have bound.
        sure = frozenset[ox.Variable]().union(*(in_scope(each) for each in group.elements if isinstance(each, Triples)))
        known = before.columns.keys() - sure
        outside = tuple(each for each in group.elements if isinstance(each, Filter) and variables(each) & known)
        inside = Group(tuple(each for each in group.elements if each not in outside))
        option = compile_within(self._desk, inside, before)
        if not outside:
            return join(before, option, outer=True)
        conditions = [each.condition for each in outside]
        if any(map(_nested, conditions)):
            raise NotUnderstood("EXISTS as condition of an option")
        return join_if(before, option, self._desk.name(), lambda both: filtered(self._desk, both, conditions))

    def _without(self, group: Group) -> Relation:
        """MINUS takes away nothing if no variable is shared (section 8.3.3)."""
        before = self._before()
        if not in_scope(group) & before.columns.keys():
            return before
        # What leaves a variable unbound takes away nothing by it: it must not be bound by what is known.
        bound = all(isinstance(each, Triples | Filter) for each in group.elements)
        other = compile_within(self._desk, group, before if bound else None)
        sql = f"SELECT * FROM ({before.sql}) AS t WHERE NOT EXISTS (SELECT 1 FROM ({other.sql}) AS e WHERE "
        return replace(before, sql=f"{sql}{agreement(before, other)})", steady=False)


def _option_of(part: Part, stars: Iterable[Star], seen: set[ox.Variable]) -> Star | None:
    """The star with the option, if it is one property of it that an observation has at most once."""
    match part:
        case Optional(Group((Triples((Triple(subject, ox.NamedNode() as property_, ox.Variable() as value),)),))):
            for star in stars:
                known = any(cube.component(property_.value) for cube in star.cubes)
                if star.subject == subject and known and value not in seen:
                    return replace(star, optional=(*star.optional, (property_.value, value)))
    return None


def conjuncts(expression: Expression) -> list[Expression]:
    if isinstance(expression, Call) and expression.name == "&&":
        return [one for each in expression.arguments for one in conjuncts(each)]
    return [expression]


def connected(triples: Sequence[Triple], known: Iterable[ox.Variable]) -> list[list[Triple]]:
    """The triples in parts that share no variable: each is a question by itself.

    What shares only known variables is still one part: together it has fewer solutions.
    """
    parts: list[tuple[set[ox.Variable], list[Triple]]] = []
    for each in triples:
        names = set(variables(each))
        touching = [part for part in parts if part[0] & names]
        parts = [part for part in parts if part not in touching]
        together = [triple for part in touching for triple in part[1]]
        parts.append((names.union(*(part[0] for part in touching)), [*together, each]))
    return [part for _, part in sorted(parts, key=lambda part: not part[0] & set(known))]


def extended(desk: Desk, relation: Relation, variable: ox.Variable, expression: Expression) -> Relation:
    """Extend: a new variable, unbound where the expression fails."""
    if variable in relation.columns:
        raise NotUnderstood(f"{variable} bound twice")
    scope = Scope(desk, relation)
    value = compiled(scope, expression)
    sql = f"SELECT t.*, CAST({value.sql} AS {value.kind.sql}) AS {column_name(variable)} FROM {scope.source}"
    column = Column(value.kind, value.nullable, value.domain)
    return Relation(sql, {**relation.columns, variable: column}, relation.rows, scope.steady([expression]))


def filtered(desk: Desk, relation: Relation, conditions: Sequence[Expression]) -> Relation:
    """The solutions for which all conditions are true."""
    if not conditions:
        return relation
    scope = Scope(desk, relation)
    tests = [_test(desk, scope, each) for each in conditions]
    sql = f"SELECT t.* FROM {scope.source} WHERE {conjunction(tests)}"
    return replace(relation, sql=sql, steady=scope.steady(conditions))


def _test(desk: Desk, scope: Scope, expression: Expression) -> str:
    match expression:
        case Exists(group, negated):
            return f"{'NOT ' if negated else ''}{_exists(desk, scope.relation, group)}"
        case Call("!", (Exists(group, negated),)):
            return _test(desk, scope, Exists(group, not negated))
    return condition(scope, expression).sql


def _exists(desk: Desk, relation: Relation, group: Group) -> str:
    """Exact where substituting (section 18.6) and joining are the same: patterns whose variables are all in scope."""
    _refuse_correlation(group)
    inner = compile_within(desk, group, relation)
    return f"EXISTS (SELECT 1 FROM ({inner.sql}) AS e WHERE {agreement(relation, inner)})"


def _refuse_correlation(group: Group) -> None:
    for each in group.elements:
        if not isinstance(each, Triples | Filter):
            raise NotUnderstood("EXISTS of more than triples and filters")
    if not variables(group) <= in_scope(group) or any(
        isinstance(each, Filter) and _nested(each.condition) for each in group.elements
    ):
        raise NotUnderstood("EXISTS that looks outside itself")


def _nested(expression: Expression) -> bool:
    if isinstance(expression, Call):
        return any(map(_nested, expression.arguments))
    return isinstance(expression, Exists)
