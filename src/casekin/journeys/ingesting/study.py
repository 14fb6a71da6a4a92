"""What one worker does with one case: read and encode its images, read its report, replace what identifies a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekin.anatomy import is_lateral
from casekin.errors import CasekinError
from casekin.imaging import ImageHeader, Pseudonymizer
from casekin.index import IndexedCase, IndexedImage
from casekin.journeys.ingesting.sources import CaseJob, ImageJob, Problem
from casekin.models import ImageEncoder, load_encoder
from casekin.models.film import film_faults
from casekin.reports import read_report
from casekin.retrieval.encode import EncodedFile, encode_file, hash_files, indexed_image
from casekin.types import CaseRow

_FAULTS = {
    "mirrored": "mirrored",
    "turned_90": "turned by 90 degrees",
    "turned_180": "turned by 180 degrees",
    "turned_270": "turned by 270 degrees",
    "inverted": "inverted, black for white",
    "lateral": "like a lateral view",
    "no_chest": "like no chest radiograph",
}
_worker: dict[str, Any] = {}
"""The encoder and pseudonymiser of this process, loaded once by `start_worker`."""


def start_worker(key: bytes, model: str) -> None:
    """Load what every job of this process needs."""
    _worker["encoder"] = load_encoder(model)
    _worker["names"] = Pseudonymizer(key)


def encode_case(job: CaseJob) -> tuple[IndexedCase | None, list[Problem], list[Problem]]:
    """The case of a job, or None when none of its images can be read; what went wrong, and what is odd about a film."""
    encoder: ImageEncoder = _worker["encoder"]
    names: Pseudonymizer = _worker["names"]
    problems: list[Problem] = []
    warnings: list[Problem] = []
    images: list[tuple[EncodedFile, IndexedImage]] = []
    for image_job in job.images:
        try:
            encoded, image = _encode_image(image_job, job, encoder)
            images.append((encoded, image))
            warnings += [Problem(source=image_job.name, reason=told) for told in _doubts(encoded)]
        except CasekinError as error:
            problems.append(Problem(source=image_job.name, reason=str(error)))
        except OSError as error:
            problems.append(Problem(source=image_job.name, reason=f"can't be read: {error.strerror}; check the file"))
    if not images:
        return None, problems, []
    header = images[0][0].image.header
    # Without a stamp, a case whose images could not all be read is tried again, and its problems are listed again.
    stamp = "" if problems else job.stamp
    case = _case(job, header, tuple(image for _, image in images), names, encoder.version, stamp)
    return case, problems, warnings


def _doubts(encoded: EncodedFile) -> list[str]:
    """What speaks against taking an image as it was stored; a film that the site calls lateral has nothing."""
    header, state = encoded.image.header, encoded.encoded.film
    if encoded.doubt is not None:
        return [f"encoded as its frontal projection, beside radiographs: {encoded.doubt}"]
    if state is None or header.modality in ("CT", "MR") or is_lateral(header.view):
        return []
    faults = film_faults(state, orientation_stated=encoded.image.direction is not None)
    return [f"looks {_FAULTS[one.fault]} (probability {one.probability:.2f}); taken as it is" for one in faults]


def _encode_image(image_job: ImageJob, job: CaseJob, encoder: ImageEncoder) -> tuple[EncodedFile, IndexedImage]:
    source = image_job.source
    if not isinstance(source, tuple) and source.is_dir():
        hashed = tuple(sorted(path for path in source.iterdir() if path.is_file()))
    else:
        hashed = source if isinstance(source, tuple) else (source,)
    regions = () if image_job.row is None else image_job.row.regions
    encoded = encode_file(source, encoder, regions=regions, folder=job.folder)
    return encoded, indexed_image(encoded, name=image_job.name, file_sha256=hash_files(hashed))


def _case(
    job: CaseJob,
    header: ImageHeader,
    images: tuple[IndexedImage, ...],
    names: Pseudonymizer,
    version: str,
    stamp: str,
) -> IndexedCase:
    row = job.row or _row_of_header(header, images[0], names)
    study = row.study_instance_uid or header.study_instance_uid
    accession = row.accession_number or header.accession_number
    report = next((image.row.report for image in job.images if image.row is not None and image.row.report), None)
    read = {} if report is None else read_case_report(report)
    return IndexedCase(
        case_id=row.case_id,
        patient_id=names.patient(row.patient_id),
        patient=names.patient(row.patient_group or row.patient_id),
        stamp=stamp,
        model_version=version,
        study_instance_uid=names.uid(study) if study else None,
        accession_number=names.accession(accession) if accession else None,
        modality=row.modality or header.modality,
        body_part=row.body_part or header.body_part,
        view=row.view or header.view,
        sex=row.sex or header.sex,
        age=row.age if row.age is not None else header.age,
        day_offset=row.day_offset,
        source=row.source,
        licence=row.licence,
        extra=row.extra,
        report=read.get("report"),
        facts=read.get("facts", ()),
        normal_anatomies=read.get("normal", ()),
        sentences=read.get("sentences", ()),
        images=images,
        adds_images=job.row is None,
    )


def _row_of_header(header: ImageHeader, image: IndexedImage, names: Pseudonymizer) -> CaseRow:
    """Ids for a file without a manifest: the study's pseudonym, or the content's hash where the header has none."""
    study = header.study_instance_uid
    case_id = names.uid(study) if study else f"image-{image.content_sha256[:16]}"
    return CaseRow(
        case_id=case_id, patient_id=header.patient_id or f"content {image.content_sha256}", image=image.image
    )


def read_case_report(text: str) -> dict[str, Any]:
    """What the index keeps of a report: the text, its facts, normal anatomies and sentences."""
    read = read_report(text)
    sentences = tuple(sentence.text for sentence in read.sentences)
    return {"report": text, "facts": read.facts, "normal": read.normal_anatomies, "sentences": sentences}


def join_report(report: str | None, sections: Mapping[str, str]) -> str:
    """One text of a report that came whole, or as sections with their headings."""
    return report or "\n".join(f"{name.upper()}: {text}" for name, text in sections.items())
