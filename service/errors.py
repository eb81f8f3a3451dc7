"""What can go wrong between a request and its answer. Each error knows its status; one handler
(service/http/problems.py) turns it into an answer.

ServiceError (500)
├── BadRequest (400)      Forbidden (403)    NotFound (404)     MethodNotAllowed (405)
├── NotAcceptable (406)   TooSlow (408)      TooLarge (413)
├── TooLong (414)         UnsupportedMediaType (415)            Range (416)        TooManyRequests (429)
├── BadGateway (502)      Unavailable (503)  TimedOut (504)
└── HttpVersion (505)
"""

from collections.abc import Mapping

from service.engine.faults import Fault


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


class TooLargeError(ServiceError):
    status = 413
    title = ("要求が大きすぎます", "Content too large")


class TooLongError(ServiceError):
    status = 414
    title = ("URLが長すぎます", "URI too long")


class UnsupportedMediaTypeError(ServiceError):
    status = 415
    title = ("受け付けない形式です", "Unsupported media type")


class RangeError(ServiceError):
    status = 416
    title = ("範囲がファイルの外です", "Range not satisfiable")


class TooManyRequestsError(ServiceError):
    status = 429
    title = ("同時の要求が多すぎます", "Too many requests")


class BadGatewayError(ServiceError):
    status = 502
    title = ("連携先から結果を得られません", "Bad gateway")


class UnavailableError(ServiceError):
    status = 503
    title = ("一時的に利用できません", "Service unavailable")


class TimedOutError(ServiceError):
    status = 504
    title = ("時間切れ", "Timed out")


class HttpVersionError(ServiceError):
    status = 505
    title = ("HTTP/1.1が必要です", "HTTP version not supported")


def from_fault(fault: Fault) -> ServiceError:
    """Why the engine has no answer, as an answer over HTTP."""
    kinds = {each.status: each for each in ServiceError.__subclasses__()}
    fields = dict(fault.fields)
    retry = fields.pop("retry_after", None)
    headers = {} if retry is None else {"Retry-After": str(retry)}
    return kinds.get(fault.status, ServiceError)(fault.en, fault.ja, headers, **fields)
