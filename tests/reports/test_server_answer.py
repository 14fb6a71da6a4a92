"""What a server's model says counts as far as the report's own words and the ontologies confirm it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from casekin.findings import FINDINGS
from casekin.reports import ReadReport, split_sections, split_sentences
from casekin.reports.server_answer import AnswerError, build_report, parse_answer

REPORT = """INDICATION: Cough, prior right pneumothorax.

FINDINGS:
Small left pleural
effusion with a 12 mm nodule in the right upper lobe. Lines and tubes removed.
The mediastinum is normal. Surgical clips.
"""
FIRST_SENTENCE = "Small left pleural\neffusion with a 12 mm nodule in the right upper lobe."
NODULE = {
    "finding": "nodule", "anatomy": "upper lobe", "side": "right", "polarity": "present", "severity": None,
    "size_mm": 12, "change": None, "sentence": "12 mm nodule in the right upper lobe",
}  # fmt: skip
EFFUSION = {
    "finding": "pleural effusion", "anatomy": "pleural space", "side": "left", "polarity": "present",
    "severity": "mild", "size_mm": None, "change": None, "sentence": "Small left pleural effusion",
}  # fmt: skip
LEFT_EFFUSION = ("pleural_effusion", "left_pleural_space", "present")
RIGHT_NODULE = ("nodule", "right_upper_lobe", "present")
MEDIASTINUM = {"anatomy": "mediastinum", "side": None, "sentence": "The mediastinum is normal."}


def answer(*facts: Any, normal: Any = ()) -> str:
    """A model's words that state these facts and normal places."""
    return json.dumps({"facts": facts, "normal": normal})


def read(words: str, text: str = REPORT) -> ReadReport:
    sentences = [sentence for section in split_sections(text) for sentence in split_sentences(text, section)]
    return build_report(parse_answer(words), text, sentences)


def placed(report: ReadReport) -> list[tuple[str, str, str]]:
    return [(fact.finding, str(fact.place), fact.polarity) for fact in report.facts]


