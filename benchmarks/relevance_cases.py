"""What the relevance benchmarks share: simulated examinations as cases, by what is there and what the report tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from casekin.findings import finding
from casekin.relevance import CaseFindings
from casekin.types import Fact
from casekin.world.case_files import normal_locations, report_of
from casekin.world.dictation import Statement
from casekin.world.patients import Exam, Patient, sample_patient


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCase:
    """An examination: the text of its report, what the text tells, and the truth with what it leaves out."""

    text: str
    told: CaseFindings
    truth: CaseFindings


def simulated_cases(*, patients: int, seed: int, split: str) -> Iterator[SimulatedCase]:
    """Every examination of those of patients 0, 1, … that are in the split, with a report by the split's writers."""
    for patient in (sample_patient(number, seed=seed) for number in range(patients)):
        if patient.split == split:
            for exam in patient.exams:
                report = report_of(patient, exam, seed=seed)
                told = tuple(_as_told(each) for each in report.statements if each.stated is not None)
                truth = tuple(each.fact for each in report.statements)
                case = case_in_picture(patient, exam)
                yield SimulatedCase(
                    text=report.text,
                    told=replace(case, facts=told, normal_anatomies=()),
                    truth=replace(case, facts=truth, normal_anatomies=()),
                )


def case_in_picture(patient: Patient, exam: Exam) -> CaseFindings:
    """What is there, what was there the last time, and the locations where nothing is; no report takes part."""
    return CaseFindings(
        case_id=f"{patient.patient_id}-{exam.number + 1}",
        patient=patient.patient_id,
        facts=(*exam.facts, *exam.equivocal, *exam.resolved),
        normal_anatomies=normal_locations((*exam.facts, *exam.equivocal)),
    )


def _as_told(statement: Statement) -> Fact:
    """The fact at the place that the words mean; at the finding's home where they name none."""
    place = statement.stated_at or finding(statement.fact.finding).home
    return replace(statement.fact, anatomy=place.anatomy, side=place.side)
