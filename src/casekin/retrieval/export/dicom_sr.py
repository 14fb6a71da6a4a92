"""A draft as DICOM structured reports: a measurement report (TID 1500, Comprehensive SR), and a Basic Text SR.

highdicom builds the content trees. The document around them is our own (`document.py`), for a draft may be about a
picture that is no DICOM instance, and no clock may be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from casekin.errors import DependencyError
from casekin.retrieval.compose.draft import Draft, DraftSentence
from casekin.retrieval.export.concepts import (
    LATERALITY,
    WITHIN_NORMAL_LIMITS,
    Concept,
    finding_concept,
    presence_concept,
    site_concept,
)
from casekin.retrieval.export.document import BASIC_TEXT_SR, COMPREHENSIVE_SR, PROGRAM_UID, write_document
from casekin.retrieval.export.plain_text import SECTIONS, clean, preamble
from casekin.retrieval.export.subject import ReportSubject, software_of, uid_of

_CERTAINTY = Concept("111012", "DCM", "Certainty of Finding")
_COMMENT = Concept("121106", "DCM", "Comment")
_DEVICE = Concept("121007", "DCM", "Device")
_PERCENT = Concept("%", "UCUM", "Percent")
_SOURCE = Concept("260753009", "SCT", "Source")
_TEXT_TITLE = Concept("18748-4", "LN", "Diagnostic Imaging Report")
MEASUREMENT_TITLE = Concept("126000", "DCM", "Imaging Measurement Report")
_IMAGING = Concept("363679005", "SCT", "Imaging procedure")
_RADIOGRAPHY = Concept("168537006", "SCT", "Plain radiography")
_PROCEDURES = {"CT": Concept("77477000", "SCT", "Computed tomography"), "CR": _RADIOGRAPHY, "DX": _RADIOGRAPHY}
_HEADINGS = {
    "findings": (Concept("59776-5", "LN", "Findings"), Concept("121071", "DCM", "Finding")),
    "impression": (Concept("19005-8", "LN", "Impressions"), Concept("121073", "DCM", "Impression")),
}


def measurement_report(draft: Draft, subject: ReportSubject, written: datetime) -> bytes:
    """A Comprehensive SR by TID 1500: notice and caution, and for each sentence a group with its claim and its site.

    The claim is an evaluation, "pulmonary edema: absent"; only what is present is a Finding as well, so that no viewer
    lists what isn't there. The support is certainty in percent; sentence and cited cases are comments.
    """
    sr = load_highdicom()
    groups = [
        _group(sr, sentence, number, uid_of(draft, subject, "sr", str(written), str(number)), subject)
        for number, sentence in enumerate(draft.sentences, start=1)
    ]
    (content,) = sr.MeasurementReport(
        observation_context=observation_context(sr),
        procedure_reported=coded(sr, procedure_of(subject.modality)),
        imaging_measurements=groups,
        title=coded(sr, MEASUREMENT_TITLE),
        language_of_content_item_and_descendants=english(sr),
    )
    for text in _remarks(draft):
        content.ContentSequence.insert(-1, _text(sr, _COMMENT, text, "CONTAINS"))
    return _write(content, COMPREHENSIVE_SR, draft, subject, written)


def basic_text_report(draft: Draft, subject: ReportSubject, written: datetime) -> bytes:
    """A Basic Text SR: notice and caution, then both sections sentence by sentence, each inferred from its cases."""
    sr = load_highdicom()
    content = sr.ContainerContentItem(name=coded(sr, _TEXT_TITLE), is_content_continuous=False)
    items = [*english(sr), *observation_context(sr)]
    items += [_text(sr, _COMMENT, text, "CONTAINS") for text in _remarks(draft)]
    for section in SECTIONS:
        sentences = [sentence for sentence in draft.sentences if sentence.section == section]
        if sentences:
            heading, name = _HEADINGS[section]
            items.append(_container(sr, heading, [_sentence(sr, name, one) for one in sentences]))
    if subject.has_image:
        items.append(_image(sr, subject))
    content.ContentSequence = sr.ContentSequence(items)
    return _write(content, BASIC_TEXT_SR, draft, subject, written)


def _remarks(draft: Draft) -> tuple[str, ...]:
    """What is said of the draft as a whole."""
    return preamble(draft) if draft.remark is None else (*preamble(draft), draft.remark)


def procedure_of(modality: str | None) -> Concept:
    """What was done, by a modality's code."""
    return _PROCEDURES.get(modality or "", _IMAGING)


