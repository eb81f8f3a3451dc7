"""Figures on surveys, the economy and births that the draft of the city's plan for the use of data states (2018).

The plan is prose: the tables here were written by hand from it and are edited, not generated. Each figure cites the
chapter and names the line of the text. "About" and "more than" are marked. The plan gives no year for the number
of professional and technical workers: it stands for the month of the plan. Its charts are pictures and were not read.
"""

from pathlib import Path

from rdflib import URIRef

from loaders.dataset import Given, Publication, Source, Tables, of_cube
from loaders.errors import Text
from loaders.fetch import SourceFile
from loaders.statistics import Cube
from loaders.table import read_csv
from loaders.terms import SDMX_ATTRIBUTE, UNIT

FOLDER = Path(__file__).parent
# Positions between lines of a text count from 0 (RFC 5147): a figure in line 512 stands between 511 and 512.
LINE = "#line={row},{column}"


def _cube(id_: str, unit: URIRef) -> Cube:
    return Cube(id_, "plan-figures", {SDMX_ATTRIBUTE.unitMeasure: unit}, place=LINE)


CITIZENS, BUSINESSES = _cube("citizen-survey", UNIT.PERCENT), _cube("business-survey", UNIT.PERCENT)
FERTILITY = _cube("fertility-rate", URIRef("/code/unit/children-per-woman"))
OCCUPATION = _cube("employed-occupation", URIRef("/code/unit/person"))
INDICATORS = _cube("plan-indicator", URIRef("/code/unit/data-set"))
TABLES = {cube.table: cube.header for cube in (CITIZENS, BUSINESSES, FERTILITY, OCCUPATION, INDICATORS)}


def tidy(_files: list[SourceFile], _given: Given) -> Tables:
    return {name: read_csv(FOLDER / name, header) for name, header in TABLES.items()}


SOURCE = Source(folder=FOLDER, patterns=(), tables=TABLES, tidy=tidy)


def _publication(theme: str) -> Publication:
    return Publication(
        publisher="/id/org/yokohama-city",
        license="https://creativecommons.org/licenses/by/4.0/",
        attribution="横浜市「横浜市官民データ活用推進計画（素案）」（平成30年2月）の記載から作成",
        frequency="NEVER",
        theme=theme,
        modified="2018-02-01",
        version="2018-02",
        license_stated=False,
    )


DATA_SETS = (
    of_cube(
        CITIZENS,
        SOURCE,
        _publication("ict-science"),
        title=Text("平成26年度横浜市民意識調査（情報化）", "Citizen survey of fiscal 2014 (information technology)"),
        description=Text(
            "官民データ活用推進計画（素案）が引く、平成26年度横浜市民意識調査の回答の割合。集計された値だけで、回答者の"
            "データは含まない。",
            "Shares of answers in the citizen survey of fiscal 2014, as cited by the draft of the city's plan for the "
            "use of data. Aggregates only: nothing about those who answered.",
        ),
        keywords=(Text("市民意識調査", "citizen survey"),),
    ),
    of_cube(
        BUSINESSES,
        SOURCE,
        _publication("enterprises-economy"),
        title=Text("第98回横浜市景況・経営動向調査（IoT）", "98th business survey (Internet of Things)"),
        description=Text(
            "官民データ活用推進計画（素案）が引く、2016年9月の景況・経営動向調査（特別調査）の回答の割合。",
            "Shares of answers in the special survey of September 2016, as cited by the draft of the city's plan for "
            "the use of data.",
        ),
        keywords=(Text("景況・経営動向調査", "business survey"),),
    ),
    of_cube(
        FERTILITY,
        SOURCE,
        _publication("population-households"),
        title=Text("横浜市の合計特殊出生率（2005年・2015年）", "Total fertility rate of Yokohama in 2005 and 2015"),
        description=Text(
            "官民データ活用推進計画（素案）に記載された合計特殊出生率。",
            "The total fertility rate as the draft of the city's plan for the use of data states it.",
        ),
        keywords=(Text("合計特殊出生率", "total fertility rate"),),
    ),
    of_cube(
        OCCUPATION,
        SOURCE,
        _publication("labour-wages"),
        title=Text("横浜市の専門的・技術的職業従事者", "Professional and technical workers in Yokohama"),
        description=Text(
            "官民データ活用推進計画（素案）に「34万人を超えています」と記載された従事者数。年の記載がないため、計画の月の値とする。",
            "The draft of the city's plan for the use of data says that there are more than 340,000. It gives no year, "
            "so the figure stands for the month of the plan.",
        ),
        keywords=(Text("職業", "occupation"),),
    ),
    of_cube(
        INDICATORS,
        SOURCE,
        _publication("administration-finance"),
        title=Text("官民データ活用推進計画の評価指標の値", "Figures of the indicators of the plan for the use of data"),
        description=Text(
            "官民データ活用推進計画（素案）に数で示された評価指標の値。2018年1月の公開データセット数（約550）だけが示されて"
            "いる。",
            "The figures that the draft of the city's plan for the use of data gives for its indicators: only the "
            "number of open data sets in January 2018, about 550.",
        ),
        keywords=(Text("評価指標", "indicators"),),
    ),
)
