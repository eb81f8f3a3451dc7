"""横浜市官民データ活用推進計画（素案）of February 2018 as data: measures, indicators, schedule, bodies and platforms.

The plan is prose: the tables here were written by hand from it and are edited, not generated. They hold titles,
numbers and dates, never sentences, each with its chapter and the line of the text; the English is ours. Where the plan
says something twice, both stand here: its text and its table of indicators differ (8-2a, 2-2, 6-1), “ITOP横浜” is
I・TOP 横浜, the catalogue was to be built in one year (3-c) and published in the next (3-b). It is a draft and says so.
"""

from collections.abc import Iterator
from pathlib import Path

from rdflib import Literal, URIRef

from loaders import plan
from loaders.areas import Gazetteer
from loaders.dataset import DataSet, Given, Publication, Source, Tables
from loaders.errors import Text
from loaders.fetch import SourceFile
from loaders.plan import Plan
from loaders.rdf import Triple
from loaders.table import read_csv
from loaders.terms import SKOS

FOLDER = Path(__file__).parent
PLAN = Plan("kanmin-data-2018")
ID = "plan-kanmin-data"
# How the plan names fiscal years that another era came to.
ERA_NAMES = {"fy2020": "平成32年度", "fy2021": "平成33年度"}
QUERIES = {
    "indicator-3-1": Text("カタログのデータセットの数（評価指標3-1）", "Data sets in the catalogue (indicator 3-1)"),
    "indicator-3-3": Text(
        "5つ星の4段階以上のデータセットの数（評価指標3-3）", "Data sets with four stars or more (indicator 3-3)"
    ),
}

NAMES, NOTES = ("ja", "en"), ("note_ja", "note_en")
PLANS, MEASURES, INDICATORS, MILESTONES = "plans.csv", "measures.csv", "indicators.csv", "milestones.csv"
BODIES = "bodies.csv"
TABLES = {
    PLANS: ("key", *NAMES, "status", "issued", "period", "publisher", *plan.STATED_COLUMNS),
    MEASURES: ("number", "part_of", *NAMES, "perspectives", "points", *plan.STATED_COLUMNS),
    INDICATORS: ("number", "measure", *NAMES, "same_as", "about", "query", *NOTES, *plan.STATED_COLUMNS),
    MILESTONES: ("number", "measure", "period", *NAMES, *NOTES, *plan.STATED_COLUMNS),
    BODIES: plan.BODY_COLUMNS,
}


def tidy(_files: list[SourceFile], _given: Given) -> Tables:
    return {name: read_csv(FOLDER / name, header) for name, header in TABLES.items()}


def triples(tables: Tables, _areas: Gazetteer) -> Iterator[Triple]:
    """Each triple once: a measure names its sections, and they name it."""
    yield from dict.fromkeys(_triples(tables))


def _triples(tables: Tables) -> Iterator[Triple]:
    for row in tables[PLANS]:
        yield from plan.plan_triples(row)
        yield from plan.stated(row, ID).triples(PLAN.iri)
    of_plan = (
        (MEASURES, plan.measure_triples, PLAN.measure),
        (INDICATORS, plan.indicator_triples, PLAN.indicator),
        (MILESTONES, plan.milestone_triples, PLAN.milestone),
    )
    for table, made, named in of_plan:
        for row in tables[table]:
            yield from made(row, PLAN)
            yield from plan.stated(row, ID).triples(named(row["number"]))
    for row in tables[BODIES]:
        yield from plan.body_triples(row, ID)
    for name, title in QUERIES.items():
        yield from plan.query_triples(name, title, (FOLDER / f"{name}.rq").read_text(encoding="utf-8"))
    for period, name in ERA_NAMES.items():
        yield URIRef(f"/id/period/{period}"), SKOS.altLabel, Literal(name, lang="ja")


def periods(tables: Tables) -> set[str]:
    """The fiscal years that the plan names."""
    return {row["period"] for table in (PLANS, MILESTONES) for row in tables[table]} | set(ERA_NAMES)


SOURCE = Source(folder=FOLDER, patterns=(), tables=TABLES, tidy=tidy)

DATA_SETS = (
    DataSet(
        id=ID,
        source=SOURCE,
        publication=Publication(
            publisher="/id/org/yokohama-city",
            license="https://creativecommons.org/licenses/by/4.0/",
            attribution="横浜市「横浜市官民データ活用推進計画（素案）」（平成30年2月）の記載から作成",
            frequency="NEVER",
            theme="administration-finance",
            modified="2018-02-01",
            version="2018-02",
            license_stated=False,
        ),
        title=Text(
            "横浜市官民データ活用推進計画（素案）の施策・評価指標・スケジュール",
            "Yokohama plan for the use of data (draft): measures, indicators and schedule",
        ),
        description=Text(
            "計画の9つの施策とその項目、評価指標、年度ごとのスケジュール、推進する組織とプラットフォーム。名称・番号・年度だけを"
            "載せ、文章は載せない。英語の名称はこのサービスによる訳。",
            "The nine measures of the plan with their sections, indicators and schedule by fiscal year, and the bodies "
            "and platforms that carry it out. Titles, numbers and years only, not the text. English names are "
            "translations made here.",
        ),
        keywords=(Text("計画", "plan"), Text("評価指標", "indicators"), Text("オープンデータ", "open data")),
        triples=triples,
        expects=tuple(f"plan#{each}Shape" for each in ("Plan", "Measure", "Indicator", "Milestone", "Body", "Query")),
        periods=periods,
    ),
)
