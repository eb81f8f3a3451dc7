"""What is remembered is bounded, whoever asks for whatever."""

import asyncio
from datetime import UTC, datetime

import pytest

from service.context import Service
from service.http.caching import Memory, unchanged
from service.http.known import AsAsked
from service.pages.rendering import Pages
from service.things.asked import Asked
from service.things.documents import Documents

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_memory_forgets_what_was_asked_for_longest_ago() -> None:
    memory: Memory[str] = Memory(100)
    for key in "abcd":
        memory.put(key, key.upper(), 25)
    assert memory.get("a") == "A"
    memory.put("e", "E", 25)
    assert [memory.get(key) for key in "abcde"] == ["A", None, "C", "D", "E"]


def test_memory_counts_a_replaced_value_once() -> None:
    memory: Memory[int] = Memory(100)
    for number in range(50):
        memory.put("same", number, 20)
    memory.put("other", 1, 20)
    assert (memory.get("same"), memory.get("other")) == (49, 1)


def test_memory_keeps_nothing_that_would_push_out_the_rest() -> None:
    memory: Memory[int] = Memory(100)
    memory.put("small", 1, 20)
    memory.put("large", 2, 90)
    assert (memory.get("small"), memory.get("large")) == (1, None)


def test_documents_of_many_things_take_no_more_than_allowed(service: Service) -> None:
    pages: Pages = service.pages
    documents = Documents(service.entities, pages, "test", 200_000)

    async def ask_for_all() -> None:
        for number in range(1, 300):
            path = f"/data/facility/141003-disaster-base-{number:04d}.ttl"
            await documents.answer(Asked(path, "", {}, AsAsked(path.encode(), ())))

    asyncio.run(ask_for_all())
    assert 0 < documents.remembered <= 200_000


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"if-none-match": '"tag"'}, True),
        ({"if-none-match": 'W/"tag"'}, True),
        ({"if-none-match": '"a", "tag"'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"a"'}, False),
        ({"if-modified-since": "Tue, 24 Nov 2026 12:00:00 GMT"}, True),
        ({"if-modified-since": "Tue, 24 Nov 2026 11:59:59 GMT"}, False),
        ({"if-modified-since": "yesterday"}, False),
        ({"if-none-match": '"a"', "if-modified-since": "Tue, 24 Nov 2026 12:00:00 GMT"}, False),
    ],
)
def test_a_tag_is_asked_before_a_date(headers: dict[str, str], expected: bool) -> None:
    assert unchanged(headers, '"tag"', NOON) is expected
