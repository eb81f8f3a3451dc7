"""A release's cube file and what the store says of it → a Cube: read once, when it is first asked for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from service import release as published
from service.cubes.columns import Columns, quoted
from service.cubes.model import (
    COMPARABLE,
    About,
    Code,
    Component,
    Cube,
    Dimension,
    Measure,
    Names,
    in_order,
    parts_of,
)
from service.engine.lookup import Solution
from service.pages.reading import short
from service.things.entities import Entities
from service.things.graph import PROV, SDMX_ATTRIBUTE

DERIVED = f"{PROV}wasDerivedFrom"
UNIT = f"{SDMX_ATTRIBUTE}unitMeasure"
NUMBERS = frozenset({"integer", "decimal", "double"})
# More values than this are not a list of codes that a person could choose from.
MAX_ATTRIBUTE_CODES = 2_000

Parents = Mapping[str, frozenset[str]]
Shorten = Callable[[str], str]


@dataclass(frozen=True)
class Opening:
    """What is known before any cube is opened: the hierarchy of codes and areas."""

    columns: Columns
    entities: Entities
    parents: Parents

    async def head(self, file: published.CubeFile) -> Cube:
        """What a list of cubes tells of one: everything but its codes, without a look at its figures."""
        facts = _Facts(await self.entities.rows("cube-about", {"cube": file.iri}))
        named = facts.components()
        return Cube(
            id=file.id,
            iri=file.iri,
            dsd=file.dsd,
            rows=file.rows,
            about=facts.about(named, file),
            dimensions=tuple(_without_codes(each, named) for each in file.of_kind("dimension")),
            measures=_measures(file, facts, named),
            attributes=(),
            gaps=False,
            varying=frozenset(),
        )

    async def cube(self, file: published.CubeFile) -> Cube:
        facts = _Facts(await self.entities.rows("cube-about", {"cube": file.iri}))
        named = facts.components()
        known = _codes(await self.entities.rows("cube-attribute-codes", {"cube": file.iri}), self._short)
        observed = [each for each in file.components if each.attachment == "observation"]
        attributes = [
            await self._attribute(file, each, named, known.get(each.property, {}))
            for each in observed
            if each.kind == "attribute"
        ]
        measures = _measures(file, facts, named)
        return Cube(
            id=file.id,
            iri=file.iri,
            dsd=file.dsd,
            rows=file.rows,
            about=facts.about(named, file),
            dimensions=tuple([await self._dimension(file, each, named) for each in file.of_kind("dimension")]),
            measures=measures,
            attributes=tuple(attributes),
            gaps=await self._has_gaps(file, measures),
            varying=frozenset(each.name for each in attributes if len(each.codes) != 1 and each.name in COMPARABLE),
        )

    async def _dimension(
        self, file: published.CubeFile, component: published.Component, named: Mapping[str, Names]
    ) -> Dimension:
        name = component.name
        columns = ", ".join(quoted(each) for each in (name, f"{name}_code", f"{name}_ja", f"{name}_en"))
        rows = await self.columns.rows(f"SELECT DISTINCT {columns} FROM {quoted(file.id)}")  # noqa: S608 - our names
        found = [Code(str(iri), str(notation), Names(ja or "", en or "")) for iri, notation, ja, en in rows]
        codes = _told_apart(in_order(found), self._short)
        names = named.get(component.property, Names())
        parts = parts_of(codes, self.parents)
        coded = len({code.notation for code in found}) == len(found)
        return Dimension(name, component.property, names, codes, component.type, parts, coded)

    async def _attribute(
        self,
        file: published.CubeFile,
        component: published.Component,
        named: Mapping[str, Names],
        known: Mapping[str, Code],
    ) -> Component:
        """With the codes that occur; without any if its values are not codes, as the cells that figures came from."""
        names = named.get(component.property, Names())
        if component.type != "iri" or component.property == DERIVED:
            return Component(component.name, component.property, names, type=component.type)
        column = quoted(component.name)
        sql = f"SELECT DISTINCT {column} FROM {quoted(file.id)} WHERE {column} IS NOT NULL LIMIT ?"  # noqa: S608
        found = [iri for (iri,) in await self.columns.rows(sql, [MAX_ATTRIBUTE_CODES + 1])]
        if len(found) > MAX_ATTRIBUTE_CODES:
            return Component(component.name, component.property, names)
        codes = in_order(known.get(iri) or Code(iri, self._short(iri), Names()) for iri in found)
        return Component(component.name, component.property, names, _told_apart(codes, self._short))

    async def _has_gaps(self, file: published.CubeFile, measures: Sequence[Measure]) -> bool:
        present = ", ".join(f"count({quoted(each.name)})" for each in measures)
        rows = await self.columns.rows(f"SELECT {present} FROM {quoted(file.id)}") if measures else []  # noqa: S608
        return any(count < file.rows for row in rows for count in row)

    def _short(self, iri: str) -> str:
        return short(iri, self.entities.urls.base_iri, self.entities.release.prefixes)


def _without_codes(component: published.Component, named: Mapping[str, Names]) -> Dimension:
    names = named.get(component.property, Names())
    return Dimension(component.name, component.property, names, (), component.type, {}, False)


def _measures(file: published.CubeFile, facts: "_Facts", named: Mapping[str, Names]) -> tuple[Measure, ...]:
    return tuple(
        Measure(each.name, each.property, named.get(each.property, Names()), each.type, facts.code(UNIT))
        for each in file.of_kind("measure")
        if each.type in NUMBERS
    )


def parents_of(rows: Iterable[Solution]) -> Parents:
    """The solutions of queries/cube-parents.rq: code → codes one step up."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["code"]["value"], set()).add(row["parent"]["value"])
    return {code: frozenset(parents) for code, parents in found.items()}


