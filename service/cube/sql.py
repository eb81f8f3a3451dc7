"""SQL for DuckDB, put together from parts made here: quoted names, typed parameters, nothing of a query's text."""

from collections.abc import Sequence
from typing import Any


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class Parameters:
    """The values of one statement."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def add(self, value: Any, type_: str) -> str:
        """SQL that stands for the value."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"CAST(${name} AS {type_})"


def conjunction(conditions: Sequence[str]) -> str:
    return " AND ".join(f"({each})" for each in conditions) if conditions else "TRUE"


def union(selects: Sequence[str]) -> str:
    return " UNION ALL ".join(selects)
