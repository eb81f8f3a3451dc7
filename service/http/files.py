"""Files of a release as answers, whole or in byte ranges (RFC 9110, 14)."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from service.errors import RangeError
from service.http.caching import unchanged
from service.http.replies import header

# No file has more bytes than eighteen digits tell.
_RANGE = r"(?:\d{1,18}-\d{0,18}|-\d{1,18})"
_RANGES = re.compile(rf"bytes=\s*({_RANGE}(?:\s*,\s*{_RANGE})*)\s*", re.IGNORECASE | re.ASCII)


def file(request: Request, path: Path, media_type: str, headers: Mapping[str, str], modified: datetime) -> Response:
    """The file, a range of it, or 304: conditions are asked before ranges (13.2.2). `headers` have its ETag."""
    if unchanged(request.headers, headers["ETag"], modified):
        return Response(status_code=304, headers=dict(headers))
    return _File(path, headers=dict(headers), media_type=media_type, stat_result=path.stat())


class _File(FileResponse):
    """A range counts with GET only, and one that is none is ignored (14.2); what lies beyond the end is 416."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = header(scope, b"range")
        if asked is not None and (scope["method"] != "GET" or not self._is_range(asked)):
            scope = {**scope, "headers": [each for each in scope["headers"] if each[0] != b"range"]}
        await super().__call__(scope, receive, send)

    def _is_range(self, asked: str) -> bool:
        found = _RANGES.fullmatch(asked)
        if found is None:
            return False
        ends = [each.strip().partition("-")[::2] for each in found[1].split(",")]
        if any(first and last and int(first) > int(last) for first, last in ends):
            return False
        size = self.stat_result.st_size if self.stat_result else 0
        if any(int(first) >= size if first else int(last) == 0 for first, last in ends):
            raise RangeError(
                f"a range within the {size:,} bytes of the file expected, {asked[:80]!r} found",
                f"ファイルの大きさ（{size:,}バイト）の中の範囲を指定してください（{asked[:80]!r} でした）",
                {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
            )
        return True
