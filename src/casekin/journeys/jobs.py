"""jobs: ask for long work on an archive, and do what was asked for, one job after the other."""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from casekin.durable import sync, write_whole
from casekin.errors import CasekinError, DependencyError, IndexStoreError, InputError, SiteError
from casekin.imaging.deidentify.burned_in import require_detector
from casekin.index import open_index
from casekin.journeys.answering import answering_model
from casekin.journeys.calibrate import calibrate_index
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.ingesting.keeping import Keeping
from casekin.journeys.pull import Pulled, pull_studies, web_store
from casekin.journeys.receive import open_site, store_received
from casekin.journeys.reembed import reembed_cases
from casekin.journeys.upkeep import back_up_index
from casekin.models import load_encoder
from casekin.site.jobs import Job, JobKind, Jobs

_log = logging.getLogger(__name__)
_TELL_EVERY_S = 0.5
"""Progress is written down so often, at most: each time is a write to the disk."""
_LOOK_EVERY_S = 0.2
_MAY_PASS = (IndexStoreError, SiteError, OSError, MemoryError)
"""Errors that a later try may not meet: something is locked, full or away."""
UPKEEP: tuple[JobKind, ...] = ("calibrate", "backup", "check")
"""Jobs that need nothing said but their kind."""

Progress = Callable[[int, int], None]


def queue_files(
    jobs: Jobs, files: Mapping[str, Path], *, subject: str, reports: Sequence[Mapping[str, Any]] = ()
) -> Job:
    """Queue an ingest of files, each under the name that a list of problems may call it by, and of report rows.

    The files are kept until the job has ended, so their givers may remove them at once. Raises `InputError` for a name
    that isn't plain, or where there is nothing to ingest.
    """
    if not (files or reports):
        raise InputError("jobs: expected files or reports to ingest, got none; name some")
    job_id, folder = jobs.prepare()
    images = folder / "images"
    images.mkdir()
    for name, file in sorted(files.items()):
        if PurePosixPath(name).name != name or name.startswith("."):
            raise InputError("jobs: expected plain names of files, got another; use letters and digits")
        _keep(file, images / name)
    for place in (images, folder, folder.parent):
        sync(place)
    listed = None if not reports else _write_rows(folder / "reports.jsonl", reports)
    request = {
        "paths": [str(images)] if files else [],
        "reports": listed,
        "source": {"files": len(files), "reports": len(reports)},
    }
    return jobs.add("ingest", request, subject=subject, job_id=job_id)


def queue_folder(jobs: Jobs, folder: str, *, inbox: Path | None, subject: str, model: str | None = None) -> Job:
    """Queue an ingest of a folder or file below `inbox`; with `model` its images get that model's vectors too.

    Raises `InputError` where it leads out of the inbox, isn't there, or the site has no inbox.
    """
    if inbox is None:
        raise InputError("folder: expected a site with an inbox, got one without; set inbox, or upload the files")
    root = inbox.resolve()
    try:
        wanted = (root / folder).resolve()
        is_there = wanted.is_relative_to(root) and wanted.exists()
    except (OSError, ValueError):  # a name that no file can have: too long, or with a NUL
        is_there = False
    if not is_there:
        raise InputError("folder: expected a folder below the site's inbox, got another; see what lies there")
    request = {"paths": [str(wanted)], "source": {"folder": wanted.relative_to(root).as_posix()}}
    if model is None:
        return jobs.add("ingest", request, subject=subject)
    return jobs.add("reembed", {**request, "model": model}, subject=subject)


def queue_pull(jobs: Jobs, store: str, *, stores: Mapping[str, str], query: Mapping[str, str], subject: str) -> Job:
    """Queue an ingest of what a query finds on a DICOMweb server: `store` is a name among `stores`, name → address.

    Raises `InputError` for another name.
    """
    if store not in stores:
        raise InputError("web_store: expected a DICOMweb server that the site names, got another; set web_stores")
    job_id, folder = jobs.prepare()
    request = {
        "paths": [str(folder / "images")],
        "pull": {"address": stores[store], "query": dict(query)},
        "source": {"web_store": store},
    }
    return jobs.add("ingest", request, subject=subject, job_id=job_id)


def queue_receiving(jobs: Jobs, site: Path, *, subject: str) -> None:
    """See to it that what was received into a state folder becomes cases, unless somebody has already."""
    if not any(job.kind == "receive" for job in jobs.newest(state="queued")):
        jobs.add("receive", {"site": str(site), "source": {}}, subject=subject)


def queue_upkeep(jobs: Jobs, kind: JobKind, *, subject: str) -> Job:
    """Queue a calibration, a check, or a backup to the places that `casekin backup` wrote to before."""
    assert kind in UPKEEP
    return jobs.add(kind, {"source": {}}, subject=subject)


