"""Where in a source file: the fragment of its address in words (RFC 7111 for tables, 6901 for JSON, 5147 for text)."""

import re

from service import texts

# Fragment → the sentence that its numbers go into.
_PLACES = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (r"row=([0-9]+)", "row"),
        (r"col=([0-9]+)", "column"),
        (r"cell=([0-9]+),([0-9]+)", "cell"),
        (r"sheet=([0-9]+)", "sheet"),
        (r"sheet=([0-9]+)&cell=([0-9]+),([0-9]+)", "sheet_cell"),
        (r"(/.*)", "pointer"),
    )
)
# Positions lie between lines and are counted from 0 (RFC 5147, 2.1.2): line 12 is what lies from 11 to 12.
_LINES = re.compile(r"line=([0-9]+)(?:,([0-9]+))?")


def place(fragment: str, language: str) -> str:
    """Empty for what is no place in a file.

    >>> place("cell=3,6", "en"), place("row=3", "ja"), place("sheet=2&cell=7,3", "en"), place("col=8", "en")
    ('row 3, column 6', '3行目', 'sheet 2, row 7, column 3', 'column 8')
    >>> place("line=11,12", "en"), place("line=11,14", "ja"), place("line=11", "en"), place("/rows/西/7", "en")
    ('line 12', '12〜14行目', 'after line 11', 'at /rows/西/7')
    """
    if lines := _LINES.fullmatch(fragment):
        return _lines(int(lines[1]), lines[2], language)
    for pattern, key in _PLACES:
        if found := pattern.fullmatch(fragment):
            return texts.text(key, language, *found.groups())
    return ""


def _lines(start: int, end: str | None, language: str) -> str:
    if end is None:
        return texts.text("after_line", language, start)
    if int(end) == start + 1:
        return texts.text("line", language, end)
    return texts.text("lines", language, start + 1, end)
