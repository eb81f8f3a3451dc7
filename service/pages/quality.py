"""Solutions about a report of the rules → what its page says of rules and findings, in one language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.pages.reading import Reader
from service.pages.shown import Label, Value
from service.things.graph import Term

Row = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Rule:
    """A rule (a shape) that found something, how grave that is, and how often it did."""

    iri: str
    severity: Label
    name: Value
    count: int


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found. `place` is where in the publisher's file it comes from, if that is known."""

    message: str
    about: Value
    value: Value | None
    place: Value | None


def iris(rows: Iterable[Row]) -> Iterator[str]:
    """Everything that the rows name, and the files that places lie in."""
    for row in rows:
        for term in row.values():
            if term["type"] == "uri":
                yield term["value"]
                yield term["value"].partition("#")[0]


def read_rules(rows: Iterable[Row], reader: Reader) -> list[Rule]:
    """From the solutions of queries/findings-by-rule.rq."""
    return [
        Rule(
            row["rule"]["value"],
            reader.title(row["severity"]["value"]),
            reader.value(_term(row["rule"])),
            int(row["n"]["value"]),
        )
        for row in rows
    ]


def read_findings(rows: Iterable[Row], reader: Reader, language: str) -> list[Finding]:
    """From the solutions of queries/findings.rq."""
    return [_finding(row, reader, language) for row in rows]


def _finding(row: Row, reader: Reader, language: str) -> Finding:
    """What a rule with a query of its own found stands in `value` and at the end of its message, as an IRI: the finding
    is about that, not about the thing that the query began with."""
    value, place = row.get("value"), row.get("place")
    found = value if value and value["type"] == "uri" else None
    message = row[language]["value"]
    return Finding(
        message=message.removesuffix(f": {found['value']}") if found else message,
        about=reader.value(_term(found or row["focus"])),
        value=reader.value(_term(value)) if value and not found else None,
        place=reader.value(_term(place)) if place else None,
    )


def _term(term: Mapping[str, str]) -> Term:
    kinds = {"uri": "iri", "bnode": "blank"}
    return Term(term["value"], kinds.get(term["type"], "literal"), term.get("xml:lang", ""), term.get("datatype", ""))