def work_off(index: Path | str, jobs: Jobs, *, model: str = "default", workers: int = 1, linger_s: float = 0.0) -> int:
    """Do every job that is due, and those that come within `linger_s` of the last; how many ended.

    None of them where another process is at it. Killed at any point, the next call goes on where this one stopped.
    KeyboardInterrupt puts a job back.
    """
    ended = 0
    with jobs.working() as is_mine:
        if not is_mine:
            return ended
        jobs.expire()
        last = time.monotonic()
        while True:
            if (job := jobs.take()) is not None:
                _do(job, jobs, _Archive(index=index, site=jobs.site, model=model, workers=workers))
                ended, last = ended + 1, time.monotonic()
            elif time.monotonic() - last >= linger_s:
                return ended
            else:
                time.sleep(_LOOK_EVERY_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archive:
    """What jobs are done on, and with how many processes."""

    index: Path | str
    site: Path
    model: str
    workers: int

    def answering(self) -> str:
        """The model that answers now: the one that was named, or that the index was switched to."""
        with open_index(self.index, create=True) as handle:
            return answering_model(handle, self.model)


class _CancelledError(Exception):
    """Somebody asked for the job to be stopped."""


def _do(job: Job, jobs: Jobs, archive: _Archive) -> None:
    """Do one job, whatever comes of it."""
    try:
        result = _WORK[job.kind](archive, job.request, _progress(job, jobs))
    except _CancelledError:
        jobs.stop(job.job_id)
    except KeyboardInterrupt:
        jobs.put_back(job.job_id)
        raise
    except _MAY_PASS as error:
        jobs.fail(job.job_id, _reason(error), again=True)
    except CasekinError as error:
        jobs.fail(job.job_id, str(error), again=False)
    except Exception as error:
        _log.error("job=%s error=%s", job.kind, type(error).__name__)
        jobs.fail(job.job_id, f"an unforeseen error, {type(error).__name__}", again=False)
    else:
        jobs.finish(job.job_id, result)
        _log.info("job=%s done", job.kind)


def _reason(error: Exception) -> str:
    if isinstance(error, CasekinError):
        return str(error)
    return f"{type(error).__name__}: {error.strerror}" if isinstance(error, OSError) else type(error).__name__


def _progress(job: Job, jobs: Jobs) -> Progress:
    told = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if done < total and time.monotonic() - told < _TELL_EVERY_S:
            return
        told = time.monotonic()
        if not jobs.note_progress(job.job_id, done, total):
            raise _CancelledError

    return tell


def _ingest(archive: _Archive, request: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Pull what is to be pulled, then ingest; files are kept, where words in their pixels can be looked for."""
    reports, pull = request.get("reports"), request.get("pull")
    paths = [Path(path) for path in request["paths"]]
    pulled = {} if pull is None else {"pulled": asdict(_pull(pull, paths[0], progress))}
    summary = ingest_cases(
        paths,
        index=archive.index,
        model=archive.answering(),
        reports=None if reports is None else Path(reports),
        site=archive.site,
        workers=archive.workers,
        keeping=Keeping(site=archive.site) if _can_keep() else None,
        progress=progress,
    )
    return {**summary.as_record(), **pulled}


def _pull(pull: Mapping[str, Any], folder: Path, progress: Progress) -> Pulled:
    return pull_studies(web_store(pull["address"]), folder, query=pull["query"], done=progress)


def _can_keep() -> bool:
    """Files aren't kept where nobody can tell whether a name is written into their pixels."""
    try:
        require_detector()
    except DependencyError:
        _log.warning("files are not kept: the extra deidentify isn't installed")
        return False
    return True


def _receive(archive: _Archive, request: Mapping[str, Any], _: Progress) -> dict[str, Any]:
    site = open_site(archive.index, site=Path(request["site"]), model=archive.model)
    return store_received(site, now=time.time(), quiet_s=0.0).as_record()


def _reembed(archive: _Archive, request: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    return reembed_cases(
        [Path(path) for path in request["paths"]],
        index=archive.index,
        model=request["model"],
        workers=archive.workers,
        progress=progress,
    ).as_record()


def _calibrate(archive: _Archive, _: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    return calibrate_index(archive.index, encoder=load_encoder(archive.answering()), progress=progress).as_record()


def _back_up(archive: _Archive, _: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    with open_index(archive.index) as handle:
        places = handle.upkeep.places()
    if not places:
        raise InputError("backup: expected a place that was written to before, got none; call casekin backup once")
    written = []
    for number, place in enumerate(places):
        progress(number, len(places))
        written.append(back_up_index(archive.index, place, site=archive.site).as_record())
    return {"backups": written}


def _check(archive: _Archive, _: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    progress(0, 1)
    with open_index(archive.index) as handle:
        return handle.upkeep.check().as_record()


_WORK: Mapping[JobKind, Callable[[_Archive, Mapping[str, Any], Progress], dict[str, Any]]] = {
    "ingest": _ingest,
    "receive": _receive,
    "reembed": _reembed,
    "calibrate": _calibrate,
    "backup": _back_up,
    "check": _check,
}


def _keep(file: Path, kept: Path) -> None:
    """Give a file a second name, or where that can't be a copy; on the disk when it returns."""
    try:
        os.link(file, kept)
    except OSError:
        shutil.copyfile(file, kept)
    sync(kept)


def _write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> str:
    lines = (json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows)
    write_whole(path, "".join(lines).encode())
    return str(path)
