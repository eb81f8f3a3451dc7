"""A cube as the API speaks of it: dimensions with their codes, measures, attributes, and what lies within what."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

from service import texts

# The notations of totals: SDMX's own (`_T`) and those of its lists of sexes and ages.
TOTALS = frozenset({"T", "_T", "TOTAL"})
# Dimensions whose codes are alternatives or points in time: their figures are never parts of a whole.
ALTERNATIVES = frozenset({"refPeriod", "timePeriod", "freq", "projectionVariant", "indicator", "valueKind"})
ALTERNATIVES |= {"surveyQuestion", "measureType", "unitMeasure"}
# Attributes in which figures must agree before they are added.
COMPARABLE = ("populationBasis", "unitMeasure", "unitMult")
STATUS, CONFIDENTIALITY, VERSION, APPROXIMATION = "obsStatus", "confStatus", "refAreaVersion", "approximation"
# Attributes that a sum has too.
SHARED = (STATUS, VERSION, APPROXIMATION)
TIME, GEO = frozenset({"refPeriod", "timePeriod"}), frozenset({"refArea"})
# Units of shares: such figures cannot be added.
SHARES = frozenset({"http://qudt.org/vocab/unit/PERCENT"})
_AGES = re.compile(r"Y([0-9]+)(?:(T)([0-9]*))?")
_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True)
class Names:
    """What something is called; English falls back to Japanese and the other way round."""

    ja: str = ""
    en: str = ""

    def text(self, language: str) -> str:
        return (self.ja or self.en) if language == "ja" else (self.en or self.ja)


@dataclass(frozen=True)
class Code:
    """One value of a dimension or attribute. `notation` is what parameters and CSV use."""

    iri: str
    notation: str
    names: Names

    def label(self, language: str) -> str:
        return self.names.text(language) or self.notation


@dataclass(frozen=True)
class Component:
    """An attribute, or the common part of a dimension. `codes` are those that occur, in order; `type` says what its
    values are: iri, integer, decimal, double, string or boolean."""

    name: str
    iri: str
    names: Names
    codes: tuple[Code, ...] = ()
    type: str = "iri"

    def label(self, language: str) -> str:
        return self.names.text(language) or self.name

    def name_of(self, code: Code, language: str) -> str:
        """The label of one of the codes, with its notation if another has the same: two wards have a Sakuragicho."""
        label = code.label(language)
        if self._labels[language][label] < 2:
            return label
        return f"{label}（{code.notation}）" if language == "ja" else f"{label} ({code.notation})"

    @cached_property
    def _labels(self) -> Mapping[str, Counter[str]]:
        """Language → how many codes have a label."""
        return {language: Counter(code.label(language) for code in self.codes) for language in texts.LANGUAGES}

    @cached_property
    def by_notation(self) -> Mapping[str, Code]:
        return MappingProxyType({code.notation: code for code in self.codes})

    @cached_property
    def by_iri(self) -> Mapping[str, Code]:
        return MappingProxyType({code.iri: code for code in self.codes})

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """Notation → place in the order of the codes."""
        return MappingProxyType({code.notation: place for place, code in enumerate(self.codes)})

    def of_sum(self, values: Iterable[object]) -> object:
        """What an attribute says of a sum of figures for which it has these values: what it says of all of them. An
        approximation of any of them is one of the sum, by the first code of the list if there are several."""
        occurring = dict.fromkeys(values)
        if self.name == APPROXIMATION:
            return next((code.iri for code in self.codes if code.iri in occurring), None)
        return next(iter(occurring)) if len(occurring) == 1 else None

    @property
    def role(self) -> str:
        """The role of a dimension in JSON-stat: time, geo or none."""
        if self.name in TIME:
            return "time"
        return "geo" if self.name in GEO else ""


@dataclass(frozen=True)
class Dimension(Component):
    """`parts` gives the codes that lie within a code: notation → notations. `coded` is False where notations in the
    columns do not tell codes apart, so that their IRIs must."""

    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    coded: bool = True

    @property
    def alternatives(self) -> bool:
        return self.name in ALTERNATIVES

    def clash(self, chosen: Iterable[Code]) -> tuple[Code, Code] | None:
        """Two of the codes that share something: adding them would count it twice."""
        codes = list(chosen)
        names = {code.notation for code in codes}
        for code in codes:
            within = self.parts.get(code.notation, frozenset()) & names
            if within:
                return code, self.by_notation[min(within, key=lambda each: self.rank[each])]
        return _overlapping(codes)

    @cached_property
    def broadest(self) -> tuple[Code, ...]:
        """The codes that lie within no other: one if the dimension has a total."""
        inner = frozenset().union(*self.parts.values()) if self.parts else frozenset()
        return tuple(code for code in self.codes if code.notation not in inner)

    @cached_property
    def lies_in_order(self) -> bool:
        """Whether the order of the codes is that of their IRIs, by which files are sorted."""
        iris = [code.iri for code in self.codes]
        return iris == sorted(iris)

    @property
    def total(self) -> Code | None:
        """The code that holds all others."""
        return self.broadest[0] if len(self.broadest) == 1 and len(self.codes) > 1 else None


@dataclass(frozen=True)
class Measure:
    """`unit` is the data set's unit, if it has one for all. `number` is integer, decimal or double."""

    name: str
    iri: str
    names: Names
    number: str
    unit: Code | None

    @property
    def additive(self) -> bool:
        """Counts can be added; shares and rates cannot."""
        share = self.unit is not None and self.unit.iri in SHARES
        return not share and not self.name.lower().endswith(("share", "rate"))

    def label(self, language: str) -> str:
        return self.names.text(language) or self.name


