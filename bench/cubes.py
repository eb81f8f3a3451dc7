"""Roll-ups over a million synthetic observations: the API of /cubes beside the bare DuckDB query, as ratios.

    python -m bench.cubes [--releases releases] [--rows 1000000] [--rounds 30]

The cube is made up (areas A000 …, figures from a formula) and lies in a temporary copy of the current release.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import httpx

from service.app import create_app
from service.opening import open_service
from service.settings import Settings

CUBE = "synthetic-million"
AREAS, SEXES, AGES = 100, 2, 100
# What a question is, as the API and as SQL over the same file. Both answer with the same sums.
QUESTIONS = {
    "sum by area and year": (
        "group=refArea,refPeriod",
        "SELECT refArea_code, refPeriod_code, sum(population) FROM cube GROUP BY ALL",
    ),
    "sum by year": ("group=refPeriod", "SELECT refPeriod_code, sum(population) FROM cube GROUP BY ALL"),
    "one area by year and sex": (
        "group=refPeriod,sex&refArea=A007",
        "SELECT refPeriod_code, sex_code, sum(population) FROM cube WHERE refArea_code = 'A007' GROUP BY ALL",
    ),
    "latest year by area": (
        "group=refArea&refPeriod=latest",
        "SELECT refArea_code, sum(population) FROM cube WHERE refPeriod_code = '1999' GROUP BY ALL",
    ),
    "by sex and age, one year": (
        "group=sex,age&refPeriod=1990",
        "SELECT sex_code, age_code, sum(population) FROM cube WHERE refPeriod_code = '1990' GROUP BY ALL",
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--releases", type=Path, default=Path("releases"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        release = synthetic_release(chosen.releases / "current", Path(folder), chosen.rows)
        bare, api = asyncio.run(times(Path(folder), release / "cubes" / f"{CUBE}.parquet", chosen.rounds))
    print(f"{chosen.rows:,} observations, median of {chosen.rounds}, milliseconds")
    print(f"{'question':28}{'DuckDB':>9}{'API':>9}{'ratio':>8}{'allowed':>9}")
    for name in QUESTIONS:
        allowed = 3 * bare[name] + 10
        print(f"{name:28}{bare[name]:9.1f}{api[name]:9.1f}{api[name] / bare[name]:8.1f}{allowed:9.1f}")


def synthetic_release(current: Path, folder: Path, rows: int) -> Path:
    """The current release with one more cube; its store is linked, not copied."""
    source = current.resolve()
    release = folder / source.name
    (release / "cubes").mkdir(parents=True)
    (release / "store").symlink_to(source / "store")
    (folder / "current").symlink_to(source.name)
    write_cube(release / "cubes" / f"{CUBE}.parquet", rows)
    about = json.loads((source / "release.json").read_text(encoding="utf-8"))
    (release / "release.json").write_text(json.dumps({**about, "cubes": [cube(about["base_iri"], rows)]}))
    return release


def cube(base: str, rows: int) -> dict[str, Any]:
    def component(name: str, kind: str, type_: str, codes: str | None = None) -> dict[str, Any]:
        property_ = f"{base}def/core#{name}"
        return {"name": name, "property": property_, "kind": kind, "type": type_, "codes": codes,
                "attachment": "observation"}  # fmt: skip

    components = [
        *(component(name, "dimension", "iri", f"{base}code/{name}") for name in ("refArea", "refPeriod", "sex", "age")),
        component("population", "measure", "integer"),
        component("obsStatus", "attribute", "iri", f"{base}code/status"),
        component("populationBasis", "attribute", "iri", f"{base}code/population-basis"),
    ]
    return {"id": CUBE, "iri": f"{base}id/dataset/{CUBE}", "dsd": f"{base}id/dsd/{CUBE}",
            "parquet": f"cubes/{CUBE}.parquet", "rows": rows, "components": components}  # fmt: skip


def write_cube(path: Path, rows: int) -> None:
    """One row an observation, sorted by the dimensions; two statuses and one basis."""
    years = max(1, rows // (AREAS * SEXES * AGES))
    coded = ", ".join(
        f"'http://localhost:8000/code/{name}/' || {name} AS {name}, {name} AS {name}_code, {name} AS {name}_ja, "
        f"{name} AS {name}_en"
        for name in ("refArea", "refPeriod", "sex", "age")
    )
    cells = f"""
        SELECT 'A' || lpad(a.range::VARCHAR, 3, '0') AS refArea, (1950 + p.range)::VARCHAR AS refPeriod,
               ['F', 'M'][s.range + 1] AS sex, 'Y' || g.range AS age,
               (a.range * 31 + p.range * 17 + s.range * 7 + g.range * 3) % 997 AS population, p.range AS year
        FROM range({AREAS}) a, range({years}) p, range({SEXES}) s, range({AGES}) g
    """
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"""
            COPY (SELECT 'http://localhost:8000/id/obs/{CUBE}/' || concat_ws('/', refArea, refPeriod, sex, age)
                         AS observation, {coded}, population,
                         'http://localhost:8000/code/status/' || if(year > 40, 'P', 'A') AS obsStatus,
                         'http://localhost:8000/code/population-basis/estimate' AS populationBasis
                  FROM ({cells}) ORDER BY refArea, refPeriod, sex, age)
            TO '{path}' (FORMAT parquet)
        """)


async def times(releases: Path, path: Path, rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """Medians of the bare SQL, with as many threads as the service uses, and of whole requests through the
    application, taken in turns. No request is answered from memory: each asks for another number of rows."""
    app = create_app(open_service(Settings(releases=releases)))
    transport = httpx.ASGITransport(app)
    bare: dict[str, float] = {}
    api: dict[str, float] = {}
    with duckdb.connect(":memory:", config={"threads": Settings().cube_threads}) as connection:
        connection.execute(f"CREATE VIEW cube AS SELECT * FROM read_parquet('{path}')")
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost:8000", timeout=60) as client,
        ):
            for name, (question, sql) in QUESTIONS.items():
                pairs = [await _pair(connection, client, sql, question, number) for number in range(rounds + 1)]
                bare[name], api[name] = (statistics.median(column) for column in zip(*pairs[1:], strict=True))
    return bare, api


async def _pair(
    connection: duckdb.DuckDBPyConnection, client: httpx.AsyncClient, sql: str, question: str, number: int
) -> tuple[float, float]:
    """Milliseconds of one query and one request."""
    started = time.perf_counter()
    connection.execute(sql).fetchall()
    between = time.perf_counter()
    answer = await client.get(f"/cubes/{CUBE}.csv?{question}&limit={90_000 + number}")
    ended = time.perf_counter()
    answer.raise_for_status()
    return (between - started) * 1000, (ended - between) * 1000


if __name__ == "__main__":
    main()
