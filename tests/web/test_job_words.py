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


def test_a_job_says_what_it_reads_in_words_also_after_an_erasure(tmp_path: Path) -> None:
    jobs = Jobs(Books(tmp_path))

    def words(**source: object) -> str:
        return job_view(jobs.add("ingest", {"source": source}, subject="anna")).source

    assert words(files=1, reports=0) == "1 file" and words(files=3, reports=2) == "3 files, 2 reports"
    assert words(folder="films") == "folder films" and words(web_store="pacs") == "from pacs" and words() == ""
    assert words(erased=True) == "some of what it named was erased"


def test_a_problem_names_its_file_once(tmp_path: Path) -> None:
    told = [{"source": "a.dcm", "reason": "a.dcm: holds no image"}, {"source": "b.dcm", "reason": "films: one slice"}]
    job = Jobs(Books(tmp_path)).add("ingest", {"source": {}}, subject="anna")
    view = job_view(replace(job, state="done", result={"problems": told}))
    assert view.problems == ("a.dcm: holds no image", "b.dcm: films: one slice")
