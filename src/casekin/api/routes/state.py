"""What the service says of itself."""

from __future__ import annotations

from fastapi import APIRouter, Response

from casekin.api.access.authorize import TenantOf
from casekin.api.openapi import problems, render_json
from casekin.api.schemas.state import HealthShape, InfoShape


def build_state_router() -> APIRouter:
    """`/info` and `/health`."""
    router = APIRouter(prefix="/v1", tags=["state"])

    @router.get("/info", summary="What the index holds", responses={200: {"model": InfoShape}, **problems(503)})
    def info(tenant: TenantOf) -> Response:
        return render_json(tenant.archive.info())

    @router.get("/health", summary="Whether the service answers", responses={200: {"model": HealthShape}})
    async def health() -> Response:
        return render_json({"status": "ok"})

    return router
