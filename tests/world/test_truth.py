"""The truth read back gives the findings of the picture, however the report states them."""

from __future__ import annotations

import numpy as np

from casekin.world.dictation import ReportContext, dictate
from casekin.world.patients import sample_patient
from casekin.world.truth import facts_in_image
from casekin.world.writers import WRITERS


def test_whatever_a_writer_joins_hedges_or_leaves_out_the_pictures_findings_come_back() -> None:
    joined = 0
    for number in range(150):
        for exam in sample_patient(number, seed=4).exams:
            context = ReportContext(facts=exam.facts, equivocal=exam.equivocal, resolved=exam.resolved)
            writer = WRITERS[number % len(WRITERS)]
            report = dictate(writer, context, rng=np.random.default_rng([number, exam.number]))
            records = [statement.as_record() for statement in report.statements]
            read = facts_in_image(records)
            there = {(fact.finding, fact.place, fact.change) for fact in exam.facts}
            assert {(fact.finding, fact.place, fact.change) for fact in read} == there
            assert len(read) == len(there)
            assert {fact.polarity for fact in read} <= {"present"}
            joined += len(read) - sum(record["in_image"] for record in records)
    assert joined > 3
