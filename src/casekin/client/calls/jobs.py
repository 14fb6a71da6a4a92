"""Routes of the group jobs. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from casekin.client.connection import NOT_GIVEN, Connection, NotGiven, in_path
from casekin.client.shapes.jobs import Job, JobList


class JobsCalls(Connection):
    """Calls of the group jobs."""

    def ingest(
        self,
        *,
        uploads: Sequence[str] | NotGiven = NOT_GIVEN,
        folder: str | NotGiven | None = NOT_GIVEN,
        reports: Sequence[Mapping[str, Any]] | NotGiven = NOT_GIVEN,
        web_store: str | NotGiven | None = NOT_GIVEN,
        query: Mapping[str, str] | NotGiven = NOT_GIVEN,
    ) -> Job:
        """Ingest uploaded files or a folder of the inbox, and join reports.

        `POST /v1/jobs`.
        """
        reply: Job = self._call(
            "POST",
            "/v1/jobs",
            fields={"uploads": uploads, "folder": folder, "reports": reports, "web_store": web_store, "query": query},
        ).json()
        return reply

    def list_jobs(
        self,
        *,
        state: Literal["queued", "running", "done", "failed", "cancelled"] | NotGiven | None = NOT_GIVEN,
        limit: int | NotGiven = NOT_GIVEN,
    ) -> JobList:
        """Jobs, the newest first.

        `GET /v1/jobs`.
        """
        reply: JobList = self._call("GET", "/v1/jobs", query={"state": state, "limit": limit}).json()
        return reply

    def job(self, job_id: str) -> Job:
        """One job.

        `GET /v1/jobs/{job_id}`.
        """
        reply: Job = self._call("GET", f"/v1/jobs/{in_path(job_id)}").json()
        return reply

    def cancel_job(self, job_id: str) -> Job:
        """Stop a job: at once while it waits, soon where it runs.

        `POST /v1/jobs/{job_id}/cancel`.
        """
        reply: Job = self._call("POST", f"/v1/jobs/{in_path(job_id)}/cancel").json()
        return reply

    def retry_job(self, job_id: str) -> Job:
        """Let a job that failed be done once more.

        `POST /v1/jobs/{job_id}/retry`.
        """
        reply: Job = self._call("POST", f"/v1/jobs/{in_path(job_id)}/retry").json()
        return reply

    def job_events(self, job_id: str) -> Iterator[dict[str, Any]]:
        """A job as server-sent events, one at each change until it has ended, for an hour at most.

        `GET /v1/jobs/{job_id}/events`.
        """
        return self._events(f"/v1/jobs/{in_path(job_id)}/events")
