"""A description → its page. Templates arrange; Jinja escapes everything that came from data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service import texts
from service.entities import PAGE_SIZE, Status
from service.examples import Example
from service.formats import GRAPH, carrying
from service.graph import TYPE, Graph, Term
from service.reading import (
    Label,
    Names,
    Reader,
    Section,
    Shown,
    Value,
    drawing,
    label_of,
    short,
    with_query,
)  # fmt: skip
from service.release import DataSet, Release
from service.schema_org import about_site, about_thing, data_block
from service.uris import UrlSpace

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Paging:
    """Which part of a list a page shows. `total` stops counting at a limit: then `more` is true."""

    page: int
    first: int
    last: int
    total: int
    more: bool
    previous: str
    next: str


class Pages:
    """Everything that becomes HTML. Values go in as terms and come out escaped."""

    def __init__(self, release: Release, urls: UrlSpace, examples: Sequence[Example], style: str) -> None:
        self._release = release
        self._urls = urls
        self._examples = examples
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            release=release,
            formats=carrying(GRAPH),
            style=urls.href("/static/site.css") + f"?v={style}",
            icon=urls.href("/static/icon.svg"),
            href=urls.href,
        )

    # --- pages --------------------------------------------------------------------------------

    def thing(
        self,
        graph: Graph,
        status: Status,
        names: Names,
        language: str,
        page: int,
        outline: str,
        query: str,
    ) -> bytes:
        """The page about a thing."""
        path = status.path
        reader = Reader(graph, names, self._urls, language, query)
        iri = self._urls.iri(path)
        title = reader.title(iri)
        shown = Shown(
            title=title,
            names=tuple(label_of(each) for each in graph.names(iri)),
            types=tuple(reader.value(each) for each in graph.objects(iri, TYPE)),
            facts=reader.facts(iri),
            figure=reader.figure(iri),
            map=drawing(graph, iri, outline),
            incoming=reader.incoming(iri),
            origins=reader.origins(self._urls.iri(self._urls.page(path))),
            sources=reader.sources(iri),
        )
        return self._render(
            "thing.html",
            language,
            self._urls.page(path),
            query=query,
            iri=iri,
            thing=shown,
            status=status,
            paging=self._paging(status, page, query),
            schema=about_thing(shown, iri, self._urls.url(self._urls.page(path))),
            alternates=[
                (each, self._urls.href(self._urls.data(path, each.extension)) + query) for each in carrying(GRAPH)
            ],
            credit=_credit(shown, self._release, iri, language),
        )

    def vocabulary(self, graph: Graph, path: str, names: Names, language: str, query: str) -> bytes:
        """The page about a vocabulary or a set of shapes, with each term in a section of its own."""
        iri = self._urls.iri(path)
        reader = Reader(graph, names, self._urls, language, query)
        terms = sorted(each for each in graph.subjects if each.startswith(f"{iri}#"))
        sections = [
            Section(each.partition("#")[2], reader.title(each), each, reader.facts(each))
            for each in terms
            if TYPE in graph.properties(each)
        ]
        return self._render(
            "vocabulary.html",
            language,
            path,
            query=query,
            iri=iri,
            title=reader.title(iri),
            facts=reader.facts(iri),
            sections=sections,
            schema=data_block({"@context": "https://schema.org/", "@type": "DefinedTermSet", "@id": iri}),
            alternates=[
                (each, self._urls.href(self._urls.data(path, each.extension)) + query) for each in carrying(GRAPH)
            ],
        )

    def home(self, links: Mapping[str, Sequence[Value]], language: str, query: str) -> bytes:
        """The first page: what there is, and a box to ask for it."""
        return self._render(
            "home.html",
            language,
            "/",
            query=query,
            data_sets=[self._data_set(each, language) for each in self._release.datasets],
            links=links,
            examples=self._examples,
            chosen=self._examples[0] if self._examples else None,
            schema=about_site(self._release, self._urls.url("/")),
        )

    def query_page(self, language: str, query: str = "", example: str = "") -> bytes:
        """The page that browsers get at /sparql: a box for a query, which works without script."""
        chosen = next((each for each in self._examples if each.name == example), None)
        asked = query or (chosen.text if chosen else "")
        return self._render(
            "query.html",
            language,
            "/sparql",
            query="",
            asked=asked or (self._examples[0].text if self._examples else ""),
            chosen=chosen,
            examples=self._examples,
            schema=data_block({"@context": "https://schema.org/", "@type": "WebAPI"}),
        )

    def links(
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

    def _render(self, template: str, language: str, path: str, **values: Any) -> bytes:
        other = next(each for each in texts.LANGUAGES if each != language)

        def say(key: str, *fillings: object) -> str:
            return texts.text(key, language, *fillings)

        html = self._environment.get_template(template).render(
            language=language,
            other=other,
            say=say,
            path=path,
            url=self._urls.url(path),
            other_href=f"{self._urls.href(path)}?lang={other}",
            **values,
        )
        return html.encode("utf-8", "replace")

    def _short(self, iri: str) -> str:
        return short(iri, self._urls.base_iri, self._release.prefixes)

    def _data_set(self, data_set: DataSet, language: str) -> Mapping[str, object]:
        title = data_set.title.get(language) or next(iter(data_set.title.values()), data_set.id)
        return {
            "title": title,
            "href": self._urls.link(data_set.iri),
            "about": data_set,
            "dump": self._urls.href(f"/dump/{Path(data_set.dump).name}") if data_set.dump else "",
        }

    def _paging(self, status: Status, page: int, query: str) -> Paging:
        first = (page - 1) * PAGE_SIZE + 1
        last = min(page * PAGE_SIZE, status.incoming)
        address = self._urls.href(self._urls.page(status.path))

        def at(number: int) -> str:
            return f"{address}{query}{'&' if query else '?'}page={number}"

        return Paging(
            page=page,
            first=first,
            last=last,
            total=status.incoming if status.counted_all else status.incoming - 1,
            more=not status.counted_all,
            previous=at(page - 1) if page > 1 else "",
            next=at(page + 1) if status.has_page(page + 1) else "",
        )


def _credit(shown: Shown, release: Release, iri: str, language: str) -> str:
    """A citation: what, attribution, licence, release, address."""
    origin = shown.origins[0] if shown.origins else None
    parts = [shown.title.text]
    if origin:
        parts += [each.text for each in origin.credits]
        parts += [origin.license.label.text] if origin.license else []
    parts += [f"{texts.text('release', language)} {release.id}", iri]
    return ". ".join(parts) if language == "en" else "。".join(parts)
