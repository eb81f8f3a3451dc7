"""Which codes a roll-up adds: never a total with its parts, never figures that are no parts of one whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from types import MappingProxyType

from service.cubes.model import Code, Cube, Dimension
from service.cubes.parameters import Selection, refused
from service.errors import BadRequestError


@dataclass(frozen=True)
class Plan:
    """`used` are the codes that each dimension contributes which the answer does not keep. `expected` is the number
    of cells of a group if none is absent; None where attributes tell groups apart. `agree` are the attributes in
    which the figures of a group must not differ."""

    selection: Selection
    keys: tuple[str, ...]
    used: Mapping[str, tuple[Code, ...]]
    expected: int | None
    agree: tuple[str, ...]

    @property
    def sums(self) -> bool:
        """Whether the answer holds sums, rather than observations."""
        return self.selection.group is not None


def plan(cube: Cube, selection: Selection) -> Plan:
    """How the selection is answered; BadRequestError where an addition would be wrong."""
    if selection.group is None:
        return Plan(selection, tuple(cube.dimension), MappingProxyType({}), None, ())
    used = {
        each.name: _used(each, selection.filters.get(each.name, ()))
        for each in cube.dimensions
        if each.name not in selection.group
    }
    _additive(selection, used)
    attributes = {each.name for each in cube.attributes}
    told_apart = attributes & {*selection.group, *selection.filters}
    single = {name for name, codes in selection.filters.items() if len(codes) == 1}
    return Plan(
        selection,
        selection.group,
        MappingProxyType(used),
        None if told_apart else prod(len(codes) for codes in used.values()),
        tuple(sorted(cube.varying - set(selection.group) - single)),
    )


def _used(dimension: Dimension, chosen: tuple[Code, ...]) -> tuple[Code, ...]:
    """The codes to add: the chosen ones, else the total, else the broadest codes."""
    codes = chosen or dimension.broadest
    if len(codes) < 2:
        return codes
    if dimension.alternatives:
        raise _alternatives(dimension, codes[-1])
    clash = dimension.clash(codes)
    if clash:
        raise _clash(dimension, *clash)
    return codes


def _additive(selection: Selection, used: Mapping[str, tuple[Code, ...]]) -> None:
    several = [name for name, codes in used.items() if len(codes) > 1]
    if several and not selection.measure.additive:
        name = selection.measure.name
        raise refused(
            "group",
            f"{name} is a share or rate and cannot be added; name {', '.join(several)} too, or choose one value of it",
            f"{name} は割合・率なので足せません。{'・'.join(several)} もgroupに入れるか、値を1つ選んでください",
        )


def _alternatives(dimension: Dimension, last: Code) -> BadRequestError:
    """`last` of the codes that were to be added is an example of what would do."""
    return refused(
        dimension.name,
        f"figures of different {dimension.label('en')} must not be added: add {dimension.name} to group, "
        f"or choose one value, such as {dimension.name}={last.notation}",
        f"{dimension.label('ja')}の異なる値は足せません。groupに {dimension.name} を加えるか、"
        f"{dimension.name}={last.notation} のように1つ選んでください",
        allowed=[f"group={dimension.name}", f"{dimension.name}={last.notation}"],
    )


def _clash(dimension: Dimension, whole: Code, part: Code) -> BadRequestError:
    return refused(
        dimension.name,
        f"{whole.notation} ({whole.label('en')}) and {part.notation} ({part.label('en')}) overlap: adding them would "
        f"count the same twice. Add {dimension.name} to group, or choose values that share nothing",
        f"{whole.notation}（{whole.label('ja')}）と {part.notation}（{part.label('ja')}）は重なるため、足すと二重に"
        f"数えます。groupに {dimension.name} を加えるか、重ならない値を選んでください",
    )


def differing(attribute: str, values: tuple[str, str]) -> BadRequestError:
    """A group holds figures of different kinds: two of the kinds are given by their notation."""
    one, other = values
    return refused(
        attribute,
        f"figures with {attribute} {one} and {other} must not be added: add {attribute} to group, "
        f"or choose {attribute}={one}",
        f"{attribute} が {one} の値と {other} の値は足せません。groupに {attribute} を加えるか、"
        f"{attribute}={one} のように選んでください",
        allowed=[f"group={attribute}", f"{attribute}={one}", f"{attribute}={other}"],
    )
