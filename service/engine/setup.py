"""What a worker is told when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Setup:
    """A store, what queries on it may take for granted, and how much they may use. Sizes are in bytes.

    `release` is the folder of a release whose cubes answer for themselves; empty: the store answers everything.
    """

    store: str
    base_iri: str
    prefixes: Mapping[str, str]
    worker_bytes: int = 1024 * 1024 * 1024
    worn_bytes: int = 512 * 1024 * 1024
    spool_bytes: int = 1024 * 1024
    result_bytes: int = 1024 * 1024 * 1024
    nesting: int = 64
    merged_triples: int = 500_000
    release: str = ""
    planner_bytes: int = 512 * 1024 * 1024
    planner_threads: int = 2
