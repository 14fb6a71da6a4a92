"""What an ingest keeps of files beside their vectors: de-identified copies, named once their case is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casekin.imaging import MedicalImage, Pseudonymizer, display_uint8
from casekin.imaging.deidentify.clean_file import CleanFile
from casekin.imaging.deidentify.files import FileCleaner
from casekin.imaging.deidentify.identity import Identity
from casekin.imaging.deidentify.words import BurnedIn, WordSearch, painted
from casekin.index import IndexedCase, IndexedImage
from casekin.retrieval.encode import preview_jpeg
from casekin.site.books import Books
from casekin.site.files import FOLDER, KeptFile, KeptFiles, KeptImage, store_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """That an ingest keeps de-identified files: in this state folder, and what it does about words in pixels."""

    site: Path
    burned_in: BurnedIn = "mask"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCopy:
    """One image after it was kept: its files, whom they named, and whether words in its pixels were painted over."""

    image: KeptImage
    identity: Identity
    is_masked: bool


class ImageKeeper:
    """Cleans and stores the files of images; one a process. Raises `DependencyError` without the text detector."""

    def __init__(self, keeping: Keeping, names: Pseudonymizer) -> None:
        self._folder = keeping.site / FOLDER
        self._cleaner = FileCleaner(names=names, words=WordSearch(burned_in=keeping.burned_in))

    def keep(
        self, files: Sequence[Path], image: MedicalImage, indexed: IndexedImage, patient_id: str | None
    ) -> tuple[KeptCopy, IndexedImage]:
        """Store the de-identified files of an image; what the index keeps of it, words hidden in its preview too.

        `patient_id` is the raw id. Raises `ImageError` for an image that isn't to be kept, `SiteError` where it can't.
        """
        patient = patient_id or image.header.patient_id or f"content {image.content_hash}"
        cleaned = [self._cleaner.clean(path, patient_id=patient) for path in files]
        stored = tuple(_kept_file(store_file(self._folder, one.data), one) for one in cleaned)
        hidden = [box for one in cleaned for box in one.hidden]
        if hidden and not image.is_volume:
            indexed = replace(indexed, preview=preview_jpeg(painted(display_uint8(image), hidden)))
        kept = KeptImage(content_sha256=image.content_hash, files=stored)
        identity = Identity.union(one.identity for one in cleaned)
        return KeptCopy(image=kept, identity=identity, is_masked=bool(hidden)), indexed


def name_kept(
    files: KeptFiles, case: IndexedCase, stored_as: str, replaced: Sequence[str], images: Sequence[KeptImage]
) -> None:
    """Give stored files to the case that was just put: what it replaced goes or comes along."""
    for old in replaced:
        files.rename(old, stored_as)
    if not case.adds_images:
        held = {image.content_sha256 for image in case.images}
        files.discard(stored_as, {old.content_sha256 for old in files.images_of(stored_as)} - held)
    files.put(stored_as, images)


def kept_files(keeping: Keeping | None) -> KeptFiles | None:
    """The kept files of an ingest that keeps."""
    return None if keeping is None else KeptFiles(Books(keeping.site))


def _kept_file(sha256: str, clean: CleanFile) -> KeptFile:
    return KeptFile(
        file_sha256=sha256,
        kind=clean.kind,
        study_instance_uid=clean.study_instance_uid,
        series_instance_uid=clean.series_instance_uid,
        sop_instance_uid=clean.sop_instance_uid,
        sop_class_uid=clean.sop_class_uid,
    )
