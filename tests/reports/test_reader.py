"""The report reader over whole texts: sections, merging, normal places, laws that hold for any text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.anatomy import mirror
from casekin.errors import InputError
from casekin.reports import read_phrase, read_report, split_sections, split_sentences
from casekin.reports.lexicon import lexicon
from casekin.reports.words import ABBREVIATIONS
from casekin.types import Fact

REPORT = """CLINICAL HISTORY: Left pneumothorax last week, rule out pneumonia.

COMPARISON: Radiograph with right effusion.

FINDINGS:
The heart is normal in size. Small left pleural effusion with left basilar atelectasis, unchanged.
No pneumothorax.
The right lung is clear.

IMPRESSION:
1. Stable small left effusion.
2. Atelectasis.
"""

PARTS = (
    "small left pleural effusion", "no right pneumothorax", "left lower lobe consolidation", "right upper lobe nodule",
    "right lung is clear", "left basilar atelectasis", "moderate right effusion",
    "opacity in the right lower lung zone",
    "elevated left hemidiaphragm", "blunting of the right costophrenic angle", "left chest wall pacemaker",
    "right rib fracture", "stable left apical pleural thickening",
)  # fmt: skip
texts = st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map(lambda parts: ". ".join(parts) + ".")


def placed(text: str) -> list[tuple[str, str, str]]:
    return [(fact.finding, str(fact.place), fact.polarity) for fact in read_report(text).facts]


def test_only_findings_and_impression_give_facts() -> None:
    assert sorted(placed(REPORT)) == [
        ("atelectasis", "left_lung_base", "present"),
        ("cardiomegaly", "cardiac_silhouette", "absent"),
        ("pleural_effusion", "left_pleural_space", "present"),
        ("pneumothorax", "pleural_space", "absent"),
    ]


def test_later_mentions_complete_the_first() -> None:
    effusion = next(fact for fact in read_report(REPORT).facts if fact.finding == "pleural_effusion")
    assert (effusion.severity, effusion.change) == ("mild", "stable")
    assert effusion.sentence == "Small left pleural effusion with left basilar atelectasis, unchanged."


def test_normal_places_are_told_apart_from_facts() -> None:
    assert {str(place) for place in read_report(REPORT).normal_anatomies} == {"cardiac_silhouette", "right_lung"}


def test_clear_lungs_invent_no_absences() -> None:
    report = read_report("The lungs are clear.")
    assert report.facts == ()
    assert [str(place) for place in report.normal_anatomies] == ["bilateral_lung"]


def test_a_finding_takes_its_side_out_of_clear_lungs() -> None:
    report = read_report("Lungs are clear. Nodule in the left upper lobe.")
    assert [str(place) for place in report.normal_anatomies] == ["right_lung"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Heart size and mediastinal contours are within normal limits.", {"cardiac_silhouette", "mediastinum"}),
        ("Normal heart size.", {"cardiac_silhouette"}),
        ("Clear lungs.", {"bilateral_lung"}),
        ("Trachea is midline.", {"trachea"}),
        ("The cardiomediastinal silhouette is unremarkable.", {"cardiac_silhouette", "mediastinum"}),
        ("The lungs are otherwise clear.", set()),
        ("The heart is not normal.", set()),
        ("Costophrenic angles are sharp.", {"bilateral_costophrenic_angle"}),
    ],
)
def test_normal_statements_name_their_places(text: str, expected: set[str]) -> None:
    assert {str(place) for place in read_report(text).normal_anatomies} == expected


def test_what_has_no_place_is_kept_unplaced() -> None:
    report = read_report("There is a calcification.")
    assert report.facts == ()
    assert [(each.finding, each.polarity) for each in report.unplaced] == [("calcification", "present")]


def test_likely_is_a_policy() -> None:
    text = "Left lower lobe consolidation, likely pneumonia."
    read = {fact.finding: fact.polarity for fact in read_report(text, likely_as="uncertain").facts}
    assert read == {"consolidation": "present", "pneumonia": "uncertain"}


def test_this_means_the_sentence_before() -> None:
    facts = placed("Opacity in the right lower lobe. This may represent pneumonia.")
    assert ("pneumonia", "right_lower_lobe", "uncertain") in facts


@pytest.mark.parametrize(
    "text",
    [
        "FINDINGS: Left effusion. IMPRESSION: Left effusion.",
        "findings: left effusion",
        "FINDINGS\nLeft effusion\n\nIMPRESSION\nLeft effusion",
        "Left effusion",
        "- Left effusion\n- Left effusion",
        "1. Left effusion.\n2) Left effusion.",
        "INDICATION: right effusion?\n\nLeft effusion.",
        "HALLAZGOS: left effusion",
    ],
)
def test_sections_are_found_with_and_without_headings(text: str) -> None:
    assert placed(text) == [("pleural_effusion", "left_pleural_space", "present")]


def test_sections_and_sentences_index_the_text() -> None:
    for section in split_sections(REPORT):
        for sentence in split_sentences(REPORT, section):
            assert REPORT[sentence.start : sentence.end] == sentence.text


def test_decimal_points_and_titles_end_no_sentence() -> None:
    (section,) = split_sections("Nodule of 1.2 cm. Discussed with Dr. Smith. No effusion.")
    sentences = list(split_sentences("Nodule of 1.2 cm. Discussed with Dr. Smith. No effusion.", section))
    assert [each.text for each in sentences] == ["Nodule of 1.2 cm.", "Discussed with Dr. Smith.", "No effusion."]


def test_the_same_text_gives_equal_answers() -> None:
    assert read_report(REPORT) == read_report(REPORT)


@pytest.mark.parametrize("text", [None, 3, b"left effusion", ["left effusion"]])
def test_what_is_no_text_is_refused(text: object) -> None:
    with pytest.raises(InputError):
        read_report(text)  # type: ignore[arg-type]


def check_spans(text: str, facts: tuple[Fact, ...]) -> None:
    for fact in facts:
        assert fact.span is not None
        assert fact.sentence is not None
        start, end = fact.span
        assert text[start:end] in fact.sentence
        at = text.find(fact.sentence)
        assert at >= 0


@given(texts)
@settings(max_examples=60)
def test_spans_index_the_text_exactly(text: str) -> None:
    check_spans(text, read_report(text).facts)


@given(texts)
@settings(max_examples=60)
def test_capital_letters_change_no_fact(text: str) -> None:
    assert placed(text.upper()) == placed(text)


def swap_sides(text: str) -> str:
    return re.sub(r"left|right", lambda match: "right" if match.group() == "left" else "left", text)


@given(texts)
@settings(max_examples=60)
def test_swapping_left_and_right_mirrors_the_facts(text: str) -> None:
    mirrored = [(fact.finding, str(mirror(fact.place)), fact.polarity) for fact in read_report(text).facts]
    assert placed(swap_sides(text)) == mirrored


@given(st.text(alphabet="bcdfghjklmnpqrstvwxz \n.,;:!?0123456789-/()", max_size=300))
@settings(max_examples=80)
def test_unknown_words_give_no_fact(text: str) -> None:
    known = lexicon().vocabulary | set(ABBREVIATIONS)
    if not known & set(re.findall("[a-z]+", text)):
        assert read_report(text).facts == ()


@given(st.text(max_size=400))
@settings(max_examples=60)
def test_any_text_is_read_without_an_error(text: str) -> None:
    check_spans(text, read_report(text).facts)
    read_phrase(text)


@given(
    st.lists(
        st.sampled_from(["CTR", "cm", "mm", "x", "nodule", "mass", "of", "left", "vs", "8", "4.5"])
        | st.text(st.characters(categories=["Nd", "Nl", "No"]), min_size=1, max_size=3),
        max_size=10,
    )
)
@settings(max_examples=100)
def test_numerals_of_any_script_are_read_without_an_error(words: list[str]) -> None:
    text = " ".join(words)
    check_spans(text, read_report(text).facts)


@pytest.mark.parametrize("text", ["8² mm nodule.", "Mass of ③ cm.", "Cardiothoracic ratio ².", "Nodule ²x² cm."])
def test_a_raised_or_circled_digit_is_no_size(text: str) -> None:
    assert all(fact.size_mm is None for fact in read_report(text).facts)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "\n",
        "no ",
        "left ",
        "left effusion, ",
        "5 x ",
        "exam ",
        "no left effusion and ",
        ".",
        "(",
        "é",
        "1 mm x ",
    ],
)
def test_long_hostile_text_is_read_to_its_end(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    report = read_report(text)
    check_spans(text[:0] or text, report.facts[:3])
