"""Observations as a list: the rows of one cube's Parquet, filtered by the codes of its dimensions, in their order."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb

from service import texts
from service.errors import BadRequestError
from service.lists import values
from service.lists.database import Page, Thing
from service.lists.kinds import Column, Kind, Shown, Text
from service.lists.openapi import PASSED
from service.lists.parameters import Choice, Parameter, paging, refusal
from service.lists.selection import Cursor
from service.lists.tables import packed
from service.lists.values import DEFAULT_LIMIT, MAX_NAMED, Unfit
from service.release import Component, CubeFile, Release
from service.things.context_document import Context
from service.things.descriptions import Describer
from service.things.graph import QB, RDFS, TYPE, XSD

MEMORY = "256MB"
SEPARATOR = "\x1f"
# The list as such; the columns of its CSV are those of the cube asked for.
OBSERVATIONS = Kind("observations", "統計の値", "observations", (), (), (), located=False)
ATTRIBUTES = ("obsStatus", "confStatus", "populationBasis", "approximation")
# Of more codes than this a person cannot choose; they are typed.
MAX_CHOICES = 150
DATATYPES = {name: f"{XSD}{name}" for name in ("boolean", "decimal", "double", "integer")}


@dataclass(frozen=True)
class Question:
    """Which observations of which cube. `codes` are the notations wanted, by dimension, `after` those of the last."""

    cube: CubeFile
    codes: Mapping[str, tuple[str, ...]]
    limit: int
    after: tuple[str, ...]
    count: bool


class Observations:
    """The observations of one release. DuckDB may read the cubes' files and nothing else. `describer` gives the names
    of properties and the notations of codes, `credits` how each data set asks to be credited."""

    def __init__(
        self,
        release: Release,
        context: Context,
        describer: Describer,
        credits_: Mapping[str, str],
    ) -> None:
        self.cubes = {each.id: each for each in release.cubes}
        self._titles = {each.id: each.title for each in release.datasets}
        self._describer = describer
        self._choices: dict[tuple[str, str], tuple[Choice, ...]] = {}
        self._credits = credits_
        self._licenses = {each.iri: each.license for each in release.datasets}
        self._context = context
        self._files = {each.id: str((release.path / each.parquet).resolve()) for each in release.cubes}
        self._thread = ThreadPoolExecutor(1, "observations")

    def stop(self) -> None:
        self._thread.shutdown()
        if "_connection" in vars(self):
            self._connection.close()

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """Opened by whoever asks first: it takes 30 MB."""
        return _connect(list(self._files.values()))

    async def answer(self, given: Iterable[tuple[str, str]]) -> tuple[Kind, Page]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._answer, list(given))

    def _answer(self, given: list[tuple[str, str]]) -> tuple[Kind, Page]:
        question = self._read(given)
        return self._kind(question.cube), self._page(question)

    async def form(self, given: Iterable[tuple[str, str]]) -> Mapping[str, Parameter]:
        """The parameters that the cube asked for has; of none, which cubes there are."""
        wanted = next((value for name, value in given if name == "dataset"), "")
        if wanted not in self.cubes:
            return {"dataset": self.parameters["dataset"]}
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._form, self.cubes[wanted])

    def _form(self, cube: CubeFile) -> Mapping[str, Parameter]:
        known = self.parameters
        dimensions = {each.name: each for each in cube.of_kind("dimension")}
        chosen = {name: replace(known[name], choices=self._choice(cube, name)) for name in dimensions}
        return {"dataset": known["dataset"], **chosen, **{each.name: each for each in paging()}}

    def _choice(self, cube: CubeFile, dimension: str) -> tuple[Choice, ...]:
        """The codes that occur, with their names; none if they are too many to choose from."""
        key = (cube.id, dimension)
        if key not in self._choices:
            columns = ", ".join(_quoted(f"{dimension}_{each}") for each in ("code", *texts.LANGUAGES))
            sql = f"SELECT DISTINCT {columns} FROM read_parquet(?) ORDER BY 1 LIMIT ?"  # noqa: S608
            rows = self._connection.execute(sql, [self._files[cube.id], MAX_CHOICES + 1]).fetchall()
            few = rows if len(rows) <= MAX_CHOICES else []
            self._choices[key] = tuple(Choice(code, (ja or en or code, en or ja or code)) for code, ja, en in few)
        return self._choices[key]

    def _columns(self, cube: CubeFile) -> tuple[Column, ...]:
        """The columns of its CSV: codes and names of the dimensions, then measures, then attributes."""
        columns = [Column("observation", ("IRI", "IRI"), ("id",))]
        for each in cube.of_kind("dimension"):
            path, (ja, en) = (self._key(each),), self._label(each.name, each.property)
            columns.append(Column(each.name, (f"{ja}（コード）", f"{en} (code)"), path, "code"))
            columns.append(Column(f"{each.name}_name", (ja, en), path, "label"))
        for each in (*cube.of_kind("measure"), *_attributes(cube)):
            how = "text" if each.kind == "measure" else "code"
            columns.append(Column(each.name, self._label(each.name, each.property), (self._key(each),), how))
        return tuple(columns)

    def _shown(self, component: Component) -> Shown:
        return Shown(self._label(component.name, component.property), (self._key(component),))

    def _key(self, component: Component) -> str:
        """Where the JSON of an observation has the component."""
        known = self._context.forward.get(component.property, ())
        return known[0].name if known else self._context.compact(component.property)

    def _label(self, name: str, property_: str) -> Text:
        """What a component is called, in Japanese and English."""
        names = self._describer.names(property_)
        found = [texts.best(names, language) for language in ("ja", "en")]
        ja, en = (each.value if each else name for each in found)
        return ja, en

    def _kind(self, cube: CubeFile) -> Kind:
        """The list of one cube: the figure, then its dimensions and what is to be known of it."""
        shown = [self._shown(each) for each in cube.of_kind("dimension")]
        measures = [self._shown(each) for each in cube.of_kind("measure")]
        attributes = [self._shown(each) for each in _attributes(cube)]
        return replace(
            OBSERVATIONS,
            columns=self._columns(cube),
            shown=(*measures[1:], *shown, *attributes),
            figure=measures[0] if measures else None,
        )

    # --- parameters -----------------------------------------------------------------------------

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """`dataset`, every dimension that a cube has, and those of all lists."""
        example = next(iter(self.cubes), "")
        dataset = Parameter(
            "dataset",
            "The statistical data set; needed",
            "統計データセット（必須）",
            {"type": "string", "enum": list(self.cubes)},
            lambda texts: texts[0],
            example,
            required=True,
            label=("データセット", "Data set"),
            choices=tuple(Choice(each, self._title(each)) for each in self.cubes),
        )
        dimensions = {each.name: each for cube in self.cubes.values() for each in cube.of_kind("dimension")}
        filters = [
            Parameter(
                name,
                f"Only observations with these codes of {name}, where the data set has it",
                f"{name} のコードで絞り込む（その次元があるデータセットのみ）",
                {"type": "array", "items": {"type": "string"}},
                values.read_list,
                many=True,
                label=self._label(name, each.property),
            )
            for name, each in dimensions.items()
        ]
        return {each.name: each for each in (dataset, *filters, *paging())}

    def _title(self, cube: str) -> Text:
        title = self._titles.get(cube, {})
        return title.get("ja") or cube, title.get("en") or title.get("ja") or cube

    def _read(self, given: list[tuple[str, str]]) -> Question:
        texts: dict[str, list[str]] = {}
        for name, value in given:
            texts.setdefault(name, []).append(value)
        cube = self._cube(texts.pop("dataset", []))
        dimensions = [each.name for each in cube.of_kind("dimension")]
        known = {each.name: each for each in paging()}
        for name in texts:
            if name not in known and name not in dimensions and name not in PASSED:
                allowed = ["dataset", *dimensions, *known, *PASSED]
                raise BadRequestError(
                    f"There is no parameter “{name}” for {cube.id}. There are: {', '.join(allowed)}.",
                    f"{cube.id} に「{name}」というパラメータはありません。使えるのは {'、'.join(allowed)} です。",
                    parameter=name,
                    allowed=allowed,
                )
        paged = {name: known[name].value(texts[name]) for name in known if name in texts}
        cursor: Cursor | None = paged.get("after")
        return Question(
            cube=cube,
            codes={name: self._codes(cube, name, texts[name]) for name in dimensions if name in texts},
            limit=paged.get("limit", DEFAULT_LIMIT),
            after=_after(cursor, len(dimensions)),
            count=paged.get("count", False),
        )

    def _cube(self, texts: Sequence[str]) -> CubeFile:
        if len(texts) != 1 or texts[0] not in self.cubes:
            named = list(self.cubes)
            listed = ", ".join(named)
            raise refusal("dataset", texts, Unfit(f"one of {listed}", f"次のいずれか: {listed}", named))
        return self.cubes[texts[0]]

    def _codes(self, cube: CubeFile, name: str, texts: Sequence[str]) -> tuple[str, ...]:
        wanted = values.read_list(texts)
        column = _quoted(f"{name}_code")
        sql = f"SELECT DISTINCT {column} FROM read_parquet(?) ORDER BY 1"  # noqa: S608 - a name of the release's own
        known = [code for (code,) in self._connection.execute(sql, [self._files[cube.id]]).fetchall()]
        if not set(wanted) <= set(known):
            listed = ", ".join(known[:MAX_NAMED]) + (" …" if len(known) > MAX_NAMED else "")
            raise refusal(name, texts, Unfit(f"one of {listed}", f"次のいずれか: {listed}", known[:MAX_NAMED]))
        return wanted

    # --- rows -----------------------------------------------------------------------------------

    def _page(self, question: Question) -> Page:
        cube = question.cube
        keys = [_quoted(f"{each.name}_code") for each in cube.of_kind("dimension")]
        tests = [f"{_quoted(f'{name}_code')} IN ({_marks(codes)})" for name, codes in question.codes.items()]
        wanted = [code for codes in question.codes.values() for code in codes]
        later = [f"({', '.join(keys)}) > ({_marks(question.after)})"] if question.after else []
        where = " AND ".join([*tests, *later]) or "true"
        # Names of columns are those that the release lists; every value is a parameter.
        sql = f"SELECT * FROM read_parquet(?) WHERE {where} ORDER BY {', '.join(keys)} LIMIT ?"  # noqa: S608
        file = self._files[cube.id]
        found = self._connection.execute(sql, [file, *wanted, *question.after, question.limit + 1])
        columns = [each[0] for each in found.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        shown = rows[: question.limit]
        return Page(
            things=tuple(self._thing(cube, row) for row in shown),
            next=_cursor(cube, shown[-1]) if len(rows) > question.limit else None,
            total=self._total(file, tests, wanted) if question.count else None,
            facets={},
            notations=self._notations(cube, shown),
        )

    def _notations(self, cube: CubeFile, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """The notations of the codes in the rows: those of dimensions stand beside them."""
        dimensions = [each.name for each in cube.of_kind("dimension") if each.type == "iri"]
        found = {row[name]: row[f"{name}_code"] for name in dimensions for row in rows}
        codes = {row[each.name] for each in _attributes(cube) if each.type == "iri" for row in rows}
        return found | {code: self._describer.notation(code) for code in codes if code}

    def _total(self, file: str, tests: Sequence[str], wanted: Sequence[str]) -> int:
        sql = f"SELECT count(*) FROM read_parquet(?) WHERE {' AND '.join(tests) or 'true'}"  # noqa: S608
        found = self._connection.execute(sql, [file, *wanted]).fetchone()
        return int(found[0]) if found else 0

    def _thing(self, cube: CubeFile, row: Mapping[str, Any]) -> Thing:
        own = {TYPE: [[f"{QB}Observation", "iri"]], f"{QB}dataSet": [[cube.iri, "iri"]]}
        description: dict[str, Mapping[str, Sequence[Sequence[str]]]] = {row["observation"]: own}
        description[cube.iri] = self._describer.named(cube.iri)
        for each in cube.components:
            value = row.get(each.name)
            if value is not None:
                own[each.property] = [_term(each, value)]
                description |= self._named(each, row)
        credit, license_ = self._credits.get(cube.iri, ""), self._licenses.get(cube.iri, "")
        return Thing(0, "", row["observation"], packed(description), credit, license_, "")

    def _named(
        self, component: Component, row: Mapping[str, Any]
    ) -> Mapping[str, Mapping[str, Sequence[Sequence[str]]]]:
        """The code of an attribute, or of a dimension with the names that stand beside it, with the property by which
        it is named."""
        if component.kind == "attribute" and component.codes:
            return {row[component.name]: self._describer.named(row[component.name])}
        if component.kind != "dimension" or component.name not in self._context.keys:
            return {}
        scope = self._context.scopes.get(component.name)
        property_ = scope.keys["label"].iri if scope else f"{RDFS}label"
        names = [
            [row[f"{component.name}_{language}"], "literal", language]
            for language in ("ja", "en")
            if row.get(f"{component.name}_{language}")
        ]
        return {row[component.name]: {property_: names}} if names else {}


def _attributes(cube: CubeFile) -> list[Component]:
    """The attributes that stand beside figures in a CSV."""
    own = [each for each in cube.of_kind("attribute") if each.attachment == "observation" and each.name in ATTRIBUTES]
    return sorted(own, key=lambda each: ATTRIBUTES.index(each.name))


def _term(component: Component, value: Any) -> list[str]:
    """A value as descriptions have it (service/lists/tables.py)."""
    if component.type == "iri":
        return [value, "iri"]
    text = str(value).lower() if component.type == "boolean" else str(value)
    datatype = DATATYPES.get(component.type)
    return [text, "literal", "", datatype] if datatype else [text, "literal"]


def _cursor(cube: CubeFile, row: Mapping[str, Any]) -> Cursor:
    return Cursor("", SEPARATOR.join(str(row[f"{each.name}_code"]) for each in cube.of_kind("dimension")))


def _after(cursor: Cursor | None, dimensions: int) -> tuple[str, ...]:
    if cursor is None:
        return ()
    codes = tuple(cursor.identifier.split(SEPARATOR))
    if len(codes) != dimensions:
        raise refusal("after", [], Unfit("a `next` link of the same `dataset`", "同じ dataset の「next」のリンクの値"))
    return codes


def _marks(values_: Sequence[str]) -> str:
    return ", ".join("?" * len(values_))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _connect(files: list[str]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": MEMORY})
    connection.execute("SET allowed_paths = $paths", {"paths": files})
    for setting in ("temp_directory = ''", "enable_external_access = false", "lock_configuration = true"):
        connection.execute(f"SET {setting}")
    return connection
