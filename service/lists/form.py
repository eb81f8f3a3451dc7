"""The parameters of a list → the fields of its search form, filled with what was asked. Works without script."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service import texts
from service.errors import BadRequestError
from service.lists.parameters import Parameter

Pairs = Sequence[tuple[str, str]]
# What the form leaves out: how an answer looks, where a page begins, what the page counts anyway.
ELSEWHERE = frozenset({"format", "bom", "lang", "after", "count", "facets"})
# Fields that stand in sight; the others are folded away until they are used.
FIRST = frozenset({"q", "dataset"})


@dataclass(frozen=True)
class Option:
    """A value to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One field. With `options` it is a choice (of several, if `many`), otherwise a line of text; `error` is empty
    where the value will do."""

    name: str
    label: str
    help: str
    value: str
    options: tuple[Option, ...]
    many: bool
    number: bool
    error: str

    @property
    def chosen(self) -> list[str]:
        return [each.label for each in self.options if each.chosen]

    @property
    def used(self) -> bool:
        return bool(self.error or self.value or self.chosen)

    @property
    def folded(self) -> bool:
        return self.name not in FIRST


def separated(given: Iterable[tuple[str, str]], parameters: Mapping[str, Parameter]) -> list[tuple[str, str]]:
    """What a form sends: without fields left empty, and with a pair for each of several values."""
    found = []
    for name, text in given:
        many = name in parameters and parameters[name].many
        found += [(name, each.strip()) for each in (text.split(",") if many else [text]) if each.strip()]
    return list(dict.fromkeys(found))


def fields(
    parameters: Mapping[str, Parameter], given: Pairs, problem: BadRequestError | None, language: str
) -> tuple[Field, ...]:
    """`problem` is what was wrong with one of the parameters."""
    asked: dict[str, list[str]] = {}
    for name, text in given:
        asked.setdefault(name, []).append(text)
    wrong = str(problem.fields.get("parameter", "")) if problem else ""
    shown = (each for each in parameters.values() if each.name not in ELSEWHERE)
    return tuple(
        _field(each, asked.get(each.name, []), _told(problem, language) if each.name == wrong else "", language)
        for each in shown
    )


def _told(problem: BadRequestError | None, language: str) -> str:
    return "" if problem is None else problem.ja if language == "ja" else problem.en


def _field(parameter: Parameter, asked: Sequence[str], error: str, language: str) -> Field:
    at = texts.LANGUAGES.index(language)
    options = tuple(
        Option(each.value, each.names[at], not {each.value, *each.names}.isdisjoint(asked))
        for each in parameter.choices
    )
    return Field(
        name=parameter.name,
        label=parameter.label[at] or parameter.name,
        help=parameter.ja if language == "ja" else parameter.en,
        value="" if options else ",".join(asked),
        options=options,
        many=parameter.many,
        number=parameter.schema.get("type") in {"integer", "number"},
        error=error,
    )
