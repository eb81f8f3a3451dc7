"""A publisher's file before it is published: which layout it has, what is wrong with it. Nothing is published."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from rdflib.namespace import SH

from loaders import cubes, gate, pipeline, release, sources
from loaders.dataset import DataSet, Given, Source
from loaders.errors import Language, Problem, Refused, Text, WrongCall
from loaders.fetch import SourceFile
from loaders.gate import Checked, Report
from loaders.progress import Progress
from loaders.table import other_header, read_header

AREAS = "areas"


@dataclass(frozen=True)
class Outcome:
    """What the rules say of a file that could be read. `problems` must be mended before the file is published."""

    file: str
    layout: Source
    rows: int
    checked: Checked

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(each.problem for each in self.checked.aside)

    def remarks(self, language: Language) -> list[str]:
        """What should be looked at, by rule."""
        start = f"/id/source/{self.layout.id}/"
        own = (finding for finding, place in self.checked.findings if start in str(place))
        return gate.summary(Report(tuple(each for each in own if each.severity != SH.Violation)), language)

    @property
    def verdict(self) -> Text:
        return Text(
            f"{self.file}: 問題はありません（様式 {self.layout.id}、{self.rows:,} 件）。",
            f"{self.file}: nothing wrong (layout {self.layout.id}, {self.rows:,} records).",
        )


def check(path: Path, layout: str | None, order: pipeline.Order, progress: Progress) -> Outcome:
    """Reads the file and runs the rules on it. Raises Refused with what is wrong, if it cannot be published at all.

    `layout` names a layout; None recognises it by the file's header.
    """
    if not path.is_file():
        raise WrongCall(f"{path} というファイルがありません。", f"There is no file {path}.")
    source = named(layout, order.data_sets) if layout else recognised(path, order.data_sets)
    areas = [each for each in order.data_sets if each.id == AREAS]
    own = [each for each in order.data_sets if each.source is source]
    with tempfile.TemporaryDirectory() as folder, release.draft(Path(folder), order.base) as draft:
        files = {source.id: [SourceFile(path)]}
        tables = sources.tables(areas, {}, progress)
        given = Given(sources.gazetteer(tables), source.registry())
        tables[source.id] = source.tidy(files[source.id], given)
        data_sets = [*areas, *own]
        pipeline.write(draft, data_sets, tables, files, progress)
        aside = gate.set_aside(draft, data_sets, order.validator, progress)
        columns = cubes.as_checked(draft, data_sets)
        checked = gate.check(draft, data_sets, columns, aside, order.validator, progress)
    return Outcome(path.name, source, sum(len(table.rows) for table in tables[source.id].values()), checked)


def layouts(data_sets: Sequence[DataSet]) -> dict[str, Source]:
    """The sources that one file is enough for, by their ids."""
    return {each.source.id: each.source for each in data_sets if each.source.header or len(each.source.patterns) == 1}


def named(layout: str, data_sets: Sequence[DataSet]) -> Source:
    known = layouts(data_sets)
    if layout not in known:
        raise WrongCall(
            f"「{layout}」という様式はありません。あるのは: {', '.join(known)}",
            f"There is no layout “{layout}”. There are: {', '.join(known)}",
        )
    return known[layout]


def recognised(path: Path, data_sets: Sequence[DataSet]) -> Source:
    """The layout that has the file's header, or else its name.

    Raises Refused with both headers where the file has at least half of the columns of a layout, WrongCall where it is
    like none.
    """
    known = layouts(data_sets)
    by_name = [each for each in known.values() if any(fnmatch(path.name, pattern) for pattern in each.patterns)]
    if path.suffix.lower() != ".csv":
        if not by_name:
            raise _unknown(path, known)
        return by_name[0]
    header = read_header(path)
    for source in known.values():
        if source.header == header:
            return source
    if by_name:
        return by_name[0]
    with_header = [each for each in known.values() if each.header]
    nearest = max(with_header, key=lambda each: len({*each.header} & {*header}))
    if 2 * len({*nearest.header} & {*header}) < len({*nearest.header}):
        raise _unknown(path, known)
    raise Refused([other_header(path.name, header, nearest.header)])


def _unknown(path: Path, known: Iterable[str]) -> WrongCall:
    return WrongCall(
        f"{path.name} の様式が分かりません。--layout で指定してください: {', '.join(known)}",
        f"The layout of {path.name} is not known. Name it with --layout: {', '.join(known)}",
    )
