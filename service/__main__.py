"""The command `python -m service`."""

import os
import resource
import sys
from collections.abc import Mapping, Sequence

import uvicorn

from service.app import create_app
from service.context import Service
from service.http.connections import guarded
from service.http.logs import configuration
from service.opening import open_service
from service.release import ReleaseError
from service.settings import read_settings


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Serves until it is told to stop; 1 if there is nothing to serve."""
    settings = read_settings(arguments, environment)
    try:
        service = open_service(settings)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    _allow_files(settings.connections)
    uvicorn.Server(server_configuration(service)).run()
    return 0


def server_configuration(service: Service) -> uvicorn.Config:
    """How the web server runs the application: with limits on what clients can hold, and logs without addresses."""
    settings = service.settings
    return uvicorn.Config(
        create_app(service),
        host=settings.host,
        port=settings.port,
        http=guarded(settings.request_seconds, settings.stall_seconds, settings.connections, service.known),
        ws="none",
        timeout_graceful_shutdown=5,
        access_log=False,
        server_header=False,
        log_config=dict(configuration(settings.log_level)),
    )


def _allow_files(connections: int) -> None:
    """Each connection is an open file; the usual soft limit is below what we promise."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 1_000
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
