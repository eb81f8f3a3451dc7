"""Queries as clients of the city's earlier SPARQL API sent them: no PREFIX lines, form POST, casts to decimal."""

import httpx
import pytest

NURSERIES = """
SELECT ?label ?number ?ward WHERE {
  ?s rdfs:label ?label ; ic:ID/ic:識別値 ?number ; ic:住所 ?address .
  ?address ic:区 ?ward FILTER(?ward = "保土ケ谷区")
  FILTER(STRSTARTS(?number, "14100510"))
} ORDER BY ?number LIMIT 200
"""
PLACES = """
SELECT ?label ?places WHERE {
  ?s a ic:施設型 ; rdfs:label ?label ; ic:住所 [ ic:区 "保土ケ谷区" ] ; yk:placesAvailable ?class .
  ?class ic:種別 "0歳児" ; ic:数値 ?x ; ic:メタデータ/ic:日付/ic:標準型日付 ?day
  BIND(xsd:decimal(?x) AS ?places) FILTER(?places > 0)
} ORDER BY DESC(?places)
"""
ADDRESS = """
SELECT ?text WHERE { ?s ic:ID [ ic:識別値 "E1410000001201" ] ; ic:住所/ic:表記 ?text }
"""


@pytest.mark.parametrize(("query", "at_least"), [(NURSERIES, 30), (PLACES, 5), (ADDRESS, 1)])
def test_the_queries_of_earlier_clients_find_what_they_ask_for(query: str, at_least: int, client: httpx.Client) -> None:
    answer = client.post("/sparql/", data={"query": query}, headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200, answer.text
    rows = answer.json()["results"]["bindings"]
    assert len(rows) >= at_least
    assert all(set(row) == set(answer.json()["head"]["vars"]) for row in rows)
