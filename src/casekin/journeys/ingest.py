"""ingest: images and reports become cases of an index; resumable, a bad file is listed and the rest goes in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casekin.errors import IndexStoreError, InputError
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex, open_index
from casekin.index.records import Kind
from casekin.journeys.ingesting.case import BATCH, Outcome, Screening, encode_new_cases, new_cases
from casekin.journeys.ingesting.cluster import Cluster, ShardTask, encode_lists
from casekin.journeys.ingesting.plan import IngestPlan, plan_ingest
from casekin.journeys.ingesting.shards import clear_lists, code_version, list_of, read_shard, shard_folder, write_lists
from casekin.journeys.ingesting.sources import Problem
from casekin.journeys.ingesting.store import store_cases
from casekin.journeys.receiving.report_files import ReportsTaken, take_report_files
from casekin.journeys.receiving.reports import settle
from casekin.models import load_encoder
from casekin.retrieval.encode import versions_of
from casekin.site.books import FILE_NAME, Books, site_folder
from casekin.site.report_ledger import ReportLedger

_log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSummary:
    """What an ingest did. `unchanged` cases were there already; `reports_joined` came from a report file.

    `problems` were left out; `warnings` went in, but a film looks mirrored, turned, inverted, or like no frontal chest.
    `duplicates` are stored once, under another case's name.
    """

    added: int
    unchanged: int
    images: int
    reports_joined: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    duplicates: tuple[Problem, ...]
    unmatched_reports: tuple[str, ...]
    model_version: str

    def as_record(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "unchanged": self.unchanged,
            "images": self.images,
            "reports_joined": self.reports_joined,
            "problems": _records(self.problems),
            "warnings": _records(self.warnings),
            "duplicates": _records(self.duplicates),
            "unmatched_reports": list(self.unmatched_reports),
            "model_version": self.model_version,
        }


def ingest_cases(
    paths: Sequence[Path],
    *,
    index: Path | str,
    model: str = "default",
    reports: Path | None = None,
    workers: int = 1,
    cluster: Cluster | None = None,
    progress: Progress | None = None,
) -> IngestSummary:
    """Put files, folders or manifests into the index folder, making it where absent.

    Interrupted at any point, the same call goes on where it stopped: a case whose source and model haven't changed
    isn't encoded again. `reports`: a file or folder of JSON Lines (joined by case id, accession number or study UID),
    HL7 v2 messages, FHIR reports or DICOM SR; messages that find no case wait for it in the state folder. `workers`
    processes decode and encode, on this machine or on those of `cluster`; the result doesn't depend on their number.
    `progress(done, total)` counts new cases; the total shrinks while more are found to be stored. Raises `InputError`
    for a path that doesn't exist or where nothing could be read, `IndexStoreError` for an index of another model,
    `DependencyError` for a cluster without Ray.
    """
    versions = versions_of(load_encoder(model))
    work = _Ingest()
    with plan_ingest(paths) as plan, open_index(index, create=True) as handle:
        for kind, version in versions.items():
            if (made_with := handle.model_version(kind)) not in (None, version):
                raise IndexStoreError(f"ingest: the index was made with {made_with}, got {version}; use a new folder")
        names = Pseudonymizer(handle.site_key())
        how = _How(model=model, versions=versions, workers=workers, progress=progress or _ignore)
        if cluster is None:
            _encode_here(work, plan, handle, how)
        else:
            _encode_on_cluster(work, plan, handle, how, cluster)
        handle.write_derived()
        taken = _take_reports(handle, index, reports, names)
        problems = (*plan.problems, *work.screening.problems, *work.problems, *taken.problems)
    unchanged = work.screening.unchanged + work.overtaken
    if not (work.added or work.duplicates or taken.joined or unchanged):
        raise _nothing_read(problems)
    return IngestSummary(
        added=work.added,
        unchanged=unchanged,
        images=work.images,
        reports_joined=taken.joined,
        problems=problems,
        warnings=tuple(work.warnings),
        duplicates=tuple(work.duplicates),
        unmatched_reports=tuple(taken.unmatched),
        model_version=versions["radiograph"],
    )


def _records(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [{"source": problem.source, "reason": problem.reason} for problem in problems]


def _nothing_read(problems: Sequence[Problem]) -> InputError:
    if not problems:
        return InputError("ingest: expected images or a manifest, found none; name files, a folder or a manifest.jsonl")
    first = f"{problems[0].source}: {problems[0].reason}"
    return InputError(f"ingest: nothing could be read, {len(problems)} left out; the first: {first}")


@dataclass(slots=True)
class _Ingest:
    """What an ingest has done so far; `overtaken` counts cases that another ingest put meanwhile."""

    screening: Screening = field(default_factory=Screening)
    added: int = 0
    images: int = 0
    overtaken: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    duplicates: list[Problem] = field(default_factory=list)

    def store(self, handle: CaseIndex, outcomes: Iterable[Outcome]) -> None:
        """Commit what was encoded, and note what could not be."""
        cases = []
        for outcome in outcomes:
            self.problems += outcome.problems
            self.warnings += outcome.warnings
            cases += [] if outcome.case is None else [outcome.case]
        if cases:
            stored = store_cases(handle, cases)
            self.added += stored.added
            self.images += stored.images
            self.overtaken += stored.unchanged
            self.duplicates += stored.twins


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How cases are encoded: the model's name, its version for each kind of image, processes, and who hears of it."""

    model: str
    versions: Mapping[Kind, str]
    workers: int
    progress: Progress


