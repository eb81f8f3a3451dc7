"""The graphs that a query names, however it is laid out."""

import pytest

from service.engine.dataset import clauses
from service.engine.parsing import parse

BASE = "http://e.example/"
PREFIXES = {"g": f"{BASE}graph/"}
A, B = f"{BASE}graph/a", f"{BASE}graph/b"


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        (f"ASK FROM <{A}> FROM #c\n <{B}> {{}}", [A, B], []),
        (f"ASK FROM <{A}> FROM NAMED #c\n <{B}> {{}}", [A], [B]),
        (f"ASK FROM #c\n NAMED <{B}> {{}}", [], [B]),
        (f"ASK FROM#FROM <{A}>\nNAMED#c\n#d\n<{B}>#e\nFROM#f\n<{A}>{{}}", [A], [B]),
        ("PREFIX #c\n h: #d\n <graph/> BASE #e\n <http://e.example/graph/> ASK FROM h:a FROM NAMED <b> {}", [A], [B]),
        (f"SELECT ((1<?b)&&3>2 AS ?x) FROM <{A}> FROM g:b {{}}", [A, B], []),
        ("SELECT (IF(1<2,3>4,5) AS ?x) FROM g:a { ?s g:from g:b }", [A], []),
        (f"SELECT ?from FROM <{A}> {{ ?from ?p 'FROM <{B}>' }} # FROM <{B}>", [A], []),
    ],
)
def test_no_comment_and_no_comparison_hides_a_graph(text: str, default: list[str], named: list[str]) -> None:
    parse(text, BASE, PREFIXES)
    assert clauses(text, BASE, PREFIXES) == (default, named)
