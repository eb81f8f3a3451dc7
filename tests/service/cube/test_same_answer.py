"""The planner's answer is Oxigraph's: generated queries over small synthetic cubes, compared as bags of terms.

Its order is not, but it is always the same, whole or in pages.

`CUBE_EXAMPLES=20000` in the environment runs more of them.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bench import synthetic

EXAMPLES = int(os.environ.get("CUBE_EXAMPLES", "300"))
WORLDS = 4 if EXAMPLES <= 300 else 60
CASES = sorted((Path(__file__).parent / "cases").glob("*.rq"))

_areas = st.sampled_from([f"<{each}>" for each in (*synthetic.AREAS, synthetic.BASE + "id/area/none")])
_periods = st.sampled_from([f"<{each}>" for each in synthetic.PERIODS])
_sexes = st.sampled_from([f"<{each}>" for each in synthetic.SEXES])
_numbers = st.sampled_from(["0", "1", "2", "3", "7", "1.5", "-2.5", "66.0", "1e0", "100"])
_flavours = {
    "pop": ["refArea", "refPeriod", "sex", "population", "share", "rate", "obsStatus", "note"],
    "house": ["refArea", "refPeriod", "households", "obsStatus"],
    "proj": ["refArea", "refPeriod", "sex", "population", "obsStatus"],
}
_pname = {
    "refArea": "sd:refArea",
    "refPeriod": "sd:refPeriod",
    "sex": "sd:sex",
    "population": "em:population",
    "households": "yk:households",
    "share": "yk:share",
    "rate": "yk:rate",
    "obsStatus": "sa:obsStatus",
    "note": "yk:note",
}
_variable = {
    "refArea": "?a",
    "refPeriod": "?p",
    "sex": "?s",
    "population": "?v",
    "households": "?h",
    "share": "?x",
    "rate": "?r",
    "obsStatus": "?t",
    "note": "?n",
}
# No LIMIT may follow.
_VALUES_LAST = re.compile(r"VALUES \?\w+ \{[^{}]*\}\s*$")
_NUMERIC = {"?v", "?v2", "?h", "?x", "?k", "?rank"}
_JA = '"ja"'
_SIDES = [
    ("?a", "?a rdfs:label ?l ."),
    ("?a", "?a dct:isPartOf ?w ."),
    ("?a", "?a dct:isPartOf+ ?w ."),
    ("?a", "?a dct:isPartOf+ <http://localhost:8000/id/area/city> ."),
    ("?a", "?a dct:isPartOf/rdfs:label ?wl ."),
    ("?a", "?a yk:size ?z ."),
    ("?a", "?a yk:rank ?rank ."),
    ("?a", "?a yk:rank ?rank . ?other yk:rank ?rank ."),
    ("?s", "?s skos:prefLabel ?sl ."),
    ("?t", "?t skos:prefLabel ?tl ."),
    ("?p", "?p yk:number ?k ."),
    ("?p", "?p yk:year ?year ."),
    ("?p", "?p yk:year|yk:number ?year ."),
    ("?d", "?d dct:title ?title ."),
]


def _names(text: str) -> set[str]:
    return {word.rstrip(".") for word in text.split() if word.startswith("?")}


class Draft:
    """A query in the making: `bound` are the variables that a pattern has named so far."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self.draw = draw
        self.bound: set[str] = set()

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(1, 100)) <= percent)

    def star(self, subject: str = "?o", suffix: str = "") -> str:
        flavour = self.pick(*_flavours)
        chosen = self.draw(st.lists(st.sampled_from(_flavours[flavour]), min_size=1, max_size=5, unique=True))
        parts = [f"{_pname[name]} {self.object(name, suffix)}" for name in chosen]
        if self.chance(40):
            dataset = self.pick(f"<{synthetic.BASE}id/dataset/{flavour}>", "?d")
            parts.insert(0, f"qb:dataSet {dataset}")
            self.bound |= _names(dataset)
        if self.chance(30):
            parts.append("a qb:Observation")
        self.bound.add(subject)
        return f"{subject} {' ; '.join(parts)} ."

    def object(self, name: str, suffix: str) -> str:
        constants = {"refArea": _areas, "refPeriod": _periods, "sex": _sexes}
        if name in constants and self.chance(25):
            return str(self.draw(constants[name]))
        shared = name in constants and name != "refPeriod"
        variable = _variable[name] + ("" if shared else suffix)
        self.bound.add(variable)
        return variable

    def side(self) -> str:
        usable = [text for needs, text in _SIDES if needs in self.bound]
        if not usable:
            return ""
        text = self.pick(*usable)
        self.bound |= _names(text)
        return str(text)

    def number(self, depth: int = 2) -> str:
        numeric = sorted(self.bound & _NUMERIC)
        if depth == 0 or self.chance(40):
            return self.pick(*numeric) if numeric and self.chance(75) else str(self.draw(_numbers))
        kind = self.pick("op", "op", "fn", "if", "coalesce")
        one, two = self.number(depth - 1), self.number(depth - 1)
        if kind == "op":
            return f"({one} {self.pick('+', '-', '*', '/')} {two})"
        if kind == "fn":
            return f"{self.pick('ABS', 'CEIL', 'FLOOR', 'ROUND', 'xsd:decimal', '-', 'xsd:integer')}({one})"
        if kind == "if":
            return f"IF({self.truth(depth - 1)}, {one}, {two})"
        return f"COALESCE({one}, {two})"

    def text(self) -> str:
        texts = sorted(self.bound - _NUMERIC) or ['"a"']
        one = self.pick(*texts)
        return str(
            self.pick(
                f"STR({one})",
                f'STRAFTER(STR({one}), "id/")',
                f"SUBSTR(STR({one}), 10)",
                f'CONCAT(STR({one}), "-", STR({self.pick(*sorted(self.bound) or ["1"])}))',
                f"LANG({one})",
                f"UCASE(STR({one}))",
                one,
                f"DATATYPE({one})",
            )
        )

    def truth(self, depth: int = 2) -> str:
        kind = self.pick("compared", "compared", "texts", "listed", "bound", "logic", "same", "tested", "odd")
        return str(getattr(self, f"_{kind}")(depth))

    def anything(self) -> str:
        pool = sorted(self.bound) if self.bound and self.chance(90) else ["?nothing", "?t", "?l", "?v", "?v2", "?w"]
        return str(self.pick(*pool))

    def _compared(self, _: int) -> str:
        return f"({self.number(1)} {self.pick('=', '!=', '<', '>', '<=', '>=')} {self.number(1)})"

    def _texts(self, _: int) -> str:
        other = self.pick(self.text(), '"a"')
        return f"({self.text()} {self.pick('=', '!=', '<', '>=')} {other})"

    def _listed(self, _: int) -> str:
        terms = self.draw(st.lists(st.one_of(_areas, _periods, _sexes, _numbers), min_size=1, max_size=3))
        return f"({self.anything()} {self.pick('IN', 'NOT IN')} ({', '.join(terms)}))"

    def _bound(self, _: int) -> str:
        return f"BOUND({self.anything()})"

    def _same(self, _: int) -> str:
        return f"({self.anything()} {self.pick('=', '!=')} {self.anything()})"

    def _tested(self, _: int) -> str:
        one = self.anything()
        return str(
            self.pick(f"isIRI({one})", f"isNumeric({one})", f'CONTAINS(STR({one}), "1")', f'REGEX(STR({one}), "2")')
        )

    def _odd(self, _: int) -> str:
        return str(self.pick(self.number(1), self.text(), self.anything()))

    def _logic(self, depth: int) -> str:
        if depth == 0:
            return "true"
        if self.chance(30):
            return f"(!{self.truth(depth - 1)})"
        return f"({self.truth(depth - 1)} {self.pick('&&', '||')} {self.truth(depth - 1)})"

    def element(self) -> str:
        kind = self.pick(
            "side",
            "side",
            "filter",
            "filter",
            "optional",
            "optional",
            "bind",
            "values",
            "union",
            "minus",
            "exists",
            "sub",
            "star",
            "graph",
        )
        return str(getattr(self, f"_{kind}")())

    def _side(self) -> str:
        return self.side()

    def _filter(self) -> str:
        return f"FILTER({self.truth()})"

    def _optional(self) -> str:
        before = set(self.bound)
        choice = self.pick("attribute", "side", "star", "filtered", "group")
        if choice == "group":
            return f"OPTIONAL {{ {self.group(1)} }}"
        if choice == "attribute" and "?o" in before:
            name = self.pick("obsStatus", "note", "share", "population", "rate")
            self.bound.add(_variable[name])
            return f"OPTIONAL {{ ?o {_pname[name]} {_variable[name]} }}"
        if choice == "star":
            return f"OPTIONAL {{ {self.star('?q', '2')} {self._filter() if self.chance(40) else ''} }}"
        inner = self.side()
        test = ""
        if choice == "filtered" and inner:
            new = sorted(self.bound - before) or sorted(_names(inner))
            test = f"FILTER({self.pick(f'LANG({new[0]}) = {_JA}', f'{new[0]} != {self.anything()}', self.truth(1))})"
        return f"OPTIONAL {{ {inner} {test} }}" if inner else ""

    def _bind(self) -> str:
        variable = f"?b{self.draw(st.integers(0, 3))}"
        assume(variable not in self.bound)
        expression = self.pick(self.number(), self.text(), self.truth(1))
        self.bound.add(variable)
        return f"BIND({expression} AS {variable})"

    def _values(self) -> str:
        name, terms = self.pick(("?a", _areas), ("?p", _periods), ("?s", _sexes), ("?v", _numbers))
        rows = self.draw(st.lists(terms, min_size=1, max_size=3))
        self.bound.add(name)
        undef = "UNDEF" if self.chance(10) else ""
        return f"VALUES {name} {{ {' '.join(rows)} {undef} }}"

    def _union(self) -> str:
        one, two = self.fork(), self.fork()
        left = f"{one.star() if self.chance(60) else one.side()} {one._filter() if self.chance(30) else ''}"
        right = f"{two.star() if self.chance(60) else two.side()}"
        self.bound |= one.bound | two.bound
        return f"{{ {left} }} UNION {{ {right} }}"

    def _minus(self) -> str:
        inner = self.fork()
        if self.chance(30):
            return f"MINUS {{ {inner.group(1)} }}"
        return f"MINUS {{ {inner.star('?o' if self.chance(60) else '?q', '2') if self.chance(50) else inner.side()} }}"

    def _exists(self) -> str:
        inner = self.fork()
        pattern = inner.star("?q", "2") if self.chance(50) else inner.side()
        test = inner._filter() if self.chance(20) else ""
        return f"FILTER({self.pick('', 'NOT ')}EXISTS {{ {pattern} {test} }})"

    def _sub(self) -> str:
        inner = Draft(self.draw)
        text = inner.select(depth=0)
        self.bound |= inner.bound
        return f"{{ {text} }}"

    def _star(self) -> str:
        return self.star("?q", "2")

    def _graph(self) -> str:
        inner = self.side() if self.chance(60) else "?o sd:sex ?s2 ."
        self.bound |= _names(inner)
        return f"GRAPH {self.pick('?graph', '<http://localhost:8000/graph/copy>')} {{ {inner} }}" if inner else ""

    def fork(self) -> "Draft":
        copy = Draft(self.draw)
        copy.bound = set(self.bound)
        return copy

    def group(self, depth: int) -> str:
        parts = [self.star() if not depth or self.chance(85) else self.pick(self._sub, self._union, self._values)()]
        if not self.bound:
            parts.append(self.star())
        for _ in range(self.draw(st.integers(0, 4))):
            part = self.element() if depth else self.pick(self.side(), self._filter())
            parts.append(part)
        if self.chance(30):
            parts = self.draw(st.permutations(parts))
        return " ".join(parts)

    def aggregate(self, distinct: bool = True) -> str:
        word = "DISTINCT " if distinct and self.chance(20) else ""
        kind = self.pick("COUNT", "COUNT", "SUM", "SUM", "AVG", "MIN", "MAX", "COUNT(*)", "COUNT?")
        if kind == "COUNT(*)":
            return f"COUNT({word}*)"
        if kind == "COUNT?":
            return f"COUNT({word}{self.pick(*sorted(self.bound))})"
        argument = self.number(1) if self.chance(80) else self.pick(self.text(), self.truth(1))
        return f"{kind}({word}{argument})"

    def select(self, depth: int = 1) -> str:
        body = self.group(depth)
        if self.chance(55):
            return self._grouped(body)
        chosen = self.draw(st.lists(st.sampled_from(sorted(self.bound)), min_size=1, max_size=4, unique=True))
        extra = f"({self.number()} AS ?e)" if self.chance(20) else ""
        word = self.pick("", "", "DISTINCT")
        self.bound = {*chosen, *(["?e"] if extra else [])}
        last = self._values() if self.chance(10) else ""
        return f"SELECT {word} {' '.join(chosen)} {extra} {{ {body} }} {last}"

    def _grouped(self, body: str) -> str:
        keys = self.draw(st.lists(st.sampled_from(sorted(self.bound)), max_size=2, unique=True))
        by = list(keys)
        shown = list(keys)
        if self.chance(20):
            by.append(f"({self.pick(self.text(), self.number(1))} AS ?key)")
            shown.append("?key")
        found = [f"({self.aggregate()} AS ?g{number})" for number in range(self.draw(st.integers(1, 3)))]
        if self.chance(20):
            found.append(f"(({self.aggregate()} {self.pick('+', '/', '*', '-')} {self.aggregate()}) AS ?g9)")
        having = (
            f"HAVING({self.aggregate()} {self.pick('>', '<=', '=')} {self.draw(_numbers)})"
            if by and self.chance(20)
            else ""
        )
        self.bound = {*shown, *(each.rpartition(" ")[2].rstrip(")") for each in found)}
        group_by = f"GROUP BY {' '.join(by)}" if by else ""
        return f"SELECT {' '.join(shown)} {' '.join(found)} {{ {body} }} {group_by} {having}"


