"""docs/sparql.md is true."""

import re
from pathlib import Path

import pytest

from service.settings import Settings
from tests.service.sparql.servers import Server

TEXT = (Path(__file__).parents[3] / "docs" / "sparql.md").read_text(encoding="utf-8")
ADDRESSES = re.findall(r"`(/[a-z]\S*)`", TEXT)
LIMITS = re.findall(r"^\| `LOD_(\w+)` \| ([\d.]+)", TEXT, re.MULTILINE)
PAIRS = re.findall(r"^\| `LOD_(\w+)`, `LOD_(\w+)` \| (\d+) and (\d+)", TEXT, re.MULTILINE)
DEFAULTS = [*LIMITS, *((a, n) for a, _, n, _ in PAIRS), *((b, n) for _, b, _, n in PAIRS)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_answers(address: str, server: Server) -> None:
    assert server.client.get(address).status_code == 200


@pytest.mark.parametrize(("name", "value"), DEFAULTS)
def test_every_default_is_the_programs(name: str, value: str) -> None:
    assert getattr(Settings(), name.lower()) == float(value)


def test_addresses_and_limits_were_found() -> None:
    assert len(ADDRESSES) >= 12
    assert len(DEFAULTS) >= 14
