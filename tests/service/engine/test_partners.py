"""SERVICE blocks are found wherever they stand, and nothing else of the query is changed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine.partners.clauses import answered, blocks, without
from service.engine.partners.errors import PartnerError
from service.engine.partners.results import values
from service.engine.tokens import OPEN, tokens
from tests.service.engine import queries

BUDGET = settings(max_examples=200, deadline=None, derandomize=True)
AT = "http://partner.example/"
gaps = st.sampled_from(["", " ", "\n", " # }\n", "\r\n# SERVICE <x> {\r\n"])
patterns = st.sampled_from(
    ["{}", "{ ?a ?b '}' }", "{ { ?a ?b ?c } # }\n }", "{ FILTER(?a<?b) FILTER(?c>?a) }", '{ SELECT ?a { ?a ?b "{" } }']
)


@BUDGET
@given(queries.queries, gaps, gaps, st.booleans(), patterns, st.data())
def test_a_block_is_found_wherever_it_stands(
    text: str, gap: str, other: str, silent: bool, pattern: str, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from([each.end for each in tokens(text) if each.kind == OPEN]))
    clause = f"SERVICE{gap or ' '}{'SILENT ' if silent else ''}<{AT}>{other}{pattern}"
    full = f"{text[:place]} {clause} {text[place:]}"
    [block] = blocks(full, queries.BASE, queries.PREFIXES, 1)
    assert (block.endpoint, block.silent) == (AT, silent)
    assert full[block.start : block.end] == clause
    assert block.question.endswith(pattern)
    assert answered(full, [block], [""]) == f"{text[:place]}  {text[place:]}"
    blank = without(full, [block])
    assert len(blank) == len(full)
    assert blank.count("\n") == full.count("\n")
    assert not blocks(blank, queries.BASE, queries.PREFIXES, 1)


@BUDGET
@given(st.binary(max_size=300))
def test_whatever_a_partner_says_is_read_or_refused(content: bytes) -> None:
    assert isinstance(values(content, {"x"}, 10), str | PartnerError)
