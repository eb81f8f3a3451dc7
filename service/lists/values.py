"""Texts of a query string → values. Each function raises Unfit for what it cannot read."""

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from itertools import chain
from typing import TypeGuard

from service.lists.database import Code
from service.lists.selection import Cursor
from service.lists.tables import folded

JAPAN = timezone(timedelta(hours=9))
DEFAULT_LIMIT, MAX_LIMIT = 100, 1_000
MAX_WORDS, MAX_TEXT, MAX_WITHIN = 8, 100, 100_000
# Of more values than this an error names the first ones only.
MAX_NAMED = 60
_NUMBER = re.compile(r"[-+]?[0-9]{1,4}(\.[0-9]{1,15})?")


class Unfit(Exception):
    """A value that a parameter cannot have; says what would fit, in English and Japanese."""

    def __init__(self, en: str, ja: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(en)
        self.en = en
        self.ja = ja
        self.allowed = tuple(allowed)


def read_one_of(texts: Sequence[str], allowed: Sequence[str]) -> str:
    if texts[0] not in allowed:
        raise Unfit(f"one of {', '.join(allowed)}", f"次のいずれか: {'、'.join(allowed)}", allowed)
    return texts[0]


def read_list(texts: Sequence[str]) -> tuple[str, ...]:
    """Values by themselves or by commas, each once."""
    return tuple(dict.fromkeys(part.strip() for text in texts for part in text.split(",")))


def read_codes(texts: Sequence[str], codes: Mapping[str, Code]) -> tuple[str, ...]:
    """Values by themselves, by commas or by names, which several may share: towns of two wards do."""
    by_name: dict[str, list[str]] = {}
    for code in codes.values():
        for name in {code.ja, code.en} - {""}:
            by_name.setdefault(name, []).append(code.value)
    wanted = [part.strip() for text in texts for part in text.split(",")]
    found = [[text] if text in codes else by_name.get(text, []) for text in wanted]
    if not all(found):
        named = list(codes)[:MAX_NAMED]
        more = " …" if len(codes) > MAX_NAMED else ""
        listed = ", ".join(named) + more
        raise Unfit(f"one of {listed}", f"次のいずれか: {listed}", named)
    return tuple(dict.fromkeys(chain.from_iterable(found)))


def _numbers(text: str, count: int) -> list[float] | None:
    parts = [part.strip() for part in text.split(",")]
    fit = len(parts) == count and all(_NUMBER.fullmatch(part) for part in parts)
    return [float(part) for part in parts] if fit else None


def read_bbox(text: str) -> tuple[float, float, float, float]:
    numbers = _numbers(text, 4)
    if numbers:
        west, south, east, north = numbers
        if -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
            return west, south, east, north
    raise Unfit(
        "west,south,east,north in degrees, such as 139.60,35.43,139.66,35.47",
        "西端,南端,東端,北端（度。例 139.60,35.43,139.66,35.47）",
    )


def read_near(text: str) -> tuple[float, float]:
    numbers = _numbers(text, 2)
    if numbers and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180:
        return numbers[0], numbers[1]
    raise Unfit(
        "latitude,longitude in degrees, such as 35.444,139.638 (latitude first)",
        "緯度,経度（度。例 35.444,139.638。緯度が先）",
    )


def read_within(text: str) -> float:
    try:
        metres = float(text) if len(text) < 20 else math.nan
    except ValueError:
        metres = math.nan
    if not 0 < metres <= MAX_WITHIN:
        raise Unfit(f"metres, more than 0 and at most {MAX_WITHIN}", f"0より大きく{MAX_WITHIN}以下のメートル数")
    return metres


def read_open(text: str) -> datetime:
    if text == "now":
        return datetime.now(JAPAN)
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(JAPAN) if moment.tzinfo else moment.replace(tzinfo=JAPAN)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or "T" not in text:
        raise Unfit("“now” or a time such as 2026-04-01T10:00", "「now」または日時（例 2026-04-01T10:00）")
    return moment


def read_words(text: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(folded(text).split()))
    if not words or len(text) > MAX_TEXT or len(words) > MAX_WORDS or "\0" in text:
        raise Unfit(
            f"1 to {MAX_WORDS} words of at most {MAX_TEXT} characters together",
            f"1〜{MAX_WORDS}語（合わせて{MAX_TEXT}文字まで）",
        )
    return words


def read_limit(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= MAX_LIMIT:
        raise Unfit(f"a whole number from 1 to {MAX_LIMIT}", f"1〜{MAX_LIMIT}の整数")
    return int(text)


def write_cursor(cursor: Cursor) -> str:
    """
    >>> read_cursor(write_cursor(Cursor("あ", "141011"))) == Cursor("あ", "141011")
    True
    """
    content = json.dumps([cursor.value, cursor.identifier], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        value, identifier = json.loads(content)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        value = identifier = None
    if not _sortable(value) or not isinstance(identifier, str) or not _encodable(identifier):
        raise Unfit("the value of a `next` link, unchanged", "「next」のリンクにある値（そのまま）")
    return Cursor(value, identifier)


def _sortable(value: object) -> TypeGuard[str | float]:
    """Whether a list can be sorted by it: no NaN, no half of a surrogate pair."""
    return math.isfinite(value) if isinstance(value, float) else isinstance(value, str) and _encodable(value)


def _encodable(text: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in text)


def read_flag(text: str) -> bool:
    values = {"true": True, "1": True, "false": False, "0": False}
    if text not in values:
        raise Unfit("true or false", "true または false", ("true", "false"))
    return values[text]