class _Facts:
    """The solutions of queries/cube-about.rq by fact."""

    def __init__(self, rows: Iterable[Solution]) -> None:
        self._rows: dict[str, list[Solution]] = {}
        for row in rows:
            self._rows.setdefault(row["fact"]["value"], []).append(row)

    def about(self, named: Mapping[str, Names], file: published.CubeFile) -> About:
        codes = {each.property: self.code(each.property) for each in file.of_kind("attribute") if each.property != UNIT}
        return About(
            title=self._names("title") if "title" in self._rows else Names(file.id, file.id),
            description=self._names("description"),
            credit=self._names("credit"),
            license=self._first("license", "thing"),
            modified=self._first("modified", "value"),
            sources=tuple(sorted(row["thing"]["value"] for row in self._rows.get("source", ()))),
            facts=tuple((named.get(property_, Names()), code) for property_, code in codes.items() if code),
        )

    def components(self) -> Mapping[str, Names]:
        """Property → its name, for each component."""
        found: dict[str, list[Solution]] = {}
        for row in self._rows.get("component", ()):
            found.setdefault(row["thing"]["value"], []).append(row)
        return {property_: _names(rows) for property_, rows in found.items()}

    def code(self, attribute: str) -> Code | None:
        """The value of an attribute that is attached to the data set."""
        rows = self._rows.get(attribute, [])
        if not rows:
            return None
        iri, notation = rows[0]["thing"]["value"], rows[0].get("notation", {}).get("value")
        return Code(iri, notation or iri.replace("#", "/").rpartition("/")[2], _names(rows))

    def _names(self, fact: str) -> Names:
        return _names(self._rows.get(fact, ()))

    def _first(self, fact: str, variable: str) -> str:
        rows = self._rows.get(fact)
        return rows[0][variable]["value"] if rows else ""


def _names(rows: Iterable[Solution]) -> Names:
    texts = {row["value"].get("xml:lang", ""): row["value"]["value"] for row in rows if "value" in row}
    return Names(texts.get("ja", texts.get("", "")), texts.get("en", texts.get("", "")))


def _codes(rows: Iterable[Solution], shorten: Shorten) -> Mapping[str, Mapping[str, Code]]:
    """The solutions of queries/cube-attribute-codes.rq: attribute → IRI → code."""
    found: dict[str, dict[str, list[Solution]]] = {}
    for row in rows:
        found.setdefault(row["attribute"]["value"], {}).setdefault(row["code"]["value"], []).append(row)
    return {
        attribute: {
            iri: Code(iri, same[0].get("notation", {}).get("value") or shorten(iri), _names(same))
            for iri, same in codes.items()
        }
        for attribute, codes in found.items()
    }


def _told_apart(codes: Sequence[Code], shorten: Shorten) -> tuple[Code, ...]:
    """Codes of several lists may share a notation: then the shortened IRI stands for it."""
    notations = [code.notation for code in codes]
    if len(set(notations)) == len(notations):
        return tuple(codes)
    return in_order(Code(code.iri, shorten(code.iri), code.names) for code in codes)
