"""Rejection notes and late slices: images that a hospital took back, or that a fuller series replaces, leave the index.

Written after IHE RAD, Imaging Object Change Management.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields

from casekin.errors import CasekinError, InputError
from casekin.imaging import Pseudonymizer
from casekin.imaging.arrival import read_arrival
from casekin.index import CaseIndex, IndexedCase
from casekin.models import load_encoder
from casekin.retrieval.encode import encode_file, hash_files, indexed_image
from casekin.site.files import KeptFiles, KeptImage
from casekin.site.received import Received
from casekin.site.report_ledger import ReportLedger

_log = logging.getLogger(__name__)
Series = Mapping[str, list[tuple[str, KeptImage]]]


def take_rejections(
    handle: CaseIndex, received: Received, kept: KeptFiles, ledger: ReportLedger, names: Pseudonymizer, *, model: str
) -> int:
    """Apply the rejection notes that wait: their instances leave the index, and don't come in again. How many images.

    A volume is read anew without its rejected slices, and leaves where that is no volume any more. What is in the index
    without kept files can't be found by its instances: it stays, for its study to be forgotten by hand.
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
        gone += remove_instances(handle, kept, ledger, instances, model=model)
        received.note([found.file_sha256], "stored")
        received.drop_files([found])
    return gone


def remove_instances(
    handle: CaseIndex, kept: KeptFiles, ledger: ReportLedger, instances: Collection[str], *, model: str
) -> int:
    """Take the images that hold these (pseudonymous) instances from the index and from the kept files; how many.

    What is left of a volume takes its place, encoded by `model`.
    """
    gone = 0
    cases = {found.case_id for instance in instances for found in kept.instances(sop_instance_uid=instance)}
    for case_id in sorted(cases):
        held = kept.images_of(case_id)
        taken = [image for image in held if any(file.sop_instance_uid in instances for file in image.files)]
        for image in taken:
            _put_rest(handle, kept, case_id, image, instances, model)
        contents = {image.content_sha256 for image in taken}
        gone += handle.remove_images(case_id, contents)
        kept.discard(case_id, contents)
        if case_id not in handle.cases([case_id]):
            ledger.note_gone(case_id)
    if gone:
        _log.info("images rejected=%d", gone)
    return gone


def _put_rest(
    handle: CaseIndex, kept: KeptFiles, case_id: str, image: KeptImage, rejected: Collection[str], model: str
) -> None:
    """Put what kept files make of an image without the rejected ones beside it; nothing where they make none."""
    files = tuple(file for file in image.files if file.sop_instance_uid not in rejected)
    case = handle.cases([case_id]).get(case_id)
    if not files or case is None:
        return
    paths = tuple(kept.path_of(file) for file in files)
    try:
        encoded = encode_file(paths, load_encoder(model))
    except CasekinError as error:  # too few slices are left, or too large a gap
        _log.warning("volume=left out whole error=%s", type(error).__name__)
        return
    if handle.model_version(encoded.kind) != encoded.model_version:
        _log.warning("volume=left out whole, the index was made with another model")
        return
    rest = indexed_image(encoded, name=encoded.image.content_hash[:16], file_sha256=hash_files(paths))
    kept.put(case_id, [KeptImage(content_sha256=rest.content_sha256, files=files)])
    told = {field.name: getattr(case, field.name) for field in fields(case)}
    handle.put([IndexedCase(**told, stamp="", model_version=encoded.model_version, images=(rest,), adds_images=True)])


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
