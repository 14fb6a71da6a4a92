"""The truth read back gives the findings of the picture, however the report states them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.evaluation.truth import facts_in_image, read_truth
from casekin.types import Box, Place
from casekin.world.dictation import ReportContext, dictate
from casekin.world.patients import sample_patient
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


LINE = {
    "case_id": "a",
    "patient_id": "p",
    "split": "test",
    "site": "river",
    "facts": [
        {"finding": "nodule", "anatomy": "upper_lobe", "side": "left", "polarity": "uncertain", "in_image": True},
        {"finding": "nodule", "anatomy": "lower_lobe", "side": "left", "polarity": "uncertain", "in_image": False},
        {"finding": "pneumothorax", "anatomy": "pleural_space", "side": None, "polarity": "absent", "in_image": False},
    ],
    "boxes": [{"anatomy": "lung", "side": "left", "box": [1, 2, 3, 4]}],
    "masks": {"left_lung": "masks/a/left_lung.png"},
    "normal_anatomies": [{"anatomy": "carina", "side": None}],
}


def test_a_line_tells_findings_denials_places_and_header_fields(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text(json.dumps(LINE) + "\n\n" + json.dumps({"case_id": "b", "facts": []}))
    case, bare = read_truth(path).values()
    told = [(fact.finding, str(fact.place), fact.polarity) for fact in case.facts]
    assert told == [("nodule", "left_upper_lobe", "present"), ("pneumothorax", "pleural_space", "absent")]
    assert (case.split, case.header) == ("test", {"site": "river"})
    assert case.boxes == {Place(anatomy="lung", side="left"): Box(x0=1, y0=2, x1=3, y1=4)}
    assert case.masks == LINE["masks"]
    assert case.normal_anatomies == (Place(anatomy="carina"),)
    assert (bare.case_id, bare.split, bare.facts) == ("b", None, ())


@pytest.mark.parametrize(
    "text", ["[1]", "{", '{"facts": []}', '{"case_id": "a"}', '{"case_id": "a", "facts": [{"finding": "x"}]}']
)
def test_a_line_that_is_no_truth_is_an_error_with_its_row(tmp_path: Path, text: str) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text(f"\n{text}\n")
    with pytest.raises(InputError, match="row 2: expected a line"):
        read_truth(path)


def test_a_case_that_stands_twice_is_refused_and_so_is_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text(f"{json.dumps(LINE)}\n{json.dumps(LINE)}\n")
    with pytest.raises(InputError, match="there twice"):
        read_truth(path)
    with pytest.raises(InputError, match="readable"):
        read_truth(tmp_path / "none.jsonl")
