"""The screen refuses what would ask another machine or break the parser, and never a query that would not."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.engine.constants import canonical_constants, plain
from service.engine.faults import Fault
from service.engine.parsing import parse
from service.engine.screen import check_federation, check_nesting
from service.engine.tokens import depth, tokens
from tests.service.engine import queries

SERVICE_FOLDER = Path(__file__).parent.parent.parent.parent / "service"
BUDGET = settings(max_examples=300, deadline=None, derandomize=True)
NESTING = 64
keywords = st.lists(st.booleans(), min_size=7, max_size=7).map(
    lambda upper: "".join(a.upper() if up else a for a, up in zip("service", upper, strict=True))
)
gaps = st.sampled_from([" ", "\n", "\t\t", " # }\n", "#'\n", "\r\n# SERVICE\r\n"])


def screened(text: str) -> None:
    check_nesting(text, NESTING)
    check_federation(text, queries.BASE, queries.PREFIXES)


def corpus() -> list[str]:
    """Every query that the project itself has."""
    found = [path.read_text(encoding="utf-8") for path in sorted(SERVICE_FOLDER.rglob("*.rq"))]
    assert len(found) > 10, "the corpus has gone"
    return found


@pytest.mark.parametrize("text", corpus())
def test_our_own_queries_pass(text: str) -> None:
    screened(text)


@BUDGET
@given(queries.queries)
def test_no_valid_query_is_refused(text: str) -> None:
    parse(text, queries.BASE, queries.PREFIXES)
    screened(text)


@BUDGET
@given(queries.queries, keywords, gaps, gaps, st.booleans(), st.data())
def test_a_federated_query_is_refused_wherever_the_keyword_stands(
    text: str, keyword: str, gap: str, other_gap: str, silent: bool, data: st.DataObject
) -> None:
    places = [token.end for token in tokens(text) if token.text == "{"]
    assume(places and not text.startswith("CONSTRUCT"))
    place = data.draw(st.sampled_from(places))
    # VALUES has braces in which no pattern stands.
    assume(not re.search(r"VALUES \S+ \{$", text[:place]))
    clause = f"{gap}{keyword}{other_gap}{'SILENT ' if silent else ''}<http://127.0.0.1:1/>{gap}{{}} "
    with pytest.raises(Fault) as caught:
        screened(text[:place] + clause + text[place:])
    assert caught.value.fields["limit"] == "federation"


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s ?service }",
        "ASK { ?s ex:service }",
        "ASK { ?s 'service' }",
        "ASK { ?s <service> }",
        "ASK { ?s 'a service'}",
        "ASK { ?s <service>}",
        "ASK { ?s ?p # a service\n}",
        "ASK { _:service }",
    ],
)
def test_an_error_beside_the_word_is_no_federation(text: str) -> None:
    with pytest.raises(SyntaxError):
        screened(text)


@BUDGET
@given(queries.queries, st.integers(NESTING, NESTING * 4), st.sampled_from(["()", "[]", "{}"]))
def test_deep_nesting_is_refused_and_brackets_in_strings_are_not(text: str, times: int, pair: str) -> None:
    nested = pair[0] * times + pair[1] * times
    check_nesting(f"{text} # {nested}", NESTING)
    check_nesting(f"ASK {{ ?s ?p '{nested}' }}", NESTING)
    with pytest.raises(Fault, match="nested at most 64"):
        check_nesting(f"ASK {{ {nested} }}", NESTING)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_any_text_is_read_without_loss_and_refused_only_with_a_fault(text: str) -> None:
    rest = text
    for token in tokens(text):
        gap, found, rest = rest.partition(token.text)
        assert not gap.strip()
        assert found
    assert not rest.strip()
    with contextlib.suppress(Fault, SyntaxError):
        screened(text)
    assert depth(text) <= len(text)


@BUDGET
@given(queries.queries)
def test_canonical_queries_stay_as_they_are(text: str) -> None:
    assert canonical_constants(text, queries.BASE, queries.PREFIXES) == text
    assert plain(text) == text
