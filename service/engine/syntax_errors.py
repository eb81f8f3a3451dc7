"""What is wrong with a text that is no query, in words that help whoever wrote it.

What the parser expected is a choice of characters and keywords that helps nobody. So the text itself is shown at the
word that is wrong, and why it is as far as that can be told.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from service.engine import late_errors
from service.engine.constants import as_sent, plain
from service.engine.faults import Fault
from service.engine.parsing import parse, readable, words_read
from service.engine.screen import without_service
from service.engine.tokens import CLOSE, COMMENT, LABEL, LAST_IN_NAMES, NAME, OPEN, OTHER, VARIABLE, WORD, Token, tokens

_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
_PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})
_LABEL = "a label used again"
# What the parser says where it is not about the next word.
_REASONS = MappingProxyType(
    {
        "Prefix not found": (
            "a prefix is not declared; /prefixes lists those that need not be",
            "宣言のない接頭辞です",
        ),
        "The SELECT contains a variable that is unbound": (
            "a variable is selected that is neither grouped by nor aggregated",
            "GROUP BYにも集計にもない変数を選んでいます",
        ),
        _LABEL: (
            "the label of a blank node is used in two graph patterns",
            "空白ノードのラベルを2つのグラフパターンで使っています",
        ),
        late_errors.NO_IRI: ("an IRI is not well-formed", "IRIの書き方が正しくありません"),
        late_errors.SELECTED_TWICE: ("a variable is selected twice", "同じ変数を2回選んでいます"),
        late_errors.ALL_GROUPED: (
            "SELECT * cannot stand with GROUP BY or an aggregate: name the variables",
            "GROUP BYや集計とSELECT *は併用できません。変数を書き並べてください",
        ),
        late_errors.OVERRIDDEN: (
            "SELECT gives a value to a variable that has one in the pattern",
            "パターン内で使われている変数に、SELECTで式の値を与えています",
        ),
        late_errors.BOUND_AGAIN: (
            "BIND gives a value to a variable that has been used before in the group",
            "グループ内で既に使われている変数に、BINDで値を与えています",
        ),
    }
)
_PAIRS = MappingProxyType({"(": ")", "[": "]", "{": "}"})
# Characters shown of a word, and before and after the place in its line.
_WORD, _BEFORE, _AFTER = 40, 50, 30


def syntax_fault(text: str, base_iri: str, prefixes: Mapping[str, str]) -> Fault:
    """What is wrong with a text that is no query, with line and column in the text as it was sent."""
    sent, text = text, plain(text)
    words: Sequence[Token] = [each for each in tokens(text) if each.kind != COMMENT]
    if update := _update(words):
        return Fault(
            400,
            f"{update} is SPARQL Update, which this endpoint refuses: the data are read-only.",
            f"{update}はSPARQL Updateです。このデータは読み取り専用のため、更新は受け付けません。",
            limit="read-only",
        )
    # Beginnings of the text are evaluated, so that none of them may ask another endpoint.
    _, tried, declared = without_service(readable(text, words), prefixes)
    attempt = partial(parse, base_iri=base_iri, prefixes=declared)
    if not _said(attempt, tried):
        read = _label_used_again(words)
        return _at(sent, text, words, read, _LABEL if read < len(words) else "")
    read = words_read(tried, words, attempt)
    said = _said(attempt, tried[: words[read].end] if read < len(words) else tried)
    if late_errors.NO_IRI in said:
        words, read = late_errors.half_read_iri(text, words, read)
    else:
        read, said = late_errors.made(tried, words, read, said, attempt)
    return _at(sent, text, words, read, said)


def _said(attempt: Callable[[str], None], text: str) -> str:
    """What the parser says about a text that is no query, and nothing about one that is."""
    try:
        attempt(text)
    except SyntaxError as error:
        return str(error)
    return ""


def _label_used_again(words: Sequence[Token]) -> int:
    """How many words precede the last label that another one equals."""
    seen: set[str] = set()
    last = len(words)
    for index, each in enumerate(words):
        if each.kind == LABEL:
            last = index if each.text in seen else last
            seen.add(each.text)
    return last


def _at(sent: str, text: str, words: Sequence[Token], read: int, said: str) -> Fault:
    """The fault of the word after so many that could be read. The text is the plain spelling of what was sent."""
    offset = as_sent(sent, words[read].start if read < len(words) else len(text))
    line, column = sent.count("\n", 0, offset) + 1, offset - sent.rfind("\n", 0, offset)
    before, found = (_shown(each[0].text, _WORD) if each else "" for each in (words[:read][-1:], words[read:][:1]))
    near, (why_en, why_ja) = _near(sent, offset), _reason(sent, words, read, said)
    en, ja = _stopped(before, found)
    return Fault(
        400,
        f"Syntax error in line {line}, column {column}: {en} in “{near}”{'; ' + why_en if why_en else ''}.",
        f"{line}行{column}文字目に構文の誤りがあります: {ja}（「{near}」）。{why_ja + '。' if why_ja else ''}",
        line=line,
        column=column,
        found=found,
        near=near,
    )


def _stopped(before: str, found: str) -> tuple[str, str]:
    """Between which words reading stopped; a word that is empty is an end of the text."""
    if before and found:
        return f"“{found}” cannot follow “{before}”", f"「{before}」の後に「{found}」は置けません"
    if before:
        return f"the query cannot end with “{before}”", f"問合せは「{before}」では終われません"
    if found:
        return f"a query cannot begin with “{found}”", f"問合せは「{found}」では始まりません"
    return "there is no query", "問合せがありません"


def _near(text: str, offset: int) -> str:
    """The line of a place, or the part of it around the place."""
    first, last = text.rfind("\n", 0, offset) + 1, text.find("\n", offset)
    last = len(text) if last < 0 else last
    start, end = max(first, offset - _BEFORE), min(last, offset + _AFTER)
    return ("…" if start > first else "") + _shown(text[start:end], end - start) + ("…" if end < last else "")


def _shown(text: str, most: int) -> str:
    """At most so many characters, none of which is invisible or would begin a line."""
    cut = text[:most] + ("…" if len(text) > most else "")
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in cut)


def _reason(sent: str, words: Sequence[Token], read: int, said: str) -> tuple[str, str]:
    """What is wrong, where the parser or the tokens tell; empty where they do not."""
    for known, reason in _REASONS.items():
        if known in said:
            return reason
    if any(map(_is_beyond, words[read:][:1])):
        return "such a name has no character beyond U+FFFF here", "このような名前にU+FFFFを超える文字は使えません"
    quote = next((each for each in words if each.kind == OTHER and each.text in "'\""), None)
    if quote is not None:
        line = _line(sent, quote)
        return f"the string that begins in line {line} does not end there", f"{line}行目で始まる文字列が閉じていません"
    return _brackets(sent, words[: read + 1], whole=read == len(words))


def _is_beyond(token: Token) -> bool:
    """Whether it is a name that Oxigraph cannot read. What follows the colon of one with a prefix it need not."""
    name = token.text.partition(":")[0] if token.kind == NAME else token.text
    return token.kind in {VARIABLE, NAME, LABEL} and max(name, default="") > LAST_IN_NAMES


def _brackets(sent: str, words: Sequence[Token], whole: bool) -> tuple[str, str]:
    """The bracket without its other half, if there is one; what is left open counts only at the end of the text."""
    opened: list[Token] = []
    for each in words:
        if each.kind == OPEN:
            opened.append(each)
        elif each.kind == CLOSE and opened and _PAIRS[opened[-1].text] == each.text:
            opened.pop()
        elif each.kind == CLOSE:
            line = _line(sent, each)
            return (
                f"“{each.text}” in line {line} closes nothing",
                f"{line}行目の「{each.text}」に対応する括弧がありません",
            )
    if not (opened and whole):
        return "", ""
    line, bracket = _line(sent, opened[-1]), opened[-1].text
    return f"“{bracket}” in line {line} is not closed", f"{line}行目の「{bracket}」が閉じていません"


def _line(sent: str, token: Token) -> int:
    return sent.count("\n", 0, as_sent(sent, token.start)) + 1


def _update(words: Sequence[Token]) -> str:
    """The first keyword after the prologue if it begins an update."""
    for token in words:
        if token.kind == WORD and token.text.upper() not in _PROLOGUE:
            return token.text.upper() if token.text.upper() in _UPDATES else ""
    return ""
