"""The whole simulated archive: patients in parallel, resumable, the same bytes for any number of processes.

Each patient is a pure function of the seed and the patient's number, and leaves one part file when all its images are
written; the manifest and truth are the parts in order. A run that was stopped goes on where it was.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from casekin.errors import CasekinError, InputError
from casekin.world.case_files import ArchiveSettings, ImageFormat, Modality, case_count, write_patient
from casekin.world.image_files import write_whole
from casekin.world.ood import OOD_KINDS, ood_count, write_ood_kind
from casekin.world.patients import sample_patient

# Changes whenever the same seed would give other bytes; a folder of another version is not continued.
WORLD_VERSION = "2"
_SETTINGS_FILE = "archive.json"
_PARTS = ".parts"
_MAX_PATIENTS = 1_000_000
_SIZES = (64, 4096)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSummary:
    """What an archive holds: `splits` counts patients, `findings` the cases that truly show each."""

    out: str
    seed: int
    patients: int
    cases: int
    ood: int
    modality: str
    format: str
    splits: dict[str, int]
    modalities: dict[str, int]
    findings: dict[str, int]

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def write_archive(
    out: Path,
    *,
    patients: int,
    seed: int,
    modality: Modality = "cr",
    format: ImageFormat = "dicom",
    size: int = 512,
    workers: int | None = None,
    progress: Progress | None = None,
) -> ArchiveSummary:
    """Write a simulated archive to the folder `out`, or finish the one that an earlier run began there.

    `size` is the longer side of a radiograph in pixels. `workers` processes (default: one for each processor) are
    spawned, so a calling script needs the usual `if __name__ == "__main__"`; with 1 all happens in this process.
    `progress(done, total)` counts cases. Raises InputError for bad arguments, a folder that holds other things, and a
    folder that can't be written; CasekinError where a process is killed.
    """
    settings = ArchiveSettings(patients=patients, seed=seed, modality=modality, format=format, size=size)
    _check(settings, workers)
    try:
        if not _claim(out, settings):
            _write_all(out, settings, workers=workers or len(os.sched_getaffinity(0)), progress=progress)
        return _summary(out, settings)
    except OSError as problem:
        raise InputError(
            f"out: {out.name} can't be written or read: {problem.strerror}; then run it again"
        ) from problem
    except BrokenProcessPool as problem:
        raise CasekinError("workers: a process was ended from outside; run it again, with fewer workers") from problem


def _write_all(out: Path, settings: ArchiveSettings, *, workers: int, progress: Progress | None) -> None:
    """Do what is not done yet, then join the parts."""
    tasks = _tasks(settings)
    total = sum(task.cases for task in tasks)
    todo = [task for task in tasks if not (out / _PARTS / task.part).exists()]
    done = total - sum(task.cases for task in todo)
    if progress is not None:
        progress(done, total)
    for task in _run(out, todo, settings, workers=workers):
        done += task.cases
        if progress is not None:
            progress(done, total)
    _join_parts(out, tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One part of the work: a patient, or one kind of out-of-distribution images."""

    part: str
    cases: int
    patient: int | None = None
    ood_kind: str | None = None


def _check(settings: ArchiveSettings, workers: int | None) -> None:
    if not 1 <= settings.patients <= _MAX_PATIENTS:
        raise InputError(f"patients: expected 1 to {_MAX_PATIENTS}, got {settings.patients}")
    if not 0 <= settings.seed < 2**32:
        raise InputError(f"seed: expected a whole number from 0 to {2**32 - 1}, got {settings.seed}")
    for name, value, known in (
        ("modality", settings.modality, get_args(Modality)),
        ("format", settings.format, get_args(ImageFormat)),
    ):
        if value not in known:
            raise InputError(f"{name}: expected one of {', '.join(known)}, got {value!r}")
    if settings.format == "png" and settings.modality != "cr":
        raise InputError("format: a CT series can't be PNG; choose dicom or nifti, or modality cr")
    if not _SIZES[0] <= settings.size <= _SIZES[1]:
        raise InputError(f"size: expected {_SIZES[0]} to {_SIZES[1]} pixels, got {settings.size}")
    if workers is not None and workers < 1:
        raise InputError(f"workers: expected 1 or more, or None for all processors, got {workers}")


