"""The SPARQL 1.1 Graph Store Protocol, read side: /graphs?graph=IRI and /graphs?default."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from service.context import Service
from service.errors import BadRequestError, MethodNotAllowedError, NotAcceptableError, NotFoundError
from service.formats import named, negotiate
from service.http.replies import header
from service.sparql.asking import GRAPHS, Asking, canonical_graph
from service.sparql.named_graphs import NamedGraphs
from service.sparql.protocol import Parameters, Request

_WHOLE = "CONSTRUCT WHERE { ?s ?p ?o }"
_READING = ("GET", "HEAD", "OPTIONS")


def router(service: Service) -> APIRouter:
    routes = APIRouter()
    store = GraphStore(service, Asking(service))
    for path in ("/graphs", "/graphs/", "/graphs.{extension}"):
        routes.routes.append(Route(path, store, include_in_schema=False))
    return routes


class GraphStore:
    """An ASGI application that hands out whole graphs and takes none."""

    def __init__(self, service: Service, asking: Asking) -> None:
        self._service = service
        self._asking = asking
        self._graphs = NamedGraphs(service.engine, service.urls.base_iri)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in _READING:
            allowed = ", ".join(_READING)
            raise MethodNotAllowedError(
                f"One of {allowed} expected: graphs are published by the loaders and written by nobody else.",
                f"使えるメソッドは {allowed} です。グラフは公開処理だけが書き込みます。",
                {"Allow": allowed},
            )
        parameters = Parameters(scope["query_string"])
        format_ = parameters.one("format") or str(scope.get("path_params", {}).get("extension", ""))
        _check_format(header(scope, b"accept"), format_)
        request = await self._request(parameters)
        await self._asking.answer(scope, receive, send, replace(request, formats=(format_,) if format_ else ()))

    async def _request(self, parameters: Parameters) -> Request:
        graph, default = parameters.one("graph"), parameters.one("default")
        if (graph is None) == (default is None):
            raise BadRequestError(
                "either graph= with the IRI of a graph or default expected",
                "graph=（グラフのIRI）かdefaultのどちらか一方を指定してください",
                parameter="graph",
            )
        if graph is None:
            return Request(_WHOLE)
        name = canonical_graph(graph, self._service.urls)
        if name not in await self._graphs.names():
            raise NotFoundError(f"There is no graph <{name[:500]}>.", f"グラフ <{name[:500]}> はありません。")
        return Request(_WHOLE, (name,), ())


def _check_format(accept: str | None, name: str) -> None:
    if (named(name, GRAPHS) if name else negotiate(accept, GRAPHS)) is None:
        available = [each.media_type for each in GRAPHS]
        raise NotAcceptableError(
            f"One of {', '.join(available)} expected.", "その形式ではグラフを渡せません。", available=available
        )
