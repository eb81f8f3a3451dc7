"""The command `python -m service`."""

import os
import sys
from collections.abc import Mapping, Sequence

import uvicorn

from service.app import create_app
from service.context import Service
from service.engine.embedded import Embedded
from service.entities import Entities, read_queries
from service.release import ReleaseError, open_release
from service.settings import Settings, read_settings
from service.uris import UrlSpace


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Serves until it is told to stop; 1 if there is nothing to serve."""
    settings = read_settings(arguments, environment)
    try:
        service = open_service(settings)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    uvicorn.run(create_app(service), host=settings.host, port=settings.port, access_log=False, server_header=False)
    return 0


def open_service(settings: Settings) -> Service:
    """Everything that routes need, for the current release; ReleaseError if there is none."""
    release = open_release(settings.releases)
    engine = Embedded(release.store, release.prefixes)
    entities = Entities(release, Embedded(release.store, release.prefixes), read_queries())
    return Service(settings, release, UrlSpace(release.base_iri), engine, entities)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
