"""Dates, Japanese eras and the periods that observations refer to (MODEL: OWL-Time intervals, end exclusive)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rdflib import BNode, Literal, URIRef

from loaders.errors import Unexpected
from loaders.rdf import Triple
from loaders.terms import DCT, RDF, SKOS, TIME, XSD
from loaders.text import folded


@dataclass(frozen=True)
class Era:
    """`first` is the era's first day in the Gregorian calendar."""

    name: str
    first: date


ERAS = (
    Era("明治", date(1868, 1, 25)),
    Era("大正", date(1912, 7, 30)),
    Era("昭和", date(1926, 12, 25)),
    Era("平成", date(1989, 1, 8)),
    Era("令和", date(2019, 5, 1)),
)
_ERA_YEAR = re.compile(r"(明治|大正|昭和|平成|令和)(元|[0-9]{1,2})年?")


def era_year(text: str) -> int:
    """The Gregorian year of `大正９`, `昭和64年`, `令和元年`; a year that the era never had is refused."""
    match = _ERA_YEAR.fullmatch(folded(text))
    if not match:
        raise Unexpected("元号と年（例: 昭和45、令和元）", "an era year such as 昭和45 or 令和元")
    index = [era.name for era in ERAS].index(match[1])
    year = ERAS[index].first.year + (1 if match[2] == "元" else int(match[2])) - 1
    last = ERAS[index + 1].first.year if index + 1 < len(ERAS) else None
    if year < ERAS[index].first.year or (last is not None and year > last):
        raise Unexpected(
            f"実在する元号の年（{match[1]}は{last}年まで）",
            f"a year that {match[1]} had (it ended in {last})",
        )
    return year


def era_label(day: date) -> str:
    """`大正9年` for a day of 1920; the first year of an era is 元年."""
    era = next(era for era in reversed(ERAS) if era.first <= day)
    number = day.year - era.first.year + 1
    return f"{era.name}{'元' if number == 1 else number}年"


