"""The codes of sexes, ages and figures from the many ways in which tables write them."""

import re
from collections.abc import Callable, Mapping

from loaders.errors import Unexpected
from loaders.layouts.grid import squeezed

# Column of a table → code of the sex.
SEXES = {"総数": "T", "男": "M", "女": "F"}


def sex(text: str) -> str:
    """`総数`, `男` or `女`."""
    code = SEXES.get(squeezed(text))
    if code is None:
        raise Unexpected(f"{'・'.join(SEXES)} のいずれか", f"one of {', '.join(SEXES)}")
    return code


def age(text: str) -> str:
    """The notation in </code/age> of a single year, a group, all ages, or age not stated.

    >>> age("  ０   ～  ４ 歳"), age("5歳"), age("100 歳 以 上"), age("15 歳 未 満"), age("総　数"), age("年齢不詳")
    ('Y0T4', 'Y5', 'Y100T', 'Y0T14', 'TOTAL', 'UNKNOWN')
    """
    value = squeezed(text)
    if value in _WORDS:
        return _WORDS[value]
    for pattern, notation in _FORMS.items():
        if match := re.fullmatch(pattern, value):
            return notation(*map(int, match.groups()))
    raise Unexpected("年齢（例: 5歳、0～4歳、100歳以上）", "an age such as 5歳, 0～4歳 or 100歳以上")


def age_up_to(last: int) -> Callable[[str], str]:
    """Ages of a table that writes its last group, `last` years and over, as if it were a single year."""

    def parse(text: str) -> str:
        code = age(text)
        return f"Y{last}T" if code == f"Y{last}" else code

    return parse


_WORDS = {"総数": "TOTAL", "合計": "TOTAL", "年齢不詳": "UNKNOWN"}
_FORMS: Mapping[str, Callable[..., str]] = {
    r"([0-9]{1,3})歳?": lambda years: f"Y{years}",
    r"([0-9]{1,3})歳以上": lambda years: f"Y{years}T",
    r"([0-9]{1,3})歳未満": lambda years: f"Y0T{years - 1}",
    r"([0-9]{1,3})[~〜-]([0-9]{1,3})歳?": lambda first, last: f"Y{first}T{last}",
}
