"""What a stored case can become outside: forms of export, and the link to its study in another viewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from casekin.api.service import Tenant
from casekin.journeys.export import EXPORT_FORMS, ExportForm
from casekin.types import Box

_WORDS: Mapping[ExportForm, str] = {
    "key-objects": "DICOM key objects",
    "segmentation": "DICOM segmentation of the region",
    "region-report": "DICOM report of the region",
    "imaging-study": "FHIR ImagingStudy",
}
_OF_REGIONS: tuple[ExportForm, ...] = ("segmentation", "region-report")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysOut:
    """What a case with kept DICOM files can become: forms of export with their words, and a link to another viewer."""

    forms: tuple[tuple[ExportForm, str], ...]
    viewer: str | None = None

    def takes(self, form: ExportForm) -> bool:
        """Whether the case can become a file of this form."""
        return any(form == name for name, _ in self.forms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A case to export: one image of it, or all; the region in it, which the program located where it has a `place`."""

    case_id: str
    image: int | None = None
    place: str | None = None
    box: Box | None = None


def ways_out(tenant: Tenant, chosen: Chosen) -> WaysOut | None:
    """What can be made of a case; None where no DICOM file of it was kept."""
    found = tenant.archive.case(chosen.case_id)
    images = () if found is None else found[1]
    if chosen.image is not None:
        images = images[chosen.image : chosen.image + 1]
    asked = {image.content_sha256 for image in images}
    kept = (image for image in tenant.files.images_of(chosen.case_id) if image.content_sha256 in asked)
    files = [file for image in kept for file in image.files if file.kind == "dicom"]
    if not files:
        return None
    has_region = len(images) == 1 and chosen.box is not None and (images[0].kind == "ct" or len(files) == 1)
    without: tuple[ExportForm, ...] = () if has_region else _OF_REGIONS
    return WaysOut(
        forms=tuple((form, _WORDS[form]) for form in EXPORT_FORMS if form not in without),
        viewer=_viewer(tenant, files[0].study_instance_uid),
    )


def ways_out_together(tenant: Tenant, cases: Sequence[Chosen]) -> WaysOut | None:
    """What can be made of several cases, each form with how many of them it takes; None where no file was kept."""
    ways = [found for chosen in cases if (found := ways_out(tenant, chosen)) is not None]
    counts = {form: sum(found.takes(form) for found in ways) for form in EXPORT_FORMS}
    forms = tuple((form, f"{_WORDS[form]}: {n} of {len(cases)}") for form, n in counts.items() if n)
    return WaysOut(forms=forms) if forms else None


def _viewer(tenant: Tenant, study_uid: str | None) -> str | None:
    """Where another viewer shows a study, by the UID that its kept files have."""
    address = tenant.config.viewer_link
    return None if address is None or study_uid is None else address.replace("{study}", quote(study_uid, safe=""))
