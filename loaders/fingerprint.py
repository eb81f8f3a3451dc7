"""Whether a release is up to date: one number for all that it is made from. Imports nothing that is slow to import."""

import hashlib
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("ontology", "shapes", "loaders")
# Outside of these: the tables of lists.sqlite, which are written here and read there.
FILES = ("service/lists/pieces.py", "service/lists/tables.py")
SUFFIXES = frozenset({".ttl", ".py", ".csv", ".rq"})


def fingerprint(base: str) -> str:
    """Changes when a release built from here would differ: words, rules, programs, tables or base."""
    return _fingerprint(base, SUFFIXES)


def rules_fingerprint(base: str, root: Path = ROOT) -> str:
    """Changes with the words, rules, programs or base, whatever the tables say."""
    return _fingerprint(base, SUFFIXES - {".csv"}, root)


def _fingerprint(base: str, suffixes: Collection[str], root: Path = ROOT) -> str:
    digest = hashlib.sha256(base.encode())
    found = [path for folder in FOLDERS for path in sorted((root / folder).rglob("*")) if path.suffix in suffixes]
    for path in (*found, *(root / name for name in FILES)):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
