"""The characters that names may have without remark are those of JIS X 0213."""

import re

import rdflib
from rdflib import URIRef
from rdflib.namespace import SH

BASE = "http://localhost:8000/"
# Python's codec has yen sign and overline in the place of two ASCII characters, and half-width kana besides.
HALF_WIDTH_KANA = range(0xFF61, 0xFFA0)


def known(character: str) -> bool:
    try:
        character.encode("shift_jis_2004")
    except UnicodeEncodeError:
        return False
    return ord(character) not in HALF_WIDTH_KANA


def test_the_pattern_is_jis_x_0213_and_ascii(shapes: rdflib.Graph) -> None:
    rule = URIRef(f"{BASE}shapes/characters#InJisX0213")
    pattern = re.compile(str(shapes.value(rule, SH.pattern)))
    printable = (chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0xD800), *range(0xE000, 0x30000)))
    wrong = [each for each in printable if bool(pattern.search(each)) != (each.isascii() or known(each))]
    assert not wrong


def test_a_character_outside_is_seen_in_the_middle_of_a_name(shapes: rdflib.Graph) -> None:
    pattern = str(shapes.value(URIRef(f"{BASE}shapes/characters#InJisX0213"), SH.pattern))
    assert re.search(pattern, "戸塚区〜")
    assert not re.search(pattern, "学校🏫です")
