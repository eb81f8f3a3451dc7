"""The command `python -m service`."""

import os
import sys
from collections.abc import Mapping, Sequence

import uvicorn

from service.app import create_app
from service.opening import open_service
from service.release import ReleaseError
from service.server import Protocol
from service.settings import read_settings


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Serves until it is told to stop; 1 if there is nothing to serve."""
    settings = read_settings(arguments, environment)
    try:
        service = open_service(settings)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    uvicorn.run(
        create_app(service),
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        http=Protocol,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