@st.composite
def queries(draw: Callable[[Any], Any]) -> str:
    draft = Draft(draw)
    if draft.chance(5):
        return f"ASK {{ {draft.group(1)} }}"
    text = draft.select()
    if draft.chance(20):
        order = draw(st.lists(st.sampled_from(sorted(draft.bound)), min_size=1, max_size=2, unique=True))
        text += " ORDER BY " + " ".join(f"{draft.pick('', 'DESC')}({each})" for each in order)
    return text


TALLY: Counter[str] = Counter()


def differences(world: Any, text: str, bag: Callable[[Any], Counter[Any]]) -> str:
    """What the planner says more or less than Oxigraph; empty if nothing, or if it leaves the query alone."""
    planned = world.planned(text)
    TALLY["left to Oxigraph" if planned is None else "planned"] += 1
    if planned is None:
        TALLY[world.planner.reason(text)[:70]] += 1
        return ""
    ours, theirs = bag(planned), bag(world.plain(text))
    return f"missing {dict(theirs - ours)}, too much {dict(ours - theirs)}" if ours != theirs else ""


@pytest.fixture(scope="session")
def as_bag() -> Callable[[Any], Counter[Any]]:
    def counted(results: ox.QuerySolutions | ox.QueryBoolean) -> Counter[Any]:
        if isinstance(results, ox.QueryBoolean):
            return Counter([bool(results)])
        return Counter(tuple(None if term is None else str(term) for term in row) for row in results)

    return counted


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES <= 300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
@given(number=st.integers(0, WORLDS - 1), text=queries())
def test_a_generated_query_has_oxigraphs_answer(
    worlds: Callable[[int], Any], as_bag: Callable[[Any], Counter[Any]], number: int, text: str
) -> None:
    assert differences(worlds(number), text, as_bag) == "", text


