"""What can go wrong between a request and its answer. Each error knows its status; one handler
turns it into an answer.

ServiceError (500)
├── BadRequest (400)      Forbidden (403)    NotFound (404)     MethodNotAllowed (405)
├── NotAcceptable (406)   TooSlow (408)      Gone (410)         TooLarge (413)
├── TooLong (414)         UnsupportedMediaType (415)            TooManyRequests (429)
└── Unavailable (503)     TimedOut (504)
"""

import json
from collections.abc import Mapping
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from service.engine.faults import Fault
from service.formats import HTML, Format, negotiate

PROBLEM = Format("problem", "json", ("application/problem+json", "application/json"), frozenset())


class ServiceError(Exception):
    """An answer that is not the one asked for. `fields` are for programs: expected, limit, …"""

    status = 500
    title = ("内部エラー", "Internal error")

    def __init__(self, en: str, ja: str, headers: Mapping[str, str] | None = None, **fields: object) -> None:
        super().__init__(en)
        self.en = en
        self.ja = ja
        self.headers = dict(headers or {})
        self.fields = fields


class BadRequestError(ServiceError):
    status = 400
    title = ("要求の誤り", "Bad request")


class ForbiddenError(ServiceError):
    status = 403
    title = ("受け付けません", "Forbidden")


class NotFoundError(ServiceError):
    status = 404
    title = ("見つかりません", "Not found")


class MethodNotAllowedError(ServiceError):
    status = 405
    title = ("使えないメソッド", "Method not allowed")


class NotAcceptableError(ServiceError):
    status = 406
    title = ("求められた形式がありません", "Not acceptable")


class TooSlowError(ServiceError):
    status = 408
    title = ("要求が届きませんでした", "Request timeout")


class GoneError(ServiceError):
    status = 410
    title = ("廃止されました", "Gone")


class TooLargeError(ServiceError):
    status = 413
    title = ("要求が大きすぎます", "Content too large")


class TooLongError(ServiceError):
    status = 414
    title = ("URLが長すぎます", "URI too long")


class UnsupportedMediaTypeError(ServiceError):
    status = 415
    title = ("受け付けない形式です", "Unsupported media type")


class TooManyRequestsError(ServiceError):
    status = 429
    title = ("同時の要求が多すぎます", "Too many requests")


class UnavailableError(ServiceError):
    status = 503
    title = ("一時的に利用できません", "Service unavailable")


class TimedOutError(ServiceError):
    status = 504
    title = ("時間切れ", "Timed out")


def from_fault(fault: Fault) -> ServiceError:
    """Why the engine has no answer, as an answer over HTTP."""
    kinds = {each.status: each for each in ServiceError.__subclasses__()}
    fields = dict(fault.fields)
    retry = fields.pop("retry_after", None)
    headers = {} if retry is None else {"Retry-After": str(retry)}
    return kinds.get(fault.status, ServiceError)(fault.en, fault.ja, headers, **fields)


async def handle_fault(request: Request, fault: Exception) -> Response:
    """A fault that no route has turned into an answer of its own."""
    assert isinstance(fault, Fault)  # noqa: S101 - registered for Fault only
    return await handle(request, from_fault(fault))


async def handle(request: Request, problem: Exception) -> Response:
    """RFC 9457 for programs; a page for browsers, which prefer HTML to JSON."""
    assert isinstance(problem, ServiceError)  # noqa: S101 - registered for ServiceError only
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Vary": "Accept",
        "X-Content-Type-Options": "nosniff",
        **problem.headers,
    }
    if negotiate(request.headers.get("accept"), (PROBLEM, HTML)) is HTML:
        headers["Content-Security-Policy"] = "default-src 'none'"
        return Response(_page(problem), problem.status, headers, HTML.content_type)
    return Response(_json(problem), problem.status, headers, PROBLEM.media_type)


def _json(problem: ServiceError) -> bytes:
    ja, en = problem.title
    about = {
        "type": "about:blank",
        "title": f"{ja} / {en}",
        "status": problem.status,
        "detail": problem.en,
        "detail_ja": problem.ja,
        **problem.fields,
    }
    return json.dumps(about, ensure_ascii=False).encode()


def _page(problem: ServiceError) -> bytes:
    ja, en = (escape(each) for each in problem.title)
    return (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{ja}</title></head>'
        f'<body><main><h1>{problem.status} {ja} <span lang="en">{en}</span></h1>'
        f'<p>{escape(problem.ja)}</p><p lang="en">{escape(problem.en)}</p></main></body></html>'
    ).encode()
