"""Back to SPARQL: the parts of a query that Oxigraph answers."""

from collections.abc import Callable
from typing import Any

from service.cube.syntax import (
    Bind,
    Call,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    Node,
    Optional,
    Order,
    Path,
    Select,
    Triple,
    Triples,
    Union,
    Values,
)

_INFIX = frozenset({"||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/"})
_PREFIX = {"!": "!", "negate": "-"}


def expression_text(expression: Expression) -> str:
    match expression:
        case Exists(group, negated):
            return f"{'NOT ' if negated else ''}EXISTS {group_text(group)}"
        case Call("IN", (first, *rest)):
            return f"({expression_text(first)} IN ({', '.join(map(expression_text, rest))}))"
        case Call():
            return _call_text(expression)
    return str(expression)


def _call_text(call: Call) -> str:
    arguments = [expression_text(each) for each in call.arguments]
    if call.name in _INFIX:
        return f"({arguments[0]} {call.name} {arguments[1]})"
    if call.name in _PREFIX:
        return f"({_PREFIX[call.name]}({arguments[0]}))"
    name = f"<{call.name}>" if ":" in call.name else call.name
    inside = ", ".join(arguments) or ("*" if call.name == "COUNT" else "")
    separator = f"; SEPARATOR = {_string(call.separator)}" if call.separator is not None else ""
    return f"{name}({'DISTINCT ' if call.distinct else ''}{inside}{separator})"


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def group_text(group: Group) -> str:
    return "{ " + " ".join(element_text(each) for each in group.elements) + " }"


def element_text(element: Element | Group | Select) -> str:
    return _WRITERS[type(element)](element)


def _triple_text(triple: Triple) -> str:
    predicate = triple.predicate.text if isinstance(triple.predicate, Path) else triple.predicate
    return f"{triple.subject} {predicate} {triple.object} ."


def values_text(values: Values) -> str:
    rows = (" ".join("UNDEF" if each is None else str(each) for each in row) for row in values.rows)
    return f"VALUES ({' '.join(map(str, values.variables))}) {{ {' '.join(f'({row})' for row in rows)} }}"


def _select_text(select: Select) -> str:
    parts = ["SELECT", "DISTINCT" if select.distinct else "", _projection_text(select), group_text(select.where)]
    if select.group_by:
        parts += ["GROUP BY", *(_alias_text(variable, key) for variable, key in select.group_by)]
    if select.having:
        parts += ["HAVING", *(f"({expression_text(each)})" for each in select.having)]
    if select.order_by:
        parts += ["ORDER BY", *map(_order_text, select.order_by)]
    parts.append("" if select.limit is None else f"LIMIT {select.limit}")
    parts.append(f"OFFSET {select.offset}" if select.offset else "")
    parts.append(values_text(select.values) if select.values else "")
    return " ".join(filter(None, parts))


def _projection_text(select: Select) -> str:
    return " ".join(_alias_text(variable, value) if value else str(variable) for variable, value in select.projection)


def _alias_text(variable: Node | None, expression: Expression) -> str:
    text = expression_text(expression)
    return f"({text} AS {variable})" if variable is not None else f"({text})"


def _order_text(order: Order) -> str:
    return f"{'DESC' if order.descending else 'ASC'}({expression_text(order.expression)})"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Triples: lambda each: " ".join(map(_triple_text, each.triples)),
    Filter: lambda each: f"FILTER({expression_text(each.condition)})",
    Bind: lambda each: f"BIND({expression_text(each.expression)} AS {each.variable})",
    Optional: lambda each: f"OPTIONAL {group_text(each.group)}",
    Minus: lambda each: f"MINUS {group_text(each.group)}",
    Union: lambda each: " UNION ".join(map(group_text, each.groups)),
    Values: values_text,
    Group: group_text,
    Graph: lambda each: f"GRAPH {each.name} {group_text(each.group)}",
    Select: lambda each: f"{{ {_select_text(each)} }}",
}
