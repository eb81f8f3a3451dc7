"""The page about a cube: choose values, look at charts, read the table, take the data away. Works without script."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from service.cubes import charts
from service.cubes.answers import Question, chart_selection, chart_types
from service.cubes.catalogue import Cubes
from service.cubes.model import APPROXIMATION, CONFIDENTIALITY, STATUS, VERSION, Code, Component, Cube
from service.cubes.parameters import Pairs, Presentation, Selection, says_something
from service.cubes.snippets import Snippet, snippets
from service.cubes.table import STATES, Table, marked
from service.cubes.words import say
from service.cubes.write_csv import key_text, pivoted
from service.errors import BadRequestError

PAGE_ROWS = 50
# Longer lists of codes are typed, not chosen from.
MAX_OPTIONS = 150
# What the form sends; the rest of a query string is about one format.
FORM = ("measure", "group", "asOf")


@dataclass(frozen=True)
class Choice:
    """A field of the form. `options` are notation, label, chosen; without any it is a field for text."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]
    text: str


@dataclass(frozen=True)
class Figure:
    """A chart with what it says in words and numbers. Without `address` it cannot be drawn: `note` says why."""

    type: str
    address: str
    png: str
    csv: str
    alternative: str
    notes: tuple[str, ...]
    table: tuple[Sequence[str], ...]
    note: str = ""


@dataclass(frozen=True)
class CubePage:
    """All that the template shows."""

    cube: Cube
    choices: tuple[Choice, ...]
    groups: tuple[tuple[str, str, bool], ...]
    as_of: str
    figures: tuple[Figure, ...]
    header: tuple[str, ...]
    value_column: int
    rows: tuple[tuple[str, Sequence[str]], ...]
    total: int
    previous: str
    next: str
    downloads: tuple[tuple[str, str], ...]
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True)
class Address:
    """The address of a cube without extension, relative and absolute, and what was asked."""

    href: str
    url: str
    pairs: Pairs

    def of(self, extension: str, **more: str) -> str:
        """The same question in another format; `more` parameters replace those of the question."""
        replaced = {*more, "format", "lang"}
        kept = [(name, value) for name, value in self.pairs if name not in replaced and says_something(name, value)]
        query = urlencode([*kept, *((name, value) for name, value in more.items() if value)], safe=",.*/")
        return f"{self.href}{extension}" + (f"?{query}" if query else "")

    def absolute(self, extension: str, **more: str) -> str:
        return replace(self, href=self.url).of(extension, **more)


async def page_of(cubes: Cubes, question: Question, address: Address) -> CubePage:
    cube, selection, language = question.cube, question.selection, question.language
    paged = selection if selection.limit is not None else replace(selection, limit=PAGE_ROWS)
    table = await cubes.table(cube, paged)
    types = chart_types(cube, selection, await cubes.outlines())
    figures = [await _figure(cubes, question, type_, address) for type_ in types]
    step = paged.limit or PAGE_ROWS
    most = cubes.most.rows if table.total > cubes.most.rows else 0
    return CubePage(
        cube=cube,
        choices=tuple(_choice(each, question) for each in _asked_for(cube)),
        groups=tuple((each.name, each.label(language), _kept(question, each.name)) for each in cube.dimensions),
        as_of=selection.as_of.isoformat() if selection.as_of else "",
        figures=tuple(figures),
        header=_header(table, language),
        value_column=len(table.keys),
        rows=tuple((row.iri, _cells(table, place, language)) for place, row in enumerate(table.rows)),
        total=table.total,
        previous=_page(address, table, -step, language) if table.offset else "",
        next=_page(address, table, step, language) if table.offset + len(table.rows) < table.total else "",
        downloads=_downloads(question, address, most),
        snippets=tuple(snippets(cube, selection, address.absolute(".csv", limit=str(most or ""), offset=""))),
    )


# --- the form -----------------------------------------------------------------------------------


def _asked_for(cube: Cube) -> list[Component]:
    """Not the versions of areas: they follow from area and period, and asOf is there to choose among them."""
    return [each for each in (*cube.dimensions, *cube.coded) if len(each.codes) > 1 and each.name != VERSION]


def _choice(component: Component, question: Question) -> Choice:
    chosen = question.selection.filters.get(component.name, ())
    text = ",".join(code.notation for code in chosen)
    options: Sequence[Code] = component.codes if len(component.codes) <= MAX_OPTIONS else ()
    labelled = [(code.notation, code.label(question.language), code in chosen) for code in options]
    newest_first = labelled[::-1] if component.role == "time" else labelled
    return Choice(component.name, component.label(question.language), tuple(newest_first), text)


def _kept(question: Question, name: str) -> bool:
    return question.selection.group is not None and name in question.selection.group


# --- charts -------------------------------------------------------------------------------------


async def _figure(cubes: Cubes, question: Question, type_: str, address: Address) -> Figure:
    """The chart of what was asked, or else of what was chosen without regard to what was to be kept apart."""
    try:
        return await _drawn(cubes, question, type_, address)
    except BadRequestError as problem:
        if question.selection.group is None:
            return Figure(type_, "", "", "", "", (), (), _why_not(problem, question))
        kept = [(name, value) for name, value in address.pairs if name != "group"]
        ungrouped = replace(question, selection=replace(question.selection, group=None))
        return await _figure(cubes, ungrouped, type_, replace(address, pairs=kept))


