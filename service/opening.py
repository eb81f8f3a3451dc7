"""Settings → the service for the current release, ready to be given to the web application."""

from pathlib import Path

from service.context import Service
from service.engine.engine import Engine
from service.engine.lookup import Lookup
from service.engine.metrics import Metrics
from service.engine.partners.addresses import Resolver
from service.engine.partners.connection import Connector
from service.engine.partners.federation import Federation, Partners
from service.engine.pool import Limits, Pool
from service.engine.setup import Setup
from service.http.caching import edition
from service.http.front import DOCUMENTS
from service.http.known import Known
from service.pages.examples import read_examples
from service.pages.rendering import Pages
from service.release import Release, open_release
from service.settings import Settings
from service.things.documents import Documents
from service.things.entities import Entities, read_queries
from service.things.prepared import Prepared
from service.uris import UrlSpace


def open_service(settings: Settings, resolver: Resolver | None = None) -> Service:
    """Everything that routes need, for the current release; ReleaseError if there is none. Partners are found by
    `resolver`, which only a test replaces.
    """
    release = open_release(settings.releases)
    made_by = edition(Path(__file__).parent)
    lookup = Lookup(release.store, release.base_iri)
    prepared = Prepared(release.path, made_by)
    entities = Entities(release, lookup, read_queries(), settings.document_cache // 8, prepared)
    pages = Pages(release, entities.describer, read_examples(release.base_iri), made_by)
    metrics = Metrics()
    documents = Documents(entities, pages, made_by, settings.document_cache)
    known = Known(release.base_iri)
    for each in DOCUMENTS:
        known.add(each.encode(), documents.known)
    return Service(
        settings=settings,
        release=release,
        urls=UrlSpace(release.base_iri),
        engine=_engine(release, settings, metrics, resolver or Resolver()),
        metrics=metrics,
        entities=entities,
        documents=documents,
        known=known,
        pages=pages,
    )


def _engine(release: Release, settings: Settings, metrics: Metrics, resolver: Resolver) -> Engine:
    pool = Pool(_setup(release, settings), _limits(settings), metrics)
    if not settings.partners:
        return pool
    partners = Partners(
        endpoints=settings.partners,
        seconds=settings.partner_seconds,
        blocks=settings.partner_blocks,
        rows=settings.partner_rows,
        queries=settings.partner_queries,
        longest=settings.max_timeout,
    )
    return Federation(pool, partners, Connector(settings.partner_bytes, resolver), release.prefixes, metrics)


def _setup(release: Release, settings: Settings) -> Setup:
    return Setup(
        store=str(release.store),
        base_iri=release.base_iri,
        prefixes=release.prefixes,
        worker_bytes=settings.worker_bytes,
        worn_bytes=settings.worn_bytes,
        spool_bytes=settings.spool_bytes,
        result_bytes=settings.result_bytes,
        nesting=settings.nesting,
        merged_triples=settings.merged_triples,
        release=str(release.path) if settings.planner else "",
        planner_bytes=settings.planner_bytes,
        planner_threads=settings.planner_threads,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        workers=max(settings.workers, 1),
        spares=max(settings.spares, 2),
        queue=settings.queue,
        long_queue=settings.long_queue,
        client_queries=settings.client_queries,
        heavy_after=settings.heavy_after,
        turn=settings.turn,
        patience=settings.patience,
        shortest=settings.min_timeout,
        longest=settings.max_timeout,
    )