def era_day(text: str) -> date:
    """`平成１５年１月１日現在` as a day of the Gregorian calendar."""
    match = re.fullmatch(r"(.+年)([0-9]{1,2})月([0-9]{1,2})日(現在)?", folded(text))
    if not match:
        raise Unexpected("元号の日付（例: 平成15年1月1日）", "a date with its era such as 平成15年1月1日")
    try:
        return date(era_year(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise error if isinstance(error, Unexpected) else _not_a_date() from error


def calendar_date(text: str) -> date:
    """`2024/01/01`, `2025/10/1` or `2026-08-01`."""
    match = re.fullmatch(r"([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})", folded(text))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else _no_date()
    except ValueError as error:
        raise _not_a_date() from error


def _no_date() -> date:
    raise _not_a_date()


def _not_a_date() -> Unexpected:
    return Unexpected("暦にある日付（例: 2024/01/01）", "a date of the calendar such as 2024/01/01")


def first_of_month(text: str) -> str:
    """The month (`2024-01`) that a date stands for; statistics of a month are dated on its first day."""
    day = calendar_date(text)
    if day.day != 1:
        raise Unexpected("月の初日", "the first day of a month")
    return f"{day:%Y-%m}"


def gregorian_year(text: str) -> int:
    value = folded(text)
    if not re.fullmatch(r"(18|19|20)[0-9]{2}", value):
        raise Unexpected("西暦年（4桁）", "a Gregorian year of four digits")
    return int(value)


@dataclass(frozen=True)
class Period:
    """A year, fiscal year or several, month or day. `end` is the first day after it."""

    id: str
    kind: str
    begin: date
    end: date
    duration: str
    ja: str
    en: str

    @property
    def iri(self) -> URIRef:
        return URIRef(f"/id/period/{self.id}")


def period(id_: str) -> Period:
    """The period named `1920`, `fy2014`, `fy2018--fy2021`, `2024-01` or `2021-09-30`."""
    for pattern, make in _FORMS.items():
        if re.fullmatch(pattern, id_):
            try:
                return make(id_)
            except ValueError:  # the 30th of February, years that run backwards
                break
    raise Unexpected(
        "期間（例: 1920、fy2014、2024-01、2021-09-30）", "a period such as 1920, fy2014, 2024-01 or 2021-09-30"
    )


def _year(id_: str) -> Period:
    begin = date(int(id_), 1, 1)
    return Period(id_, "year", begin, date(begin.year + 1, 1, 1), "P1Y", f"{id_}年", id_)


def _fiscal_year(id_: str) -> Period:
    begin = date(int(id_.removeprefix("fy")), 4, 1)
    ja, en = f"{begin.year}年度", f"fiscal year {begin.year}"
    return Period(id_, "fiscal-year", begin, begin.replace(year=begin.year + 1), "P1Y", ja, en)


def _fiscal_years(id_: str) -> Period:
    first, last = (_fiscal_year(each) for each in id_.split("--"))
    years = last.end.year - first.begin.year
    if years < 2:
        raise ValueError(id_)
    ja, en = f"{first.begin.year}〜{last.ja}", f"fiscal years {first.begin.year} to {last.begin.year}"
    return Period(id_, "fiscal-years", first.begin, last.end, f"P{years}Y", ja, en)


def _month(id_: str) -> Period:
    begin = date.fromisoformat(f"{id_}-01")
    end = (begin + timedelta(days=31)).replace(day=1)
    return Period(id_, "month", begin, end, "P1M", f"{begin.year}年{begin.month}月", _month_name(begin))


def _day(id_: str) -> Period:
    begin = date.fromisoformat(id_)
    ja, en = f"{begin.year}年{begin.month}月{begin.day}日", f"{begin.day} {_month_name(begin)}"
    return Period(id_, "day", begin, begin + timedelta(days=1), "P1D", ja, en)


_FORMS = {
    "[0-9]{4}": _year,
    "fy[0-9]{4}": _fiscal_year,
    "fy[0-9]{4}--fy[0-9]{4}": _fiscal_years,
    "[0-9]{4}-(0[1-9]|1[0-2])": _month,
    "[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]": _day,
}

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _month_name(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.year}"


def triples(periods: set[str]) -> Iterator[Triple]:
    """The periods as concepts of </code/period>, members of the collection of their kind."""
    for id_ in sorted(periods):
        each = period(id_)
        yield URIRef(f"/code/period/collection/{each.kind}"), SKOS.member, each.iri
        yield from _period_triples(each)


def _period_triples(each: Period) -> Iterator[Triple]:
    iri = each.iri
    yield iri, RDF.type, TIME.ProperInterval
    yield iri, RDF.type, SKOS.Concept
    yield iri, SKOS.inScheme, URIRef("/code/period")
    yield iri, SKOS.notation, Literal(each.id)
    yield iri, DCT.identifier, Literal(each.id)
    yield iri, DCT.type, URIRef(f"/code/period-kind/{each.kind}")
    yield iri, SKOS.prefLabel, Literal(each.ja, lang="ja")
    yield iri, SKOS.prefLabel, Literal(each.en, lang="en")
    for label in sorted(_era_labels(each)):
        yield iri, SKOS.altLabel, Literal(label, lang="ja")
    for property_, day in ((TIME.hasBeginning, each.begin), (TIME.hasEnd, each.end)):
        instant = BNode(f"period-{each.id}-{property_.rsplit('#')[-1]}")
        yield iri, property_, instant
        yield instant, TIME.inXSDDate, Literal(day.isoformat(), datatype=XSD.date)
    yield iri, TIME.hasXSDDuration, Literal(each.duration, datatype=XSD.duration)
    yield iri, SKOS.closeMatch, URIRef(_government_interval(each))


def _era_labels(each: Period) -> set[str]:
    """Its era names, two where an era ends within the period; a fiscal year has the era of its first day."""
    if each.kind == "fiscal-year":
        return {f"{era_label(each.begin)}度"}
    if each.kind == "fiscal-years":
        last = each.end.replace(year=each.end.year - 1)
        return {f"{era_label(each.begin)}度〜{era_label(last)}度"}
    rest = {"year": "", "month": f"{each.begin.month}月", "day": f"{each.begin.month}月{each.begin.day}日"}[each.kind]
    return {era_label(day) + rest for day in (each.begin, each.end - timedelta(days=1))}


def _government_interval(each: Period) -> str:
    """reference.data.gov.uk names every Gregorian interval; other publishers link to it too."""
    base = "http://reference.data.gov.uk/id"
    if each.kind == "month":
        return f"{base}/month/{each.id}"
    return f"{base}/gregorian-interval/{each.begin.isoformat()}T00:00:00/{each.duration}"
