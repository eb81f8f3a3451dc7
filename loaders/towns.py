"""Towns by the names that sources write: one spelling for comparison, and the keys that the areas have for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from loaders.errors import Unexpected
from loaders.registry import Registry


@dataclass(frozen=True)
class Towns:
    """The keys of the towns by ward and name."""

    keys: Mapping[tuple[str, str], str]

    def key(self, ward: str, name: str) -> str:
        """The key of the town of this ward (a six-digit code); some names of towns occur in two wards."""
        found = self.keys.get((ward, town_name(name)))
        if found is None:
            raise Unexpected(
                "その区の町の名前（loaders/datasets/areas の towns.csv・divided-towns.csv にあるもの）",
                "a town of the ward that towns.csv or divided-towns.csv of loaders/datasets/areas names",
            )
        return found


def of_registry(registry: Registry) -> Towns:
    """The towns in the registry of the areas, whose natural key is ward, town and minor section (koaza)."""
    return Towns({(ward, town_name(town)): key for (ward, town, koaza), key in registry.keys.items() if not koaza})


def town_name(text: str) -> str:
    """The name of a town in one spelling, for comparison: numerals of 丁目 in kanji, ヶ as ケ, without spaces.

    Katakana ニ before 丁目 stands for the numeral 二, which looks the same.

    >>> town_name("相生町１丁目"), town_name("桂台南ニ丁目"), town_name("新桜ヶ丘 12丁目")
    ('相生町一丁目', '桂台南二丁目', '新桜ケ丘十二丁目')
    """
    name = "".join(text.split()).replace("ヶ", "ケ").replace("ニ丁目", "二丁目")
    return re.sub(r"([0-9０-９]+)丁目", lambda match: f"{_kanji(int(match[1]))}丁目", name)


def _kanji(number: int) -> str:
    """A number below 100 in kanji."""
    digits = "一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else digits[tens - 1]) + ("十" if tens else "") + (digits[ones - 1] if ones else "")


def chome_of(town: str, whole: str) -> bool:
    """Whether a town is one of the 丁目 of the whole town.

    >>> chome_of("相生町一丁目", "相生町"), chome_of("本町通一丁目", "本町")
    (True, False)
    """
    return town.startswith(whole) and re.fullmatch("[一二三四五六七八九十]+丁目", town.removeprefix(whole)) is not None