def _ignore(done: int, total: int) -> None:
    """Progress that nobody follows."""


def _encode_here(work: _Ingest, plan: IngestPlan, handle: CaseIndex, how: _How) -> None:
    """Encode on this machine, and commit in batches."""
    encoded = encode_new_cases(
        plan, handle, model=how.model, versions=how.versions.values(), workers=how.workers, screening=work.screening
    )
    batch: list[Outcome] = []
    with closing(encoded):
        for number, outcome in enumerate(encoded, start=1):
            batch.append(outcome)
            if len(batch) == BATCH:
                work.store(handle, batch)
                batch = []
            how.progress(number, len(plan) - work.screening.unchanged)
    work.store(handle, batch)


def _encode_on_cluster(work: _Ingest, plan: IngestPlan, handle: CaseIndex, how: _How, cluster: Cluster) -> None:
    """Encode on many machines, and commit shard by shard; those that an interrupted ingest left come first."""
    key = handle.site_key()
    folder = shard_folder(cluster.shards, model_version=how.versions["radiograph"], key=key)
    clear_lists(folder)
    for shard in sorted(folder.glob("*.parquet")):
        try:
            work.store(handle, read_shard(shard))
        except InputError:
            _log.warning("shard=%s damaged, its cases are encoded again", shard.name)
        shard.unlink()
    lists = write_lists(
        folder, ((ref, job.stamp) for ref, job in new_cases(plan, handle, how.versions.values(), work.screening))
    )
    task = ShardTask(key=key, model=how.model, made_by=(how.versions["radiograph"], code_version()))
    done = 0
    for shard in encode_lists(lists, task, address=cluster.address, workers=how.workers) if lists else ():
        outcomes = list(read_shard(shard))
        work.store(handle, outcomes)
        shard.unlink()
        list_of(shard).unlink()
        done += len(outcomes)
        how.progress(done, len(plan) - work.screening.unchanged)


def _take_reports(handle: CaseIndex, index: Path | str, reports: Path | None, names: Pseudonymizer) -> ReportsTaken:
    """Join the reports that are given, and those that came before their study."""
    ledger = None
    if isinstance(index, Path) and (reports is not None or (site_folder(index) / FILE_NAME).exists()):
        ledger = ReportLedger(Books(site_folder(index)))
    taken = ReportsTaken() if reports is None else take_report_files(handle, ledger, reports, names)
    if ledger is not None:
        taken.joined += len(settle(handle, ledger))
    return taken