def _claim(out: Path, settings: ArchiveSettings) -> bool:
    """Make the folder this archive's own, or find that it is; True where the archive is complete already."""
    marker = out / _SETTINGS_FILE
    wanted = {"version": WORLD_VERSION, **settings.as_record()}
    if out.exists() and not out.is_dir():
        raise InputError(f"out: {out.name} is a file; expected a folder or a new name")
    if marker.exists():
        found = _settings_in(marker)
        if found != wanted:
            differing = [name for name in wanted if found.get(name) != wanted[name]]
            said = ", ".join(f"{name} {found.get(name)} instead of {wanted[name]}" for name in differing)
            raise InputError(f"out: {out.name} holds another simulated archive ({said}); choose another folder")
        return (out / "manifest.jsonl").exists()
    if out.exists() and any(out.iterdir()):
        raise InputError(f"out: {out.name} is not empty and holds no simulated archive; choose another folder")
    text = json.dumps(wanted, indent=1) + "\n"
    write_whole(marker, lambda path: _write_text(path, text))
    return False


def _settings_in(marker: Path) -> dict[str, Any]:
    try:
        found = json.loads(marker.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InputError(f"out: {marker.name} there is damaged; remove the folder or choose another")
    return found


def _tasks(settings: ArchiveSettings) -> list[_Task]:
    tasks = [
        _Task(
            part=f"patient-{number:07d}.json",
            cases=case_count(sample_patient(number, seed=settings.seed), settings.modality),
            patient=number,
        )
        for number in range(settings.patients)
    ]
    count = ood_count(settings.patients)
    return tasks + [_Task(part=f"ood-{kind}.json", cases=count, ood_kind=kind) for kind in OOD_KINDS]


def _run(out: Path, todo: Sequence[_Task], settings: ArchiveSettings, *, workers: int) -> Iterator[_Task]:
    """Do the tasks, giving each when its part is on disk."""
    if workers == 1 or len(todo) < 2:
        for task in todo:
            _do(out, task, settings)
            yield task
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(todo)), mp_context=context, initializer=_leave_interrupts_to_the_parent)
    try:
        futures: dict[Future[None], _Task] = {pool.submit(_do, out, task, settings): task for task in todo}
        for future in as_completed(futures):
            future.result()
            yield futures[future]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(out: Path, task: _Task, settings: ArchiveSettings) -> None:
    """Write a task's images and then its part, which says that they are all there."""
    if task.patient is not None:
        patient = sample_patient(task.patient, seed=settings.seed)
        records = list(write_patient(out, patient, settings))
    else:
        records = list(write_ood_kind(out / "ood", task.ood_kind or "", settings))
    rows = [[record.manifest, record.truth] for record in records]
    text = "".join(f"{_line(manifest)}\n{_line(truth)}\n" for manifest, truth in rows)
    write_whole(out / _PARTS / task.part, lambda path: _write_text(path, text))


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _join_parts(out: Path, tasks: Sequence[_Task]) -> None:
    """Write the four record files from the parts; the manifest last, since it says that the archive is complete."""
    for folder, wanted in ((out / "ood", False), (out, True)):
        lines: list[str] = []
        for task in tasks:
            if (task.patient is not None) == wanted:
                lines += (out / _PARTS / task.part).read_text(encoding="utf-8").splitlines(keepends=True)
        truth, manifest = "".join(lines[1::2]), "".join(lines[0::2])
        write_whole(folder / "truth.jsonl", lambda path, text=truth: _write_text(path, text))  # type: ignore[misc]
        write_whole(folder / "manifest.jsonl", lambda path, text=manifest: _write_text(path, text))  # type: ignore[misc]
    shutil.rmtree(out / _PARTS)


def _summary(out: Path, settings: ArchiveSettings) -> ArchiveSummary:
    splits: dict[str, str] = {}
    modalities: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    with (out / "truth.jsonl").open(encoding="utf-8") as truth, (out / "manifest.jsonl").open(encoding="utf-8") as rows:
        for truth_line, row_line in zip(truth, rows, strict=True):
            record, row = json.loads(truth_line), json.loads(row_line)
            splits[record["patient_id"]] = record["split"]
            modalities[row["modality"]] += 1
            findings.update(sorted({fact["finding"] for fact in record["facts"] if fact["in_image"]}))
    return ArchiveSummary(
        out=str(out),
        seed=settings.seed,
        patients=settings.patients,
        cases=modalities.total(),
        ood=len(OOD_KINDS) * ood_count(settings.patients),
        modality=settings.modality,
        format=settings.format,
        splits=dict(sorted(Counter(splits.values()).items())),
        modalities=dict(sorted(modalities.items())),
        findings=dict(sorted(findings.items())),
    )
