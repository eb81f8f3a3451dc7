"""Group graph patterns and queries (SPARQL 1.1, section 19.8, rules 1 to 98)."""

from collections.abc import Callable, Iterator, Mapping

import pyoxigraph as ox

from service.cube.errors import NotUnderstood
from service.cube.expression_reader import expression
from service.cube.reader import BLANK, Reader, open_reader
from service.cube.syntax import (
    Ask,
    Bind,
    Constant,
    Element,
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    Node,
    Optional,
    Order,
    Path,
    Query,
    Select,
    Triple,
    Triples,
    Union,
    Values,
    in_scope,
)
from service.cube.tokens import tokens

_RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def read_query(text: str, base: str, prefixes: Mapping[str, str]) -> Query:
    """The tree of a SELECT or ASK; raises NotUnderstood for any other text, valid or not."""
    for unread in ("\\u", "\\U", BLANK):
        if unread in text:
            raise NotUnderstood(f"a text with {unread}")
    reader = open_reader(tokens(text), base, prefixes, group)
    _prologue(reader)
    found: Query
    if reader.skip("ASK"):
        reader.skip("WHERE")
        found = Ask(group(reader))
    else:
        found = select(reader)
    if reader.next.kind != "end":
        raise NotUnderstood(f"{reader.next.text!r} after the query")
    return found


def _prologue(reader: Reader) -> None:
    while reader.at("PREFIX", "BASE"):
        if reader.take().text == "BASE":
            reader.base = reader.iri().value
            continue
        name = reader.take().text
        if not name.endswith(":") or reader.next.kind != "iri":
            raise NotUnderstood(f"the prefix {name}")
        reader.prefixes[name[:-1]] = reader.iri().value


def select(reader: Reader) -> Select:
    reader.expect("SELECT")
    distinct = reader.skip("DISTINCT")
    everything = reader.skip("*")
    projection = tuple(_projection(reader))
    reader.skip("WHERE")
    where = group(reader)
    if everything:
        projection = tuple((each, None) for each in visible(where))
    return Select(
        where,
        projection,
        distinct,
        group_by=tuple(_group_by(reader)),
        having=tuple(_having(reader)),
        order_by=tuple(_order_by(reader)),
        **_slice(reader),
        values=_values(reader) if reader.skip("VALUES") else None,
    )


def visible(where: Group) -> list[ox.Variable]:
    """What `SELECT *` selects."""
    return sorted((each for each in in_scope(where) if not each.value.startswith(BLANK)), key=str)


def _projection(reader: Reader) -> Iterator[tuple[ox.Variable, Expression | None]]:
    while reader.next.kind == "variable" or reader.at("("):
        if reader.skip("("):
            found = expression(reader)
            yield _alias(reader), found
        else:
            yield reader.variable(), None


def _alias(reader: Reader) -> ox.Variable:
    reader.expect("AS")
    variable = reader.variable()
    reader.expect(")")
    return variable


def _group_by(reader: Reader) -> Iterator[tuple[ox.Variable | None, Expression]]:
    if not reader.skip("GROUP"):
        return
    reader.expect("BY")
    while not _at_clause(reader):
        if not reader.skip("("):
            yield None, _constraint(reader)
            continue
        found = expression(reader)
        if reader.at("AS"):
            yield _alias(reader), found
        else:
            reader.expect(")")
            yield None, found


def _at_clause(reader: Reader) -> bool:
    return reader.at("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "}") or reader.next.kind == "end"


def _having(reader: Reader) -> Iterator[Expression]:
    if reader.skip("HAVING"):
        while not _at_clause(reader):
            yield _constraint(reader)


def _constraint(reader: Reader) -> Expression:
    """A variable, a call or an expression in brackets."""
    if reader.skip("("):
        found = expression(reader)
        reader.expect(")")
        return found
    if reader.next.kind == "variable":
        return reader.variable()
    before = reader.position
    found = expression(reader)
    if reader.words[reader.position - 1].text not in {")", "}"} or reader.position - before < 2:
        raise NotUnderstood("an expression without brackets")
    return found


def _order_by(reader: Reader) -> Iterator[Order]:
    if not reader.skip("ORDER"):
        return
    reader.expect("BY")
    while not _at_clause(reader):
        descending = reader.at("DESC")
        if reader.skip("ASC", "DESC") and not reader.at("("):
            raise NotUnderstood("ASC or DESC without brackets")
        yield Order(_constraint(reader), descending)


def _slice(reader: Reader) -> dict[str, int]:
    found: dict[str, int] = {}
    while reader.at("LIMIT", "OFFSET"):
        name = reader.take().text.lower()
        token = reader.take()
        if token.kind != "integer" or name in found:
            raise NotUnderstood(f"{name.upper()} {token.text}")
        found[name] = int(token.text)
    return found


def group(reader: Reader) -> Group:
    reader.enter()
    reader.expect("{")
    elements: list[Element | Group | Select] = []
    if reader.at("SELECT"):
        elements.append(select(reader))
    while not reader.skip("}"):
        if reader.at_term() or reader.at("[", "("):
            elements.append(Triples(tuple(_triples(reader))))
        else:
            elements.append(_element(reader))
            reader.skip(".")
    reader.leave()
    return Group(tuple(elements))


def _element(reader: Reader) -> Element | Group:
    if reader.at("{"):
        return _group_or_union(reader)
    word = reader.take().text
    if word not in _ELEMENTS:
        raise NotUnderstood(f"{word!r} in a pattern")
    return _ELEMENTS[word](reader)


