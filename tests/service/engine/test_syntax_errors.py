"""What a syntax error says: the word that is wrong and where it stands, in words and without a control character."""

from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service.engine.faults import Fault
from service.engine.parsing import parse, words_read
from service.engine.syntax_errors import syntax_fault
from service.engine.tokens import COMMENT, NAME, Token, tokens
from tests.service.engine import queries

SERVICE_FOLDER = Path(__file__).parents[3] / "service"
CORPUS = sorted(SERVICE_FOLDER.rglob("*.rq"))
BUDGET = settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much]
)
PREFIXES = {"rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
attempt = partial(parse, base_iri=queries.BASE, prefixes=queries.PREFIXES)


def fault_of(text: str) -> Fault:
    with pytest.raises(SyntaxError):
        parse(text, queries.BASE, PREFIXES)
    return syntax_fault(text, queries.BASE, PREFIXES)


@pytest.mark.parametrize(
    ("text", "line", "column", "en", "ja"),
    [
        ("SELECT *\nWHERE { ?s ?p 横浜 }", 2, 15, "“横浜” cannot follow “?p”", "「?p」の後に「横浜」は置けません"),
        ("SELECT *\n{ ?s ?p", 2, 8, "the query cannot end with “?p”", "問合せは「?p」では終われません"),
        ("SELECT *\n{ ?s ?p ?o", 2, 11, "“{” in line 2 is not closed", "2行目の「{」が閉じていません"),
        ("", 1, 1, "there is no query", "問合せがありません"),
        ("# only this", 1, 12, "there is no query", "問合せがありません"),
        ("SELEC * {}", 1, 1, "a query cannot begin with “SELEC”", "問合せは「SELEC」では始まりません"),
        ("ASK { ?s ?p ?o . FILTER(?日本=3) ?x ! }", 1, 37, "“}” cannot follow “!”", "「!」の後に「}」は置けません"),
        ("SELECT * { ?s ?p ?o FILTER(?o = ) }", 1, 33, "“)” cannot follow “=”", "「=」の後に「)」は置けません"),
        ("ASK { ?s ?p 1 2 }", 1, 15, "“2” cannot follow “1”", "「1」の後に「2」は置けません"),
        ("SELECT ?s, ?o { ?s ?p ?o }", 1, 10, "“,” cannot follow “?s”", "「?s」の後に「,」は置けません"),
        ("ASK { ?s ?p ?o } extra", 1, 18, "“extra” cannot follow “}”", "「}」の後に「extra」は置けません"),
        ("ASK { ?s ?p ?o }}", 1, 17, "“}” in line 1 closes nothing", "1行目の「}」に対応する括弧がありません"),
        ("SELECT * {} ORDER ?x", 1, 19, "“?x” cannot follow “ORDER”", "「ORDER」の後に「?x」は置けません"),
        ("SELECT (GROUP_CONCAT(?x; SEPARATOR=',') AS ?y) { ?s ?p }", 1, 56, "“}” cannot follow “?p”", "「}」"),
        ("ASK { FILTER(1 NOT IN(1) ?o ?x }", 1, 26, "“?o” cannot follow “)”", "「)」の後に「?o」は置けません"),
        ("ASK { ?s ?p 1.5e+3 4 }", 1, 20, "“4” cannot follow “1.5e+3”", "「1.5e+3」の後に「4」は置けません"),
        ("ASK { _:a ?p _:b. ?x 'p' }", 1, 22, "“'p'” cannot follow “?x”", "「?x」の後に「'p'」は置けません"),
        ("ASK { ?s foo:bar ?x }", 1, 10, "a prefix is not declared; /prefixes", "宣言のない接頭辞です"),
        ("ASK {\n ?s ?p 'abc }", 2, 14, "the string that begins in line 2", "2行目で始まる文字列が閉じていません"),
        ("ASK { <http://a/%zz> ?p ?o }", 1, 7, "an IRI is not well-formed", "IRIの書き方が正しくありません"),
        ("SELECT ?x { ?s ?p ?x } GROUP BY ?y", 1, 35, "neither grouped by nor aggregated", "GROUP BYにも集計にもない"),
        ("ASK { _:a ?p ?o . { _:a ?p ?q } }", 1, 21, "used in two graph patterns", "2つのグラフパターン"),
        ("ASK { _:a ?p ?o . ?x ?y }", 1, 25, "“}” cannot follow “?y”", "「?y」の後に「}」は置けません"),
        ("SELECT ?s $s { ?s ?p ?o }", 1, 11, "a variable is selected twice", "同じ変数を2回"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", 1, 24, "a variable is selected twice", "同じ変数を2回"),
        ("SELECT * {{ SELECT ?a\n?a { ?a ?p ?o }} ?x ?y ?z }", 2, 1, "a variable is selected twice", "同じ変数を2回"),
        ("SELECT DISTINCT * { ?s ?p ?o } GROUP BY ?s", 1, 17, "name the variables", "SELECT *は併用できません"),
        ("SELECT * {} GROUP BY ?s SELECT", 1, 25, "“SELECT” cannot follow “?s”", "「?s」の後に「SELECT」は置けません"),
        ("SELECT * { FILTER(COUNT(?x) > 1) }", 1, 8, "name the variables", "SELECT *は併用できません"),
        ("SELECT * {{ SELECT * { ?s ?p ?o } GROUP BY ?s }}", 1, 20, "name the variables", "SELECT *は併用できません"),
        ("SELECT * {{ SELECT * { ?s ?p ?o } }} GROUP BY ?s", 1, 8, "name the variables", "SELECT *は併用できません"),
        ("SELECT ?o (1 AS ?s) (2 AS ?t) { ?s ?p ?o }", 1, 17, "that has one in the pattern", "パターン内で"),
        ("SELECT ?o (COUNT(*) AS ?o) { ?s ?p ?o } GROUP BY ?o", 1, 24, "that has one in the pattern", "パターン内で"),
        ("ASK { BIND(1 AS ?x) BIND(2 AS ?x) BIND(3 AS ?y) }", 1, 31, "BIND gives a value to a variable", "BINDで"),
        ("ASK { ?s ?p ?o\nBIND(1 AS ?s) ?a ?b ?c } LIMIT 1", 2, 11, "BIND gives a value to a variable", "BINDで"),
        ("ASK { ?s <http://a b> ?o }", 1, 10, "“<http://a b>” cannot follow “?s”", "IRIの書き方が正しくありません"),
        (r"ASK { \u003Fs ?p ?o } }", 1, 23, "“}” cannot follow “}” in “ASK { \\u003Fs", "「ASK { \\u003Fs"),
        ("ASK {\\u000A ?s\\u0020?p '\\u003F' <u:\\u003F> }", 1, 33, "in “ASK {\\u000A ?s", "1行33文字目"),
        ("ASK { \\u003Fs ?p \\u007B }", 1, 18, "“{” cannot follow “?p”", "「?p」の後に「{」は置けません"),
        ("ASK { ?𠮷 ?p ?o }", 1, 7, "no character beyond U+FFFF", "U+FFFFを超える文字"),
        ("PREFIX 𠮷: <a:> ASK { ?s 𠮷:a ?o }", 1, 8, "no character beyond U+FFFF", "U+FFFFを超える文字"),
        ("ASK { _:𠮷 ?p ?o }", 1, 7, "no character beyond U+FFFF", "U+FFFFを超える文字"),
        ("ASK { ?s ?p ?o rdfs:𠮷 }", 1, 16, "“rdfs:𠮷” cannot follow “?o” in “ASK { ?s ?p ?o rdfs:𠮷 }”.", "」）。"),
        ("ASK { ?s rdfs:𠮷😀 ?o ! }", 1, 21, "“!” cannot follow “?o”", "「?o」の後に「!」は置けません"),
        ("ASK { ?s ?service }", 1, 19, "“}” cannot follow “?service”", "「?service」の後に「}」は置けません"),
        ("ASK { ?service ?p }", 1, 19, "“}” cannot follow “?p”", "「?p」の後に「}」は置けません"),
    ],
)
def test_a_syntax_error_names_the_word_that_is_wrong(text: str, line: int, column: int, en: str, ja: str) -> None:
    fault = fault_of(text)
    assert (fault.fields["line"], fault.fields["column"]) == (line, column)
    assert en in fault.en
    assert ja in fault.ja


def test_the_line_is_shown_around_the_word_and_shortened() -> None:
    fault = fault_of(f"SELECT *\n{{ ?s ?p '{'x' * 300}' . ?s ?p ?o ?x . ?s ?p '{'y' * 300}' }}\n# end")
    assert fault.fields["found"] == "?x"
    assert fault.fields["near"].startswith("…xxx")
    assert fault.fields["near"].endswith("yyy…")
    assert "?o ?x ." in fault.fields["near"]
    assert len(fault.en) < 250


def test_a_long_word_is_shortened() -> None:
    assert len(fault_of(f"ASK {{ ?s ?p {'x' * 10_000} }}").en) < 300


def test_what_cannot_be_seen_is_escaped() -> None:
    fault = fault_of("ASK { ?s ?p \u202e\x1b[31m\r\x00 }")
    assert fault.fields["near"] == r"ASK { ?s ?p \u202e\x1b[31m\r\x00 }"
    assert fault.en.isprintable()
    assert fault.ja.isprintable()


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_every_beginning_of_a_query_may_go_on(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    words = [each for each in tokens(text) if each.kind != COMMENT]
    prefixes = {each.text.partition(":")[0]: "http://e.example/" for each in words if each.kind == NAME}
    attempt = partial(parse, base_iri=queries.BASE, prefixes=prefixes)
    for count in range(len(words)):
        # The word that fits nowhere must not hide what comes before it.
        wrong = [*words[:count], Token("other", "\\", words[count].start)]
        assert words_read(f"{text[: words[count].start]}\\", wrong, attempt) == count


def test_the_corpus_is_there() -> None:
    assert len(CORPUS) > 10


@BUDGET
@given(queries.queries, st.data())
def test_a_word_that_fits_nowhere_is_found_wherever_it_stands(text: str, data: st.DataObject) -> None:
    words = [each for each in tokens(text) if each.kind != COMMENT]
    place = data.draw(st.integers(0, len(words)))
    start = words[place].start if place < len(words) else len(text)
    wrong = f"{text[:start]} \\ {text[start:]}"
    # A comment would hide the word.
    assume("#" not in text)
    fault = syntax_fault(wrong, queries.BASE, queries.PREFIXES)
    assert fault.fields["found"] == "\\"
    assert fault.fields["line"] == wrong.count("\n", 0, start) + 1


@BUDGET
@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(syntax_fault(text, queries.BASE, queries.PREFIXES), Fault)


@pytest.mark.parametrize(
    "update", ["INSERT DATA {}", "# a comment\nPREFIX a: <http://a/> delete where {}", "Load <a:b>"]
)
def test_an_update_is_called_what_it_is(update: str) -> None:
    assert fault_of(update).fields["limit"] == "read-only"
