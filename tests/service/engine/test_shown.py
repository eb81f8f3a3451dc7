"""What of a query is shown to the operator: nothing that was asked for."""

import time

import pytest

from service.engine.engine import Query, shown

LETTERS = "secret " * 1_000


def text_of(query: str) -> str:
    return shown(Query(query, "http://e.example/"), "runs", 0.0).text


@pytest.mark.parametrize("quote", ["'", '"', "'''", '"""'])
@pytest.mark.parametrize("before", [0, 450, 1_995])
@pytest.mark.parametrize("length", [10, 100, 600, 7_000])
def test_no_string_is_shown_wherever_it_begins_and_ends(quote: str, before: int, length: int) -> None:
    string = LETTERS[:length] + ('" \'secret\' ""' if quote == "'''" else "")
    found = text_of(f"ASK {{ {' ' * before}?s ?p {quote}{string}{quote} . ?s ?q {quote}secret{quote} }}")
    assert "secret" not in found
    assert found.startswith("ASK {")
    assert len(found) <= 500


def test_no_string_in_codepoint_escapes_is_shown() -> None:
    assert "secret" not in text_of(r"ASK { ?s ?p \u0027secret\u0027 , \U00000022secret" + "x" * 3_000)


def test_nothing_that_is_compared_is_shown() -> None:
    assert text_of("ASK { FILTER(?a<'secret>'&&?b>'secret') }") == "ASK { FILTER(?a<…&&?b>…) }"
    assert text_of("ASK { FILTER(?a<42&&?b>42) <http://e/42> }") == "ASK { FILTER(?a<…&&?b>…) <http://e/42> }"


def test_half_a_string_is_not_shown() -> None:
    assert text_of("ASK { ?s ?p 'secret }") == "ASK { ?s ?p …"
    assert text_of('ASK { ?s ?p """secret "secret" secret }') == "ASK { ?s ?p …"


def test_as_much_is_shown_of_what_follows_a_long_string_as_of_anything() -> None:
    assert text_of(f"ASK {{ ?s ?p '{LETTERS[:600]}' , ?o }}") == "ASK { ?s ?p … , ?o }"


def test_what_is_shown_takes_no_longer_for_a_text_that_is_hard_to_read() -> None:
    hard = ('"""\n' + '\\"""\n' * 50_000)[:262_144]
    started = time.process_time()
    text_of(hard)
    assert time.process_time() - started < 0.5
