"""What a list answers from: things from lists.sqlite, observations from the files of cubes."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from service.lists.database import Lists, Page
from service.lists.kinds import Kind
from service.lists.observations import OBSERVATIONS, Observations
from service.lists.openapi import passed
from service.lists.parameters import Parameter, Parameters, parameters

Given = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Source:
    """A list: its parameters, those that a form for a request has, and how it answers."""

    kind: Kind
    parameters: Mapping[str, Parameter]
    form: Callable[[Given], Awaitable[Mapping[str, Parameter]]]
    ask: Callable[[Given], Awaitable[tuple[Kind, Page]]]


def of_things(kind: Kind, lists: Lists) -> Source:
    known = parameters(kind, lists)
    reader = Parameters(kind, known.table, passed(kind))

    async def form(_: Given) -> Mapping[str, Parameter]:
        return known.table

    async def ask(given: Given) -> tuple[Kind, Page]:
        return kind, await lists.page(reader.select(given))

    return Source(kind, known.table, form, ask)


def of_observations(observations: Observations) -> Source:
    return Source(OBSERVATIONS, observations.parameters, observations.form, observations.answer)
