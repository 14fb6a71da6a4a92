"""The page of jobs knows every kind and state that a job can have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

from casekin.site.books import Books
from casekin.site.jobs import JOB_STATES, JobKind, Jobs
from casekin.web.ingesting import job_view


def test_a_job_of_every_kind_and_state_is_shown(tmp_path: Path) -> None:
    jobs = Jobs(Books(tmp_path))
    for kind in get_args(JobKind):
        job = jobs.add(kind, {"source": {}}, subject="anna")
        for state in JOB_STATES:
            view = job_view(replace(job, state=state))
            assert view.kind and view.state
