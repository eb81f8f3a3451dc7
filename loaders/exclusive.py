"""Which triples of the store are observations' and nothing else, so that columns may answer for them.

The columns of a cube say what the triples of its observations say. Whether the default graph says anything more with
the same properties, of an observation or of something else, is counted here once, when the release is built.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph as ox

from loaders.columns import name, string
from loaders.gate.tables import OBSERVATION, Data, open_data
from loaders.terms import QB, RDF

Summary = Mapping[str, Any]
_TYPE, _DATA_SET = str(RDF.type), str(QB.dataSet)


def marked_by_parts(
    folder: Path, cubes: Sequence[Summary], base: str, parts: Mapping[str, Path]
) -> list[dict[str, Any]]:
    """As `marked`, without the store: the default graph has the rows of the cubes and, in `parts`, all the rest."""
    said = {each["id"]: _said(folder, each) for each in cubes}
    with open_data(base, parts) as data:
        elsewhere = _properties(data)
        doubtful = {each["id"] for each in cubes if _says_more_in_parts(folder, data, each, said)}
    elsewhere.update(*(said[each] for each in doubtful))
    exclusive = sorted({property_ for each in said.values() for property_ in each} - elsewhere)
    return [{**each, "exclusive": [] if each["id"] in doubtful else exclusive} for each in cubes]


def _properties(data: Data) -> set[str]:
    """The properties in the parts; rdf:type only if it is there with qb:Observation."""
    found = data.rows("SELECT DISTINCT p FROM triples WHERE p <> $1 OR o = $2", [f"<{_TYPE}>", OBSERVATION])
    return {property_[1:-1] for (property_,) in found}


def _says_more_in_parts(folder: Path, data: Data, cube: Summary, said: Mapping[str, Counter[str]]) -> bool:
    """Whether two rows are about one observation, or a part says of one what rows say."""
    if said[cube["id"]][_DATA_SET] != cube["rows"]:
        return True
    every = [f"<{property_}>" for property_ in {property_ for each in said.values() for property_ in each}]
    told = "SELECT s FROM triples WHERE p IN (SELECT unnest($1))"
    rows = f"FROM read_parquet({string(str(folder / cube['parquet']))})"
    return bool(data.rows(f"{rows} SELECT 1 WHERE '<' || observation || '>' IN ({told}) LIMIT 1", [every]))


def marked(folder: Path, cubes: Sequence[Summary]) -> list[dict[str, Any]]:
    """The entries of release.json with `exclusive` (service/release.py). `folder` is the release's, filled."""
    if not cubes:
        return []
    store = ox.Store.read_only(str(folder / "store"))
    said = {each["id"]: _said(folder, each) for each in cubes}
    found, subjects = _counts(store), _Subjects(store)
    while True:
        total = sum((said[each["id"]] for each in cubes if each["id"] in said), Counter[str]())
        exclusive = sorted(each for each, count in total.items() if found[each] == count)
        more = [
            each["id"] for each in cubes if each["id"] in said and _says_more(folder, subjects, each, said, exclusive)
        ]
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


def _says_more(
    folder: Path, subjects: "_Subjects", cube: Summary, said: Mapping[str, Counter[str]], exclusive: Sequence[str]
) -> bool:
    """Whether an observation may have other values than its row. Of exclusive properties there can be none."""
    own = said[cube["id"]]
    every = {property_ for each in said.values() for property_ in each}
    if own[_DATA_SET] != cube["rows"]:
        return True
    if _DATA_SET not in exclusive and subjects.of_data_set(cube["iri"]) != own[_DATA_SET]:
        return True
    shared = sorted(each for each in every if each not in exclusive and each not in {_TYPE, _DATA_SET})
    return any(subjects.in_rows(each, folder / cube["parquet"]) != own[each] for each in shared)


class _Subjects:
    """What properties are said of. The subjects go to DuckDB as a file: a join in the store looks each of them up."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._db = duckdb.connect()
        self._tables: dict[str, str] = {}

    def of_data_set(self, iri: str) -> int:
        """How many data sets the observations of a data set have, in all."""
        return _count(self._store, f"?o <{_DATA_SET}> <{iri}> ; <{_DATA_SET}> ?v")

    def in_rows(self, property_: str, parquet: Path) -> int:
        """How many triples with the property are about the observations in a file."""
        rows = f"FROM read_parquet({string(str(parquet))}) SELECT observation"
        [(count,)] = self._db.execute(f"FROM {self._table(property_)} SELECT count(*) WHERE s IN ({rows})").fetchall()
        return int(count)

    def _table(self, property_: str) -> str:
        if property_ not in self._tables:
            self._tables[property_] = f"subjects_{len(self._tables)}"
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "subjects.csv"
                found = _rows(self._store, f"SELECT ?s {{ ?s <{property_}> ?v }}")
                found.serialize(str(path), ox.QueryResultsFormat.CSV)
                self._db.execute(
                    f"CREATE TABLE {self._tables[property_]} AS FROM read_csv({string(str(path))}, header = true, "
                    "auto_detect = false, columns = {'s': 'VARCHAR'}, delim = ',', quote = '\"', escape = '\"')"
                )
        return self._tables[property_]


def _count(store: ox.Store, pattern: str) -> int:
    return int(next(iter(_rows(store, f"SELECT (COUNT(*) AS ?count) {{ {pattern} }}")))["count"].value)


def _rows(store: ox.Store, query: str) -> Any:
    return store.query(query)
