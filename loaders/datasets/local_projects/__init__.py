"""Seven projects on local issues and two bodies of the city, as the minutes of a lecture of May 2017 name them.

The tables were written by hand from the minutes and are edited, not generated: names, places, issues and outlines, with
the line of the text; the English is ours. The minutes name people: none is here. They state neither a publisher nor a
licence; what they report is the city's lecture. Where they contradict the city's plan (who made which law), the plan is
right and they are left out.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders import plan
from loaders.areas import Gazetteer
from loaders.dataset import DataSet, Given, Publication, Source, Tables
from loaders.errors import Text
from loaders.fetch import SourceFile
from loaders.rdf import Triple
from loaders.table import read_csv

FOLDER = Path(__file__).parent
ID = "local-projects"
PROJECTS, BODIES = "projects.csv", "bodies.csv"
TABLES = {
    PROJECTS: (
        "key", "ja", "en", "area", "locality", "locality_ja", "issues", "description_ja", "description_en",
        *plan.STATED_COLUMNS,
    ),
    BODIES: plan.BODY_COLUMNS,
}  # fmt: skip


def tidy(_files: list[SourceFile], _given: Given) -> Tables:
    return {name: read_csv(FOLDER / name, header) for name, header in TABLES.items()}


def triples(tables: Tables, _areas: Gazetteer) -> Iterator[Triple]:
    for row in tables[PROJECTS]:
        yield from plan.project_triples(row, ID)
    for row in tables[BODIES]:
        yield from plan.body_triples(row, ID)


SOURCE = Source(folder=FOLDER, patterns=(), tables=TABLES, tidy=tidy)

DATA_SETS = (
    DataSet(
        id=ID,
        source=SOURCE,
        publication=Publication(
            publisher="/id/org/yokohama-city",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="横浜市の講義「地方創生とオープンイノベーション」（2017年5月26日）の議事録の記載から作成",
            frequency="NEVER",
            theme="administration-finance",
            modified="2017-05-26",
            version="2017-05",
            license_stated=False,
        ),
        title=Text("地域課題に取り組むプロジェクト（2017年）", "Projects on local issues, 2017"),
        description=Text(
            "2017年5月の講義の議事録が挙げる7つのプロジェクトの名称・場所・地域課題・概要と、市の推進組織。議事録に公開者と"
            "ライセンスの記載はない。英語の名称はこのサービスによる訳。",
            "Names, places, issues and outlines of the seven projects in the minutes of a lecture of May 2017, and "
            "bodies of the city. The minutes state neither publisher nor licence. English names are translations made "
            "here.",
        ),
        keywords=(Text("地域課題", "local issues"), Text("公民連携", "public-private partnership")),
        triples=triples,
        expects=("plan#ProjectShape", "plan#LocalityShape", "plan#BodyShape"),
    ),
)