def _why_not(problem: BadRequestError, question: Question) -> str:
    """What to choose to get a chart, in the words of the form."""
    parameter, language = str(problem.fields.get("parameter", "")), question.language
    component = question.cube.components.get(parameter)
    if component:
        return say("choose_one", language, component.label(language))
    return (problem.ja if language == "ja" else problem.en).removeprefix(f"{parameter}: ")


async def _drawn(cubes: Cubes, question: Question, type_: str, address: Address) -> Figure:
    """BadRequestError if there is nothing that the chart could show. Of several periods it shows the latest if it can
    show one only."""
    language = question.language
    selection = await chart_selection(cubes, question.cube, question.selection, type_, of_several=True)
    table = await cubes.table(question.cube, selection, cubes.most_drawn)
    chart = await asyncio.to_thread(charts.DRAWINGS[type_], table, language, await cubes.outlines_of(table))
    images = {"type": type_, "lang": language, "limit": "", "offset": "", "pivot": "", "labels": "", "bom": ""}
    chosen = _parameters(selection)
    asked = question.selection.filters
    images |= {
        name: codes[0].notation for name, codes in selection.filters.items() if len(codes) < len(asked.get(name, ()))
    }
    return Figure(
        type=type_,
        address=address.of("/chart.svg", **images),
        png=address.of("/chart.png", **images),
        csv=replace(address, pairs=chosen).of(".csv", labels=language),
        alternative=chart.alternative,
        notes=chart.notes,
        table=tuple(_in_words(table, language, type_)),
    )


def _parameters(selection: Selection) -> Pairs:
    """A selection as the query string that would ask for it."""
    found = [(name, ",".join(code.notation for code in codes)) for name, codes in selection.filters.items()]
    found += [("group", ",".join(selection.group))] if selection.group is not None else []
    return [*found, ("asOf", selection.as_of.isoformat())] if selection.as_of else found


def _in_words(table: Table, language: str, type_: str) -> list[Sequence[str]]:
    """The figures of a chart as rows of text, the first a header; time goes down, another key across."""
    if type_ == "pyramid":
        return list(pivoted(charts.finest_ages(table), Presentation(language, False, "sex")))
    others = [each.name for each in table.keys if each.role != "time"]
    if len(table.keys) > 1 and others:
        return list(pivoted(table, Presentation(language, False, others[-1])))
    head = [*(each.label(language) for each in table.keys), table.measure.label(language)]
    return [head, *([*_keys(table, place, language), marked(table, row)] for place, row in enumerate(table.rows))]


# --- the table ----------------------------------------------------------------------------------


def _header(table: Table, language: str) -> tuple[str, ...]:
    extra = [say("cells", language)] if table.sums else []
    compared = [say("comparability", language)] if table.as_of else []
    named = [each.label(language) for each in table.keys]
    return (*named, table.measure.label(language), say("state", language), *extra, *compared)


def _cells(table: Table, place: int, language: str) -> list[str]:
    row = table.rows[place]
    extra = [str(row.cells)] if table.sums else []
    compared = [row.method.text(language)] if table.as_of else []
    value, status = marked(table, row, ","), _status(table, place, language)
    return [*_keys(table, place, language), value, status, *extra, *compared]


def _keys(table: Table, place: int, language: str) -> list[str]:
    row = table.rows[place]
    return [key_text(each, name, language) for each, name in zip(table.keys, row.key, strict=True)]


def _status(table: Table, place: int, language: str) -> str:
    """The state of a sum, status, confidentiality and approximation of the figures, in words."""
    row = table.rows[place]
    codes = [table.code(row, name) for name in (STATUS, CONFIDENTIALITY, APPROXIMATION)]
    state = [STATES[row.state].text(language)] if table.sums and row.state else []
    return "・".join([*state, *(code.label(language) for code in codes if code)])


def _page(address: Address, table: Table, step: int, language: str) -> str:
    offset = max(table.offset + step, 0)
    return address.of("", limit=str(abs(step)), offset=str(offset) if offset else "", lang=language)


def _downloads(question: Question, address: Address, most: int) -> tuple[tuple[str, str], ...]:
    """`most` is the number of rows that one answer may have if there are more, else 0: then only what can be taken in
    parts, of which CSV names the next in its Link header, and Parquet."""
    language, plain = question.language, {"limit": str(most or ""), "offset": ""}
    if most:
        # A pivot is never cut into pages.
        plain["pivot"] = ""
    part = f" ({say('first_rows', language, most)})" if most else ""
    found = [
        (f"CSV{part}", address.of(".csv", **plain)),
        (say("for_excel", language) + part, address.of(".csv", **plain, labels=language, bom="1")),
    ]
    if not most:
        found.append(("JSON-stat", address.of(".json", **plain, lang=language)))
        found.append(("JSON-LD", address.of(".jsonld", **plain)))
    if question.selection.as_of is None:
        found.append(("Parquet", address.of(".parquet", limit="", offset="")))
    return (*found, (say("whole", language), f"{address.href}.parquet"))
