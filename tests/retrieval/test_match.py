"""Answers to a question's findings: what leaves an answer whole, what lowers it, and a whole index against one case."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.findings import FINDINGS
from casekin.index import CaseIndex
from casekin.retrieval.match import Asked, answer_value, match_question, score_cases
from casekin.types import Fact
from made_cases import made_case, made_fact

NAMES = ("consolidation", "airspace_opacity", "lung_opacity", "nodule", "pleural_effusion", "cardiomegaly")
ANATOMIES = ("lung", "lower_lobe", "lower_lung_zone", "pleural_space", "cardiac_silhouette")
SIDES = ("left", "right", "bilateral", None)
facts = st.builds(
    lambda name, anatomy, side, polarity, severity, change: replace(
        made_fact(name, anatomy, side if anatomy != "cardiac_silhouette" else None, polarity, severity=severity),
        change=change,
    ),
    st.sampled_from(NAMES),
    st.sampled_from(ANATOMIES),
    st.sampled_from(SIDES),
    st.sampled_from(("present", "absent", "uncertain")),
    st.sampled_from((None, "minimal", "mild", "moderate", "severe")),
    st.sampled_from((None, "new", "stable", "resolved")),
)
questions = st.lists(
    st.builds(lambda fact, anywhere: Asked(fact=fact, anywhere=anywhere), facts, st.booleans()), max_size=3
)
archives = st.lists(st.lists(facts, max_size=4), min_size=1, max_size=5)
LLL = made_fact("consolidation", "lower_lobe", "left")


def asked(fact: Fact, *, anywhere: bool = False) -> Asked:
    return Asked(fact=fact, anywhere=anywhere)


@settings(deadline=None, max_examples=40)
@given(archives, questions)
def test_every_case_of_an_index_scores_as_it_does_alone(archive: list[list[Fact]], question: list[Asked]) -> None:
    with tempfile.TemporaryDirectory() as folder, CaseIndex(Path(folder) / "index", create=True) as index:
        index.put([made_case(f"c{number}", facts=tuple(case)) for number, case in enumerate(archive)])
        scores = score_cases(index, question)
    assert scores[1:].tolist() == pytest.approx([match_question(question, case).score for case in archive])


@given(facts)
def test_a_finding_answers_itself_wholly(fact: Fact) -> None:
    assert answer_value(asked(fact), fact) == 1.0
    assert match_question([asked(fact)], [fact]).score == 1.0


@given(facts, facts)
def test_an_answer_lies_between_nothing_and_all(question: Fact, stated: Fact) -> None:
    assert 0.0 <= answer_value(asked(question), stated) <= 1.0


@given(facts, facts, facts)
def test_more_findings_never_make_a_question_worse_answered_unless_they_deny_it(
    one: Fact, two: Fact, more: Fact
) -> None:
    question = [asked(one)]
    before, after = match_question(question, [two]), match_question(question, [two, more])
    assert after.score >= before.score or len(after.contradicted) > len(before.contradicted)


@pytest.mark.parametrize(
    "better, worse",
    [
        (LLL, replace(LLL, polarity="uncertain")),
        (replace(LLL, polarity="uncertain"), replace(LLL, polarity="absent")),
        (LLL, replace(LLL, side="bilateral")),
        (replace(LLL, side="bilateral"), replace(LLL, side=None)),
        (replace(LLL, side=None), replace(LLL, side="right")),
        (LLL, replace(LLL, anatomy="lung")),
        (replace(LLL, anatomy="lung"), replace(LLL, anatomy="upper_lobe")),
        (LLL, replace(LLL, finding="airspace_opacity")),
        (replace(LLL, finding="airspace_opacity"), replace(LLL, finding="nodule")),
    ],
)
def test_answers_are_ordered_by_what_they_leave_open_or_contradict(better: Fact, worse: Fact) -> None:
    assert answer_value(asked(LLL), better) > answer_value(asked(LLL), worse)


def test_a_kind_and_a_part_answer_better_than_the_broader_and_the_whole() -> None:
    opacity, lung = replace(LLL, finding="airspace_opacity"), replace(LLL, anatomy="lung")
    assert answer_value(asked(opacity), LLL) > answer_value(asked(LLL), opacity)
    assert answer_value(asked(lung), LLL) > answer_value(asked(LLL), lung)


def test_what_a_question_does_not_say_is_left_open() -> None:
    for stated in (replace(LLL, severity="severe"), replace(LLL, change="new"), replace(LLL, size_mm=30.0)):
        assert answer_value(asked(LLL), stated) == 1.0
    effusion = made_fact("pleural_effusion", "pleural_space")
    assert answer_value(asked(effusion, anywhere=True), replace(effusion, side="left")) > 0.9


def test_what_a_question_says_is_wanted() -> None:
    mild = asked(replace(LLL, severity="mild"))
    values = [answer_value(mild, replace(LLL, severity=s)) for s in ("mild", None, "severe")]
    assert values == sorted(values, reverse=True) and values[0] > values[1] > values[2]
    new = asked(replace(LLL, change="new"))
    values = [answer_value(new, replace(LLL, change=c)) for c in ("new", None, "stable")]
    assert values[0] > values[1] > values[2]


def test_a_denied_finding_scores_less_than_one_that_nobody_speaks_of() -> None:
    denied = match_question([asked(LLL)], [replace(LLL, polarity="absent")])
    assert denied.score < match_question([asked(LLL)], []).score == 0.0
    assert denied.missing == (LLL,)
    assert [theirs.polarity for _, theirs in denied.contradicted] == ["absent"]


def test_no_consolidation_does_not_deny_an_opacity_but_no_opacity_denies_a_consolidation() -> None:
    opacity = replace(LLL, finding="lung_opacity")
    assert not match_question([asked(opacity)], [replace(LLL, polarity="absent")]).contradicted
    assert match_question([asked(LLL)], [replace(opacity, polarity="absent")]).contradicted


def test_a_question_for_an_absence_finds_absences() -> None:
    absent = replace(LLL, polarity="absent")
    assert match_question([asked(absent)], [absent]).score == 1.0
    assert match_question([asked(absent)], [LLL]).contradicted


@pytest.mark.parametrize("name", sorted(FINDINGS)[::7])
def test_every_finding_answers_itself_anywhere(name: str) -> None:
    home = FINDINGS[name].home
    assert (
        answer_value(
            asked(made_fact(name, home.anatomy, home.side), anywhere=True), made_fact(name, home.anatomy, home.side)
        )
        == 1.0
    )


def test_an_empty_question_scores_nothing(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", facts=(LLL,))])
        assert not np.any(score_cases(index, []))
    assert match_question([], [LLL]).score == 0.0
