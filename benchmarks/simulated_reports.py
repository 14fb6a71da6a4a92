"""What the relevance benchmarks share: reports of the simulated archive and what is true of them, without pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from casekin.relevance import CaseFindings
from casekin.types import Fact
from casekin.world.case_files import ArchiveSettings, _report, normal_locations
from casekin.world.patients import Exam, Patient, sample_patient


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedReport:
    """An examination: its text, what is there (`truth`), and what the text tells of it (`told`), hedges as told."""

    text: str
    split: str
    truth: CaseFindings
    told: CaseFindings


def simulated_reports(*, patients: int, seed: int, split: str | None = None) -> Iterator[SimulatedReport]:
    """Every examination of patients 0, 1, …; only those of one split when it is given."""
    settings = ArchiveSettings(patients=patients, seed=seed, modality="cr", format="png", size=512)
    for patient in (sample_patient(number, seed=seed) for number in range(patients)):
        if split is None or patient.split == split:
            for exam in patient.exams:
                yield _simulated(patient, exam, settings)


def true_case(patient: Patient, exam: Exam) -> CaseFindings:
    """What is there, what was there the last time, and the locations where nothing is."""
    return CaseFindings(
        case_id=f"{patient.patient_id}-{exam.number + 1}",
        patient=patient.patient_id,
        facts=(*exam.facts, *exam.equivocal, *exam.resolved),
        normal_anatomies=normal_locations((*exam.facts, *exam.equivocal)),
    )


def _simulated(patient: Patient, exam: Exam, settings: ArchiveSettings) -> SimulatedReport:
    written = _report(patient, exam, settings, modality="CR", view="PA")
    truth = true_case(patient, exam)
    told = [_as_told(statement.fact, statement.stated) for statement in written.statements if statement.stated]
    facts = tuple(fact for fact in told if fact.sentence is not None)
    return SimulatedReport(text=written.text, split=patient.split, truth=truth, told=replace(truth, facts=facts))


def _as_told(fact: Fact, stated: str) -> Fact:
    return replace(fact, polarity="uncertain") if stated == "uncertain" else fact
