"""Keys minted once and never again: the memory that makes identifiers outlive corrections of names.

A registry is a CSV in a data set's folder: `key`, the columns that recognise a thing in the source
(its natural key), and `official_id`, empty until an official identifier is known. Rows are only added.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from loaders.table import Table, read_csv, write_csv


@dataclass
class Registry:
    """`key(prefix, natural)` finds the key of a thing or mints the next number of that prefix."""

    natural_columns: tuple[str, ...]
    keys: dict[tuple[str, ...], str]
    official_ids: Mapping[tuple[str, ...], str]
    minted: list[tuple[str, ...]] = field(default_factory=list)
    used: set[tuple[str, ...]] = field(default_factory=set)

    def key(self, prefix: str, natural: tuple[str, ...], digits: int = 4) -> str:
        """E.g. `key("141020-t", ("141020", "入江一丁目", ""))` → `141020-t0007`."""
        self.used.add(natural)
        if natural not in self.keys:
            number = 1 + max((_number(key, prefix) for key in self.keys.values()), default=0)
            self.keys[natural] = f"{prefix}{number:0{digits}d}"
            self.minted.append(natural)
        return self.keys[natural]

    @property
    def unused(self) -> list[str]:
        """Keys of things that the source no longer has; they stay reserved."""
        return [key for natural, key in self.keys.items() if natural not in self.used]


def read_registry(path: Path, natural_columns: tuple[str, ...]) -> Registry:
    """The registry at `path`; an empty one if there is no file yet."""
    if not path.exists():
        return Registry(natural_columns, {}, {})
    table = read_csv(path, _header(natural_columns))
    keys = {cells[1:-1]: cells[0] for cells in table.rows}
    official_ids = {cells[1:-1]: cells[-1] for cells in table.rows}
    return Registry(natural_columns, keys, official_ids)


def write_registry(path: Path, registry: Registry) -> None:
    rows = (
        (key, *natural, registry.official_ids.get(natural, ""))
        for natural, key in sorted(registry.keys.items(), key=lambda item: item[1])
    )
    write_csv(path, Table(path.name, _header(registry.natural_columns), tuple(rows)))


def _header(natural_columns: tuple[str, ...]) -> tuple[str, ...]:
    return ("key", *natural_columns, "official_id")


def _number(key: str, prefix: str) -> int:
    number = key.removeprefix(prefix)
    return int(number) if key.startswith(prefix) and number.isdigit() else 0
