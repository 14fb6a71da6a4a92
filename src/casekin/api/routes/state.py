"""What the service says of itself: what it holds, whether it lives, whether it is ready, and its metrics."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response

from casekin.api.access.authorize import TenantOf
from casekin.api.metrics import MEDIA_TYPE
from casekin.api.openapi import problems, render_json
from casekin.api.problems import http_problem, respond
from casekin.api.schemas.state import HealthShape, InfoShape, ReadyShape
from casekin.api.service import Service, Tenant
from casekin.errors import CasekinError
from casekin.journeys.audit import describe_audit

_LEAST_ROOM = 512 * 1024**2
"""Bytes that the state folder's disk must have left: some uploads, and what the books write meanwhile."""
_PROOF_S = 60.0
_TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


def build_state_router(service: Service) -> APIRouter:
    """`/info`, `/health`, `/ready` and, outside `/v1`, `/metrics`."""
    router = APIRouter(tags=["state"])

    @router.get("/v1/info", summary="What the index holds", responses={200: {"model": InfoShape}, **problems(503)})
    def info(tenant: TenantOf) -> Response:
        return render_json(_info(tenant))

    @router.get("/v1/health", summary="Whether the process answers", responses={200: {"model": HealthShape}})
    async def health() -> Response:
        return render_json({"status": "ok"})

    @router.get(
        "/v1/ready",
        summary="Whether the service can do its work: index, books and room on the disk",
        responses={200: {"model": ReadyShape}, **problems(503)},
    )
    def ready() -> Response:
        missing = sorted({name for tenant in service.tenants.values() for name in _missing(tenant)})
        if missing:
            return respond(http_problem(503, f"not ready: {', '.join(missing)}; the server's log says more"))
        return render_json({"status": "ready"})

    @router.get(
        "/metrics", summary="Metrics as Prometheus text", responses={**_TEXT, **problems()}, response_class=Response
    )
    def metrics(tenant: TenantOf) -> Response:
        return Response(service.metrics.render(tenant.name, tenant.archive, tenant.jobs), media_type=MEDIA_TYPE)

    return router


def _info(tenant: Tenant) -> dict[str, Any]:
    """What `casekin info` says of the index and of its audit log, in its order."""
    record = tenant.archive.info()
    models = {name: record[name] for name in ("default_model", "licence_tiers")}
    held = {name: value for name, value in record.items() if name not in models}
    log = _proved_log(tenant.config.index_address, tenant.books.folder, int(time.monotonic() / _PROOF_S))
    return {**held, **{f"audit_{name}": value for name, value in log.items()}, **models}


@lru_cache(maxsize=16)
def _proved_log(index: Path | str, site: Path, period: int) -> Mapping[str, Any]:
    """What is known of an audit log, proved anew in each `period`: a long one takes seconds."""
    return describe_audit(index, site=site) or {}


def _missing(tenant: Tenant) -> list[str]:
    """What a tenant's archive needs and hasn't got. Its encoder was loaded when the service started."""
    missing = []
    try:
        tenant.archive.state()
    except CasekinError:
        missing.append("index")
    try:
        with tenant.books.writing():
            pass
    except CasekinError:
        missing.append("books")
    if shutil.disk_usage(tenant.books.folder).free < _LEAST_ROOM:
        missing.append("disk")
    return missing
