"""A draft in files: in the forms that other systems take, and as a page whose citations lead to their evidence."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from casekin.durable import write_whole
from casekin.imaging import Pseudonymizer, display_uint8
from casekin.index import CaseIndex
from casekin.retrieval.compose.draft import Draft
from casekin.retrieval.compose.page import CitedPicture, draft_html
from casekin.retrieval.encode import EncodedFile
from casekin.retrieval.explain.seen import read_preview
from casekin.retrieval.export import Form, ReportSubject, export_draft


def write_draft(index: CaseIndex, draft: Draft, path: Path, *, form: Form, image: EncodedFile | None) -> None:
    """Write what `pack_draft` gives. Raises what it raises."""
    packed = pack_draft(index, draft, form=form, image=image)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, packed)


def pack_draft(index: CaseIndex, draft: Draft, *, form: Form, image: EncodedFile | None) -> bytes:
    """A draft in one of `export.FORMS`; `image` is the question's, whose pseudonyms the report carries.

    Raises `InputError` where an empty draft can't take the form, `DependencyError` where an extra is missing.
    """
    written = datetime.now().astimezone() if form in ("fhir", "sr", "sr-basic") else None
    subject = None if image is None else _subject(index, image)
    return export_draft(draft, form=form, subject=subject, written=written)


def write_draft_page(index: CaseIndex, draft: Draft, path: Path, *, image: EncodedFile | None = None) -> None:
    """Write what `draft_page` gives."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, draft_page(index, draft, image=image).encode())


def draft_page(index: CaseIndex, draft: Draft, *, image: EncodedFile | None = None) -> str:
    """A draft as a page, with the pictures of the cases that it cites and of the question's `image`."""
    cited = {cite.image_id for sentence in draft.sentences for cite in sentence.cites if cite.image_id is not None}
    pictures = {
        image.image_id: CitedPicture(preview=read_preview(image), width=image.width)
        for image in index.images(sorted(cited))
    }
    film = None if image is None else display_uint8(image.image)
    return draft_html(draft, pictures=pictures, film=film)


def _subject(index: CaseIndex, image: EncodedFile) -> ReportSubject:
    """Whose report it would be, by pseudonyms."""
    header, names = image.image.header, Pseudonymizer(index.site_key())
    uids = (header.study_instance_uid, header.series_instance_uid, header.sop_instance_uid)
    study, series, instance = (None if uid is None else names.uid(uid) for uid in uids)
    return ReportSubject(
        patient_id=None if header.patient_id is None else names.patient(header.patient_id),
        accession_number=None if header.accession_number is None else names.accession(header.accession_number),
        study_instance_uid=study,
        series_instance_uid=series,
        sop_class_uid=_uid_of_class(header.sop_class),
        sop_instance_uid=instance,
        modality=header.modality,
    )


def _uid_of_class(name: str | None) -> str | None:
    """The UID of a SOP class by the standard's name for it; None where that isn't one."""
    from pydicom._uid_dict import UID_dictionary  # loaded only where a draft is exported

    return next((uid for uid, row in UID_dictionary.items() if name is not None and name in (uid, row[0])), None)
