"""An answer as rows, before it is written in any format; and why a value is not there."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from service.cubes.model import APPROXIMATION, Code, Component, Cube, Measure, Names

Number = int | float | Decimal
COMPLETE, PARTIAL, SUPPRESSED, MISSING, ABSENT = "", "partial", "suppressed", "missing", "absent"
COMPARABLE, COMBINED, NOT_COMPARABLE = "comparable", "combined", "not-comparable"

# How the figures of an asOf series compare with the boundaries asked for.
COMPARABILITY = {
    COMPARABLE: Names("比較可能", "comparable"),
    COMBINED: Names("合算により比較可能", "combined"),
    NOT_COMPARABLE: Names("比較不可", "not comparable"),
}
# Why there is no value, or what there is to know of it. One row a state: Japanese, English.
STATES = {
    PARTIAL: Names("秘匿または欠測の内訳を除いた合計", "a sum without its suppressed or missing parts"),
    SUPPRESSED: Names("秘匿", "suppressed"),
    MISSING: Names("欠測（値が公表されていない）", "missing (no value was published)"),
    ABSENT: Names("この組み合わせの値は存在しない", "there is no figure for this combination"),
    NOT_COMPARABLE: Names("区域が異なるため比べられない", "not comparable, since the boundaries differ"),
}
# What stands in a cell that has no other place to say why it is empty (pivoted tables, charts, maps).
MARKS = {SUPPRESSED: "X", MISSING: "…", ABSENT: "", NOT_COMPARABLE: "≠", PARTIAL: "*", COMPLETE: ""}
# What stands before a figure that is only about what it says, by the notation of its approximation.
APPROXIMATE = "≈"
APPROXIMATIONS = MappingProxyType({"about": APPROXIMATE, "more-than": ">"})
COUNTS = ("cells", "missing", "suppressed", "absent")


class Row(NamedTuple):
    """`key` are notations in the order of the table's keys; `attributes` IRIs or literals in that of its attributes.
    An observation is a sum of one cell. `absent` is None where how many cells there should be is not known.
    `comparability` is empty where there is no figure to compare."""

    key: tuple[str, ...]
    value: Number | None
    cells: int
    missing: int
    suppressed: int
    absent: int | None
    attributes: tuple[object, ...] = ()
    iri: str = ""
    comparability: str = ""
    method: Names = Names()

    @property
    def state(self) -> str:
        if self.value is not None:
            return PARTIAL if self.missing or self.suppressed else COMPLETE
        if self.comparability == NOT_COMPARABLE:
            return NOT_COMPARABLE
        if self.suppressed:
            return SUPPRESSED
        return MISSING if self.missing else ABSENT


@dataclass(frozen=True)
class Table:
    """`total` counts the rows of the whole answer, of which `rows` may be a page that starts at `offset`. `fixed` are
    the dimensions that the rows do not keep, with the codes that were added for each."""

    cube: Cube
    measure: Measure
    keys: tuple[Component, ...]
    attributes: tuple[Component, ...]
    rows: tuple[Row, ...]
    sums: bool
    fixed: tuple[tuple[Component, tuple[Code, ...]], ...] = ()
    as_of: str = ""
    total: int = 0
    offset: int = 0

    def place(self, name: str) -> int:
        """Where a component stands in the keys; ValueError if it does not."""
        return [each.name for each in self.keys].index(name)

    def used(self, name: str) -> Iterable[str]:
        """The notations of a key that occur, in the order of its codes; the empty one (nothing is stated) last."""
        place = self.place(name)
        occurring = dict.fromkeys(row.key[place] for row in self.rows)
        coded = [code.notation for code in self.keys[place].codes if code.notation in occurring]
        return [*coded, *(each for each in occurring if each not in self.keys[place].by_notation)]

    def stated(self, row: Row, name: str) -> object:
        """What a row says of an attribute, be it a key or not: the IRI of a code, a literal, or None."""
        for each, value in zip(self.attributes, row.attributes, strict=True):
            if each.name == name:
                return value
        for each, notation in zip(self.keys, row.key, strict=True):
            if each.name == name and notation in each.by_notation:
                return each.by_notation[notation].iri
        return None

    def code(self, row: Row, name: str) -> Code | None:
        """What a row says of an attribute, as one of the codes."""
        component = self.cube.components.get(name)
        return component.by_iri.get(str(self.stated(row, name))) if component else None

    def approximation(self, row: Row) -> Code | None:
        """How a figure is only about what it says, or more than it; None for one that is exact."""
        return self.code(row, APPROXIMATION)


def marked(table: Table, row: Row, thousands: str = "") -> str:
    """The value with its marks: `1234`, `1234*` for a sum that lacks parts, `≈1200` for what is about that, `X`
    suppressed, `…` missing, `≠` not comparable."""
    if row.value is None:
        return MARKS[row.state]
    approximation = table.approximation(row)
    before = APPROXIMATIONS.get(approximation.notation, APPROXIMATE) if approximation else ""
    return before + plain(row.value, thousands) + MARKS[row.state]


def plain(value: Number, thousands: str = "") -> str:
    """A number without exponent or trailing zeros.

    >>> plain(Decimal("66.0")), plain(1234, ","), plain(0.00001), plain(1e16)
    ('66', '1,234', '0.00001', '10000000000000000')
    """
    text = f"{Decimal(str(value)):{thousands}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
