"""Jobs: ingests that curators ask for, and how far every job is."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from casekin.api.access.authorize import TenantOf, Who, still_holds
from casekin.api.bodies import describe_body, json_body
from casekin.api.openapi import problems, render_json
from casekin.api.schemas.jobs import IngestFields, JobListShape, JobShape
from casekin.api.service import Tenant
from casekin.errors import InputError
from casekin.journeys.jobs import queue_files, queue_folder, queue_pull
from casekin.site.jobs import ENDED, Job, JobState

_LOOK_EVERY_S = 0.5
_ASK_EVERY_S = 5.0
"""How soon a stream ends after its token was revoked or its session ended."""
_LONGEST_S = 3600.0
"""Of one stream; whoever wants to know more asks again, as browsers do by themselves."""
_EVENTS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}


def build_jobs_router() -> APIRouter:
    """`/jobs`."""
    router = APIRouter(prefix="/v1", tags=["jobs"])

    @router.post(
        "/jobs",
        status_code=202,
        summary="Ingest uploaded files or a folder of the inbox, and join reports",
        responses={202: {"model": JobShape}, **problems(413, 415, 422, 503)},
        openapi_extra=describe_body(IngestFields),
    )
    def ingest(
        tenant: TenantOf, who: Who, fields: Annotated[IngestFields, Depends(json_body(IngestFields))]
    ) -> Response:
        return accepted(_ask(tenant, who.subject, fields), tenant)

    @router.get("/jobs", summary="Jobs, the newest first", responses={200: {"model": JobListShape}, **problems(422)})
    def list_jobs(
        tenant: TenantOf, state: JobState | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
    ) -> Response:
        return render_json({"jobs": [job.as_record() for job in tenant.jobs.newest(limit=limit, state=state)]})

    @router.get("/jobs/{job_id}", summary="One job", responses={200: {"model": JobShape}, **problems(404, 422)})
    def job(tenant: TenantOf, job_id: str) -> Response:
        return render_json(_known(tenant.jobs.get(job_id)).as_record())

    @router.post(
        "/jobs/{job_id}/cancel",
        summary="Stop a job: at once while it waits, soon where it runs",
        responses={200: {"model": JobShape}, **problems(404, 422)},
    )
    def cancel_job(tenant: TenantOf, job_id: str) -> Response:
        return render_json(_known(tenant.jobs.cancel(job_id)).as_record())

    @router.post(
        "/jobs/{job_id}/retry",
        summary="Let a job that failed be done once more",
        responses={202: {"model": JobShape}, **problems(404, 422)},
        status_code=202,
    )
    def retry_job(tenant: TenantOf, job_id: str) -> Response:
        return accepted(_known(tenant.jobs.retry(job_id)), tenant)

    @router.get(
        "/jobs/{job_id}/events",
        summary="A job as server-sent events, one at each change until it has ended, for an hour at most",
        responses={**_EVENTS, **problems(404, 422)},
        response_class=StreamingResponse,
    )
    async def job_events(request: Request, tenant: TenantOf, job_id: str) -> Response:
        _known(await run_in_threadpool(tenant.jobs.get, job_id))
        return StreamingResponse(_events(request, tenant, job_id), media_type="text/event-stream")

    return router


def accepted(job: Job, tenant: Tenant) -> Response:
    """The reply to whoever asked for a job, after the worker was told."""
    tenant.worker.wake()
    reply = render_json(job.as_record())
    reply.status_code = 202
    reply.headers["Location"] = f"/v1/jobs/{job.job_id}"
    return reply


def _ask(tenant: Tenant, subject: str, fields: IngestFields) -> Job:
    if fields.folder is not None:
        return queue_folder(tenant.jobs, fields.folder, inbox=tenant.inbox, subject=subject)
    if fields.web_store is not None:
        stores = tenant.config.web_stores
        return queue_pull(tenant.jobs, fields.web_store, stores=stores, query=fields.query, subject=subject)
    files: dict[str, Path] = {}
    for upload_id in fields.uploads:
        upload = tenant.uploads.open(upload_id, subject)
        if upload is None:
            raise InputError("uploads: expected ids of your own uploads, got another or one that is gone; upload again")
        files |= {f"{upload_id}-{number}" if number else upload_id: path for number, path in enumerate(upload.files)}
    reports = [row.model_dump(exclude_none=True) for row in fields.reports]
    return queue_files(tenant.jobs, files, subject=subject, reports=reports)


def _known(job: Job | None) -> Job:
    if job is None:
        raise HTTPException(404, "no such job, or none that can be changed so")
    return job


async def _events(request: Request, tenant: Tenant, job_id: str) -> AsyncIterator[str]:
    told, ends = "", time.monotonic() + _LONGEST_S
    asks = time.monotonic() + _ASK_EVERY_S
    while time.monotonic() < ends and not (tenant.worker.is_stopping or await request.is_disconnected()):
        if time.monotonic() >= asks:
            if not await still_holds(request):
                return
            asks = time.monotonic() + _ASK_EVERY_S
        job = await run_in_threadpool(tenant.jobs.get, job_id)
        if job is None:
            return
        record = json.dumps(job.as_record(), ensure_ascii=False)
        if record != told:
            told = record
            yield f"event: {job.state}\ndata: {record}\n\n"
        if job.state in ENDED:
            return
        await asyncio.sleep(_LOOK_EVERY_S)
