"""deidentify: image files without the people in them, and a report that names nobody."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casekin import __version__
from casekin.durable import write_whole
from casekin.errors import ImageError, InputError
from casekin.imaging import Pseudonymizer
from casekin.imaging.deidentify.clean_file import CleanFile
from casekin.imaging.deidentify.files import FileCleaner
from casekin.imaging.deidentify.words import BurnedIn, WordSearch
from casekin.imaging.reader import walk_images
from casekin.index import open_index
from casekin.look import page_environment

REPORT = "deidentification"
"""Name of the report beside the files, as `.json` and `.html`."""
_SUFFIXES = {"dicom": ".dcm", "png": ".png", "jpeg": ".jpg", "nifti": ".nii"}
_SECRET_BYTES = 32
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeidentificationSummary:
    """What became of files, in counts alone; `left_out` names files and reasons for whoever asked, and is in no report.

    `kinds` counts written files by format, `actions` DICOM elements by fate, `reasons` the files left out by why.
    `lines_hidden` lines of words were painted over in `files_masked` files.
    """

    written: int
    kinds: Mapping[str, int]
    actions: Mapping[str, int]
    reasons: Mapping[str, int]
    files_masked: int
    lines_hidden: int
    burned_in: BurnedIn
    keeps_pseudonyms: bool
    left_out: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def as_record(self) -> dict[str, Any]:
        return {
            "profile": "DICOM PS3.15 2026c, Basic Application Level Confidentiality Profile",
            "options": [
                *(["Clean Pixel Data"] if self.burned_in != "keep" else []),
                "Clean Graphics",
                "Clean Structured Content",
                "Clean Descriptors",
                "Retain Longitudinal Temporal Information Modified Dates",
                "Retain Patient Characteristics",
            ],
            "version": __version__,
            "written": self.written,
            "left_out": sum(self.reasons.values()),
            "kinds": dict(self.kinds),
            "actions": dict(self.actions),
            "reasons": dict(self.reasons),
            "burned_in": self.burned_in,
            "files_masked": self.files_masked,
            "lines_hidden": self.lines_hidden,
            "keeps_pseudonyms": self.keeps_pseudonyms,
        }


def deidentify_files(
    paths: Sequence[Path],
    *,
    out: Path,
    index: Path | str | None = None,
    burned_in: BurnedIn = "mask",
    progress: Progress | None = None,
) -> DeidentificationSummary:
    """Write de-identified copies of files and folders into `out`, named by their mapped UIDs or content, and a report.

    With `index`, pseudonyms, UIDs and dates are those of that index; without, a secret is made up and forgotten, so
    that nothing can be joined to them later. What isn't an image, or can't be cleaned, is left out and listed.

    Raises `InputError` for paths that don't exist, for an `out` that holds anything, or where nothing could be
    written; `DependencyError` without the detector of words, unless `burned_in` is `keep`.
    """
    for path in paths:
        if not path.exists():
            raise InputError(f"deidentify: expected a file or folder, got {path.name!r}, which doesn't exist")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError("deidentify: expected --out to be new or empty, got a place that holds files; choose another")
    cleaner = FileCleaner(names=Pseudonymizer(_secret(index)), words=WordSearch(burned_in=burned_in))
    out.mkdir(parents=True, exist_ok=True)
    files = list(_files(paths))
    tally = _Tally()
    for number, path in enumerate(files, start=1):
        try:
            clean = cleaner.clean(path)
        except ImageError as error:
            tally.leave_out(path.name, str(error))
        else:
            place = out / _name_of(clean)
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, clean.data)
            tally.count(clean)
        if progress is not None:
            progress(number, len(files))
    if not tally.kinds:
        raise InputError(
            f"deidentify: nothing was written, {len(tally.left_out)} files were left out; see their reasons"
        )
    summary = tally.summary(burned_in, keeps_pseudonyms=index is not None)
    _write_report(summary, out)
    return summary


@dataclass(slots=True)
class _Tally:
    kinds: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    masked: int = 0
    lines: int = 0

    def count(self, clean: CleanFile) -> None:
        self.kinds[clean.kind] += 1
        self.actions.update(clean.actions)
        self.masked += bool(clean.hidden)
        self.lines += len(clean.hidden)

    def leave_out(self, name: str, message: str) -> None:
        """A reader's message begins with the file's name, which may be a person's."""
        self.left_out.append((name, message.removeprefix(f"{name}: ")))

    def summary(self, burned_in: BurnedIn, *, keeps_pseudonyms: bool) -> DeidentificationSummary:
        return DeidentificationSummary(
            written=sum(self.kinds.values()),
            kinds=dict(sorted(self.kinds.items())),
            actions=dict(sorted(self.actions.items())),
            reasons=dict(sorted(Counter(reason for _, reason in self.left_out).items())),
            files_masked=self.masked,
            lines_hidden=self.lines,
            burned_in=burned_in,
            keeps_pseudonyms=keeps_pseudonyms,
            left_out=tuple(self.left_out),
        )


def _secret(index: Path | str | None) -> bytes:
    if index is None:
        return secrets.token_bytes(_SECRET_BYTES)
    with open_index(index) as handle:
        return handle.site_key()


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (file for file, _ in walk_images(path))
        else:
            yield path


def _name_of(clean: CleanFile) -> Path:
    """Study, series and instance of a DICOM file by their mapped UIDs; the hash of its bytes for any other."""
    if clean.sop_instance_uid is not None:
        parts = (clean.study_instance_uid, clean.series_instance_uid)
        return Path(*(part for part in parts if part), f"{clean.sop_instance_uid}.dcm")
    packed = ".gz" if clean.kind == "nifti" and clean.data.startswith(b"\x1f\x8b") else ""
    return Path(f"{clean.file_sha256}{_SUFFIXES[clean.kind]}{packed}")


def _write_report(summary: DeidentificationSummary, out: Path) -> None:
    record = summary.as_record()
    write_whole(out / f"{REPORT}.json", (json.dumps(record, indent=1) + "\n").encode())
    page = page_environment("casekin.journeys").get_template("deidentification.html.j2").render(record=record)
    write_whole(out / f"{REPORT}.html", (page.rstrip() + "\n").encode())
