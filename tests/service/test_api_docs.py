"""docs/api.md: every example is what the service answers, and the keys named are those there are."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.things.frames import FRAMES

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
TEXT = DOCS.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```json get=(\S+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
# Loads are named by the release that they were made for; there are no equipment and no events yet.
WITHOUT_EXAMPLE = {"Load", "Equipment", "Event"}
PARTS = {
    "Geometry",
    "Address",
    "Contact",
    "Hours",
    "Amenity",
    "Quantity",
    "Identifier",
    "Involvement",
    "Rights",
    "Document",
}


def lacks(example: Any, answer: Any, place: str = "") -> str:
    """Where the answer does not hold what the example shows; empty if it holds all of it."""
    if isinstance(example, dict) and isinstance(answer, dict):
        missing = next((f"{place}/{name}" for name in example if name not in answer), "")
        return missing or next(
            (found for name, each in example.items() if (found := lacks(each, answer[name], f"{place}/{name}"))), ""
        )
    if isinstance(example, list) and isinstance(answer, list):
        return next((place for each in example if all(lacks(each, other) for other in answer)), "")
    return "" if example == answer else place or "/"


@pytest.mark.parametrize(("path", "example"), EXAMPLES, ids=[path for path, _ in EXAMPLES])
def test_an_example_is_what_the_service_answers(path: str, example: str, client: httpx.Client) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert lacks(json.loads(example), answer.json()) == ""


def test_every_class_has_an_example_and_its_keys() -> None:
    shown = set(re.findall(r"^### (\w+):", TEXT, re.MULTILINE))
    assert shown == {each.name for each in FRAMES} - WITHOUT_EXAMPLE - PARTS
    for frame in FRAMES:
        row = re.search(rf"^\| {frame.name} \| (.*) \|$", TEXT, re.MULTILINE)
        assert row
        assert tuple(re.sub(r"[`\[\]{}]", "", row[1]).split()) == frame.keys


def test_the_comparison_can_fail() -> None:
    assert lacks({"a": [{"b": 1}]}, {"a": [{"b": 2}, {"b": 1, "c": 3}]}) == ""
    assert lacks({"a": [{"b": 1}]}, {"a": [{"b": 2}]}) == "/a"
    assert lacks({"a": None}, {}) == "/a"
