"""Figures that should agree, over all observations of a cube at once: totals and their parts, months, statuses.

Each finding carries what the message of its rule names: the difference, or the figures before and now.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rdflib import URIRef

from loaders.gate.cube import MISSING, Form, Row, components, observations, wide
from loaders.gate.paths import Focus, Rows, sql
from loaders.gate.tables import Data
from loaders.terms import DCT, SDMX_ATTRIBUTE, SKOS, TIME, YK, prefixes

DIMENSION, CODE = prefixes()["sdmx-dimension"], prefixes()["sdmx-code"]
AREA, PERIOD = URIRef(f"{DIMENSION}refArea"), URIRef(f"{DIMENSION}refPeriod")
SEX, AGE = URIRef(f"{DIMENSION}sex"), URIRef(f"{DIMENSION}age")
TOTAL_SEX, MEN, WOMEN = (f"<{CODE}sex-{sex}>" for sex in "TMF")
_SEXES = f"SELECT * FROM (VALUES ('{MEN}', '{TOTAL_SEX}'), ('{WOMEN}', '{TOTAL_SEX}')) v(part, whole)"


@dataclass(frozen=True)
class _Figures:
    """The observations of a data set with one of its measures, to be compared along one dimension."""

    data_set: str
    focus: Focus
    dimensions: Sequence[URIRef]
    measure: URIRef
    along: URIRef

    @property
    def observed(self) -> str:
        return wide(self.focus, self.dimensions, self.measure)

    def differences(self, data: Data, pairs: str, complete: str) -> Iterator[Row]:
        """Totals that differ from the sum of their parts. `pairs` is SQL of (part, whole).

        `complete` is a condition on `parts`, the number of parts that there are.
        """
        place = self.dimensions.index(self.along)
        keys = [f"k{number}" for number in range(len(self.dimensions))]
        wholes = ", ".join("x.whole AS " + key if number == place else f"p.{key}" for number, key in enumerate(keys))
        sums = (
            f"SELECT {wholes}, sum(p.figure) AS figure, count(*) AS parts, count(p.figure) AS known "
            f"FROM ({self.observed}) p JOIN ({pairs}) x ON x.part = p.k{place} GROUP BY ALL"
        )
        found = (
            f"SELECT whole.node, sums.figure - whole.figure AS difference FROM ({sums}) sums "
            f"JOIN ({self.observed}) whole USING ({', '.join(keys)}) WHERE parts = known AND {complete}"
        )
        for node, difference in data.rows(f"SELECT * FROM ({found}) WHERE difference <> 0"):
            yield {"this": self.data_set, "value": node, "difference": _number(difference)}

    def given_away(self, data: Data, pairs: str) -> Iterator[Row]:
        """Totals with a figure of which one part alone has none, because it is suppressed. `pairs` as above."""
        keys = [f"k{number}" for number in range(len(self.dimensions))]
        place, secret = self.dimensions.index(self.along), f"k{len(keys)}"
        observed = wide(self.focus, [*self.dimensions, SDMX_ATTRIBUTE.confStatus], self.measure)
        wholes = ", ".join("x.whole AS " + key if number == place else f"p.{key}" for number, key in enumerate(keys))
        unknown = (
            f"SELECT {wholes}, count(*) AS gaps, count(p.{secret}) AS secrets, max(p.node) AS part "
            f"FROM ({observed}) p JOIN ({pairs}) x ON x.part = p.k{place} WHERE p.figure IS NULL GROUP BY ALL"
        )
        found = (
            f"SELECT whole.node, part FROM ({unknown}) unknown JOIN ({observed}) whole USING ({', '.join(keys)}) "
            "WHERE gaps = 1 AND secrets = 1 AND whole.figure IS NOT NULL"
        )
        for node, part in data.rows(found):
            yield {"this": self.data_set, "value": node, "part": part}

    def changes(self, data: Data, follows: str, wards: str) -> Iterator[Row]:
        """Figures of wards that differ by more than a tenth from the one before. `follows` is SQL of (part, whole)."""
        place = self.dimensions.index(AREA)
        found = (
            f"SELECT whole.node, part.figure AS before, whole.figure AS now FROM {self._beside(follows)} "
            f"WHERE whole.k{place} IN ({wards}) AND abs(now - before) * 10 > before"
        )
        for node, before, now in data.rows(found):
            yield {"this": self.data_set, "value": node, "before": _number(before), "now": _number(now)}

    def _beside(self, pairs: str) -> str:
        """SQL of each observation (whole) beside those (part) that the pairs name and that are alike otherwise."""
        place = self.dimensions.index(self.along)
        others = [number for number in range(len(self.dimensions)) if number != place]
        alike = "".join(f" AND part.k{number} = whole.k{number}" for number in others)
        return (
            f"({self.observed}) whole JOIN ({pairs}) x ON x.whole = whole.k{place} "
            f"JOIN ({self.observed}) part ON part.k{place} = x.part{alike}"
        )


def _figures(data: Data, focuses: Sequence[Focus], along: URIRef) -> Iterator[_Figures]:
    """Every data set that has the dimension, with each of its measures."""
    found = components(data)
    for measure in (each for each in found if each.kind == "measure"):
        dimensions = [each.property for each in found if each.data_set == measure.data_set and each.kind == "dimension"]
        if along in dimensions:
            for focus in observations(data, focuses, measure.data_set):
                yield _Figures(measure.data_set, focus, dimensions, measure.property, along)


def _number(figure: Decimal) -> str:
    """As a plain literal for a message: 12, -3.5."""
    text = f"{figure:f}"
    return f'"{text.rstrip("0").rstrip(".") if "." in text else text}"'


def sexes(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """Men and women against the total."""
    for figures in _figures(data, focuses, SEX):
        yield from figures.differences(data, _SEXES, "parts = 2")


def areas(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """Wards against the city, towns against their ward: as many parts as there are."""
    for figures in _figures(data, focuses, AREA):
        yield from figures.differences(data, _areas(data), "true")


def _areas(data: Data) -> str:
    return f"SELECT s AS part, o AS whole FROM {data.predicate(DCT.isPartOf)}"


def ages(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """The narrowest ages that the data set has, against all ages; a group must have every one of them.

    Ages that do not reach the oldest people, such as the children alone, are no parts of all ages.
    """
    for figures in _figures(data, focuses, AGE):
        parts = _ages(data, figures)
        open_ended = f"SELECT s FROM {data.predicate(SKOS.notation)} WHERE regexp_matches(o, '^\"Y[0-9]+T\"$')"
        counted = f"count(DISTINCT part), count(*) FILTER (part IN ({open_ended}))"
        [(number, oldest)] = data.rows(f"SELECT {counted} FROM ({parts})")
        if oldest:
            yield from figures.differences(data, parts, f"parts = {number}")


def _ages(data: Data, figures: _Figures) -> str:
    """SQL of the narrowest ages that are used, beside all ages."""
    used = data.keep(f"SELECT DISTINCT value AS age FROM ({figures.focus.pairs(AGE)})")
    total = f"SELECT s FROM {data.predicate(SKOS.notation)} WHERE o = '\"TOTAL\"'"
    narrowest = (
        f"SELECT age FROM {used} WHERE age NOT IN (SELECT above FROM ({_above(data)}) "
        f"WHERE below IN (SELECT age FROM {used})) AND age NOT IN ({total})"
    )
    return f"SELECT n.age AS part, t.age AS whole FROM ({narrowest}) n, {used} t WHERE t.age IN ({total})"


def _above(data: Data) -> str:
    """SQL of each code (below) with every code that is broader (above)."""
    broader = data.predicate(SKOS.broader)
    return (
        f"WITH RECURSIVE up(below, above) AS (SELECT s, o FROM {broader} UNION "
        f"SELECT up.below, b.o FROM up JOIN {broader} b ON b.s = up.above) SELECT below, above FROM up"
    )


def months(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """A change of more than a tenth in a ward from one month to the next."""
    month, ward = _of_type(data, "month"), _of_type(data, "ward")
    follows = (
        f"SELECT e.s AS part, b.s AS whole FROM ({_day(data, TIME.hasEnd)}) e JOIN ({_day(data, TIME.hasBeginning)}) b "
        f"ON e.day = b.day WHERE e.s IN ({month}) AND b.s IN ({month})"
    )
    for figures in _figures(data, focuses, PERIOD):
        if AREA in figures.dimensions:
            yield from figures.changes(data, follows, ward)


def _of_type(data: Data, notation: str) -> str:
    kinds = f"SELECT s FROM {data.predicate(SKOS.notation)} WHERE o = '\"{notation}\"'"
    return f"SELECT s FROM {data.predicate(DCT.type)} WHERE o IN ({kinds})"


def _day(data: Data, end: URIRef) -> str:
    return f"SELECT p.s, d.o AS day FROM {data.predicate(end)} p JOIN {data.predicate(TIME.inXSDDate)} d ON d.s = p.o"


def suppressed(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
    """Totals that give away their one suppressed part. Nothing is suppressed where there is no status to say so."""
    for along in (SEX, AREA, AGE):
        for figures in _figures(data, focuses, along):
            if not isinstance(figures.focus, Rows) or figures.focus.column(SDMX_ATTRIBUTE.confStatus):
                pairs = {SEX: _SEXES, AREA: _areas(data)}.get(along) or _ages(data, figures)
                yield from figures.given_away(data, pairs)


def status(basis: str, *expected: str) -> Form:
    """Observations with a population basis must have a status that goes with it, unless they are missing."""

    def find(data: Data, focuses: Sequence[Focus]) -> Iterator[Row]:
        codes = f"SELECT s FROM {data.predicate(SKOS.notation)} WHERE o = '\"{basis}\"'"
        whole = data.rows(f"SELECT s FROM {data.predicate(YK.populationBasis)} WHERE o IN ({codes})")
        for data_set in dict.fromkeys(each.data_set for each in components(data)):
            for focus in observations(data, focuses, data_set):
                told = f"SELECT focus AS node FROM ({focus.pairs(YK.populationBasis)}) WHERE value IN ({codes})"
                some = focus.sql if (data_set,) in whole else told
                good = ", ".join([sql(MISSING), *(f"'<{CODE}obsStatus-{each}>'" for each in expected)])
                right = f"SELECT focus FROM ({focus.pairs(SDMX_ATTRIBUTE.obsStatus)}) WHERE value IN ({good})"
                for (node,) in data.rows(f"SELECT DISTINCT node FROM ({some}) WHERE node NOT IN ({right})"):
                    yield {"this": data_set, "value": node}

    return find
