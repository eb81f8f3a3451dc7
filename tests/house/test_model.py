"""docs/model.md is true: its Turtle parses and its queries return rows."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from service.release import open_release

MODEL = (Path(__file__).parents[2] / "docs" / "model.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    found = re.findall(rf"```{language}\n(.*?)```", MODEL, re.DOTALL)
    assert found
    return list(found)


@pytest.fixture(scope="module")
def store(releases: Path) -> ox.Store:
    return ox.Store.read_only(str(open_release(releases).store))


@pytest.mark.parametrize("query", _blocks("sparql"), ids=lambda text: text.split("\n")[0][2:])
def test_every_query_of_the_model_returns_rows(query: str, releases: Path, store: ox.Store) -> None:
    release = open_release(releases)
    found = store.query(query, base_iri=release.base_iri, prefixes=dict(release.prefixes))
    assert isinstance(found, ox.QuerySolutions)
    assert any(True for _ in found)


@pytest.mark.parametrize("turtle", _blocks("turtle"))
def test_every_triple_of_the_model_is_published(turtle: str, releases: Path, store: ox.Store) -> None:
    release = open_release(releases)
    declared = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in release.prefixes.items())
    for quad in ox.parse(input=declared + turtle, format=ox.RdfFormat.TURTLE, base_iri=release.base_iri):
        assert ox.Quad(quad.subject, quad.predicate, quad.object) in store, str(quad)