@dataclass(frozen=True)
class About:
    """What the catalogue says of a cube."""

    title: Names
    description: Names
    credit: Names
    license: str
    modified: str
    sources: tuple[str, ...]
    facts: tuple[tuple[Names, Code], ...]


@dataclass(frozen=True)
class Cube:
    """`gaps` tells whether any observation lacks a value; `varying` are the attributes with several values."""

    id: str
    iri: str
    dsd: str
    rows: int
    about: About
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    attributes: tuple[Component, ...]
    gaps: bool
    varying: frozenset[str]

    @cached_property
    def components(self) -> Mapping[str, Component]:
        """Dimensions and attributes by name."""
        return MappingProxyType({each.name: each for each in (*self.dimensions, *self.attributes)})

    @cached_property
    def dimension(self) -> Mapping[str, Dimension]:
        return MappingProxyType({each.name: each for each in self.dimensions})

    @cached_property
    def status(self) -> Component | None:
        """The status of figures (SDMX obsStatus)."""
        return next((each for each in self.shared if each.name == STATUS), None)

    @cached_property
    def shared(self) -> tuple[Component, ...]:
        """The attributes that a sum has too, as `of_sum` makes them of those of its cells."""
        return tuple(each for each in self.attributes if each.name in SHARED and each.codes)

    def shared_beside(self, keys: Iterable[str]) -> tuple[Component, ...]:
        """Those that are no keys of the sums already."""
        return tuple(each for each in self.shared if each.name not in keys)

    @property
    def coded(self) -> tuple[Component, ...]:
        """The attributes that can be filtered and grouped by."""
        return tuple(each for each in self.attributes if each.codes)

    def role(self, role: str) -> Dimension | None:
        return next((each for each in self.dimensions if each.role == role), None)


def natural(notation: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts numbers within text by value.

    >>> sorted(["Y10T14", "Y5T9", "TOTAL"], key=natural)
    ['TOTAL', 'Y5T9', 'Y10T14']
    """
    parts = (part for part in _DIGITS.split(notation) if part)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def in_order(codes: Iterable[Code]) -> tuple[Code, ...]:
    """Totals first, the rest by notation."""
    return tuple(sorted(codes, key=lambda code: (code.notation not in TOTALS, natural(code.notation))))


def parts_of(codes: tuple[Code, ...], parents: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """Which codes lie within which: by the hierarchy of the store, by being a total, by the years of an age.

    `parents` is IRI → IRIs one step up.
    """
    known = {code.iri: code.notation for code in codes}
    found: dict[str, set[str]] = {}
    for code in codes:
        for iri in ancestors(code.iri, parents) & known.keys():
            found.setdefault(known[iri], set()).add(code.notation)
        if code.notation in TOTALS:
            found.setdefault(code.notation, set()).update(known.values())
    for code in codes:
        found.setdefault(code.notation, set()).update(_years_within(code, codes))
    return {whole: frozenset(parts - {whole}) for whole, parts in found.items() if parts - {whole}}


def ancestors(start: str, parents: Mapping[str, frozenset[str]]) -> set[str]:
    """Everything above, without the start itself even where the hierarchy has a loop."""
    seen: set[str] = set()
    ahead = list(parents.get(start, ()))
    while ahead:
        node = ahead.pop()
        if node not in seen:
            seen.add(node)
            ahead.extend(parents.get(node, ()))
    return seen - {start}


def ages(notation: str) -> tuple[int, int] | None:
    """The first and last completed year of an age group (`YaTb`, `YaT` and over, `Ya`); None for anything else.

    >>> ages("Y65T69"), ages("Y7"), ages("TOTAL")
    ((65, 69), (7, 7), None)
    """
    match = _AGES.fullmatch(notation)
    if not match:
        return None
    first = int(match[1])
    if not match[2]:
        return first, first
    return first, int(match[3]) if match[3] else 1_000


def _years_within(whole: Code, codes: tuple[Code, ...]) -> set[str]:
    span = ages(whole.notation)
    if span is None:
        return set()
    spans = ((code.notation, ages(code.notation)) for code in codes)
    return {name for name, other in spans if other and other != span and span[0] <= other[0] and other[1] <= span[1]}


def _overlapping(codes: Iterable[Code]) -> tuple[Code, Code] | None:
    """Two age groups that share years without one lying within the other."""
    found = [(span, code) for code in codes if (span := ages(code.notation))]
    spans = sorted(found, key=lambda each: each[0])
    for (first, one), (second, other) in pairwise(spans):
        if second[0] <= first[1]:
            return one, other
    return None
