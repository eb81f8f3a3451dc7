"""What a data set is made of: the publisher's files, our tidy tables, the triples, the catalogue record."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import URIRef

from loaders.areas import Gazetteer
from loaders.errors import Text
from loaders.fetch import SourceFile
from loaders.rdf import Triple
from loaders.registry import Registry, read_registry
from loaders.statistics import Cube
from loaders.table import Table, read_csv, write_csv

Tables = Mapping[str, Table]


def no_periods(_tables: "Tables") -> set[str]:
    return set()


@dataclass(frozen=True)
class Given:
    """What a layout may look up: the areas, and the keys minted for its things so far."""

    areas: Gazetteer
    keys: Registry


@dataclass(frozen=True)
class Source:
    """One layout of a publisher's files, with the tidy tables that carry its facts.

    `tidy` turns the files into the tables named in `tables` (file name → header). It raises Refused when a file is
    not what it should be. The tables lie as CSV in `folder`; `python -m loaders embed` writes them. `header` is
    the first row of a CSV of this layout, by which a file is recognised. `natural_key` names what recognises a thing
    that has no identifier of its own, for the registry `keys.csv`. What is not `embedded` is only built from the
    publishers' files: its licence or origin is not clear enough to carry its facts over.
    """

    folder: Path
    patterns: tuple[str, ...]
    tables: Mapping[str, tuple[str, ...]]
    tidy: Callable[[list[SourceFile], Given], Tables]
    header: tuple[str, ...] = ()
    natural_key: tuple[str, ...] = ()
    embedded: bool = True

    @property
    def id(self) -> str:
        return self.folder.name.replace("_", "-")

    @property
    def registry_path(self) -> Path:
        return self.folder / "keys.csv"

    def registry(self) -> Registry:
        return read_registry(self.registry_path, self.natural_key)

    def read(self) -> "Embedded":
        """The embedded tables."""
        return Embedded(self.folder, self.tables)

    def write(self, tables: Tables) -> None:
        for name in self.tables:
            write_csv(self.folder / name, tables[name])


@dataclass(frozen=True)
class Embedded(Mapping[str, Table]):
    """The tables in a source's folder, each read when it is asked for: those of cubes are never held as rows."""

    folder: Path
    headers: Mapping[str, tuple[str, ...]]

    def __getitem__(self, name: str) -> Table:
        return read_csv(self.path(name), self.headers[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.headers)

    def __len__(self) -> int:
        return len(self.headers)

    def path(self, name: str) -> Path:
        return self.folder / name


def stored(tables: Tables, name: str, folder: Path) -> Path:
    """The table as a CSV file: where it is embedded, or written to `folder`."""
    if isinstance(tables, Embedded):
        return tables.path(name)
    write_csv(folder / name, tables[name])
    return folder / name


@dataclass(frozen=True)
class Publication:
    """The part of a catalogue record that the data sets of one source share.

    Where the file itself says nothing of a licence (`license_stated` is False), `license` is what its publisher's open
    data are under in general, and the record says so.
    """

    publisher: str
    license: str
    attribution: str
    frequency: str
    theme: str
    modified: str
    version: str
    license_stated: bool = True


@dataclass(frozen=True)
class DataSet:
    """A catalogue record and how its triples are made from the tables of its source.

    `expects` names the node shapes that must find something to check in this data set. `columns` says which column of
    the publisher's file a property was read from, for reports. `files` are the patterns of the source's files that the
    data set comes from, if not all. `periods` are the notations of the periods that its records name; those of
    observations are known. `set_aside_below` is the share of records that may be
    left out of a release because a rule of `shapes/` refuses them; at or above it the load stops. Zero, the default,
    lets nothing be left out. `cube` is set where the data are statistics.
    """

    id: str
    source: Source
    publication: Publication
    title: Text
    description: Text
    keywords: tuple[Text, ...]
    triples: Callable[[Tables, Gazetteer], Iterator[Triple]]
    expects: tuple[str, ...]
    files: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    set_aside_below: float = 0.0
    cube: Cube | None = None
    periods: Callable[[Tables], set[str]] = no_periods

    @property
    def iri(self) -> URIRef:
        return URIRef(f"/id/dataset/{self.id}")

    @property
    def graph(self) -> URIRef:
        """Names this version of the data; its triples lie in the default graph (MODEL 3.1)."""
        return URIRef(f"/graph/data/{self.id}/{self.publication.version}")


def of_cube(
    cube: Cube,
    source: Source,
    publication: Publication,
    *,
    title: Text,
    description: Text,
    keywords: tuple[Text, ...],
) -> DataSet:
    """The data set of a cube. Its observations are written by columns; the rules that must apply are the same for all.

    How to write a cube: see `loaders/statistics.py`.
    """
    return DataSet(
        cube.id, source, publication, title, description, keywords,
        triples=lambda _tables, _areas: cube.about(),
        expects=("statistics#ObservationShape", "statistics#DataSetShape"),
        cube=cube,
    )  # fmt: skip
