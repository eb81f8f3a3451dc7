"""The SPARQL 1.1 Graph Store Protocol, read side: /graphs?graph=IRI and /graphs?default."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from service.context import Service
from service.errors import BadRequestError, NotAcceptableError, NotFoundError
from service.formats import negotiate
from service.http.replies import header
from service.sparql.asking import Asking, canonical_graph
from service.sparql.negotiation import GRAPHS, graph_format
from service.sparql.protocol import Parameters, Request, seconds

_WHOLE = "CONSTRUCT WHERE { ?s ?p ?o }"
# Graphs are published by the loaders and written by nobody else.
_READING = ("GET", "HEAD")


def router(service: Service, asking: Asking) -> APIRouter:
    routes = APIRouter()
    store = GraphStore(service, asking)
    for path in ("/graphs", "/graphs/", "/graphs.{extension}"):
        routes.routes.append(Route(path, store, methods=_READING, include_in_schema=False))
    return routes


class GraphStore:
    """An ASGI application that hands out whole graphs and takes none."""

    def __init__(self, service: Service, asking: Asking) -> None:
        self._service = service
        self._asking = asking

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parameters = Parameters(scope["query_string"])
        format_ = parameters.one("format") or str(scope.get("path_params", {}).get("extension", ""))
        _check_format(header(scope, b"accept"), format_)
        request = await self._request(parameters)
        await self._asking.answer(
            scope,
            receive,
            send,
            replace(request, formats=(format_,) if format_ else (), timeout=seconds(parameters.one("timeout"))),
        )

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
        if name not in self._service.entities.named_graphs:
            raise NotFoundError(f"There is no graph <{name[:500]}>.", f"グラフ <{name[:500]}> はありません。")
        return Request(_WHOLE, (name,), ())


def _check_format(accept: str | None, name: str) -> None:
    if (graph_format(name) if name else negotiate(accept, GRAPHS)) is None:
        available = [each.media_type for each in GRAPHS]
        raise NotAcceptableError(
            f"One of {', '.join(available)} expected.", "その形式ではグラフを渡せません。", available=available
        )
