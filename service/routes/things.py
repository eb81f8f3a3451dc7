"""Everything that has an IRI of ours, and its documents: what can be asked is in service/things/documents.py."""

from fastapi import APIRouter
from starlette.routing import Route

from service.context import Service
from service.http.front import DOCUMENTS

METHODS = ["GET", "HEAD"]


def router(service: Service) -> APIRouter:
    """Names the addresses. `Front` answers reading requests before they come here; what is left is to refuse others."""
    return APIRouter(
        routes=[Route(f"/{each}/{{rest:path}}", service.documents, methods=METHODS) for each in sorted(DOCUMENTS)]
    )
