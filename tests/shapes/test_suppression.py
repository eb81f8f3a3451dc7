"""A suppressed figure that its total gives away is named; one that nothing gives away is not."""

from collections.abc import Callable

import pyoxigraph as ox
import pytest
import rdflib

from loaders import gate
from loaders.gate.tables import Data

START = "/id/obs/example-population"


@pytest.mark.parametrize(
    ("suppressed", "total"),
    [
        (["141178/2024-01/M/TOTAL"], "141178/2024-01/T/TOTAL"),
        (["141135/2024-02/T/TOTAL"], "141003/2024-02/T/TOTAL"),
        (["141178/2024-01/T/Y65T"], "141178/2024-01/T/TOTAL"),
        (["141178/2024-01/M/TOTAL", "141178/2024-01/F/TOTAL"], None),
        (["141135/2024-02/T/TOTAL", "141178/2024-02/T/TOTAL"], None),
        (["141135/2024-02/T/TOTAL", "141003/2024-02/T/TOTAL"], None),
    ],
)
def test_a_total_that_gives_away_its_one_suppressed_part_is_named(
    suppressed: list[str],
    total: str | None,
    example: Callable[..., ox.Store],
    opened: Callable[[ox.Store], Data],
    shapes: rdflib.Graph,
    prologue: str,
) -> None:
    store = example("statistics")
    for each in suppressed:
        node = f"<{START}/{each}>"
        store.update(f"{prologue} DELETE WHERE {{ {node} estat-measure:population ?figure }}")
        store.update(f"{prologue} INSERT DATA {{ {node} sdmx-attribute:confStatus sdmx-code:confStatus-C }}")
    found = gate.columnar(opened(store), shapes).findings
    assert [str(each.value).partition(START + "/")[2] for each in found] == ([total] if total else [])
    assert all(str(each.shape).endswith("#SuppressedAlone") for each in found)
    assert all(suppressed[0] in each.message.en for each in found)
