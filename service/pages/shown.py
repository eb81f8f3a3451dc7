"""What a page shows, ready to be arranged: labels, values, facts, sections."""

from dataclasses import dataclass

from service import texts
from service.pages.maps import Drawing
from service.things.graph import Term


@dataclass(frozen=True)
class Label:
    """A text and the language that it is in, for a lang attribute; empty if it is in none."""

    text: str
    lang: str = ""


@dataclass(frozen=True)
class Value:
    """One value of a fact. `href` leads on; `facts` belong to a blank node."""

    label: Label
    href: str = ""
    external: bool = False
    kind: str = ""
    facts: tuple["Fact", ...] = ()


@dataclass(frozen=True)
class Fact:
    """A property, where it is explained, and its values."""

    name: Label
    href: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Figure:
    """The number of an observation with what makes it readable; where there is none, `number` says so, and `name` is
    empty."""

    name: Label
    number: str
    approximation: Label | None
    unit: Label | None
    status: Label | None
    confidentiality: Label | None


@dataclass(frozen=True)
class Origin:
    """A data set behind a description."""

    title: Label
    href: str
    modified: str


@dataclass(frozen=True)
class Section:
    """Terms of a vocabulary, or things that refer to another in the same way."""

    id: str
    name: Label
    href: str
    facts: tuple[Fact, ...] = ()
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Shown:
    """What the page about a thing shows."""

    title: Label
    names: tuple[Label, ...]
    types: tuple[Value, ...]
    facts: tuple[Fact, ...]
    figure: Figure | None
    map: Drawing | None
    incoming: tuple[Section, ...]
    origins: tuple[Origin, ...]
    licenses: tuple[Value, ...]
    credits: tuple[Label, ...]
    loads: tuple[Value, ...]
    sources: tuple[Value, ...]
    query: str

    @property
    def reading(self) -> Label | None:
        """How the name is read aloud."""
        return next((each for each in self.names if each.lang == "ja-Hrkt"), None)


def label_of(term: Term | None) -> Label:
    if term is None:
        return Label("")
    language = "ja-Hrkt" if term.language == texts.READING else term.language
    return Label(term.value, language)
