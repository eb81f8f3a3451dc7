"""Dereferencing: the address of a thing answers 303, the address of its document 200 (W3C Cool URIs, 4.2).

/id/area/141178            303 → /doc/area/141178 or /data/area/141178.ttl, by Accept
/doc/… and /data/…         200 in a format by Accept, or by extension: /data/area/141178.ttl
/def/core, /shapes/area    200 likewise: their terms are fragments of them
/def/core/1.0.0            303 → /def/core, if that is its version
"""

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import NamedTuple

from starlette.types import Receive, Scope, Send

from service import texts
from service.errors import NotAcceptableError, NotFoundError
from service.formats import DOCUMENT, GEOJSON, HTML, JSONLD, PLAIN_JSON, Format, carrying, named, negotiate
from service.http.caching import Memory, entity_tag, http_date, unchanged
from service.http.known import as_asked
from service.http.links import EVERYWHERE, PAGE_POLICY, Link, alternates, link_header
from service.http.replies import RawHeaders, Reply, raw_headers
from service.pages.rendering import Pages
from service.things import imi, profiles
from service.things.asked import CONDITIONS, PREFERENCES, Asked, asked, kept, language_of, page_of
from service.things.context_document import IMMUTABLE as CONTEXT
from service.things.descriptions import Status
from service.things.entities import Entities, Subject
from service.uris import (
    DATA,
    VOCABULARIES,
    UrlSpace,
    ascii_url,
    split_extension,
)

FORMATS = carrying(DOCUMENT)
# What comes for `*/*` at the address of the data: there it is not the page.
DATA_FORMATS = tuple(each for each in FORMATS if each is not HTML)
# Of what has a place there is GeoJSON too, for those who ask for it.
EXTENSIONS = (*(each.extension for each in FORMATS), GEOJSON.extension)
CONTEXT_RELATION = "http://www.w3.org/ns/json-ld#context"
CACHE_CONTROL = "public, max-age=300"
VARY = "Accept, Accept-Profile"


class Variant(NamedTuple):
    """One representation of a page about a subject. `language` is empty where it makes no difference, `profile` where
    the words are our own."""

    subject: Subject
    format: Format
    language: str = ""
    fixed: bool = False
    profile: str = ""


