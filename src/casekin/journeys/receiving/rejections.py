"""Rejection notes and late slices: images that a hospital took back, or that a fuller series replaces, leave the index.

Written after IHE RAD, Imaging Object Change Management.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from casekin.errors import InputError
from casekin.imaging import Pseudonymizer
from casekin.imaging.arrival import read_arrival
from casekin.index import CaseIndex
from casekin.site.files import KeptFiles, KeptImage
from casekin.site.received import Received
from casekin.site.report_ledger import ReportLedger

_log = logging.getLogger(__name__)
Series = Mapping[str, list[tuple[str, KeptImage]]]


def take_rejections(
    handle: CaseIndex, received: Received, kept: KeptFiles, ledger: ReportLedger, names: Pseudonymizer
) -> int:
    """Apply the rejection notes that wait: their instances leave the index, and don't come in again. How many images.

    An image of many files goes with the first of them. What is in the index without kept files can't be found by its
    instances: it stays, and the note is listed as failed for its study to be forgotten by hand.
    """
    gone = 0
    for found in received.waiting("rejection"):
        try:
            note = read_arrival(received.path_of(found).read_bytes())
        except (InputError, FileNotFoundError):
            received.note([found.file_sha256], "failed", "its file is gone or damaged; send it again")
            continue
        instances = [names.uid(uid) for uid in note.rejects]
        received.reject(instances, note.reason or "rejected")
        gone += remove_instances(handle, kept, ledger, instances)
        received.note([found.file_sha256], "stored")
        received.drop_files([found])
    return gone


def remove_instances(handle: CaseIndex, kept: KeptFiles, ledger: ReportLedger, instances: Iterable[str]) -> int:
    """Take the images that hold these (pseudonymous) instances from the index and from the kept files; how many."""
    gone = 0
    for instance in instances:
        for case_id in {one.case_id for one in kept.instances(sop_instance_uid=instance)}:
            contents = {
                image.content_sha256
                for image in kept.images_of(case_id)
                if any(file.sop_instance_uid == instance for file in image.files)
            }
            gone += handle.remove_images(case_id, contents)
            kept.discard(case_id, contents)
            if case_id not in handle.cases([case_id]):
                ledger.note_gone(case_id)
    if gone:
        _log.info("images rejected=%d", gone)
    return gone


def series_of(kept: KeptFiles, series: Iterable[str]) -> Series:
    """The images that are kept of some series, each with its case."""
    return {uid: _images(kept, uid) for uid in sorted(series)}


def drop_superseded(handle: CaseIndex, kept: KeptFiles, before: Series) -> None:
    """Take the images whose every instance a newer image of the same series holds too, with more beside them."""
    for uid, earlier in before.items():
        now = _images(kept, uid)
        for case_id, old in earlier:
            instances = {file.sop_instance_uid for file in old.files}
            if any(instances < {file.sop_instance_uid for file in new.files} for _, new in now):
                handle.remove_images(case_id, {old.content_sha256})
                kept.discard(case_id, {old.content_sha256})


def _images(kept: KeptFiles, series: str) -> list[tuple[str, KeptImage]]:
    cases = sorted({one.case_id for one in kept.instances(series_instance_uid=series)})
    return [
        (case_id, image)
        for case_id in cases
        for image in kept.images_of(case_id)
        if any(file.series_instance_uid == series for file in image.files)
    ]
