"""One case's work: the manifest rows or loose files that make it, and a stamp that tells whether they changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from casekin.errors import ManifestError
from casekin.imaging.manifest import row_at
from casekin.imaging.sniff import sniff
from casekin.retrieval.encode import Source
from casekin.types import CaseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A source that could not be used: what it is called (never a header's value) and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRef:
    """Where a case's sources are, and nothing of what they hold: a few hundred bytes, whatever the case.

    `key` is the manifest's case id, or for loose files the raw study UID (None: by content). Of a case in a `manifest`
    the `rows` are the bytes at which its lines begin; of loose `files` each comes with the number of the folder in
    which it was found, None where it was named itself. Paths are absolute.
    """

    key: str | None
    manifest: Path | None = None
    rows: tuple[int, ...] = ()
    files: tuple[tuple[int | None, Path], ...] = ()

    def as_record(self) -> dict[str, Any]:
        """The JSON form, for a list that another machine reads."""
        if self.manifest is not None:
            return {"key": self.key, "manifest": str(self.manifest), "rows": list(self.rows)}
        return {"key": self.key, "files": [[folder, str(path)] for folder, path in self.files]}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> CaseRef:
        """The inverse of `as_record`."""
        if "manifest" in record:
            return cls(key=record["key"], manifest=Path(record["manifest"]), rows=tuple(record["rows"]))
        return cls(key=record["key"], files=tuple((folder, Path(path)) for folder, path in record["files"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageJob:
    """One image of a case: its file(s), the name to keep, and its manifest row where there is one."""

    source: Source
    name: str
    row: CaseRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseJob:
    """One case to encode. `key` is that of its `CaseRef`.

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

    @property
    def name(self) -> str:
        """What to call the case in a list of problems: its id in the manifest, else its first file's name."""
        return self.images[0].name if self.row is None else self.row.case_id


def read_job(ref: CaseRef) -> tuple[CaseJob, list[Problem]]:
    """The job of a case, and its rows that name another patient than the first: those are left out.

    Raises `ManifestError` when the manifest was changed since the case was found in it.
    """
    problems: list[Problem] = []
    if ref.manifest is None:
        images, folder = tuple(_loose_images(ref.files)), None
    else:
        images, folder = tuple(_manifest_images(ref, ref.manifest, problems)), ref.manifest.parent
    return CaseJob(key=ref.key, images=images, folder=folder, stamp=_stamp(images)), problems


def _manifest_images(ref: CaseRef, manifest: Path, problems: list[Problem]) -> Iterator[ImageJob]:
    rows = [row_at(manifest, offset) for offset in ref.rows]
    for row in rows:
        if row.case_id != ref.key:
            raise ManifestError(f"{manifest.name}: expected what it held before, got a change; start again")
        if row.patient_id == rows[0].patient_id:
            yield ImageJob(source=manifest.parent / row.image, name=row.image, row=row)
        else:
            called = f"{manifest.name}: {row.case_id}"
            problems.append(Problem(source=called, reason="rows of one case name two patients"))


def _loose_images(files: Sequence[tuple[int | None, Path]]) -> Iterator[ImageJob]:
    """Files without a manifest, slices of one series in one folder together."""
    for folder, found in groupby(files, key=lambda file: file[0]):
        paths = [path for _, path in found]
        sources: Iterator[Source] = iter(paths)
        if folder is not None and len(paths) > 1 and sniff(paths[0]) == "dicom":
            from casekin.imaging.series import group_series  # loads pydicom

            sources = group_series(paths)
        for source in sources:
            name = source[0].name if isinstance(source, tuple) else source.name
            yield ImageJob(source=source, name=name, row=None)


def _stamp(images: Sequence[ImageJob]) -> str:
    digest = hashlib.sha256()
    for job in images:
        # A manifest row names its image relative to the manifest, so an archive may move; a loose file is its path.
        named = str(job.source) if job.row is None else asdict(job.row)
        digest.update(json.dumps(named, sort_keys=True, default=str).encode("utf-8", "surrogateescape"))
        for path in job.source if isinstance(job.source, tuple) else (job.source,):
            files = sorted(path.iterdir()) if path.is_dir() else [path]
            for file in files:
                state = file.stat() if file.exists() else None
                state_text = f"{file.name} {state and (state.st_size, state.st_mtime_ns)}\n"
                digest.update(state_text.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]
