"""ingest: images and reports become cases of an index; resumable, a bad file is listed and the rest goes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekin.errors import IndexStoreError, InputError
from casekin.imaging import ManifestProblem, Pseudonymizer, ReportRow, read_report_rows
from casekin.index import CaseIndex, IndexedCase
from casekin.journeys.processes import run_in_order
from casekin.journeys.sources import CaseJob, Problem, plan_ingest
from casekin.journeys.study import encode_case, join_report, read_case_report, start_worker
from casekin.models import load_encoder

_BATCH = 32
"""Cases a transaction: what a crash may cost, against one disk synchronisation each."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSummary:
    """What an ingest did. `unchanged` cases were there already; `reports_joined` came from a report file.

    `problems` were left out; `warnings` went in, but a film looks mirrored, turned, inverted, or like no frontal chest.
    """

    added: int
    unchanged: int
    images: int
    reports_joined: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    unmatched_reports: tuple[str, ...]
    model_version: str

    def as_record(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "unchanged": self.unchanged,
            "images": self.images,
            "reports_joined": self.reports_joined,
            "problems": [{"source": problem.source, "reason": problem.reason} for problem in self.problems],
            "warnings": [{"source": warning.source, "reason": warning.reason} for warning in self.warnings],
            "unmatched_reports": list(self.unmatched_reports),
            "model_version": self.model_version,
        }


def ingest_cases(
    paths: Sequence[Path],
    *,
    index: Path,
    model: str = "default",
    reports: Path | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> IngestSummary:
    """Put files, folders or manifests into the index folder, making it where absent.

    Interrupted at any point, the same call goes on where it stopped: a case whose source and model haven't changed
    isn't encoded again. `reports` is a JSON Lines file joined by case id, accession number or study UID. `workers`
    processes decode and encode; the result doesn't depend on their number. Raises `InputError` for a path that doesn't
    exist or where nothing could be read, `IndexStoreError` for an index of another model.
    """
    version = load_encoder(model).version
    problems: list[Problem] = []
    warnings: list[Problem] = []
    jobs = plan_ingest(paths, problems)
    with CaseIndex(index, create=True) as handle:
        if handle.model_version() not in (None, version):
            raise IndexStoreError(
                f"ingest: the index was made with {handle.model_version()}, got {version}; use a new folder"
            )
        names = Pseudonymizer(handle.site_key())
        done = handle.stamps()
        pending = [job for job in jobs if (job.stamp, version) not in done]
        added, images = _encode_all(handle, pending, model, workers, problems, warnings, progress)
        joined, unmatched = (0, ()) if reports is None else _join_reports(handle, reports, names, problems)
    if not added and not joined and len(jobs) == len(pending):
        raise _nothing_read(problems)
    return IngestSummary(
        added=added,
        unchanged=len(jobs) - len(pending),
        images=images,
        reports_joined=joined,
        problems=tuple(problems),
        warnings=tuple(warnings),
        unmatched_reports=unmatched,
        model_version=version,
    )


def _nothing_read(problems: Sequence[Problem]) -> InputError:
    if not problems:
        return InputError("ingest: expected images or a manifest, found none; name files, a folder or a manifest.jsonl")
    first = f"{problems[0].source}: {problems[0].reason}"
    return InputError(f"ingest: nothing could be read, {len(problems)} left out; the first: {first}")


def _encode_all(
    handle: CaseIndex,
    jobs: Sequence[CaseJob],
    model: str,
    workers: int,
    problems: list[Problem],
    warnings: list[Problem],
    progress: Progress | None,
) -> tuple[int, int]:
    """Encode the jobs and commit them in batches; counts of cases and images written."""
    added = images = 0
    batch: list[IndexedCase] = []
    processes = 1 if len(jobs) == 1 else workers
    encoded = run_in_order(jobs, encode_case, processes=processes, start=start_worker, given=(handle.site_key(), model))
    for number, (case, found, odd) in enumerate(encoded, start=1):
        problems.extend(found)
        warnings.extend(odd)
        if case is not None:
            batch.append(case)
            added, images = added + 1, images + len(case.images)
        if len(batch) == _BATCH or (number == len(jobs) and batch):
            handle.put(batch)
            batch = []
        if progress is not None:
            progress(number, len(jobs))
    return added, images


def _join_reports(
    handle: CaseIndex, path: Path, names: Pseudonymizer, problems: list[Problem]
) -> tuple[int, tuple[str, ...]]:
    """Give stored cases the reports of a file, replacing earlier ones; rows that no case answers to are listed."""
    joined, unmatched = 0, []
    for row in read_report_rows(path):
        if isinstance(row, ManifestProblem):
            problems.append(Problem(source=f"{row.file}:{row.row}", reason=row.reason))
            continue
        case_ids = _cases_of(handle, row, names)
        if not case_ids:
            unmatched.append(f"{path.name}:{row.row}")
        for case_id in case_ids:
            read = read_case_report(join_report(row.report, row.sections))
            handle.put_report(case_id, **read)
            joined += 1
    return joined, tuple(unmatched)


def _cases_of(handle: CaseIndex, row: ReportRow, names: Pseudonymizer) -> list[str]:
    if row.case_id is not None and handle.cases([row.case_id]):
        return [row.case_id]
    if row.accession_number is not None:
        found = handle.cases_of_accession(names.accession(row.accession_number))
        if found:
            return found
    study = None if row.study_instance_uid is None else names.uid(row.study_instance_uid)
    return handle.find_cases(study_instance_uid=study)
