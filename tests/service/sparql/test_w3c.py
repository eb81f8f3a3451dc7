"""The W3C's test suites of SPARQL 1.0 and 1.1, asked through the endpoint: nothing that Oxigraph answers is lost."""

import pytest

from tests.service.sparql.servers import Server
from tests.service.sparql.w3c import FOLDER, Outcome, cases, endpoint, needed, run

pytestmark = needed

ENTAILMENT = "sparql11/entailment"
# Endpoints that are no partners, a variable as an endpoint, and SERVICE inside SERVICE are refused (docs/sparql.md).
REFUSED = {
    *(f"http://www.w3.org/2009/sparql/docs/tests/data-sparql11/syntax-fed/manifest#test_{n}" for n in (1, 2, 3)),
}
FEDERATED = {
    *(f"http://www.w3.org/2009/sparql/docs/tests/data-sparql11/service/manifest#service{n}" for n in ("1", "2", "4a")),
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    chosen = cases()
    with endpoint(tmp_path_factory.mktemp("suites"), chosen) as answer:
        return run(answer, chosen)


def test_the_suites_are_whole(outcome: Outcome) -> None:
    assert len(outcome.cases) >= 800
    assert len({each.group for each in outcome.cases}) >= 45


def test_nothing_that_oxigraph_answers_is_lost_but_what_we_refuse(outcome: Outcome) -> None:
    assert {each.iri for each in outcome.lost()} == REFUSED


def test_partners_answer_the_tests_of_service(outcome: Outcome) -> None:
    assert outcome.ours >= FEDERATED


def test_we_pass_as_large_a_part_as_oxigraph_is_known_to(outcome: Outcome) -> None:
    """693 of 724 tests. No entailment regime is claimed (SPARQL 1.1 Entailment Regimes), so those do not count."""
    claimed = [each.iri for each in outcome.cases if each.group != ENTAILMENT]
    passed = sum(each in outcome.ours for each in claimed)
    assert passed * 724 >= 693 * len(claimed)


def test_no_update_of_the_suites_is_taken(server: Server) -> None:
    updates = [path.read_bytes() for path in sorted(FOLDER.glob("sparql11/**/*.ru"))]
    assert len(updates) >= 100
    for text in updates:
        for media_type, status in (("application/sparql-update", 403), ("application/sparql-query", 400)):
            response = server.client.post("/sparql", content=text, headers={"Content-Type": media_type})
            assert response.status_code == status, text
    assert server.get("ASK { ?s ?p ?o }", headers={"Cache-Control": "no-cache"}).json()["boolean"] is True
