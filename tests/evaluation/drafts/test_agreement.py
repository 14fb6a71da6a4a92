"""Claims against references, by cases that a person can check."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from casekin.evaluation.drafts import Reference, ToldDraft
from casekin.evaluation.drafts.agreement import tally_agreement, tally_anatomies
from casekin.evaluation.truth import TrueCase
from casekin.relevance import CaseFindings
from casekin.reports import read_report
from casekin.types import Fact, Place, Polarity, Side


def fact(finding: str, anatomy: str, side: Side | None = None, polarity: Polarity = "present") -> Fact:
    return Fact(finding=finding, anatomy=anatomy, side=side, polarity=polarity)


def truth(*facts: Fact) -> Reference:
    return Reference.of_truth(TrueCase(case_id="c", split=None, facts=facts), patient="p")


def report(text: str) -> Reference:
    read = read_report(text)
    told = CaseFindings(case_id="c", patient="p", facts=read.facts, normal_anatomies=read.normal_anatomies)
    return Reference.of_report(told, text=text)


def told(text: str) -> ToldDraft:
    return ToldDraft.of_text("c", text)


def tally(text: str, reference: Reference, *names: str) -> list[tuple[float, float]]:
    parts = tally_agreement(told(text), reference)
    return [parts[name] for name in names]


EFFUSION = fact("pleural_effusion", "pleural_space", "left")
LEFT_LOWER = fact("consolidation", "lower_lobe", "left")


def test_a_report_that_says_just_what_is_there_has_every_claim_borne_out_and_every_statement_found() -> None:
    there = truth(EFFUSION, LEFT_LOWER, fact("pneumothorax", "pleural_space", None, "absent"))
    text = "Left pleural effusion. Left lower lobe consolidation. No pneumothorax."

    assert tally(text, there, "F1", "F1(kin)", "F1(present)", "F1(absent)", "Unsupported") == [
        (6, 6),
        (6, 6),
        (4, 4),
        (2, 2),
        (0, 3),
    ]


def test_f1_is_twice_precision_times_recall_by_their_sum_where_claims_and_statements_pair() -> None:
    there = truth(EFFUSION, LEFT_LOWER, fact("nodule", "upper_lobe", "right"))
    text = "Left pleural effusion. Right pneumothorax."
    parts = tally_agreement(told(text), there)
    precision, recall, f1 = (parts[name][0] / parts[name][1] for name in ("Precision", "Recall", "F1"))

    assert (precision, recall) == (1 / 2, 1 / 3)
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))


@pytest.mark.parametrize(
    ("text", "strict", "kin"),
    [
        ("Left lower lobe consolidation.", 1, 1),
        ("Left lower lobe airspace opacity.", 0, 1),
        ("Consolidation of the left lung.", 0, 1),
        ("Right lower lobe consolidation.", 0, 0),
        ("Left lower lobe nodule.", 0, 0),
        ("Possible left lower lobe consolidation.", 1, 1),
        ("Bilateral lower lobe consolidation.", 1, 1),
    ],
)
def test_strict_takes_finding_place_and_side_and_kinship_what_is_a_kind_at_places_that_meet(
    text: str, strict: int, kin: int
) -> None:
    found = tally(text, truth(LEFT_LOWER), "Recall(present)", "Recall(present,kin)")

    assert found == [(strict, 1), (kin, 1)]


def test_a_bilateral_claim_is_two_of_which_one_may_be_false() -> None:
    assert tally("Bilateral pleural effusions.", truth(EFFUSION), "Precision(present)", "SideError") == [
        (1, 2),
        (1, 2),
    ]


@pytest.mark.parametrize(
    ("text", "wrong", "sided"),
    [
        ("Right pleural effusion.", 1, 1),
        ("Left pleural effusion.", 0, 1),
        ("Right pneumothorax.", 0, 1),
        ("Cardiomegaly.", 0, 0),
    ],
)
def test_a_side_is_wrong_where_the_finding_is_on_the_other_one_only(text: str, wrong: int, sided: int) -> None:
    assert tally(text, truth(EFFUSION), "SideError") == [(wrong, sided)]


@pytest.mark.parametrize(
    ("text", "unsupported", "claims"),
    [
        ("No pleural effusion.", 1, 1),
        ("No right pleural effusion.", 0, 1),
        ("No pneumothorax.", 0, 1),
        ("The lungs are clear.", 0, 1),
        ("The costophrenic angles are sharp.", 1, 2),
        ("Left pneumothorax.", 1, 1),
    ],
)
def test_by_a_truth_a_denial_is_false_only_where_the_finding_is(text: str, unsupported: int, claims: int) -> None:
    assert tally(text, truth(EFFUSION), "Unsupported") == [(unsupported, claims)]


def test_a_clear_lung_is_false_beside_a_consolidation() -> None:
    assert tally("The lungs are clear.", truth(LEFT_LOWER), "Unsupported") == [(1, 1)]


@pytest.mark.parametrize(
    ("text", "unsupported"),
    [
        ("No pneumothorax.", 1),  # the report doesn't speak of it
        ("No pleural effusion.", 0),
        ("No left pleural effusion.", 0),
        ("No consolidation.", 0),  # a clear lung has none
        ("The lungs are clear.", 0),
        ("The mediastinum is normal.", 1),
        ("Cardiomegaly.", 1),
    ],
)
def test_by_a_report_what_it_does_not_say_is_unsupported(text: str, unsupported: int) -> None:
    there = report("FINDINGS: The lungs are clear. No pleural effusion.")

    assert tally(text, there, "Unsupported") == [(unsupported, 1)]


def test_a_normal_place_finds_the_denials_it_implies() -> None:
    there = truth(fact("consolidation", "lung", None, "absent"), fact("pneumothorax", "pleural_space", None, "absent"))

    assert tally("The lungs are clear.", there, "Recall(absent)") == [(1, 2)]


def test_silence_finds_nothing_claims_nothing_and_is_no_answer() -> None:
    names = ("F1", "Precision", "Answered", "Spoken", "Unsupported")

    assert tally("", truth(EFFUSION), *names) == [(0, 1), (0, 0), (0, 1), (0, 1), (0, 0)]


def test_what_is_spoken_of_may_be_wrong() -> None:
    assert tally("No pleural effusion.", truth(EFFUSION, LEFT_LOWER), "Spoken") == [(1, 2)]


def test_each_anatomy_counts_what_names_it() -> None:
    there = truth(EFFUSION, LEFT_LOWER)
    parts = tally_anatomies(told("Left pleural effusion. Nodule in the right upper lobe."), there)
    found: Sequence[tuple[str, tuple[float, float]]] = sorted((name, each["F1"]) for name, each in parts.items())

    assert found == [("lower_lobe", (0, 1)), ("pleural_space", (2, 2)), ("upper_lobe", (0, 1))]


def test_indication_and_priors_claim_nothing() -> None:
    text = "INDICATION: Pneumothorax?\nFINDINGS: Left pleural effusion."

    assert tally(text, truth(EFFUSION), "Claims") == [(1, 1)]


def test_a_normal_place_without_a_rule_is_false_beside_any_finding_there_but_a_device() -> None:
    tube = truth(fact("endotracheal_tube", "trachea"))
    place = Place(anatomy="thorax")
    claim = fact("no_finding", place.anatomy)

    assert tube.holds(claim)
    assert not truth(EFFUSION).holds(claim)
