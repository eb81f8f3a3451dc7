"""What is said of the release itself is checked like all else before it is published."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders import catalogue, gate, release, vocabulary
from loaders.errors import Refused
from loaders.gate import Checked, Report

FOLDER, BASE = Path(__file__).parent, "http://localhost:8000/"
EXPECTED = {"prov-example": ("provenance#LoadShape", "provenance#LoadedGraphShape")}
Account = Callable[[str], Checked]


@pytest.fixture
def account(example: Callable[..., ox.Store], prologue: str, tmp_path: Path) -> Account:
    """Checks the example of a load, changed by an update, as the account of a release."""

    def check(update: str) -> Checked:
        store = example("provenance")
        store.update(prologue + update)
        own = [quad.triple for quad in store if "/load/" in str(quad.subject) or "/graph/" in str(quad.subject)]
        with release.draft(tmp_path, BASE) as draft:
            draft.write(vocabulary.PART, (f"{quad.triple} .\n" for quad in store if quad.triple not in own))
            draft.write(catalogue.PART, [])
            draft.write("prov-example", (f"{triple} .\n" for triple in own), f"{BASE}graph/prov/example")
            return gate.check_account(draft, Checked(Report(()), (), (), {}, {}, 0), EXPECTED, gate.columnar)

    return check


def test_the_account_of_a_load_passes(account: Account) -> None:
    assert not account("").report.findings


@pytest.mark.parametrize("rule", ["LoadAgent", "LoadOrder", "LoadUsedKnown", "LoadedTriplesNumber"])
def test_a_fault_in_the_account_of_a_load_is_refused(rule: str, account: Account) -> None:
    with pytest.raises(Refused) as refused:
        account((FOLDER / f"{rule}.ru").read_text(encoding="utf-8"))
    assert {each.rule for each in refused.value.problems} == {f"{BASE}shapes/provenance#{rule}"}


def test_a_data_set_without_the_account_of_its_load_is_refused(account: Account) -> None:
    with pytest.raises(Refused) as refused:
        account("DELETE WHERE { ?anything ?said ?of }")
    assert "provenance#LoadShape" in refused.value.problems[0].expected.en
