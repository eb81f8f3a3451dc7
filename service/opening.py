"""Settings → the service for the current release, ready to be given to the web application."""

from pathlib import Path

from service.caching import edition
from service.context import Service
from service.documents import Documents
from service.engine.embedded import Embedded
from service.engine.lookup import Lookup
from service.entities import Entities, read_queries
from service.examples import read_examples
from service.pages import Pages
from service.release import open_release
from service.settings import Settings
from service.uris import UrlSpace


def open_service(settings: Settings) -> Service:
    """Everything that routes need, for the current release; ReleaseError if there is none."""
    release = open_release(settings.releases)
    made_by = edition(Path(__file__).parent)
    lookup = Lookup(release.store, release.base_iri)
    entities = Entities(release, lookup, read_queries(), settings.document_cache // 8)
    pages = Pages(release, entities.describer, read_examples(release.base_iri), made_by)
    return Service(
        settings=settings,
        release=release,
        urls=UrlSpace(release.base_iri),
        engine=Embedded(release.store, release.prefixes),
        entities=entities,
        documents=Documents(entities, pages, made_by, settings.document_cache),
        pages=pages,
    )
