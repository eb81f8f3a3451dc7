"""Many problems said so that a person can read them: by kind, the first places of each, and the rest in a file."""

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path

from loaders.errors import Language, Problem

SHOWN = 3
_HEADERS = {
    "ja": ("ファイル", "行", "列", "あるべき値", "実際の値", "規則"),
    "en": ("file", "row", "column", "expected", "found", "rule"),
}


def lines(problems: Sequence[Problem], language: Language) -> list[str]:
    """A sentence for each problem; of a kind with many, the first ones and where the others are listed."""
    kinds: dict[str, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(problem.rule or problem.expected.en, []).append(problem)
    left_out = any(len(kind) > SHOWN for kind in kinds.values())
    path = write(problems, language) if left_out else None
    found = []
    for kind in sorted(kinds.values(), key=len, reverse=True):
        found += [problem.sentence(language) for problem in kind[:SHOWN]]
        if len(kind) > SHOWN:
            found.append(_more(len(kind) - SHOWN, path, language))
    return found


def _more(count: int, path: Path | None, language: Language) -> str:
    if language == "ja":
        return f"　…同じ種類の問題がほかに {count:,} 件あります。一覧: {path}"
    return f"  … and {count:,} more of this kind, all listed in {path}"


def write(problems: Sequence[Problem], language: Language) -> Path:
    """All problems as CSV in a new file of the temporary folder, with a byte order mark as spreadsheets need it."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="loaders-problems-", suffix=".csv", encoding="utf-8-sig", newline="", delete=False
    ) as file:
        writer = csv.writer(file)
        writer.writerow(_HEADERS[language])
        for each in problems:
            expected = each.expected.in_(language)
            writer.writerow((each.file, each.row or "", each.column or "", expected, each.found, each.rule or ""))
    return Path(file.name)