class Documents:
    """An ASGI application for all addresses that things and documents have."""

    def __init__(self, entities: Entities, pages: Pages, edition: str, capacity: int) -> None:
        self._entities = entities
        self._pages = pages
        self._release = entities.release
        self._urls: UrlSpace = entities.urls
        self._edition = edition
        self._replies: Memory[Reply] = Memory(capacity)
        # Requests as they came → the representation that answers them.
        self._variants: Memory[Variant] = Memory(capacity // 4)
        self._thread = ThreadPoolExecutor(1, "pages")
        # What makes plain JSON into JSON-LD (JSON-LD 1.1, 6.1).
        self._context = Link(self._urls.url(CONTEXT), CONTEXT_RELATION, JSONLD.media_type)
        self._void = str(Link(self._urls.href("/.well-known/void"), "describedby"))
        self._dated = raw_headers({"Last-Modified": http_date(self._release.created), "Cache-Control": CACHE_CONTROL})
        self._everywhere = raw_headers({**EVERYWHERE, "X-Release": self._release.id})

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        reply = await self.answer(asked(scope))
        await reply.send(send)

    def known(self, target: bytes, headers: RawHeaders) -> Reply | None:
        """The answer to a GET, or the 304 for it, if it is remembered and was asked for in the same words before."""
        variant = self._variants.get(as_asked(target, headers, PREFERENCES))
        reply = self._replies.get(variant) if variant else None
        if reply is None:
            return None
        conditions = {name.decode(): value.decode("latin-1") for name, value in headers if name in CONDITIONS}
        return reply.unmodified if unchanged(conditions, reply.tag, self._release.created) else reply

    async def answer(self, request: Asked) -> Reply:
        """ServiceError for all that is neither a redirect nor a document."""
        kind = request.path[1:].partition("/")[0]
        if kind in VOCABULARIES:
            return await self._vocabulary(request)
        if self._urls.is_thing(request.path):
            return await self._thing(request)
        return await self._document(request)

    @property
    def remembered(self) -> int:
        """Bytes that remembered answers take, about."""
        return self._replies.weight

    # --- things ---------------------------------------------------------------------------------

    async def _thing(self, request: Asked) -> Reply:
        """303 to the document in the format asked for; 410 for what was withdrawn, 404 for what never was."""
        subject = Subject(request.path)
        status = await self._status(subject)
        profile = self._profile(request, status)
        variant = self._variant(request, subject, _offered(request, status, FORMATS, profile), profile=profile)
        if status.invalidated:
            return await self._represent(request, variant, status)
        places = self._places(subject)
        place = self._urls.href(self._urls.page(subject.path)) if variant.format is HTML else places[variant.format]
        described = Link(self._urls.url(self._urls.page(subject.path)), "describedby")
        headers = {
            "Location": place + kept(request.query),
            "Vary": VARY,
            "Cache-Control": CACHE_CONTROL,
            "Link": f"{self._links(variant, status, places)}, {described}",
        }
        return Reply(303, [*raw_headers(headers), *self._everywhere])

    async def _status(self, subject: Subject) -> Status:
        status = await self._entities.status(subject)
        if status is None:
            raise self._unknown(subject)
        return status

    def _unknown(self, subject: Subject) -> NotFoundError:
        iri = self._urls.iri(subject.path)
        page = f", page {subject.page}" if subject.page > 1 else ""
        return NotFoundError(
            f"Nothing is known of {iri}{page} in release {self._release.id}.",
            f"{iri}{page} は公開版 {self._release.id} にありません。",
            iri=iri,
        )

    # --- documents ------------------------------------------------------------------------------

    async def _document(self, request: Asked) -> Reply:
        """The document about a thing. A dot in its last segment may name a format or belong to its name."""
        stem, extension = split_extension(request.path, EXTENSIONS)
        for path, ending in ((stem, extension), (request.path, "")):
            thing = self._urls.thing(path)
            subject = Subject(thing, page_of(request)) if thing and self._urls.is_thing(thing) else None
            if subject and (not extension or await self._entities.status(subject)):
                return await self._represented(request, subject, ending)
        raise self._unknown(Subject(self._urls.thing(stem) or request.path))

    async def _vocabulary(self, request: Asked) -> Reply:
        """A vocabulary or a set of shapes; the address of its version leads to it."""
        stem, extension = split_extension(request.path, EXTENSIONS)
        if self._urls.thing(stem):
            return await self._represented(request, Subject(stem, vocabulary=True), extension)
        module = request.path.rpartition("/")[0]
        described = (
            await self._entities.description(Subject(module, vocabulary=True)) if module.count("/") > 1 else None
        )
        version = self._urls.iri(request.path)
        if described is None or version not in {term.value for term in described.graph.terms() if term.is_iri}:
            raise self._unknown(Subject(request.path))
        headers = {"Location": self._urls.href(module) + kept(request.query), "Cache-Control": CACHE_CONTROL}
        return Reply(303, [*raw_headers(headers), *self._everywhere])

    async def _represented(self, request: Asked, subject: Subject, extension: str) -> Reply:
        offered = DATA_FORMATS if request.path.startswith(DATA) else FORMATS
        profile = ""
        if _is_special(request, extension):
            status = await self._status(subject)
            profile = self._profile(request, status)
            if profile and subject.page > 1:
                raise self._unknown(subject)
            offered = _offered(request, status, FORMATS if extension else offered, profile, extension)
        chosen = named(extension, offered if profile or extension == GEOJSON.extension else FORMATS)
        if extension and chosen is None:
            raise self._not_acceptable(subject, offered)
        fixed = bool(extension)
        variant = self._variant(request, subject, (chosen,) if chosen and fixed else offered, fixed, profile)
        self._variants.put(request.as_asked, variant, request.as_asked.weight)
        known = self._replies.get(variant)
        if known is None:
            return await self._represent(request, variant, await self._status(subject))
        return known.unmodified if unchanged(request.headers, known.tag, self._release.created) else known

    def _profile(self, request: Asked, status: Status) -> str:
        """The profile that was asked for, if there is a representation of the thing that keeps to it."""
        token, insisted = profiles.asked_for(request.parameters, request.headers.get("accept-profile"))
        if not token or imi.covers(status.types):
            return token
        if insisted:
            raise NotAcceptableError(
                f"There is no representation of this thing in the profile {token}: it is for facilities and areas.",
                f"プロファイル {token} で表せるのは施設と地域だけです。",
                profile=profiles.PROFILES[token],
            )
        return ""

    def _variant(
        self, request: Asked, subject: Subject, offered: tuple[Format, ...], fixed: bool = False, profile: str = ""
    ) -> Variant:
        format_ = offered[0] if fixed else negotiate(request.headers.get("accept"), offered)
        if format_ is None:
            raise self._not_acceptable(subject, offered)
        language = language_of(request) if format_ is HTML else ""
        return Variant(subject, format_, language, fixed, profile)

    def _not_acceptable(self, subject: Subject, offered: Iterable[Format]) -> NotAcceptableError:
        places = self._places(subject)
        available = {each.media_type: places[each] for each in offered}
        links = [Link(url, "alternate", media_type) for media_type, url in available.items()]
        return NotAcceptableError(
            f"None of the formats there are is accepted: {', '.join(available)}.",
            f"受け入れられる形式がありません。提供している形式: {'、'.join(available)}",
            headers={"Link": link_header(links)},
            available=available,
        )

    async def _represent(self, request: Asked, variant: Variant, status: Status) -> Reply:
        """Makes the representation, unless the client has it already."""
        code = 410 if status.invalidated else 200
        tag = self._tag(variant)
        headers = self._headers(variant, status, tag)
        if code == 200 and unchanged(request.headers, tag, self._release.created):
            return Reply(200, headers, tag=tag).unmodified
        made = Reply(code, headers, await self._body(variant), tag)
        self._replies.put(variant, made, made.weight)
        return made

    async def _body(self, variant: Variant) -> bytes:
        ready = self._entities.ready(variant.subject, variant.format, variant.profile)
        if ready is not None:
            return ready
        described = await self._entities.description(variant.subject)
        if described is None:
            raise self._unknown(variant.subject)
        if variant.format is not HTML:
            return self._entities.serialise(described.graph, variant.subject.path, variant.format, variant.profile)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._thread, self._pages.document, described, variant.subject, variant.language
        )

    # --- headers --------------------------------------------------------------------------------

    def _headers(self, variant: Variant, status: Status, tag: str) -> RawHeaders:
        format_ = variant.format
        places = self._places(variant.subject)
        page = {"Content-Language": variant.language, "Content-Security-Policy": PAGE_POLICY} if format_ is HTML else {}
        headers = {
            "Content-Type": format_.content_type,
            "Content-Location": places[format_] + _parameters(variant),
            "Vary": f"{VARY}, Accept-Language" if format_ is HTML else VARY,
            "ETag": tag,
            "Link": self._links(variant, status, places),
            **({"Content-Profile": f"<{profiles.PROFILES[variant.profile]}>"} if variant.profile else {}),
            **page,
        }
        return [*raw_headers(headers), *self._dated, *self._everywhere]

    def _tag(self, variant: Variant) -> str:
        subject = variant.subject
        parts = (subject.path, subject.page, variant.format.name, variant.language, variant.profile)
        return entity_tag(self._release.id, self._release.fingerprint, self._edition, *parts)

    def _links(self, variant: Variant, status: Status, places: Mapping[Format, str]) -> str:
        """The value of a Link header: what a document is, what lies beside it, what it is about."""
        page = _parameters(Variant(variant.subject, variant.format))
        links = [
            *alternates(
                (each, place + page)
                for each, place in places.items()
                if each is not variant.format and (each is not GEOJSON or status.located)
            ),
            Link(self._canonical(variant), "canonical"),
            Link(ascii_url(self._urls.iri(variant.subject.path)), "describes"),
            *self._neighbours(variant, status, places[variant.format]),
            *([self._context] if variant.format is PLAIN_JSON else []),
        ]
        stated = _statements(status.licenses, status.types, status.collections)
        others = profiles.links(self._urls.href(self._urls.data(variant.subject.path)), variant.profile, status.types)
        return ", ".join([link_header(links), self._void, *stated, *others])

    def _neighbours(self, variant: Variant, status: Status, place: str) -> list[Link]:
        """The pages before and after, in the same format. In a profile there is one page."""
        if variant.profile:
            return []
        page = variant.subject.page
        at = {"prev": page - 1 if page > 1 else 0, "next": page + 1 if status.more else 0}
        return [
            Link(place + _parameters(variant._replace(subject=variant.subject._replace(page=each))), relation)
            for relation, each in at.items()
            if each
        ]

    def _places(self, subject: Subject) -> Mapping[Format, str]:
        """Format → the address that always gives it."""
        page, data = self._urls.href(self._urls.page(subject.path)), self._urls.href(self._urls.data(subject.path))
        return {each: f"{page if each is HTML else data}.{each.extension}" for each in (*FORMATS, GEOJSON)}

    def _canonical(self, variant: Variant) -> str:
        """The address that search engines should keep, absolute."""
        path, html = variant.subject.path, variant.format is HTML
        place = self._urls.page(path) if html else self._urls.data(path, variant.format.extension)
        named = variant if texts.in_address(variant.language) else variant._replace(language="")
        return self._urls.url(place) + _parameters(named)


