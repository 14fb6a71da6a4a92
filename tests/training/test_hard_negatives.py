"""Hard negatives say what they claim to say, and that is not what the sentence says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from casekin.relevance import CaseFindings, compare_cases
from casekin.relevance.similarity import contradicts
from casekin.reports import read_report
from casekin.training import HardNegative, make_hard_negatives
from casekin.types import Fact
from casekin.world.case_files import report_of
from casekin.world.patients import sample_patient
from training.labelled import labelled_rows

EXAMPLES = [
    ("Small left pleural effusion.", "side", "Small right pleural effusion."),
    ("Small left pleural effusion.", "polarity", "No left pleural effusion."),
    ("There is a small left pleural effusion.", "polarity", "There is no left pleural effusion."),
    ("There is no pneumothorax.", "polarity", "There is pneumothorax."),
    ("No consolidation.", "polarity", "Consolidation."),
    ("Rib fractures are seen on the right.", "polarity", "No rib fractures are seen on the right."),
    ("Lungs: Mild right basilar atelectasis.", "polarity", "Lungs: No right basilar atelectasis."),
    ("Consolidation in the RIGHT UPPER LOBE.", "place", "Consolidation in the RIGHT LOWER LOBE."),
    ("RUL pneumonia.", "place", "RLL pneumonia."),
    ("Consolidation of the lingula.", "side", "Consolidation of the right middle lobe."),
    ("The heart is enlarged.", "polarity", "There is no cardiomegaly."),
]


def negatives(sentence: str) -> dict[str, HardNegative]:
    """By kind."""
    return {made.kind: made for made in make_hard_negatives(sentence, read_report(sentence).facts)}


def stated(facts: tuple[Fact, ...]) -> set[tuple[str, str, str]]:
    return {(fact.finding, str(fact.place), fact.polarity) for fact in facts}


@pytest.mark.parametrize(("sentence", "kind", "expected"), EXAMPLES)
def test_words_change_where_grammar_allows_and_else_the_fact_is_told_anew(
    sentence: str, kind: str, expected: str
) -> None:
    made = negatives(sentence)[kind]
    assert made.sentence == expected
    assert made.retold == (sentence == "The heart is enlarged.")


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Bilateral effusions, right greater than left.", "side"),
        ("RML atelectasis.", "side"),
        ("Possible pneumonia.", "polarity"),
        ("Cardiomegaly.", "place"),
    ],
)
def test_what_would_say_the_same_or_nothing_sure_is_not_made(sentence: str, kind: str) -> None:
    assert kind not in negatives(sentence)


def test_facts_that_the_sentence_alone_does_not_state_give_nothing() -> None:
    facts = read_report("Opacity at the left base. This may represent pneumonia.").facts
    pneumonia = tuple(fact for fact in facts if fact.finding == "pneumonia")
    assert pneumonia and make_hard_negatives("This may represent pneumonia.", pneumonia) == ()
    assert make_hard_negatives("Small left pleural effusion.", ()) == ()


def told(reports: list[str]) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """Sentences of the reports with the facts that the reader finds there."""
    for report in reports:
        by_sentence: dict[str, list[Fact]] = defaultdict(list)
        for fact in read_report(report).facts:
            by_sentence[fact.sentence or ""].append(fact)
        yield from ((sentence, tuple(facts)) for sentence, facts in by_sentence.items())


def simulated_reports() -> list[str]:
    """Reports of simulated patients, as radiographs."""
    patients = [sample_patient(number, seed=5) for number in range(32)]
    return [report_of(patient, patient.exams[0], seed=5, modality="CR").text for patient in patients]


@pytest.mark.parametrize("source", ["labelled", "simulated"])
def test_nine_of_ten_sentences_have_each_kind_and_every_one_goes_against_the_sentence(source: str) -> None:
    labelled = [row["report"] for row in labelled_rows("c", count=30)]
    possible, made = Counter[str](), Counter[str]()
    for sentence, facts in told(labelled if source == "labelled" else simulated_reports()):
        found = {negative.kind: negative for negative in make_hard_negatives(sentence, facts)}
        made.update(found.keys())
        possible["side"] += any(fact.side in ("left", "right") for fact in facts)
        possible["polarity"] += any(fact.polarity != "uncertain" for fact in facts)
        before = read_report(sentence).facts
        for negative in found.values():
            assert stated(read_report(negative.sentence).facts) == stated(negative.facts)
            assert stated(negative.changed) == stated(negative.facts) - stated(before) != set()
            if negative.kind == "polarity":
                assert all(any(contradicts(a, b) for b in before) for a in negative.changed)
            elif any(fact.polarity != "absent" for fact in negative.changed):
                compared = compare_cases(made_case(before), made_case(negative.facts))
                assert compared is not None and compared.value < 1
    for kind in ("side", "polarity"):
        assert made[kind] >= 0.9 * possible[kind] > 20, kind


def made_case(facts: tuple[Fact, ...]) -> CaseFindings:
    return CaseFindings(case_id="c", patient="p", facts=facts)