WRAPPINGS: dict[str, Callable[[str], str]] = {
    "bare": lambda words: words,
    "fenced": lambda words: f"```json\n{words}\n```",
    "in prose": lambda words: f"Here is the JSON you asked for:\n{words}\nTell me if anything is missing.",
    "after thoughts": lambda words: f'<think>The form is {{"facts": []}}.</think>{words}',
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_good_answer_becomes_facts_in_text_order_whatever_is_around_it(wrapping: str) -> None:
    report = read(WRAPPINGS[wrapping](answer(NODULE, EFFUSION, normal=[MEDIASTINUM])))
    assert placed(report) == [LEFT_EFFUSION, RIGHT_NODULE]
    effusion, nodule = report.facts
    assert (effusion.severity, nodule.severity, effusion.size_mm, nodule.size_mm) == ("mild", None, None, 12.0)
    assert [str(place) for place in report.normal_anatomies] == ["mediastinum"]
    assert {fact.sentence for fact in report.implied} == {"The mediastinum is normal."}
    assert report.reader == "server"


def test_a_quote_is_found_over_line_breaks_and_the_fact_holds_the_reports_own_words() -> None:
    (fact,) = read(answer(EFFUSION)).facts
    assert fact.span is not None
    assert REPORT[slice(*fact.span)] == "Small left pleural\neffusion"
    assert fact.sentence == FIRST_SENTENCE


@pytest.mark.parametrize(
    "change",
    [
        {"finding": "grumbling lung"},
        {"finding": "no finding"},
        {"finding": ""},
        {"sentence": "Large right pleural effusion."},
        {"sentence": ""},
        {"sentence": "12"},
        {"sentence": "mall left pleural eff"},
        {"sentence": "prior right pneumothorax"},
        {"sentence": "FINDINGS"},
        {"sentence": " ".join([REPORT] * 4)},
    ],
    ids=lambda change: f"{change}"[:50],
)
def test_what_the_report_or_the_ontology_does_not_confirm_is_dropped(change: dict[str, str]) -> None:
    report = read(answer(NODULE | change, EFFUSION))
    assert placed(report) == [LEFT_EFFUSION]
    assert report.unplaced == ()


@pytest.mark.parametrize(
    "change",
    [
        {"anatomy": "moon"},
        {"anatomy": "left upper lobe"},
        {"anatomy": "middle lobe", "side": "left"},
        {"anatomy": "stomach", "side": None},
        {"anatomy": ""},
    ],
    ids=str,
)
def test_a_place_that_cannot_be_is_not_guessed(change: dict[str, Any]) -> None:
    report = read(answer(NODULE | change))
    assert report.facts == ()
    assert [(found.finding, found.sentence) for found in report.unplaced] == [("nodule", FIRST_SENTENCE)]


def test_without_a_place_the_home_counts_and_where_it_cannot_be_assumed_nothing_does() -> None:
    clips = EFFUSION | {"finding": "surgical clips", "anatomy": None, "side": None, "sentence": "Surgical clips."}
    report = read(answer(EFFUSION | {"anatomy": None}, clips))
    assert FINDINGS["surgical_clips"].home_unsure
    assert placed(report) == [LEFT_EFFUSION]
    assert [found.finding for found in report.unplaced] == ["surgical_clips"]


def test_sides_of_anatomies_without_sides_are_left_out_and_plurals_take_the_stated_side() -> None:
    heart = EFFUSION | {"finding": "cardiomegaly", "anatomy": "heart", "side": "left"}
    lungs = EFFUSION | {"finding": "lung_opacity", "anatomy": "lungs", "side": "left"}
    assert {place for _, place, _ in placed(read(answer(heart, lungs)))} == {"cardiac_silhouette", "left_lung"}


def test_a_resolved_finding_is_absent_whatever_the_model_made_of_it() -> None:
    (fact,) = read(answer(EFFUSION | {"change": "resolved", "polarity": "present"})).facts
    assert (fact.polarity, fact.change) == ("absent", "resolved")


def test_the_same_fact_twice_is_one() -> None:
    assert placed(read(answer(NODULE, NODULE | {"severity": "mild"}, EFFUSION))) == [LEFT_EFFUSION, RIGHT_NODULE]


def test_normal_places_have_to_quote_the_report_and_hold_no_finding() -> None:
    lungs = {"anatomy": "lungs", "side": None, "sentence": "The mediastinum is normal."}
    report = read(answer(NODULE, normal=[lungs, MEDIASTINUM | {"sentence": "Mediastinum normal."}]))
    assert [str(place) for place in report.normal_anatomies] == ["left_lung"]


def test_a_quote_that_stands_in_the_history_too_is_taken_from_the_findings() -> None:
    text = "INDICATION: Left effusion.\n\nFINDINGS: Left effusion."
    (fact,) = read(answer(EFFUSION | {"sentence": "Left effusion"}), text).facts
    assert fact.span == (text.rindex("Left"), len(text) - 1)


@pytest.mark.parametrize(
    "words",
    ["", "I can't help with that.", '{"facts": [{"finding": "nod', '{"facts": [' * 50_000 + "}", "[]", "}{",
     '{"facts": [], "more": NaN}', '{"facts": ' + "9" * 5000 + "}"],
    ids=lambda words: words[:30],
)  # fmt: skip
def test_words_without_a_whole_json_object_are_no_answer(words: str) -> None:
    with pytest.raises(AnswerError) as refused:
        parse_answer(words)
    assert refused.value.reason == "no JSON"


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        ('{"findings": []}', "`facts`: expected a list"),
        ('{"facts": ["nodule"]}', "facts[0]: expected an object"),
        ('{"facts": [], "normal": {}}', "`normal`: expected a list"),
        (answer(*[NODULE] * 301), "`facts`: expected a list of at most 300"),
        (answer(EFFUSION, NODULE | {"polarity": "maybe"}), "facts[1]: `polarity`: expected one of"),
        (answer(NODULE | {"polarity": None}), "facts[0]: `polarity`: expected one of"),
        (answer(NODULE | {"side": ["left"]}), "facts[0]: `side`: expected one of"),
        (answer(NODULE | {"anatomy": 7}), "facts[0]: `anatomy`: expected a string or null"),
        (answer(NODULE | {"size_mm": "12 mm"}), "facts[0]: `size_mm`: expected a number"),
        (answer(NODULE | {"size_mm": True}), "facts[0]: `size_mm`: expected a number"),
        (answer(NODULE | {"size_mm": 10**400}), "facts[0]: `size_mm`: expected a number"),
        (answer({"finding": "nodule", "polarity": "present"}), "facts[0]: `sentence`: expected a string"),
        (answer(normal=[{"anatomy": None, "sentence": "x"}]), "normal[0]: `anatomy`: expected a string"),
    ],
    ids=lambda value: value[-50:],
)
def test_mistakes_of_form_are_named_without_repeating_the_answer(words: str, mistake: str) -> None:
    with pytest.raises(AnswerError) as refused:
        parse_answer(words)
    assert refused.value.reason == "wrong form"
    assert refused.value.mend is not None and mistake in refused.value.mend
    assert "maybe" not in refused.value.mend and len(refused.value.mend) < 2000


def test_what_need_not_be_said_may_be_left_out() -> None:
    brief = {"finding": "effusion", "polarity": "absent", "sentence": "Small left pleural effusion"}
    assert placed(read(json.dumps({"facts": [brief], "comment": "done"}))) == [
        ("pleural_effusion", "pleural_space", "absent")
    ]
