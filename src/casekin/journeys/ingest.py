"""ingest: images and reports become cases of an index; resumable, a bad file is listed and the rest goes in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from casekin.errors import IndexStoreError, InputError
from casekin.imaging import Pseudonymizer
from casekin.imaging.deidentify.burned_in import require_detector
from casekin.index import CaseIndex, IndexedCase, open_index
from casekin.index.records import Kind
from casekin.journeys.ingesting.case import BATCH, Screening, encode_new_cases, new_cases
from casekin.journeys.ingesting.cluster import Cluster, ShardTask, encode_lists
from casekin.journeys.ingesting.keeping import Keeping, KeptCopy, kept_files, name_kept
from casekin.journeys.ingesting.plan import IngestPlan, plan_ingest
from casekin.journeys.ingesting.shards import clear_lists, code_version, list_of, read_shard, shard_folder, write_lists
from casekin.journeys.ingesting.sources import Problem
from casekin.journeys.ingesting.store import store_cases
from casekin.journeys.ingesting.study import Outcome
from casekin.journeys.receiving.report_files import ReportsTaken, take_report_files
from casekin.journeys.receiving.reports import settle
from casekin.models import load_encoder
from casekin.retrieval.encode import versions_of
from casekin.site.books import FILE_NAME, Books, site_folder
from casekin.site.files import KeptFiles
from casekin.site.report_ledger import ReportLedger

_log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSummary:
    """What an ingest did. `unchanged` cases were there already; `reports_joined` came from a report file.

    `problems` were left out; `warnings` went in, but a film looks mirrored, turned, inverted, or like no frontal chest.
    `duplicates` are stored once, under another case's name. Of `images_kept` the files were kept, de-identified; in
    `images_masked` of them words in the pixels were painted over.
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
    images_kept: int = 0
    images_masked: int = 0

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
            "images_kept": self.images_kept,
            "images_masked": self.images_masked,
        }


def ingest_cases(
    paths: Sequence[Path],
    *,
    index: Path | str,
    model: str = "default",
    reports: Path | None = None,
    site: Path | None = None,
    workers: int = 1,
    cluster: Cluster | None = None,
    keeping: Keeping | None = None,
    lone_slices: bool = True,
    progress: Progress | None = None,
) -> IngestSummary:
    """Put files, folders or manifests into the index folder, making it where absent.

    Interrupted at any point, the same call goes on where it stopped: a case whose source and model haven't changed
    isn't encoded again. `reports`: a file or folder of JSON Lines (joined by case id, accession number or study UID),
    HL7 v2 messages, FHIR reports or DICOM SR; messages that find no case wait for it in the state folder
    (`site`, unless it is in the index folder). `workers`
    processes decode and encode, on this machine or on those of `cluster`; the result doesn't depend on their number.
    With `keeping`, de-identified copies of new cases' files go into the state folder, words in pixels are hidden in
    previews too, and reports that come with images lose the names that headers tell; not on a cluster.
    Without `lone_slices`, one picture of CT, MR or PET that is all of its study isn't taken: its series may come.
    `progress(done, total)` counts new cases; the total shrinks while more are found to be stored. Raises `InputError`
    for a path that doesn't exist or where nothing could be read, `IndexStoreError` for an index of another model,
    `DependencyError` for a cluster without Ray, or for keeping without the detector of words.
    """
    if keeping is not None:
        if cluster is not None:
            raise InputError("ingest: files are kept by one machine, got a cluster too; leave one of them out")
        if keeping.burned_in != "keep":
            require_detector()
    versions = versions_of(load_encoder(model))
    work = _Ingest(files=kept_files(keeping))
    with plan_ingest(paths) as plan, open_index(index, create=True) as handle:
        for kind, version in versions.items():
            if (made_with := handle.model_version(kind)) not in (None, version):
                raise IndexStoreError(f"ingest: the index was made with {made_with}, got {version}; use a new folder")
        names = Pseudonymizer(handle.site_key())
        how = _How(
            model=model,
            versions=versions,
            workers=workers,
            keeping=keeping,
            lone_slices=lone_slices,
            progress=progress or _ignore,
        )
        if cluster is None:
            _encode_here(work, plan, handle, how)
        else:
            _encode_on_cluster(work, plan, handle, how, cluster)
        handle.write_derived()
        taken = _take_reports(handle, index, site, reports, names)
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
        images_kept=work.kept,
        images_masked=work.masked,
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

    files: KeptFiles | None = None
    screening: Screening = field(default_factory=Screening)
    kept: int = 0
    masked: int = 0
    added: int = 0
    images: int = 0
    overtaken: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    duplicates: list[Problem] = field(default_factory=list)

    def store(self, handle: CaseIndex, outcomes: Iterable[Outcome]) -> None:
        """Commit what was encoded, and note what could not be."""
        cases = []
        copies: dict[tuple[str, str], tuple[KeptCopy, ...]] = {}
        for outcome in outcomes:
            self.problems += outcome.problems
            self.warnings += outcome.warnings
            if outcome.case is not None:
                cases.append(outcome.case)
                copies[outcome.case.case_id, outcome.case.stamp] = outcome.kept
        if cases:
            stored = store_cases(handle, cases, stored_as=partial(self._name_kept, copies))
            self.added += stored.added
            self.images += stored.images
            self.overtaken += stored.unchanged
            self.duplicates += stored.twins

    def _name_kept(
        self,
        copies: Mapping[tuple[str, str], tuple[KeptCopy, ...]],
        case: IndexedCase,
        name: str,
        replaced: Sequence[str],
    ) -> None:
        if self.files is not None:
            kept = copies[case.case_id, case.stamp]
            name_kept(self.files, case, name, replaced, [copy.image for copy in kept])
            self.kept += len(kept)
            self.masked += sum(copy.is_masked for copy in kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How cases are encoded: the model's name, its version for each kind of image, processes, and who hears of it."""

    model: str
    versions: Mapping[Kind, str]
    workers: int
    keeping: Keeping | None
    lone_slices: bool
    progress: Progress


def _ignore(done: int, total: int) -> None:
    """Progress that nobody follows."""


def _encode_here(work: _Ingest, plan: IngestPlan, handle: CaseIndex, how: _How) -> None:
    """Encode on this machine, and commit in batches."""
    encoded = encode_new_cases(
        plan,
        handle,
        model=how.model,
        versions=how.versions.values(),
        workers=how.workers,
        screening=work.screening,
        keeping=how.keeping,
        lone_slices=how.lone_slices,
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


def _take_reports(
    handle: CaseIndex, index: Path | str, site: Path | None, reports: Path | None, names: Pseudonymizer
) -> ReportsTaken:
    """Join the reports that are given, and those that came before their study."""
    ledger = None
    if isinstance(index, Path) or site is not None:
        folder = site_folder(index, site)
        if reports is not None or (folder / FILE_NAME).exists():
            ledger = ReportLedger(Books(folder))
    taken = ReportsTaken() if reports is None else take_report_files(handle, ledger, reports, names)
    if ledger is not None:
        taken.joined += len(settle(handle, ledger))
    return taken
