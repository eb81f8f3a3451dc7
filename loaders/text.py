"""Text and numbers as Japanese public files write them. Parsers raise `Unexpected`, never guess."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from loaders.errors import Unexpected

# Private use (gaiji) and control characters have no agreed meaning outside the machine that wrote them.
UNSHARED = re.compile(r"[\uE000-\uF8FF\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]")


def plain(text: str) -> str:
    """NFC text without surrounding space; half-width kana and full-width letters are left as published."""
    value = unicodedata.normalize("NFC", text).strip().strip("\u3000")
    if UNSHARED.search(value):
        raise Unexpected("外字・制御文字のない文字列", "text without private-use or control characters")
    return value


def required(text: str) -> str:
    value = plain(text)
    if not value:
        raise Unexpected("空でない値", "a value, not an empty cell")
    return value


def folded(text: str) -> str:
    """Full-width digits, letters and signs as ASCII (NFKC), for numbers, codes and dates only."""
    return unicodedata.normalize("NFKC", text).strip()


def count(text: str) -> int:
    """A whole number ≥ 0; full-width digits and thousands commas are accepted, signs and fractions are not."""
    value = folded(text)
    if not re.fullmatch(r"[0-9]+|[0-9]{1,3}(,[0-9]{3})+", value):
        raise Unexpected("0以上の整数", "a whole number, 0 or more")
    return int(value.replace(",", ""))


def degrees(text: str) -> Decimal:
    """Decimal degrees as published, without loss: not a float."""
    value = folded(text)
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]+)?", value):
        raise Unexpected("10進数の緯度・経度", "decimal degrees")
    return number


def katakana(text: str) -> str:
    """A reading in katakana; may be empty where the source gives none."""
    value = plain(text)
    if not re.fullmatch(r"[\u30A1-\u30FA\u30FC\u30FB\u3000 0-9A-Za-z()（）-]*", value):
        raise Unexpected("カタカナ", "katakana")
    return value