@lru_cache(maxsize=1_024)
def _statements(licenses: tuple[str, ...], types: tuple[str, ...], collections: tuple[str, ...]) -> tuple[str, ...]:
    """The links that many documents have in common."""
    relations = {"license": licenses, "type": types, "collection": collections}
    return tuple(str(Link(ascii_url(iri), relation)) for relation, iris in relations.items() for iri in iris)


# --- formats that not all things have -----------------------------------------------------------


def _is_special(request: Asked, extension: str) -> bool:
    """Whether the answer depends on more than its address and the formats that all things have."""
    return (
        extension == GEOJSON.extension
        or "accept-profile" in request.headers
        or "profile" in request.parameters
        or "geo+json" in request.headers.get("accept", "")
    )


def _offered(
    request: Asked, status: Status, offered: tuple[Format, ...], profile: str, extension: str = ""
) -> tuple[Format, ...]:
    """Syntaxes of RDF for a profile; GeoJSON too for what has a place, if it was asked for by name."""
    if profile:
        return profiles.FORMATS
    asked_for = extension == GEOJSON.extension or "geo+json" in request.headers.get("accept", "")
    return (*offered, GEOJSON) if asked_for and status.located else offered


def _parameters(variant: Variant) -> str:
    """The query string of a representation's own address."""
    given = [f"lang={variant.language}"] if variant.language else []
    given += [f"profile={variant.profile}"] if variant.profile else []
    given += [f"page={variant.subject.page}"] if variant.subject.page > 1 else []
    return "?" + "&".join(given) if given else ""
