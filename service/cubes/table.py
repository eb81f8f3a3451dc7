"""An answer as rows, before it is written in any format; and why a value is not there."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from service.cubes.model import Code, Component, Cube, Measure, Names

Number = int | float | Decimal
COMPLETE, PARTIAL, SUPPRESSED, MISSING, ABSENT = "", "partial", "suppressed", "missing", "absent"
# How an asOf series compares with the boundaries asked for.
COMPARABLE, COMBINED, NOT_COMPARABLE = "comparable", "combined", "not-comparable"

# Why there is no value, or what there is to know of it. One row a state: Japanese, English.
STATES = {
    PARTIAL: Names("秘匿または欠測の内訳を除いた合計", "a sum without its suppressed or missing parts"),
    SUPPRESSED: Names("秘匿", "suppressed"),
    MISSING: Names("欠測（値が公表されていない）", "missing (no value was published)"),
    ABSENT: Names("この組み合わせの値は存在しない", "there is no figure for this combination"),
}
# What stands in a cell that has no other place to say why it is empty (pivoted tables, charts, maps).
MARKS = {SUPPRESSED: "X", MISSING: "…", ABSENT: "", PARTIAL: "*", COMPLETE: ""}
COUNTS = ("cells", "missing", "suppressed", "absent")


class Row(NamedTuple):
    """`key` are notations in the order of the table's keys; `attributes` IRIs or literals in that of its attributes.
    An observation is a sum of one cell. `absent` is None where how many cells there should be is not known."""

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


def marked(row: Row) -> str:
    """The value with its mark: `1234`, `1234*` for a sum that lacks parts, `X` suppressed, `…` missing.

    >>> marked(Row((), None, 0, 0, 1, 0)), marked(Row((), 5, 1, 1, 0, 0)), marked(Row((), None, 0, 0, 0, 1))
    ('X', '5*', '')
    """
    return ("" if row.value is None else plain(row.value)) + MARKS[row.state]


def plain(value: Number) -> str:
    """A number without exponent or trailing zeros.

    >>> plain(Decimal("66.0")), plain(1234), plain(0.5)
    ('66', '1234', '0.5')
    """
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
