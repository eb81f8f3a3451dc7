"""A description → its page. Templates arrange; Jinja escapes everything that came from data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service import texts
from service.formats import GRAPH, NTRIPLES, PARQUET, Format, carrying
from service.lists.tables import FILE as LISTS_FILE
from service.pages.doors import Doors
from service.pages.examples import Example
from service.pages.reading import Names, Reader, short, with_query
from service.pages.schema_org import about_site, about_thing, data_block, of_data_set
from service.pages.shown import Label, Section, Shown, Value, label_of
from service.pages.spoken import lang, spoken
from service.release import DataSet, Release
from service.things.descriptions import Describer, Description
from service.things.entities import Subject
from service.things.graph import DCAT, TYPE, Graph, Term
from service.uris import UrlSpace

TEMPLATES = Path(__file__).parent.parent / "templates"
GRAPHS = carrying(GRAPH)
# The lists of things that a release with lists.sqlite has.
LISTS = ("facilities", "areas", "datasets")
# What a page proposes to ask about its thing, whichever graph says something of it.
EXPLORE = """SELECT DISTINCT ?property ?value WHERE {{
  {{ <{iri}> ?property ?value }} UNION {{ GRAPH ?graph {{ <{iri}> ?property ?value }} }}
}}"""

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Paging:
    """Which part of what refers to a thing a page shows, and the addresses beside it, if any."""

    page: int
    previous: str
    next: str


class Pages:
    """Everything that becomes HTML. Values go in as terms and come out escaped. `listed` are the lists there are."""

    def __init__(self, release: Release, describer: Describer, examples: Sequence[Example], edition: str) -> None:
        self._release = release
        self._urls = urls = UrlSpace(release.base_iri)
        self._describer = describer
        self.edition = edition
        self._examples = examples
        lists = LISTS if (release.path / LISTS_FILE).is_file() else ()
        self.listed = (*lists, *(["observations"] if release.cubes else []))
        self._doors = Doors(urls, self.listed, [each.id for each in release.cubes])
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(spoken=spoken, lang=lang)
        self._environment.globals.update(
            release=release,
            formats=GRAPHS,
            style=urls.href("/static/site.css") + f"?v={edition}",
            icon=urls.href("/static/icon.svg"),
            href=urls.href,
            listed=self.listed,
        )
        # All of them now: a running service does not read what is put in their place later.
        for each in self._environment.list_templates():
            self._environment.get_template(each)

    # --- pages --------------------------------------------------------------------------------

    def document(self, described: Description, subject: Subject, language: str) -> bytes:
        """The page about a thing, a vocabulary or a set of shapes."""
        query = _chosen(language)
        names = {**self._named(described.graph), **self._observed(described.graph, subject, language)}
        reader = Reader(described.graph, names, self._urls, language, query, self._describer.dimensions)
        if subject.vocabulary:
            return self._vocabulary(described.graph, subject, reader, language, query)
        return self._thing(described, subject, reader, language, query)

    def _thing(self, described: Description, subject: Subject, reader: Reader, language: str, query: str) -> bytes:
        iri = self._urls.iri(subject.path)
        place = self._urls.page(subject.path)
        shown = reader.shown(iri, self._urls.iri(place), self._describer.outline(described.graph, iri))
        return self.render(
            "thing.html",
            language,
            place,
            [("page", str(subject.page))] if subject.page > 1 else [],
            found=not described.status.invalidated,
            query=query,
            iri=iri,
            thing=shown,
            status=described.status,
            doors=self._doors.of(described.graph, iri, language),
            is_file=subject.path.startswith("/id/source/"),
            is_report=subject.path == f"/graph/quality/{self._release.id}",
            paging=self._paging(subject, described.status.more, query),
            pointing=self._pointing(iri, shown, subject, described.status.more),
            schema=about_thing(shown, iri, self._urls.url(place), self._more(described, iri, language)),
            alternates=self._alternates(subject),
            credit=_credit(shown, self._release, iri, language),
            explore=EXPLORE.format(iri=iri),
        )

    def _more(self, described: Description, iri: str, language: str) -> Mapping[str, object]:
        """What search engines are told of a data set besides its name."""
        if f"{DCAT}Dataset" not in described.status.types:
            return {}
        return of_data_set(described.graph, iri, self._files(iri), language)

    def _files(self, data_set: str) -> Iterator[tuple[str, str]]:
        """Media type and address of each file that a data set can be taken as."""
        for name, each in self._release.dumps.items():
            if each.iri == data_set:
                yield NTRIPLES.media_type, self._urls.url(f"/dump/{name}")
        for cube in self._release.cubes:
            if cube.iri == data_set:
                yield PARQUET.media_type, self._urls.url(f"/cubes/{cube.id}.parquet")

    def _vocabulary(self, graph: Graph, subject: Subject, reader: Reader, language: str, query: str) -> bytes:
        """Each term in a section of its own, with the fragment of its IRI."""
        iri = self._urls.iri(subject.path)
        terms = sorted(each for each in graph.subjects if each.startswith(f"{iri}#"))
        sections = [
            Section(each.partition("#")[2], reader.title(each), each, reader.facts(each))
            for each in terms
            if TYPE in graph.properties(each)
        ]
        return self.render(
            "vocabulary.html",
            language,
            subject.path,
            query=query,
            iri=iri,
            title=reader.title(iri),
            facts=reader.facts(iri),
            sections=sections,
            schema=data_block({"@context": "https://schema.org/", "@type": "DefinedTermSet", "@id": iri}),
            alternates=self._alternates(subject),
        )

    def error(
        self, status: int, title: tuple[str, str], detail: tuple[str, str], language: str, path: str, kept: Pairs
    ) -> bytes:
        """What a browser gets instead of what it asked for with a path and parameters, in both languages."""
        at = texts.LANGUAGES.index(language)
        said = [Label(text, each) for text, each in zip(detail, texts.LANGUAGES, strict=True)]
        schema = data_block({"@context": "https://schema.org/", "@type": "WebPage"})
        return self.render(
            "error.html",
            language,
            path,
            kept,
            found=False,
            query=_chosen(language),
            status=status,
            title=title[at],
            details=[said[at], said[1 - at]],
            schema=schema,
        )

    def home(self, rows: Iterable[Mapping[str, Mapping[str, str]]], language: str) -> bytes:
        """The first page: what there is, and a box to ask for it. `rows` are the solutions of queries/home.rq."""
        query = _chosen(language)
        return self.render(
            "home.html",
            language,
            "/",
            query=query,
            data_sets=[self._data_set(each, language) for each in self._release.datasets],
            links=self._links(rows, language, query),
            examples=self._examples,
            chosen=self._examples[0] if self._examples else None,
            schema=about_site(self._release, self._urls.url("/")),
        )

    def query_page(self, language: str, query: str = "", example: str = "") -> bytes:
        """The page that browsers get at /sparql: a box for a query, which works without script."""
        chosen = next((each for each in self._examples if each.name == example), None)
        asked = query or (chosen.text if chosen else "")
        return self.render(
            "query.html",
            language,
            "/sparql",
            [(name, value) for name, value in (("query", query), ("example", example)) if value],
            query=_chosen(language),
            asked=asked or (self._examples[0].text if self._examples else ""),
            chosen=chosen,
            examples=self._examples,
            schema=data_block({"@context": "https://schema.org/", "@type": "WebAPI"}),
        )

    def reader(self, iris: Iterable[str], language: str) -> Reader:
        """Speaks of things by name, on pages that are about many. An observation's is what it is about."""
        names = {each: self._describer.names(each) for each in iris}
        for each in [iri for iri, found in names.items() if not found]:
            if said := self._describer.observed(each, "", language):
                names[each] = (Term(said, "literal"),)
        return Reader(Graph({}), names, self._urls, language, _chosen(language), self._describer.dimensions)

    def _links(
        self, rows: Iterable[Mapping[str, Mapping[str, str]]], language: str, query: str
    ) -> Mapping[str, list[Value]]:
        """The solutions of queries/home.rq as links, by kind."""
        found: dict[tuple[str, str], list[Term]] = {}
        for row in rows:
            key = (row["kind"]["value"], row["thing"]["value"])
            name = row.get("name")
            found.setdefault(key, [])
            if name:
                found[key].append(Term(name["value"], "literal", name.get("xml:lang", "").lower()))
        grouped: dict[str, list[Value]] = {}
        for (kind, iri), names in found.items():
            label = label_of(texts.best(names, language)) if names else Label(self._short(iri))
            link = with_query(self._urls.link(iri) or "", query)
            grouped.setdefault(kind, []).append(Value(label, link))
        return grouped

    # --- parts --------------------------------------------------------------------------------

    def render(
        self, template: str, language: str, path: str, kept: Pairs = (), *, found: bool = True, **values: Any
    ) -> bytes:
        """`kept` are the parameters that the page in the other language has too. A page without what was asked for
        (`found`) is not for search engines."""
        other = next(each for each in texts.LANGUAGES if each != language)
        url = self._urls.url(path)
        addresses = {each: _address(url, [*texts.in_address(each), *kept]) for each in texts.LANGUAGES}

        def say(key: str, *fillings: object) -> str:
            return texts.text(key, language, *fillings)

        html = self._environment.get_template(template).render(
            language=language,
            other=other,
            say=say,
            path=path,
            url=url,
            canonical=addresses[language] if found else "",
            translations={**addresses, "x-default": _address(url, kept)},
            other_href=_address(self._urls.href(path), [("lang", other), *kept]),
            **values,
        )
        return html.encode("utf-8", "replace")

    def _short(self, iri: str) -> str:
        return short(iri, self._urls.base_iri, self._release.prefixes)

    def _name(self, iri: str, language: str) -> str:
        name = texts.best(self._describer.names(iri), language)
        return name.value if name else self._short(iri)

    def _data_set(self, data_set: DataSet, language: str) -> Mapping[str, object]:
        title = data_set.title.get(language) or next(iter(data_set.title.values()), data_set.id)
        return {
            "title": title,
            "license": self._name(data_set.license, language),
            "href": self._urls.link(data_set.iri),
            "about": data_set,
            "dump": self._urls.href(f"/dump/{Path(data_set.dump).name}") if data_set.dump else "",
        }

    def _paging(self, subject: Subject, more: bool, query: str) -> Paging:
        address = self._urls.href(self._urls.page(subject.path))

        def at(number: int) -> str:
            return f"{address}{query}{'&' if query else '?'}page={number}"

        page = subject.page
        return Paging(page, at(page - 1) if page > 1 else "", at(page + 1) if more else "")

    def _pointing(self, iri: str, shown: Shown, subject: Subject, more: bool) -> int:
        """How much points to a thing, on all pages."""
        if subject.page > 1 or more:
            return self._describer.pointing_count(iri)
        return sum(len(each.values) for each in shown.incoming)

    def _alternates(self, subject: Subject) -> list[tuple[Format, str]]:
        page = f"?page={subject.page}" if subject.page > 1 else ""
        return [(each, self._urls.href(self._urls.data(subject.path, each.extension)) + page) for each in GRAPHS]

    def _observed(self, graph: Graph, subject: Subject, language: str) -> Names:
        """Names for the observations and findings that point to a thing, which have none of their own."""
        thing = self._urls.iri(subject.path)
        nameless = {each for _, each in graph.pointing_to(thing) if not graph.names(each)}
        told = {each: self._describer.observed(each, thing, language) for each in nameless}
        return {each: (Term(words, "literal"),) for each, words in told.items() if words}

    def _named(self, graph: Graph) -> Names:
        """What the properties of a graph are called."""
        properties = {name for each in graph.subjects.values() for name in each}
        return {each: self._describer.names(each) for each in properties}


def _chosen(language: str) -> str:
    """What keeps the language on the way to another page, whatever the visitor's browser prefers."""
    return f"?lang={language}"


def _address(url: str, parameters: Pairs) -> str:
    return f"{url}?{urlencode(parameters)}" if parameters else url


def _credit(shown: Shown, release: Release, iri: str, language: str) -> list[Label]:
    """The parts of a citation: what, attribution, licence, release, address."""
    licenses = [each.label for each in shown.licenses]
    published = Label(f"{texts.text('release', language)} {release.id}")
    return [shown.title, *shown.credits, *licenses, published, Label(iri)]
