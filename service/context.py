"""What every route is made from: one release, and what answers questions about it."""

from dataclasses import dataclass

from service.engine.engine import Engine
from service.engine.metrics import Metrics
from service.http.known import Known
from service.pages.rendering import Pages
from service.release import Release
from service.settings import Settings
from service.things.documents import Documents
from service.things.entities import Entities
from service.uris import UrlSpace


@dataclass(frozen=True)
class Service:
    """One release being served. `engine` answers visitors' queries, `entities` describes things, `documents` answers
    for their addresses, `known` finds what was answered before, `pages` makes what browsers show, `metrics` counts."""

    settings: Settings
    release: Release
    urls: UrlSpace
    engine: Engine
    metrics: Metrics
    entities: Entities
    documents: Documents
    known: Known
    pages: Pages