def load_highdicom() -> Any:
    """Its structured reports. Raises `DependencyError` where it isn't installed."""
    try:
        return import_module("highdicom.sr")
    except ImportError as error:
        raise DependencyError(f"DICOM SR: {error.name} isn't installed; pip install 'casekin[export]'") from None


def _group(sr: Any, sentence: DraftSentence, number: int, uid: str, subject: ReportSubject) -> Any:
    claim = sentence.claim
    finding = finding_concept(claim)
    evaluation = sr.QualitativeEvaluation(coded(sr, finding), coded(sr, presence_concept(claim)))
    side = LATERALITY.get(claim.side or "")
    group = sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=uid, identifier=f"sentence {number}"),
        finding_type=coded(sr, finding) if claim.polarity == "present" else None,
        finding_sites=[
            sr.FindingSite(coded(sr, site_concept(claim)), laterality=None if side is None else coded(sr, side))
        ],
        measurements=[
            sr.Measurement(
                name=coded(sr, _CERTAINTY), value=round(100 * sentence.support.p, 1), unit=coded(sr, _PERCENT)
            )
        ],
        qualitative_evaluations=() if finding == WITHIN_NORMAL_LIMITS else (evaluation,),
        source_images=_source_images(sr, subject),
    )
    comments = (sentence.text, *_citations(sentence))
    group[0].ContentSequence.extend(_text(sr, _COMMENT, text, "CONTAINS") for text in comments)
    return group


def _sentence(sr: Any, name: Concept, sentence: DraftSentence) -> Any:
    item = _text(sr, name, sentence.text, "CONTAINS")
    item.ContentSequence = sr.ContentSequence(
        [_text(sr, _COMMENT, cite, "INFERRED FROM") for cite in _citations(sentence)]
    )
    return item


def _citations(sentence: DraftSentence) -> list[str]:
    return [f"Cites case {cite.case_id} at {str(cite.place).replace('_', ' ')}" for cite in sentence.cites]


def observation_context(sr: Any) -> Any:
    """This program observed it."""
    device = sr.DeviceObserverIdentifyingAttributes(
        uid=PROGRAM_UID, name="casekin", manufacturer_name="casekin", model_name="casekin"
    )
    return sr.ObservationContext(
        observer_device_context=sr.ObserverContext(
            observer_type=coded(sr, _DEVICE), observer_identifying_attributes=device
        )
    )


def english(sr: Any) -> Any:
    """The language of all words."""
    return sr.LanguageOfContentItemAndDescendants(coded(sr, Concept("en", "RFC5646", "English")))


def _source_images(sr: Any, subject: ReportSubject) -> Sequence[Any]:
    if not subject.has_image:
        return ()
    return [
        sr.SourceImageForMeasurementGroup(
            referenced_sop_class_uid=subject.sop_class_uid, referenced_sop_instance_uid=subject.sop_instance_uid
        )
    ]


def _image(sr: Any, subject: ReportSubject) -> Any:
    return sr.ImageContentItem(
        name=coded(sr, _SOURCE),
        referenced_sop_class_uid=subject.sop_class_uid,
        referenced_sop_instance_uid=subject.sop_instance_uid,
        relationship_type="CONTAINS",
    )


def _container(sr: Any, name: Concept, items: Sequence[Any]) -> Any:
    container = sr.ContainerContentItem(name=coded(sr, name), is_content_continuous=False, relationship_type="CONTAINS")
    container.ContentSequence = sr.ContentSequence(items)
    return container


def _text(sr: Any, name: Concept, text: str, relationship: str) -> Any:
    return sr.TextContentItem(name=coded(sr, name), value=clean(text), relationship_type=relationship)


def coded(sr: Any, concept: Concept) -> Any:
    """A concept as highdicom has it."""
    return sr.CodedConcept(value=concept.code, scheme_designator=concept.scheme, meaning=concept.meaning)


def _write(content: Any, sop_class_uid: str, draft: Draft, subject: ReportSubject, written: datetime) -> bytes:
    instance, series, study = (
        uid_of(draft, subject, sop_class_uid, str(written), what) for what in ("instance", "series", "study")
    )
    return write_document(
        content,
        sop_class_uid=sop_class_uid,
        uids=(instance, series, study),
        subject=subject,
        software=software_of(draft),
        written=written,
    )
