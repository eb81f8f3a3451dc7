"""Which triples of the store are observations' and nothing else, so that columns may answer for them.

The columns of a cube say what the triples of its observations say. Whether the default graph says anything more with
the same properties, of an observation or of something else, is counted here once, when the release is built.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox

from loaders.columns import name, string
from loaders.terms import QB, RDF

Summary = Mapping[str, Any]
_TYPE, _DATA_SET = str(RDF.type), str(QB.dataSet)


def marked(folder: Path, cubes: Sequence[Summary]) -> list[dict[str, Any]]:
    """The entries of release.json with `exclusive` (service/release.py). `folder` is the release's, filled."""
    if not cubes:
        return []
    store = ox.Store.read_only(str(folder / "store"))
    said = {each["id"]: _said(folder, each) for each in cubes}
    found = _counts(store)
    while True:
        total = sum((said[each["id"]] for each in cubes if each["id"] in said), Counter[str]())
        exclusive = sorted(each for each, count in total.items() if found[each] == count)
        more = [each["id"] for each in cubes if each["id"] in said and _says_more(store, each, said, exclusive)]
        if not more:
            return [{**each, "exclusive": exclusive if each["id"] in said else []} for each in cubes]
        for id_ in more:
            del said[id_]


def _said(folder: Path, cube: Summary) -> Counter[str]:
    """How many triples the columns stand for, by property."""
    names = {str(each["property"]): each["name"] for each in cube["components"] if each["attachment"] == "observation"}
    counts = ["count(DISTINCT observation)", *(f"count({name(each)})" for each in names.values())]
    path = string(str(folder / cube["parquet"]))
    observations, *others = duckdb.execute(f"FROM read_parquet({path}) SELECT {', '.join(counts)}").fetchall()[0]
    return Counter(dict(zip(names, others, strict=True))) + Counter({_TYPE: observations, _DATA_SET: observations})


def _counts(store: ox.Store) -> Counter[str]:
    """The triples of the default graph by property; of rdf:type only those with qb:Observation."""
    found = Counter(
        {
            row["property"].value: int(row["count"].value)
            for row in _rows(store, "SELECT ?property (COUNT(*) AS ?count) { ?s ?property ?o } GROUP BY ?property")
        }
    )
    found[_TYPE] = _count(store, f"?o a <{QB.Observation}>")
    return found


def _says_more(store: ox.Store, cube: Summary, said: Mapping[str, Counter[str]], exclusive: Sequence[str]) -> bool:
    """Whether an observation may have other values than its row. Of exclusive properties there can be none."""
    own = said[cube["id"]]
    every = {property_ for each in said.values() for property_ in each}
    if own[_DATA_SET] != cube["rows"]:
        return True
    shared = sorted(each for each in every if each not in exclusive and each != _TYPE)
    return any(_count(store, f"?o <{_DATA_SET}> <{cube['iri']}> ; <{each}> ?v") != own[each] for each in shared)


def _count(store: ox.Store, pattern: str) -> int:
    return int(next(iter(_rows(store, f"SELECT (COUNT(*) AS ?count) {{ {pattern} }}")))["count"].value)


def _rows(store: ox.Store, query: str) -> Any:
    return store.query(query)
