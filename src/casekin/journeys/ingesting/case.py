"""What every engine of an ingest does with one case: see whether it is new, encode it, and name it where that fails."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator
from dataclasses import dataclass, field

from casekin.index import CaseIndex
from casekin.journeys.ingesting.keeping import Keeping
from casekin.journeys.ingesting.plan import IngestPlan
from casekin.journeys.ingesting.sources import CaseJob, CaseRef, Problem, read_job
from casekin.journeys.ingesting.study import Outcome, encode_case, start_worker
from casekin.journeys.processes import run_in_order

BATCH = 32
"""Cases a transaction: what a crash may cost, against one disk synchronisation each."""


@dataclass(slots=True)
class Screening:
    """What was met on the way to the new cases: how many are stored already, and rows that can't be used."""

    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


def new_cases(
    refs: Iterable[CaseRef], handle: CaseIndex, versions: Collection[str], screening: Screening
) -> Iterator[tuple[CaseRef, CaseJob]]:
    """The cases that the index doesn't hold as they are now and by these models; `screening` counts the others."""
    for ref in refs:
        job, problems = read_job(ref)
        screening.problems += problems
        if handle.has_source(job.stamp, *versions):
            screening.unchanged += 1
        else:
            yield ref, job


def encode_new_cases(
    plan: IngestPlan,
    handle: CaseIndex,
    *,
    model: str,
    versions: Collection[str],
    workers: int,
    screening: Screening,
    keeping: Keeping | None = None,
    lone_slices: bool = True,
) -> Generator[Outcome, None, None]:
    """What becomes of each new case of a plan, encoded by so many processes of this machine; close it when done."""
    return run_in_order(
        (job for _, job in new_cases(plan, handle, versions, screening)),
        try_case,
        processes=1 if len(plan) == 1 else workers,
        start=start_worker,
        given=(handle.site_key(), model, keeping, lone_slices),
        lost=lost_case,
    )


def try_case(job: CaseJob) -> Outcome:
    """Encode a case in a process that `start_worker` has readied. Whatever one case does, the ingest goes on."""
    try:
        return encode_case(job)
    except MemoryError:
        raise  # its process makes room for a second try
    except Exception as error:  # the text might quote a header
        reason = f"can't be used ({type(error).__name__}); report this with a file that shows it"
        return Outcome(case=None, problems=(Problem(source=job.name, reason=reason),))


def lost_case(job: CaseJob) -> Outcome:
    """A case that ended the process that worked on it, and ended the next."""
    reason = "ended two processes that worked on it; check its files, or use fewer processes or more memory"
    return Outcome(case=None, problems=(Problem(source=job.name, reason=reason),))
