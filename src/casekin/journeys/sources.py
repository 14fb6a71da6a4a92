"""What an ingest has to do: manifests, folders and loose files become one job a case, bad rows become problems."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from casekin.errors import InputError
from casekin.imaging import ManifestProblem, iter_image_files, read_manifest
from casekin.imaging.study import study_uid_of
from casekin.retrieval.encode import Source
from casekin.types import CaseRow

MANIFEST = "manifest.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A source that could not be used: what it is called (never a header's value) and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageJob:
    """One image of a case: its file(s), the name to keep, and its manifest row where there is one."""

    source: Source
    name: str
    row: CaseRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseJob:
    """One case to encode. `key` is the manifest's case id, or for loose files the raw study UID (None: by content).

    `stamp` changes when a row or a file's size or time changes.
    """

    key: str | None
    images: tuple[ImageJob, ...]
    folder: Path | None
    stamp: str

    @property
    def row(self) -> CaseRow | None:
        """The first manifest row, which speaks for the case."""
        return self.images[0].row


def plan_ingest(paths: Sequence[Path], problems: list[Problem]) -> list[CaseJob]:
    """Jobs for all paths, in order; what can't be used is appended to `problems`.

    A folder with a manifest is read through it alone. Raises `InputError` for a path that doesn't exist.
    """
    jobs: list[CaseJob] = []
    loose: list[Path] = []
    for path in paths:
        if not path.exists():
            raise InputError(
                f"ingest: expected a file or folder, got {path.name!r}, which doesn't exist; check the path"
            )
        manifest = path / MANIFEST if path.is_dir() else path
        if manifest.suffix == ".jsonl" and manifest.is_file():
            jobs += _manifest_jobs(manifest, problems)
        else:
            loose.append(path)
    return jobs + list(_loose_jobs(loose))


def _manifest_jobs(manifest: Path, problems: list[Problem]) -> list[CaseJob]:
    folder = manifest.parent
    by_case: dict[str, list[CaseRow]] = {}
    for row in read_manifest(manifest):
        if isinstance(row, ManifestProblem):
            problems.append(Problem(source=f"{row.file}:{row.row}", reason=row.reason))
        elif row.case_id in by_case and by_case[row.case_id][0].patient_id != row.patient_id:
            problems.append(
                Problem(source=f"{manifest.name}: {row.case_id}", reason="rows of one case name two patients")
            )
        else:
            by_case.setdefault(row.case_id, []).append(row)
    jobs = []
    for case_id, rows in by_case.items():
        images = tuple(ImageJob(source=folder / row.image, name=row.image, row=row) for row in rows)
        jobs.append(CaseJob(key=case_id, images=images, folder=folder, stamp=_stamp(images)))
    return jobs


def _loose_jobs(paths: Sequence[Path]) -> Iterator[CaseJob]:
    """Files without a manifest; those of one study make one case."""
    by_study: dict[str, list[ImageJob]] = {}
    for number, source in enumerate(iter_image_files(paths)):
        first = source[0] if isinstance(source, tuple) else source
        study = study_uid_of(first)
        job = ImageJob(source=source, name=first.name, row=None)
        by_study.setdefault(f"file {number}" if study is None else f"study {study}", []).append(job)
    for key, images in by_study.items():
        study = key.removeprefix("study ") if key.startswith("study ") else None
        yield CaseJob(key=study, images=tuple(images), folder=None, stamp=_stamp(images))


def _stamp(images: Sequence[ImageJob]) -> str:
    digest = hashlib.sha256()
    for job in images:
        # A manifest row names its image relative to the manifest, so an archive may move; a loose file is its path.
        named = str(job.source) if job.row is None else asdict(job.row)
        digest.update(json.dumps(named, sort_keys=True, default=str).encode())
        for path in job.source if isinstance(job.source, tuple) else (job.source,):
            files = sorted(path.iterdir()) if path.is_dir() else [path]
            for file in files:
                state = file.stat() if file.exists() else None
                digest.update(f"{file.name} {state and (state.st_size, state.st_mtime_ns)}\n".encode())
    return digest.hexdigest()[:32]
