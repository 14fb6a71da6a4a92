"""Types of replies of the group jobs. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class Job(TypedDict):
    """A job; `done` of `total` parts, null while their number isn't known."""

    job_id: str
    kind: Literal["ingest", "receive", "reembed", "calibrate", "backup", "check"]
    subject: str
    source: dict[str, Any]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    tries: int
    done: int
    total: int | None
    result: dict[str, Any] | None
    failure: str | None
    created_at: str
    started_at: str | None
    ended_at: str | None


class JobList(TypedDict):
    """Jobs, the newest first."""

    jobs: list[Job]
