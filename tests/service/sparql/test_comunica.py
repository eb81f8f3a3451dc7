"""Comunica, the federating client for browsers and Node: it asks us and others, so that we need not."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.service.sparql.servers import MANY_ROWS, Server

PROGRAM = Path(__file__).parents[2] / "node" / "node_modules" / ".bin" / "comunica-sparql"
INSTALL = "npm ci --prefix tests/node"
LABELS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?label { ?s rdfs:label ?label } ORDER BY ?label"


def comunica(server: Server, query: str) -> subprocess.CompletedProcess[bytes]:
    if not PROGRAM.exists():
        pytest.skip(f"Comunica is not installed: {INSTALL}")
    arguments = [str(PROGRAM), f"{server.url}/sparql", query, "-t", "application/sparql-results+json"]
    return subprocess.run(arguments, capture_output=True, check=False, timeout=60)


def test_comunica_selects(server: Server) -> None:
    found = json.loads(comunica(server, LABELS).stdout)["results"]["bindings"]
    assert sorted(row["label"]["value"] for row in found) == ["Yokohama", "学校", "横浜"]


def test_comunica_sees_that_an_answer_is_broken(server: Server) -> None:
    assert comunica(server, f"PREFIX ex: <http://localhost:8000/def/ex#> {MANY_ROWS}").returncode != 0
