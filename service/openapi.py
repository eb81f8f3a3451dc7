"""The OpenAPI document: what can be asked, generated from the routes."""

import warnings
from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

ABOUT = (
    "Linked Open Data of the city of Yokohama: things by their addresses, lists, cubes, SPARQL. No key is needed, and "
    "any page may ask. / 横浜市のリンクトオープンデータ。キーは不要で、どのページからも利用できます。"
)


def document(title: str, version: str, root: str, routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """`root` is where the addresses begin, on whatever host the document came from. HEAD is left out: it goes without
    saying wherever GET is documented (RFC 9110, 9.3.2)."""
    with warnings.catch_warnings():
        # GET and HEAD of one route get the same operationId; only one of them stays.
        warnings.filterwarnings("ignore", message="Duplicate Operation ID")
        schema = get_openapi(title=title, version=version, description=ABOUT, servers=[{"url": root}], routes=routes)
    for methods in schema["paths"].values():
        methods.pop("head", None)
    return schema
