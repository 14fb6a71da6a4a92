"""What one worker does with one case: read and encode its images, read its report, replace what identifies a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekin.anatomy import is_lateral
from casekin.errors import CasekinError, NotComparableError
from casekin.imaging import ImageHeader, MedicalImage, Pseudonymizer, read_image
from casekin.imaging.deidentify.identity import OLDEST, Identity, hide_identity
from casekin.imaging.lone_slice import lone_slice
from casekin.index import IndexedCase, IndexedImage
from casekin.journeys.ingesting.keeping import ImageKeeper, Keeping, KeptCopy
from casekin.journeys.ingesting.sources import CaseJob, ImageJob, Problem
from casekin.models import ImageEncoder, load_encoder
from casekin.models.film import film_faults
from casekin.reports import read_report
from casekin.retrieval.encode import EncodedFile, encode_image, hash_files, indexed_image
from casekin.retrieval.verdict.checks import check_image
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
_MODALITY = "looks like another modality than its header names; taken as it looks"
_GIVE_SERIES = "expected a radiograph, or all slices of a series; give the folder of the series"
_worker: dict[str, Any] = {}
"""The encoder and pseudonymiser of this process, loaded once by `start_worker`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a case: None for `case` when nothing of it could be used, what went wrong, and what looks odd.

    What compares with no image is left out with a warning beside other images: nearly every CT study holds localizers
    and reports. Lone slices that are all of a case go in as wholes, without places. `kept` are its images whose files
    were kept, not named as its own yet.
    """

    case: IndexedCase | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    kept: tuple[KeptCopy, ...] = ()


def start_worker(key: bytes, model: str, keeping: Keeping | None = None, lone_slices: bool = True) -> None:
    """Load what every job of this process needs; `lone_slices`: whether a slice without its series makes a case."""
    _worker["encoder"] = load_encoder(model)
    _worker["names"] = names = Pseudonymizer(key)
    _worker["lone_slices"] = lone_slices
    _worker["keeper"] = None if keeping is None else ImageKeeper(keeping, names)


def encode_case(job: CaseJob) -> Outcome:
    """The case of a job, its reports and files without the person where files are kept."""
    encoder: ImageEncoder = _worker["encoder"]
    names: Pseudonymizer = _worker["names"]
    problems: list[Problem] = []
    warnings: list[Problem] = []
    images: list[tuple[EncodedFile, IndexedImage]] = []
    left_out: list[Problem] = []
    lone: list[tuple[ImageJob, str]] = []
    kept: list[KeptCopy] = []
    series = [one for one in job.images if isinstance(one.source, tuple)]

    def take(image_job: ImageJob, *, is_alone: bool) -> None:
        try:
            read = read_image(image_job.source)
            told = lone_slice(read, modality=_modality_of(image_job), beside_series=bool(series))
            if told is not None and not is_alone:
                lone.append((image_job, told))
                return
            encoded, image = _encode_image(read, image_job, job, encoder)
            if (copy := _keep(image_job, encoded, image)) is not None:
                image = copy[1]
                kept.append(copy[0])
            images.append((encoded, image))
            warnings.extend(Problem(source=image_job.name, reason=told) for told in _doubts(encoded))
        except NotComparableError as error:
            left_out.append(_problem(image_job, error))
        except CasekinError as error:
            problems.append(_problem(image_job, error))
        except OSError as error:
            problems.append(Problem(source=image_job.name, reason=f"can't be read: {error.strerror}; check the file"))

    for image_job in job.images:
        take(image_job, is_alone=False)
    alone = [one for one, _ in lone]
    if images or any(one not in alone for one in series) or not _worker["lone_slices"]:
        left_out += [Problem(source=one.name, reason=f"holds {told}; {_GIVE_SERIES}") for one, told in lone]
    else:
        for image_job, _ in lone:
            take(image_job, is_alone=True)
    if not images:
        return Outcome(case=None, problems=(*problems, *left_out))
    header = images[0][0].image.header
    # Without a stamp, a case whose images could not all be read is tried again, and its problems are listed again.
    stamp = "" if problems else job.stamp
    identity = Identity.union(copy.identity for copy in kept)
    case = _case(job, header, tuple(image for _, image in images), names, encoder.version, stamp, identity)
    return Outcome(case=case, problems=tuple(problems), warnings=(*warnings, *left_out), kept=tuple(kept))


def _problem(job: ImageJob, error: CasekinError) -> Problem:
    """An error of an image, whose name isn't told twice."""
    return Problem(source=job.name, reason=str(error).removeprefix(f"{job.name}: "))


def _keep(job: ImageJob, encoded: EncodedFile, image: IndexedImage) -> tuple[KeptCopy, IndexedImage] | None:
    keeper: ImageKeeper | None = _worker["keeper"]
    if keeper is None:
        return None
    return keeper.keep(_files_of(job), encoded.image, image, None if job.row is None else job.row.patient_id)


def _doubts(encoded: EncodedFile) -> list[str]:
    """What speaks against taking an image as it was stored; a film that the site calls lateral has nothing."""
    header, state = encoded.image.header, encoded.encoded.film
    if encoded.doubt is not None:
        return [f"encoded as its frontal projection, beside radiographs: {encoded.doubt}"]
    if encoded.lone is not None:
        return [f"{encoded.lone}: compared as a whole, without places"]
    told = [_MODALITY] if any(check.name == "modality" and check.mismatch for check in check_image(encoded)) else []
    if state is None or is_lateral(header.view):
        return told
    faults = film_faults(state, orientation_stated=encoded.image.direction is not None)
    return told + [f"looks {_FAULTS[one.fault]} (probability {one.probability:.2f}); taken as it is" for one in faults]


def _encode_image(
    read: MedicalImage, image_job: ImageJob, job: CaseJob, encoder: ImageEncoder
) -> tuple[EncodedFile, IndexedImage]:
    regions = () if image_job.row is None else image_job.row.regions
    encoded = encode_image(read, encoder, regions=regions, folder=job.folder, modality=_modality_of(image_job))
    # A manifest calls images as it likes; a loose file's own name may be its patient's.
    name = encoded.image.content_hash[:16] if image_job.row is None else image_job.name
    return encoded, indexed_image(encoded, name=name, file_sha256=hash_files(_files_of(image_job)))


def _modality_of(job: ImageJob) -> str | None:
    """The modality as the archive tells it, which may know better than a file."""
    return None if job.row is None else job.row.modality


def _files_of(job: ImageJob) -> tuple[Path, ...]:
    source = job.source
    if isinstance(source, tuple):
        return source
    return tuple(sorted(path for path in source.iterdir() if path.is_file())) if source.is_dir() else (source,)


def _case(
    job: CaseJob,
    header: ImageHeader,
    images: tuple[IndexedImage, ...],
    names: Pseudonymizer,
    version: str,
    stamp: str,
    identity: Identity,
) -> IndexedCase:
    row = job.row or _row_of_header(header, images[0], names)
    study = row.study_instance_uid or header.study_instance_uid
    accession = row.accession_number or header.accession_number
    age = header.age if row.age is None else row.age
    report = next((image.row.report for image in job.images if image.row is not None and image.row.report), None)
    read = {} if report is None else read_case_report(hide_identity(report, identity)[0])
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
        age=None if age is None else min(age, OLDEST),
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
