"""docs/roll-ups.md is true: its queries are answered from columns, and its settings exist."""

import re
from pathlib import Path

import httpx
import pytest

from service.settings import Settings

TEXT = (Path(__file__).parents[3] / "docs" / "roll-ups.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sparql\n(.*?)```", TEXT, re.DOTALL)


def test_there_are_queries() -> None:
    assert len(QUERIES) == 2


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("WHERE")[0].split("(")[1])
def test_a_documented_roll_up_is_answered_from_columns(client: httpx.Client, query: str) -> None:
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["X-Engine"] == "cube"
    assert len(answer.text.splitlines()) > 2


def test_the_documented_settings_exist() -> None:
    documented = re.findall(r"`LOD_(\w+)`", TEXT)
    assert documented
    assert {each.lower() for each in documented} <= Settings.__dataclass_fields__.keys()
