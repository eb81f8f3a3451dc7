"""The process that draws: one specification a line on standard input, one image on standard output.

A process of its own, because drawing cannot be interrupted: whoever waits for it kills it at a deadline.
Nothing is fetched: specifications hold their data, and no address is allowed.
"""

import json
import sys
from typing import Any, BinaryIO

import vl_convert

VERSION = "v6.4"
SCALE = 2.0


def draw(request: dict[str, Any]) -> bytes:
    """The image of a request: `spec` and `format` (svg or png)."""
    spec = request["spec"]
    if request["format"] == "png":
        return vl_convert.vegalite_to_png(spec, VERSION, scale=SCALE, allowed_base_urls=[])
    return vl_convert.vegalite_to_svg(spec, VERSION, allowed_base_urls=[]).encode()


def serve(requests: BinaryIO, images: BinaryIO) -> None:
    """Answers `ok LENGTH` or `error LENGTH` and that many bytes, until the input ends."""
    for line in requests:
        try:
            kind, image = b"ok", draw(json.loads(line))
        except ValueError as error:  # what the library raises for a specification that it cannot draw
            kind, image = b"error", str(error)[:500].encode()
        images.write(b"%s %d\n" % (kind, len(image)) + image)
        images.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
