"""Baselines rank what they may know, leave the own patient out, and give the same run every time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.evaluation import Run
from casekin.evaluation.baselines import BASELINES, CONSTANT_NORMAL, Entry, Question, copy_top_1, rank_with


def vector(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


QUERY = Entry(
    case_id="q",
    patient="p0",
    modality="CR",
    view="PA",
    age=60,
    header={"sex": "F", "site": "north"},
    vector=vector(1, 0),
    crops={"heart": vector(0, 1)},
    report="Left pleural effusion.",
)
A = Entry(case_id="a", patient="p1", modality="CR", view="AP", age=20, vector=vector(1, 0.1), report="Clear lungs.")
B = Entry(
    case_id="b",
    patient="p2",
    modality="CR",
    view="PA",
    age=61,
    header={"sex": "F", "site": "south"},
    vector=vector(0, 1),
    crops={"heart": vector(0, 2)},
    report="Small effusion, pleural thickening.",
)
C = Entry(case_id="c", patient="p3", modality="CT", crops={"heart": vector(1, 0)}, report="Effusion.")
OWN = replace(QUERY, case_id="own")
GALLERY = (C, OWN, A, B, QUERY)


def ranking(name: str, place: str = "heart", gallery: Sequence[Entry] = GALLERY) -> tuple[str, ...]:
    return rank_with(BASELINES[name], [Question(entry=QUERY, place=place)], gallery).lists[f"q@{place}"]


@pytest.mark.parametrize("name", BASELINES)
def test_every_baseline_ranks_every_other_patient_and_never_the_own(name: str) -> None:
    assert sorted(ranking(name)) == ["a", "b", "c"]


@pytest.mark.parametrize("name", BASELINES)
def test_the_order_of_the_gallery_changes_nothing(name: str) -> None:
    assert ranking(name) == ranking(name, gallery=GALLERY[::-1])


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("metadata", ("b", "a", "c")),  # b: modality, view, sex, age; a: modality
        ("global vector", ("a", "b", "c")),  # c has no vector
        ("crop and embed", ("b", "c", "a")),
        ("report BM25", ("b", "c", "a")),
    ],
)
def test_a_baseline_ranks_by_what_it_is_named_after(name: str, order: tuple[str, ...]) -> None:
    assert ranking(name) == order


def test_the_view_oracle_puts_the_same_view_first_then_the_same_modality() -> None:
    assert ranking("view oracle") == ("b", "a", "c")


def test_a_case_without_vectors_leaves_the_order_of_names() -> None:
    assert ranking("crop and embed", place="aorta") == ("a", "b", "c")


def test_random_puts_every_case_first_equally_often() -> None:
    questions = [Question(entry=replace(QUERY, case_id=f"q{i}"), place="*") for i in range(3000)]
    run = rank_with(BASELINES["random"], questions, (A, B, C))
    firsts = [ranked[0] for ranked in run.lists.values()]
    spread = math.sqrt(3000 * (1 / 3) * (2 / 3))
    assert all(abs(firsts.count(case) - 1000) < 4 * spread for case in "abc")


def test_report_words_are_scored_as_the_formula_of_bm25_has_it() -> None:
    scores = BASELINES["report BM25"].over([A, B, C])(Question(entry=replace(QUERY, report="effusion"), place="*"))
    mean = (2 + 4 + 1) / 3
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected = [0.0, *(rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length / mean)) for length in (4, 1))]
    assert scores.tolist() == pytest.approx(expected)


def naive_metadata(entry: Entry) -> float:
    pairs = [
        (QUERY.modality, entry.modality),
        (QUERY.view, entry.view),
        *((value, entry.header.get(key)) for key, value in QUERY.header.items()),
    ]
    age = 0.0 if entry.age is None or QUERY.age is None else max(0.0, 1 - abs(entry.age - QUERY.age) / 20)
    return sum(asked is not None and asked == told for asked, told in pairs) + age


def test_header_fields_that_agree_are_counted_one_by_one() -> None:
    gallery = [A, B, C, OWN]
    scores = BASELINES["metadata"].over(gallery)(Question(entry=QUERY, place="heart"))
    assert scores.tolist() == pytest.approx([naive_metadata(entry) for entry in gallery])


def test_a_shorter_run_is_the_beginning_of_the_whole_one() -> None:
    question = Question(entry=QUERY, place="heart")
    for baseline in BASELINES.values():
        whole, short = (rank_with(baseline, [question], GALLERY, depth=depth) for depth in (None, 2))
        assert short.lists["q@heart"] == whole.lists["q@heart"][:2]
        assert short.scores["q@heart"] == whole.scores["q@heart"][:2]


def test_a_run_is_in_the_order_that_its_scores_give_when_they_are_read_back() -> None:
    for baseline in BASELINES.values():
        run = rank_with(baseline, [Question(entry=QUERY, place=place) for place in ("heart", "*")], GALLERY)
        rows = [(q, case, score) for q in run.lists for case, score in zip(run.lists[q], run.scores[q], strict=True)]
        assert Run.build(run.name, rows) == run


def test_a_gallery_of_the_own_patient_alone_is_refused() -> None:
    with pytest.raises(InputError, match="other patients"):
        ranking("random", gallery=(QUERY, OWN))


def test_a_case_that_stands_twice_in_the_gallery_is_refused() -> None:
    with pytest.raises(InputError, match="one twice"):
        ranking("random", gallery=(A, A))


def test_copying_the_first_hit_takes_the_first_that_has_a_report() -> None:
    run = Run.build("made", [("x@*", "a", 2.0), ("x@*", "b", 1.0), ("y@*", "a", 1.0)])
    assert copy_top_1(run, {"a": "", "b": "Effusion."}) == {"x@*": "Effusion."}


def test_the_constant_report_is_read_as_normal() -> None:
    from casekin.reports import read_report

    facts = read_report(CONSTANT_NORMAL).facts
    assert facts
    assert {fact.polarity for fact in facts} == {"absent"}
