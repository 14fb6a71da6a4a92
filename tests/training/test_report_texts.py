"""Sentences as word pieces: reports', their mirrored images', and near opposites that say something else."""

from __future__ import annotations

import numpy as np

from casekin.anatomy import LOCATIONS
from casekin.reports import read_report
from casekin.training.feature_maps import mirrored_cases
from casekin.training.report_texts import ReportTexts, name_place, read_texts
from casekin.training.text.pieces import cut_texts, pad_pieces
from training.made_dual import made_cases
from training.made_targets import training_case


def read() -> ReportTexts:
    cases = made_cases()
    return read_texts(cases, mirrored_cases(cases), vocabulary=400, max_tokens=32, with_near=True)


def text_of(texts: ReportTexts, number: int) -> str:
    """The text again, its pieces joined and without the marks of its ends."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(texts.tokenizer)
    pieces = [tokenizer.id_to_token(piece) for piece in texts.pieces[number][1:-1]]
    return " ".join(pieces).replace(" ##", "").replace(" .", ".")


def test_a_report_is_its_sentences_with_what_each_states() -> None:
    first = read().reports[0]
    assert [text_of(read(), number) for number, _ in first] == [
        "there is consolidation in the left lower lobe.",
        "no pneumothorax.",
        "the heart size is normal.",
    ]
    assert {(fact.finding, fact.polarity) for fact in first[1][1]} == {("pneumothorax", "absent")}


def test_the_mirrored_image_has_the_mirrored_sentences() -> None:
    texts = read()
    told = texts.mirrored[0]
    assert told is not None
    assert text_of(texts, told[0][0]) == "there is consolidation in the right lower lobe."
    assert {fact.side for fact in told[0][1]} == {"right"}


def test_a_near_opposite_is_read_as_something_else_of_the_mirrored_sentence_too() -> None:
    texts = read()
    mirrored = texts.mirrored[0]
    assert mirrored is not None
    for number in (texts.reports[0][0][0], mirrored[0][0]):
        own = {(f.finding, f.side, f.polarity) for f in read_report(text_of(texts, number)).facts}
        assert len(texts.near[number]) >= 2
        for near in texts.near[number]:
            assert {(f.finding, f.side, f.polarity) for f in read_report(text_of(texts, near)).facts} != own or (
                "lower" not in text_of(texts, near)
            )


def test_the_29_places_have_names_and_silent_reports_have_a_text() -> None:
    texts = read()
    assert len(texts.names) == len(LOCATIONS) == len(set(texts.names))
    assert text_of(texts, texts.names[0]) == name_place(0).lower()
    silent = read_texts([training_case("c", patient="p")], [None], vocabulary=100, max_tokens=32, with_near=False)
    assert len(silent.reports[0]) == 1 and silent.reports[0][0][1] == () and silent.mirrored == (None,)


def test_pieces_are_padded_to_the_longest_and_cut_where_they_are_too_long() -> None:
    texts = read()
    pieces, size, padding = cut_texts(texts.tokenizer, ["no pneumothorax", "the heart " * 40], max_tokens=12)
    assert [len(ids) for ids in pieces] == [4, 12] and size == texts.vocabulary
    ids, mask = pad_pieces(pieces, padding)
    assert ids.shape == mask.shape == (2, 12) and mask.sum(axis=1).tolist() == [4, 12]
    assert np.array_equal(ids[0, 4:], np.full(8, padding)) and ids[0, :4].tolist() == list(pieces[0])
