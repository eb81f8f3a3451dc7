"""Questions for visitors, one .rq each in service/examples/: shown beside the query box."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent.parent / "examples"
_TITLE = re.compile(r"^# (ja|en): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A query that can be sent anywhere: its BASE says what its relative IRIs mean."""

    name: str
    title: Mapping[str, str]
    text: str


def read_examples(base_iri: str, folder: Path = FOLDER) -> tuple[Example, ...]:
    """The examples in order of file name, against the base of a release."""
    return tuple(_example(path, base_iri) for path in sorted(folder.glob("*.rq")))


def _example(path: Path, base_iri: str) -> Example:
    content = path.read_text(encoding="utf-8")
    titles = dict(_TITLE.findall(content))
    name = path.stem.partition("-")[2]
    query = _TITLE.sub("", content).strip()
    return Example(name, MappingProxyType(titles), f"BASE <{base_iri}>\n{query}\n")
