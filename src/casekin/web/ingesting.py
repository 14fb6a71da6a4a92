"""Ingest and other long work: ask for it, see how far it is, stop it or try again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import TenantOf, Who
from casekin.api.bodies import receive_files
from casekin.journeys.jobs import UPKEEP, queue_files, queue_folder, queue_upkeep
from casekin.site.jobs import ENDED, Job, JobKind, JobState
from casekin.web.calls import Call, CallOf
from casekin.web.forms import one, read_fields
from casekin.web.render import PageRoute, fragment, page, wants_fragment

_KINDS: Mapping[JobKind, str] = {
    "ingest": "Ingest",
    "receive": "Take in what was sent",
    "reembed": "Encode anew",
    "calibrate": "Calibrate",
    "backup": "Back up",
    "check": "Check the index",
}
_STATES: Mapping[JobState, str] = {
    "queued": "waiting",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "cancelled": "stopped",
}
_PLACES = {"folder": "folder", "web_store": "from"}
_LISTED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A job in words."""

    job_id: str
    kind: str
    source: str
    state: str
    tone: str
    done: int
    total: int | None
    is_over: bool
    can_retry: bool
    result: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]
    failure: str
    asked_at: str
    subject: str


def build_ingesting() -> APIRouter:
    """`/jobs`."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)

    @router.get("/jobs")
    def jobs(request: Request, tenant: TenantOf, who: Who) -> Response:
        values = _listed([job_view(job) for job in tenant.jobs.newest(limit=_LISTED)])
        if wants_fragment(request):
            return fragment(request, "parts/jobs.html.j2", **values)
        upkeep = [(kind, _KINDS[kind]) for kind in UPKEEP] if who.may("admin") else []
        return page(request, "jobs.html.j2", has_inbox=tenant.inbox is not None, upkeep=upkeep, **values)

    @router.post("/jobs")
    async def ask(call: CallOf) -> Response:
        if call.request.headers.get("content-type", "").startswith("multipart/form-data"):
            await _queue_received(call)
        else:
            await run_in_threadpool(_queue_named, call, await read_fields(call.request))
        return RedirectResponse("/jobs", status_code=303)

    @router.get("/jobs/{job_id}")
    def job(request: Request, job_id: str, tenant: TenantOf) -> Response:
        found = tenant.jobs.get(job_id)
        if found is None:
            raise HTTPException(404, "no such job")
        return page(request, "job.html.j2", job=job_view(found))

    @router.post("/jobs/{job_id}")
    async def change(request: Request, job_id: str, tenant: TenantOf) -> Response:
        action = one(await read_fields(request), "action")
        found = tenant.jobs.retry(job_id) if action == "retry" else tenant.jobs.cancel(job_id)
        if found is None:
            raise HTTPException(404, "no such job, or it can't be tried again")
        return RedirectResponse("/jobs", status_code=303)

    return router


async def _queue_received(call: Call) -> None:
    """Ingest the files of a form."""
    with TemporaryDirectory(prefix="casekin-", dir=call.tenant.books.folder) as folder:
        received = Path(folder)
        await receive_files(call.request, received, max_bytes=call.max_upload_bytes)
        files = {file.name: file for file in sorted(received.iterdir())}
        await run_in_threadpool(queue_files, call.tenant.jobs, files, subject=call.who.subject)


def _queue_named(call: Call, fields: Mapping[str, Sequence[str]]) -> None:
    """Ingest a folder of the inbox, or look after the index, which is for administrators as everywhere else."""
    kind, jobs, subject = one(fields, "kind"), call.tenant.jobs, call.who.subject
    if kind == "ingest":
        queue_folder(jobs, one(fields, "folder"), inbox=call.tenant.inbox, subject=subject)
        return
    wanted = next((known for known in UPKEEP if known == kind), None)
    if wanted is None:
        raise HTTPException(422, "expected a known kind of job")
    if not call.who.may("admin"):
        raise HTTPException(403, f"expected the role admin, got {call.who.role}")
    queue_upkeep(jobs, wanted, subject=subject)


def job_view(job: Job) -> JobView:
    """A job as the page shows it."""
    record = job.as_record()
    result: Mapping[str, Any] = record["result"] or {}
    counts = tuple(
        (name.replace("_", " "), str(value)) for name, value in result.items() if isinstance(value, int | str)
    )
    problems = tuple(_problem(one) for one in result.get("problems", ()))
    return JobView(
        job_id=job.job_id,
        kind=_KINDS[job.kind],
        source=_source(record["source"]),
        state=_STATES[job.state],
        tone={"done": "good", "failed": "bad", "cancelled": "caution"}.get(job.state, "plain"),
        done=job.done,
        total=job.total,
        is_over=job.state in ENDED,
        can_retry=job.state == "failed",
        result=counts,
        problems=problems,
        failure=job.failure or "",
        asked_at=record["created_at"][:16].replace("T", " "),
        subject=job.subject,
    )


def _listed(jobs: list[JobView]) -> dict[str, Any]:
    return {"jobs": jobs, "is_busy": any(not job.is_over for job in jobs)}


def _source(record: Mapping[str, Any]) -> str:
    """What a job reads: `3 files, 1 report`."""
    said = []
    for name, value in record.items():
        if name in ("files", "reports") and value:
            said.append(f"{value} {name.removesuffix('s') if value == 1 else name}")
        elif name == "erased":
            said.append("some of what it named was erased")
        elif value:
            said.append(f"{_PLACES.get(name, name)} {value}")
    return ", ".join(said)


def _problem(record: Any) -> str:
    """A file and what is wrong with it; some reasons name the file by themselves."""
    if not isinstance(record, Mapping):
        return str(record)
    source, reason = str(record["source"]), str(record["reason"])
    return reason if reason.startswith(source) else f"{source}: {reason}"
