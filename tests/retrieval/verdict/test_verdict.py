"""Verdicts of searches: trusted where pictures and reports agree, and saying why not where they don't."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekin.index import CaseIndex
from casekin.journeys.calibrate import calibrate_index
from casekin.journeys.search import search_cases
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.verdict.calibration import read_calibration
from casekin.types import Place
from made_verdicts import LEFT_BASE, SOUND, Encoder, few_questions, made_index, made_query

SEEN = {LEFT_BASE: np.array([0.95, 0.0, 0.0], dtype=np.float32)}
AT = (str(LEFT_BASE),)
ENCODER: Any = Encoder()
__all__ = ["few_questions"]  # a fixture of these tests


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that wasn't calibrated."""
    return made_index(tmp_path_factory.mktemp("plain") / "index", 220)


@pytest.fixture(scope="module")
def folder(plain: Path, tmp_path_factory: pytest.TempPathFactory, few_questions: None) -> Path:
    copy = tmp_path_factory.mktemp("verdicts") / "index"
    shutil.copytree(plain, copy)
    calibrate_index(copy, encoder=ENCODER)
    return copy


def ask(folder: Path, tmp_path: Path, image: Any = None, **query: Any) -> SearchAnswer:
    (tmp_path / "query.png").write_bytes(b"a picture")
    asked = {"at": AT, **query} if image is None else {"image": tmp_path / "query.png", "at": AT, **query}
    with CaseIndex(folder) as index:
        return search_cases(index, SearchQuery(**asked), encoded=image)


def test_a_finding_that_reports_state_is_answered_with_a_promise_and_confident_hits(
    folder: Path, tmp_path: Path
) -> None:
    answer = ask(folder, tmp_path, made_query(SEEN))
    assert answer.verdict == "answered"
    assert answer.promise is not None
    assert answer.promise > 0.9
    assert f"promised {100 * answer.promise:.0f} %, calibrated on" in answer.verdict_reason
    assert all(hit.confidence is not None and 0.0 <= hit.confidence < 1.0 for hit in answer.hits)
    record = answer.as_record()
    assert record["promise"] == answer.promise
    assert [check["name"] for check in record["checks"]][:2] == ["modality", "body_part"]


def test_a_place_that_shows_nothing_is_no_reason_for_confidence(folder: Path, tmp_path: Path) -> None:
    answer = ask(folder, tmp_path, made_query({}))
    assert answer.verdict == "low_confidence"
    assert answer.promise is not None
    assert answer.promise < 0.9


def test_a_finding_that_no_listed_report_states_has_no_comparable_case(folder: Path, tmp_path: Path) -> None:
    image = made_query({Place(anatomy="mediastinum"): np.array([0.0, 0.0, 0.9], dtype=np.float32)})
    answer = ask(folder, tmp_path, image, at=("mediastinum",))
    assert answer.verdict == "no_comparable_case"
    assert "pneumothorax" in answer.verdict_reason


def test_a_picture_that_lies_far_or_contradicts_its_header_is_out_of_distribution(folder: Path, tmp_path: Path) -> None:
    far = ask(folder, tmp_path, made_query(SEEN, far=9.0))
    assert far.verdict == "out_of_distribution"
    assert "farther" in far.verdict_reason
    mirrored = ask(folder, tmp_path, made_query(SEEN, film=replace(SOUND, mirrored=0.97)))
    assert mirrored.verdict == "out_of_distribution"
    assert "taken for granted on mirror: mirrored, with probability 0.97" in mirrored.verdict_reason
    assert {hit.confidence for hit in (*far.hits, *mirrored.hits)} == {None}
    assert far.promise is None


def test_without_a_calibration_checks_still_speak_and_nothing_is_promised(plain: Path, tmp_path: Path) -> None:
    answer = ask(plain, tmp_path, made_query(SEEN, far=9.0))
    assert (answer.verdict, answer.verdict_reason, answer.promise) == ("answered", "uncalibrated", None)
    turned = ask(plain, tmp_path, made_query(SEEN, film=replace(SOUND, turned_180=1.0)))
    assert turned.verdict == "out_of_distribution"


def test_words_and_several_places_at_once_are_promised_nothing(folder: Path, tmp_path: Path) -> None:
    words = ask(folder, tmp_path, text="nodule")
    assert (words.verdict, words.promise, words.checks) == ("answered", None, ())
    assert "uncalibrated" in words.verdict_reason
    both = ask(folder, tmp_path, made_query(SEEN), at=(*AT, "right lung"), combine="all_of")
    assert both.promise is None
    assert "uncalibrated" in both.verdict_reason


def test_what_no_report_states_and_what_nobody_may_answer_have_no_comparable_case(folder: Path, tmp_path: Path) -> None:
    words = ask(folder, tmp_path, text="pleural effusion", at=("mediastinum",))
    assert words.verdict == "no_comparable_case"
    nobody = ask(folder, tmp_path, made_query(SEEN), where="age > 200")
    assert (nobody.hits, nobody.verdict) == ((), "no_comparable_case")


def test_a_question_about_the_whole_picture_has_promises_of_its_own(folder: Path, tmp_path: Path) -> None:
    whole = ask(folder, tmp_path, made_query(SEEN), at=())
    with CaseIndex(folder) as index:
        calibration = read_calibration(index, "radiograph")
    assert calibration is not None
    assert whole.promise in calibration.trust["whole"].lists.promised
