"""Text search end to end over an index of reports without images."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from casekin.index import CaseIndex
from casekin.journeys.search import search_cases
from casekin.reports import read_report
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.text import read_question, score_text
from made_cases import made_case

REPORTS = {
    "absent": "No pneumothorax. Lungs are clear.",
    "bilateral": "Small bilateral pleural effusions.",
    "large": "Large left pleural effusion.",
    "left": "Small left pleural effusion.",
    "maybe": "Possible right pneumothorax.",
    "present": "There is a right pneumothorax.",
    "right": "Small right pleural effusion.",
    "rotated": "The patient is rotated.",
    "silent": "Heart size is normal.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseIndex]:
    with CaseIndex(tmp_path_factory.mktemp("text"), create=True) as made:
        made.put([reported(name, text) for name, text in REPORTS.items()])
        yield made


def reported(name: str, text: str):  # type: ignore[no-untyped-def]
    read = read_report(text)
    sentences = tuple(sentence.text for sentence in read.sentences)
    return made_case(name, patient=name, report=text, facts=read.facts, sentences=sentences)


def found(index: CaseIndex, text: str, **values: object) -> list[str]:
    return [hit.case_id for hit in search_cases(index, SearchQuery(text=text, **values)).hits]  # type: ignore[arg-type]


def test_what_is_there_comes_before_what_may_be_there_before_what_is_not(index: CaseIndex) -> None:
    ranked = found(index, "pneumothorax")
    assert ranked[:2] == ["present", "maybe"]
    assert ranked.index("absent") == len(ranked) - 1


def test_the_absence_of_a_finding_can_be_asked_for(index: CaseIndex) -> None:
    assert found(index, "no pneumothorax")[0] == "absent"


@pytest.mark.parametrize("text", ["small left pleural effusion", "effusion pleural left small", "left effusion, small"])
def test_side_and_severity_order_the_cases_of_one_finding(index: CaseIndex, text: str) -> None:
    assert found(index, text)[:4] == ["left", "bilateral", "large", "right"]


def test_a_place_of_its_own_beats_the_place_asked_for_beside_it(index: CaseIndex) -> None:
    assert found(index, "pleural effusion", at=("right pleural space",))[0] == "right"
    assert set(found(index, "left pleural effusion", at=("right pleural space",))[:2]) == {"left", "large"}


def test_without_a_known_finding_words_decide(index: CaseIndex) -> None:
    assert read_question("rotated patient").facts == ()
    assert found(index, "rotated patient") == ["rotated"]


def test_the_parts_of_a_score_never_exceed_the_weight(index: CaseIndex) -> None:
    for text in ("small left pleural effusion", "rotated", "pneumothorax"):
        scores = score_text(index, read_question(text), weight=0.5)
        assert np.all(scores.facts + scores.text <= 0.5) and np.all(scores.text >= 0.0)


def test_a_hit_shows_the_sentence_that_ranked_it(index: CaseIndex) -> None:
    (hit, *_) = search_cases(index, SearchQuery(text="effusion pleural left large")).hits
    assert [fact.sentence for fact in hit.evidence] == ["Large left pleural effusion."]
    assert hit.parts["facts"] == pytest.approx(0.7)


def test_an_archive_without_reports_answers_with_nothing(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as empty:
        assert found(empty, "pneumothorax") == []
        empty.put([made_case("a", patient="a")])
        assert found(empty, "pneumothorax") == []
