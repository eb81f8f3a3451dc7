"""Texts as they are to be spoken: what is not in the language of the page says which it is in (WCAG 2.1, 3.1.2)."""

import re

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from service.pages.shown import Label

# Kana, ideographs, and the signs that go with them; not “・”, which also stands between words of other languages.
_SIGN = "[\u3001-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff]"
_WORD = rf"{_SIGN}(?:\S*[^\s,.;:)])?"
_JAPANESE = re.compile(rf"{_WORD}(?:\s+{_WORD})*")


@pass_context
def spoken(context: Context, what: Label | str) -> Markup:
    """A filter: the text, escaped, with its language if that is known, and with what can only be Japanese marked."""
    label = what if isinstance(what, Label) else Label(what)
    inner = _marked(label.text, label.lang or context["language"])
    return Markup('<span lang="{}">{}</span>').format(label.lang, inner) if label.lang else inner


@pass_context
def lang(context: Context, what: Label | str) -> Markup:
    """A filter: the attribute for an element that can say its language only as a whole: an option, an image."""
    label = what if isinstance(what, Label) else Label(what)
    language = label.lang or ("ja" if _JAPANESE.search(label.text) else context["language"])
    return Markup("") if language == context["language"] else Markup(' lang="{}"').format(language)


def _marked(text: str, language: str) -> Markup:
    """
    >>> print(_marked("Aoba-ku. 神奈川県横浜市 1-2, row 3", "en"))
    Aoba-ku. <span lang="ja">神奈川県横浜市</span> 1-2, row 3
    >>> print(_marked("青葉区", "ja"))
    青葉区
    """
    if language.partition("-")[0] == "ja":
        return escape(text)
    pieces, at = [], 0
    for found in _JAPANESE.finditer(text):
        pieces += [escape(text[at : found.start()]), Markup('<span lang="ja">{}</span>').format(found[0])]
        at = found.end()
    return Markup("").join([*pieces, escape(text[at:])])
