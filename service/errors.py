"""What can go wrong between a request and its answer. Each error knows its status; one handler
(service/problems.py) turns it into an answer.

ServiceError (500)
├── BadRequest (400)      NotFound (404)     MethodNotAllowed (405)
├── NotAcceptable (406)   Gone (410)         TooLong (414)
└── Unavailable (503)     TimedOut (504)
"""

from collections.abc import Mapping


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


class NotFoundError(ServiceError):
    status = 404
    title = ("見つかりません", "Not found")


class MethodNotAllowedError(ServiceError):
    status = 405
    title = ("使えないメソッド", "Method not allowed")


class NotAcceptableError(ServiceError):
    status = 406
    title = ("求められた形式がありません", "Not acceptable")


class GoneError(ServiceError):
    status = 410
    title = ("廃止されました", "Gone")


class TooLongError(ServiceError):
    status = 414
    title = ("URLが長すぎます", "URI too long")


class UnavailableError(ServiceError):
    status = 503
    title = ("一時的に利用できません", "Service unavailable")


class TimedOutError(ServiceError):
    status = 504
    title = ("時間切れ", "Timed out")
