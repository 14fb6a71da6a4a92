from __future__ import annotations

from typing import Any

import pytest

from casekin.errors import InputError
from casekin.evaluation.drafts import Reference, ToldDraft
from casekin.evaluation.drafts.citations import tally_citations, tally_inventions
from casekin.relevance import CaseFindings
from casekin.reports import read_report


def report(text: str) -> Reference:
    read = read_report(text)
    return Reference.of_report(
        CaseFindings(case_id="c", patient="p", facts=read.facts, normal_anatomies=read.normal_anatomies)
    )


CITED = {
    "left": report("Small left pleural effusion. The heart is normal."),
    "right": report("Right pleural effusion. No pneumothorax."),
    "both": report("Bilateral pleural effusions. Airspace opacity in the left lower lobe."),
    "clear": report("The lungs are clear."),
    "line": report("Central venous line in the right atrium. The mediastinum is normal."),
    "sides": report("The left lung is clear. The right lung is clear."),
    "granuloma": report("Calcified granuloma in the left lower lobe. No nodule."),
}


def sentence(
    text: str, finding: str, anatomy: str, side: str | None, polarity: str, cites: tuple[str, ...]
) -> dict[str, Any]:
    claim = {"finding": finding, "anatomy": anatomy, "side": side, "polarity": polarity}
    return {"text": text, **claim, "support": {"p": 0.5, "n": 1, "interval": [0, 1]}, "cites": list(cites)}


def effusion(*cites: str) -> dict[str, Any]:
    return sentence("Left pleural effusion.", "pleural_effusion", "pleural_space", "left", "present", cites)


def draft(*sentences: dict[str, Any]) -> ToldDraft:
    return ToldDraft.of_record("q", {"sentences": list(sentences)})


@pytest.mark.parametrize(
    ("made", "strict", "kin"),
    [
        (effusion("left"), 1, 1),
        (effusion("both"), 1, 1),
        (effusion("right"), 0, 0),
        (effusion("nobody"), 0, 0),
        (sentence("No pneumothorax.", "pneumothorax", "pleural_space", None, "absent", ("right",)), 1, 1),
        (sentence("No pneumothorax.", "pneumothorax", "pleural_space", None, "absent", ("left",)), 0, 0),
        (sentence("No consolidation.", "consolidation", "lung", None, "absent", ("clear",)), 1, 1),
        (sentence("The heart is normal.", "no_finding", "cardiac_silhouette", None, "present", ("left",)), 1, 1),
        (sentence("The heart is normal.", "no_finding", "cardiac_silhouette", None, "present", ("right",)), 0, 0),
        (sentence("The mediastinum is normal.", "no_finding", "mediastinum", None, "present", ("line",)), 1, 1),
        (sentence("The lungs are clear.", "no_finding", "lung", "bilateral", "present", ("sides",)), 1, 1),
        (sentence("No nodule.", "nodule", "lung", None, "absent", ("granuloma",)), 1, 1),
        (
            sentence("Left lower lobe consolidation.", "consolidation", "lower_lobe", "left", "present", ("both",)),
            0,
            1,
        ),
    ],
)
def test_a_citation_is_right_where_the_case_states_finding_place_side_and_polarity(
    made: dict[str, Any], strict: int, kin: int
) -> None:
    parts = tally_citations(draft(made), CITED)

    assert (parts["CitationPrecision"], parts["CitationPrecision(kin)"]) == ((strict, 1), (kin, 1))


def test_precision_counts_citations_and_recall_sentences() -> None:
    parts = tally_citations(draft(effusion("left", "right", "both"), effusion("right"), effusion()), CITED)

    assert parts["CitationPrecision"] == (2, 4)
    assert parts["CitationRecall"] == (1, 3)
    assert parts["Uncited"] == (1, 3)


def test_a_sentence_that_says_more_than_its_case_states_is_not_borne_out() -> None:
    more = {**effusion("left"), "text": "Left pleural effusion and left pneumothorax."}
    parts = tally_citations(draft(more), CITED)

    assert (parts["CitationPrecision"], parts["AsClaimed"]) == ((0, 1), (0, 1))


@pytest.mark.parametrize(
    ("text", "as_claimed"),
    [("Left pleural effusion.", 1), ("Right pleural effusion.", 0), ("No left pleural effusion.", 0)],
)
def test_a_sentence_is_held_to_the_claim_it_says_it_makes(text: str, as_claimed: int) -> None:
    assert tally_citations(draft({**effusion("left"), "text": text}), CITED)["AsClaimed"] == (as_claimed, 1)


def test_a_report_that_cites_nothing_has_no_citation_figures() -> None:
    assert tally_citations(ToldDraft.of_text("q", "Left pleural effusion."), CITED) == {}


@pytest.mark.parametrize(
    ("finding", "polarity", "as_claimed"),
    [("cardiomegaly", "absent", 1), ("no_finding", "present", 1), ("pericardial_effusion", "absent", 0)],
)
def test_a_normal_place_and_the_absence_it_implies_are_one_statement(
    finding: str, polarity: str, as_claimed: int
) -> None:
    made = sentence("Heart size is normal.", finding, "cardiac_silhouette", None, polarity, ("left",))

    assert tally_citations(draft(made), CITED)["AsClaimed"] == (as_claimed, 1)


@pytest.mark.parametrize(
    ("text", "numbers", "dates", "priors"),
    [
        ("Nodule of 8 mm in the right lung.", 1, 0, 0),
        ("Nodule of 1.5 x 2,5 cm.", 2, 0, 0),
        ("A three cm mass.", 1, 0, 0),
        ("Fracture of the 5th rib and compression of T4-T5.", 0, 0, 0),
        ("Right ribs 3-5 are fractured.", 0, 0, 0),
        ("Left pleural effusion. [12][3]", 0, 0, 0),
        ("Seen on 03/04/2024.", 0, 1, 0),
        ("Discussed on March 3, 2024 at 10:45 pm.", 0, 2, 0),
        ("Left pleural effusion, unchanged.", 0, 0, 1),
        ("New right pneumothorax since the prior film.", 0, 0, 1),
        ("The effusion is larger.", 0, 0, 1),
        ("The effusion has increased.", 0, 0, 1),
        ("There is increased cardiothoracic ratio.", 0, 0, 0),
        ("Two lungs, no effusion.", 0, 0, 0),
        ("No evidence of pneumothorax.", 0, 0, 0),
    ],
)
def test_numbers_dates_and_comparisons_are_found(text: str, numbers: int, dates: int, priors: int) -> None:
    parts = tally_inventions(draft({**effusion("left"), "text": text}))

    assert [parts[name] for name in ("Numbers", "Dates", "Priors")] == [(numbers, 1), (dates, 1), (priors, 1)]


@pytest.mark.parametrize("broken", [{}, {"sentences": 3}, {"sentences": [{"text": "x"}]}, {"sentences": ["x"]}])
def test_a_record_that_is_no_draft_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="expected sentences with text"):
        ToldDraft.of_record("q", broken)
