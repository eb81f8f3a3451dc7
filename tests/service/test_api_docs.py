"""docs/api.md: every example is what the service answers, and the keys named are those there are."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.context import Service
from service.formats import JSONLD
from service.things.frames import FRAMES
from service.things.sitemap import FILE

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


# Class → key → its mark in the table.
MARKS = {
    name: dict(re.findall(r"`(\w+)([\[\]{}]*)`", row))
    for name, row in re.findall(r"^\| (\w+) \| (`\w.*) \|$", TEXT, re.MULTILINE)
}
ABSENT: dict[str, Any] = {"": None, "[]": [], "{}": {}, "{[]}": {}}
# How many things of each kind are compared with the table.
SAMPLE = 50


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


def mark(value: Any) -> str:
    """The mark that a value deserves which says something."""
    if isinstance(value, list):
        return "[]"
    if not isinstance(value, dict) or not value.keys() <= {"ja", "ja-hrkt", "en", "@none"}:
        return ""
    return "{[]}" if all(isinstance(each, list) for each in value.values()) else "{}"


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document that says what it is."""
    if isinstance(value, list):
        yield from chain.from_iterable(map(nodes, value))
    if isinstance(value, dict):
        if isinstance(value.get("type"), list):
            yield value
        yield from chain.from_iterable(map(nodes, value.values()))


def documents(service: Service) -> Iterator[dict[str, Any]]:
    """Some of each kind, told apart by how their addresses begin."""
    lines = (service.release.path / FILE).read_text(encoding="utf-8").splitlines()
    kinds = Counter[str]()
    for path in (line.partition("\t")[0] for line in lines):
        kind = re.split(r"[0-9]", path.replace("/version/", "/"))[0]
        kinds[kind] += 1
        described = service.entities.describer.describe(path, 1) if kinds[kind] <= SAMPLE else None
        if described:
            yield json.loads(service.entities.serialise(described.graph, path, JSONLD))


def test_values_are_as_the_table_marks_their_keys(service: Service) -> None:
    told: dict[str, set[str]] = {each: set() for each in ABSENT}
    for document in documents(service):
        for node in nodes(document):
            name = next((each.name for each in FRAMES if each.name in node["type"]), "")
            for key, marked in MARKS.get(name, {}).items():
                value = node.get(key, ABSENT[marked])
                assert value == ABSENT[marked] or mark(value) == marked, (node["id"], key)
                if value != ABSENT[marked]:
                    told[marked].add(key)
    assert told["{[]}"] == {"keyword", "altLabel", "attribution", "credit"}
    assert all(len(keys) >= 4 for keys in told.values())


def test_the_comparison_can_fail() -> None:
    assert lacks({"a": [{"b": 1}]}, {"a": [{"b": 2}, {"b": 1, "c": 3}]}) == ""
    assert lacks({"a": [{"b": 1}]}, {"a": [{"b": 2}]}) == "/a"
    assert lacks({"a": None}, {}) == "/a"