def _group_or_union(reader: Reader) -> Group | Union:
    groups = [group(reader)]
    while reader.skip("UNION"):
        groups.append(group(reader))
    return Union(tuple(groups)) if len(groups) > 1 else groups[0]


def _bind(reader: Reader) -> Bind:
    reader.expect("(")
    found = expression(reader)
    return Bind(found, _alias(reader))


def _graph(reader: Reader) -> Graph:
    name = reader.variable() if reader.next.kind == "variable" else reader.iri()
    return Graph(name, group(reader))


def _values(reader: Reader) -> Values:
    single = reader.next.kind == "variable"
    variables = [reader.variable()] if single else []
    if not single:
        reader.expect("(")
        while not reader.skip(")"):
            variables.append(reader.variable())
    reader.expect("{")
    rows: list[tuple[Constant | None, ...]] = []
    while not reader.skip("}"):
        rows.append((_datum(reader),) if single else tuple(_row(reader)))
    if len(set(variables)) != len(variables) or any(len(row) != len(variables) for row in rows):
        raise NotUnderstood("VALUES of uneven rows")
    return Values(tuple(variables), tuple(rows))


def _row(reader: Reader) -> Iterator[Constant | None]:
    reader.expect("(")
    while not reader.skip(")"):
        yield _datum(reader)


def _datum(reader: Reader) -> Constant | None:
    return None if reader.skip("UNDEF") else reader.constant()


_ELEMENTS: dict[str, Callable[[Reader], Element]] = {
    "FILTER": lambda reader: Filter(_constraint(reader)),
    "BIND": _bind,
    "OPTIONAL": lambda reader: Optional(group(reader)),
    "MINUS": lambda reader: Minus(group(reader)),
    "VALUES": _values,
    "GRAPH": _graph,
}


def _triples(reader: Reader) -> Iterator[Triple]:
    """Triples up to the end of the block, with what `[ ]` and paths of several steps stand for."""
    while reader.at_term() or reader.at("["):
        if reader.at("["):
            subject: Node = reader.anonymous()
            yield from _in_brackets(reader, subject)
            if reader.at(".", "}"):
                reader.skip(".")
                continue
        else:
            subject = reader.node()
        yield from _properties(reader, subject)
        if not reader.skip("."):
            return


def _in_brackets(reader: Reader, subject: Node) -> Iterator[Triple]:
    reader.enter()
    reader.expect("[")
    if not reader.at("]"):
        yield from _properties(reader, subject)
    reader.expect("]")
    reader.leave()


def _properties(reader: Reader, subject: Node) -> Iterator[Triple]:
    yield from _objects(reader, subject, _steps(reader))
    while reader.skip(";"):
        if not reader.at(";", ".", "}", "]"):
            yield from _objects(reader, subject, _steps(reader))


def _objects(reader: Reader, subject: Node, steps: list[tuple[ox.NamedNode | Path, bool]]) -> Iterator[Triple]:
    while True:
        if reader.at("["):
            object_: Node = reader.anonymous()
            yield from _in_brackets(reader, object_)
        else:
            object_ = reader.node()
        yield from _chain(reader, subject, steps, object_)
        if not reader.skip(","):
            return


def _chain(
    reader: Reader, subject: Node, steps: list[tuple[ox.NamedNode | Path, bool]], object_: Node
) -> Iterator[Triple]:
    """`?s p/q ?o` says the same as `?s p [ q ?o ]` (section 18.2.2.4); `^p` turns a triple round."""
    for number, (predicate, inverse) in enumerate(steps, 1):
        target = object_ if number == len(steps) else reader.anonymous()
        yield Triple(target, predicate, subject) if inverse else Triple(subject, predicate, target)
        subject = target


def _steps(reader: Reader) -> list[tuple[ox.NamedNode | Path, bool]]:
    """A path as its steps; one with alternatives outside brackets is one step."""
    if reader.next.kind == "variable":
        raise NotUnderstood("a variable as predicate")
    steps = [_step(reader)]
    while reader.skip("/"):
        steps.append(_step(reader))
    if not reader.at("|"):
        return steps
    text = "/".join(_text(*step) for step in steps)
    while reader.skip("|"):
        text += "|" + "/".join(_text(*step) for step in _steps(reader))
    return [(Path(text), False)]


def _text(predicate: ox.NamedNode | Path, inverse: bool) -> str:
    text = f"({predicate.text})" if isinstance(predicate, Path) else str(predicate)
    return f"^{text}" if inverse else text


def _step(reader: Reader) -> tuple[ox.NamedNode | Path, bool]:
    inverse = reader.skip("^")
    if reader.at("!"):
        raise NotUnderstood("a negated property set")
    predicate: ox.NamedNode | Path
    if reader.skip("("):
        reader.enter()
        inner = _steps(reader)
        reader.expect(")")
        reader.leave()
        if len(inner) == 1 and not inner[0][1] and not inverse:
            predicate = inner[0][0]
        else:
            predicate = Path("/".join(_text(*step) for step in inner))
    elif reader.next.text == "a":
        reader.take()
        predicate = _RDF_TYPE
    else:
        predicate = reader.iri()
    if reader.at("*", "+", "?"):
        predicate = Path(_text(predicate, inverse=False) + reader.take().text)
    return predicate, inverse
