"""Errors as answers: RFC 9457 for programs; a page for browsers, which prefer HTML to JSON."""

import json
from urllib.parse import parse_qsl, quote

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from service import texts
from service.engine.faults import Fault
from service.errors import BadRequestError, MethodNotAllowedError, NotFoundError, ServiceError, from_fault
from service.formats import HTML, Format, negotiate
from service.http.links import EVERYWHERE, PAGE_POLICY
from service.http.replies import Reply, header, raw_headers
from service.pages.rendering import Pages

PROBLEM = Format("problem", "json", ("application/problem+json", "application/json"), frozenset())


class Problems:
    """Makes the answers."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def of(self, scope: Scope, problem: ServiceError) -> Reply:
        headers = {**EVERYWHERE, "Vary": "Accept", "Cache-Control": "no-store", **problem.headers}
        if negotiate(header(scope, b"accept"), (PROBLEM, HTML)) is not HTML:
            return Reply(problem.status, raw_headers({**headers, "Content-Type": PROBLEM.media_type}), _json(problem))
        language = _language(scope)
        page = {
            "Vary": "Accept, Accept-Language",
            "Content-Type": HTML.content_type,
            "Content-Language": language,
            "Content-Security-Policy": PAGE_POLICY,
        }
        said = (problem.ja, problem.en)
        kept = [each for each in _parameters(scope) if each[0] != "lang"]
        body = self._pages.error(problem.status, problem.title, said, language, _path(scope), kept)
        return Reply(problem.status, raw_headers({**headers, **page}), body)

    async def handle(self, request: Request, problem: Exception) -> Response:
        """The handler of a web application for all of `HANDLED`."""
        return self.of(request.scope, _translated(problem)).response()


# What a web application raises that is to become one of our errors; Exception is a bug of ours.
HANDLED = (ServiceError, Fault, HTTPException, RequestValidationError, Exception)


def _path(scope: Scope) -> str:
    """The path that was asked for, in ASCII. Two slashes at its beginning would name a host."""
    return "/" + quote(scope["raw_path"].lstrip(b"/"), safe="/%!$&'()*+,;=:@~")


def _parameters(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="replace")


def _language(scope: Scope) -> str:
    """The language of ?lang= if that is one of ours, else the one that Accept-Language prefers."""
    given = dict(_parameters(scope)).get("lang")
    return given if given in texts.LANGUAGES else texts.preferred(header(scope, b"accept-language"))


def _translated(problem: Exception) -> ServiceError:
    """Our error for one of the framework's."""
    if isinstance(problem, ServiceError):
        return problem
    if isinstance(problem, Fault):
        return from_fault(problem)
    if isinstance(problem, RequestValidationError):
        return _invalid(problem)
    if isinstance(problem, HTTPException):
        return _refused(problem)
    return ServiceError("The request could not be answered: a fault of ours.", "内部の誤りのため応答できませんでした。")


def _invalid(problem: RequestValidationError) -> BadRequestError:
    found = [(".".join(map(str, each["loc"][1:])), each["msg"]) for each in problem.errors()]
    about = "; ".join(f"{name}: {message}" for name, message in found)
    return BadRequestError(about, f"パラメータの誤り: {about}", parameters=[name for name, _ in found])


def _refused(problem: HTTPException) -> ServiceError:
    if problem.status_code == 405:
        known = {*(problem.headers or {}).get("Allow", "GET").split(", "), "OPTIONS"}
        # What answers GET answers HEAD (service/http/front.py).
        allowed = ", ".join(sorted(known | {"HEAD"} if "GET" in known else known))
        return MethodNotAllowedError(
            f"One of {allowed} expected.", f"使えるメソッドは {allowed} です。", headers={"Allow": allowed}
        )
    if problem.status_code == 404:
        return NotFoundError("There is nothing at this address.", "このURLには何もありません。")
    error = ServiceError(str(problem.detail), str(problem.detail), headers=dict(problem.headers or {}))
    error.status = problem.status_code
    return error


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
    return json.dumps(about, ensure_ascii=False).encode("utf-8", "replace")