@settings(
    max_examples=EXAMPLES // 2,
    deadline=None,
    database=None,
    derandomize=EXAMPLES <= 300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
@given(number=st.integers(0, WORLDS - 1), text=queries())
def test_pages_of_a_generated_query_are_its_whole_answer(worlds: Callable[[int], Any], number: int, text: str) -> None:
    assume(not _VALUES_LAST.search(text))
    found = worlds(number).planned(text)
    assume(isinstance(found, ox.QuerySolutions))
    whole = [tuple(each) for each in found]
    size = len(whole) // 3 + 1
    pages = [
        tuple(row)
        for start in range(0, len(whole) + 1, size)
        for row in worlds(number).planned(f"{text} LIMIT {size} OFFSET {start}")
    ]
    assert pages == whole, text


def test_a_good_part_of_the_generated_queries_is_planned() -> None:
    assert TALLY["planned"] > TALLY["left to Oxigraph"] / 2, TALLY


def _lines(path: Path) -> Iterator[str]:
    yield from path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_difference_once_found_stays_mended(
    path: Path, worlds: Callable[[int], Any], as_bag: Callable[[Any], Counter[Any]]
) -> None:
    for number in range(4):
        assert differences(worlds(number), path.read_text(encoding="utf-8"), as_bag) == ""
