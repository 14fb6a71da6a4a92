"""A draft as FHIR R4: a preliminary DiagnosticReport that holds an Observation for every claim."""

from __future__ import annotations

import base64
import html
from dataclasses import replace
from datetime import datetime
from typing import Any

from casekin.retrieval.compose.draft import Draft, DraftSentence
from casekin.retrieval.export.concepts import OWN, Concept, finding_concept, presence_concept, site_concept
from casekin.retrieval.export.plain_text import clean, draft_text, preamble, section_lines
from casekin.retrieval.export.subject import ReportSubject, software_of, uid_of

Resource = dict[str, Any]
_SYSTEMS = {"SCT": "http://snomed.info/sct", "RADLEX": "http://www.radlex.org", OWN: "urn:casekin:ontology"}
_DEVICE = "casekin"


def diagnostic_report(draft: Draft, subject: ReportSubject, written: datetime | None) -> Resource:
    """The resource. Status is `preliminary` and the narrative begins with the notice; `issued` only where told.

    What was struck is left out: nothing supports it, and it may be words of another patient's report.
    """
    uid = uid_of(draft, subject, "fhir", str(written))
    text = draft_text(replace(draft, struck=()))
    whose = {} if subject.patient_id is None else {"subject": _named("urn:casekin:pseudonym", subject.patient_id)}
    study = {} if subject.study_instance_uid is None else {"imagingStudy": [_study(subject.study_instance_uid)]}
    impression = [draft.remark] if draft.remark is not None else section_lines(draft, "impression")
    observations = [_observation(sentence, number, whose) for number, sentence in enumerate(draft.sentences, start=1)]
    return {
        "resourceType": "DiagnosticReport",
        "id": f"draft-{uid.rpartition('.')[2][-32:]}",
        "meta": {"tag": [{"system": "urn:casekin:tag", "code": "draft", "display": "DRAFT, not a report"}]},
        "language": "en",
        "text": {"status": "generated", "div": _narrative(text)},
        "contained": [_device(draft), *observations],
        "identifier": [_uid(uid)],
        "status": "preliminary",
        "category": [_coded("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD", "Radiology")],
        "code": _coded("http://loinc.org", "18748-4", "Diagnostic imaging study"),
        **whose,
        **({} if written is None else {"issued": written.isoformat(timespec="milliseconds")}),
        "result": [{"reference": f"#{observation['id']}"} for observation in observations],
        **study,
        "conclusion": " ".join((*preamble(draft), *impression)),
        "presentedForm": [
            {
                "contentType": "text/plain; charset=utf-8",
                "language": "en",
                "data": base64.b64encode(text.encode()).decode(),
                "title": "DRAFT, not a report",
            }
        ],
    }


def _observation(sentence: DraftSentence, number: int, whose: Resource) -> Resource:
    claim, support = sentence.claim, sentence.support
    return {
        "resourceType": "Observation",
        "id": f"s{number}",
        "status": "preliminary",
        "category": [_coded("http://terminology.hl7.org/CodeSystem/observation-category", "imaging", "Imaging")],
        "code": _concept(finding_concept(claim)),
        **whose,
        "valueCodeableConcept": _concept(presence_concept(claim)),
        "note": [{"text": clean(sentence.text)}],
        "bodySite": _concept(site_concept(claim), text=str(claim.place).replace("_", " ")),
        "device": {"reference": f"#{_DEVICE}"},
        "derivedFrom": [
            {"type": "ImagingStudy", **_named("urn:casekin:case", cite.case_id)} for cite in sentence.cites
        ],
        "component": [
            _quantity("how likely the claim is", support.p),
            _quantity("lower end of its 95 % interval", support.interval[0]),
            _quantity("upper end of its 95 % interval", support.interval[1]),
            {"code": {"text": "similar cases that speak of it"}, "valueInteger": support.n},
        ],
    }


def _device(draft: Draft) -> Resource:
    return {
        "resourceType": "Device",
        "id": _DEVICE,
        "deviceName": [{"name": "casekin", "type": "model-name"}],
        "version": [{"value": software_of(draft)}],
    }


def _narrative(text: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in map(clean, text.splitlines()) if line)
    return f'<div xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">{paragraphs}</div>'


def _quantity(name: str, value: float) -> Resource:
    amount = {"value": value, "system": "http://unitsofmeasure.org", "code": "1"}
    return {"code": {"text": name}, "valueQuantity": amount}


def _concept(concept: Concept, *, text: str | None = None) -> Resource:
    coded = _coded(_SYSTEMS[concept.scheme], concept.code, concept.meaning)
    return {**coded, "text": text or concept.meaning}


def _coded(system: str, code: str, display: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def _named(system: str, value: str) -> Resource:
    return {"identifier": {"system": system, "value": value}}


def _study(uid: str) -> Resource:
    return {"type": "ImagingStudy", "identifier": _uid(uid)}


def _uid(uid: str) -> Resource:
    return {"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}
