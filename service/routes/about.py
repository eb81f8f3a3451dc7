"""About the service itself: its health."""

from fastapi import APIRouter

from service.context import Service


def router(service: Service) -> APIRouter:
    routes = APIRouter()

    @routes.get("/health")
    async def health() -> dict[str, str]:
        """Whether the service is up, and with which release."""
        return {"status": "ok", "release": service.release.id}

    return routes
