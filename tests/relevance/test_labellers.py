"""The comparison labellers give the values that their formulas give on paper, failings included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

from casekin.relevance import CaseFindings
from casekin.relevance.labellers import (
    LONG_SINCE_MAY_2025,
    LONG_UNTIL_MAY_2025,
    SHORT,
    CaseView,
    Entity,
    EntityMatch,
    EntityWeights,
    LabelJaccard,
    TokenOverlap,
    entities_of,
    view_at,
)
from casekin.types import Place
from made_cases import made_fact, place
from relevance.made_facts import asked, cases, laws, made

LUNG = Entity("lung", "anatomy")
VECTORS = {"lung": (1, 0, 0), "effusion": (0, 1, 0), "half like it": (0, 0.5, 0.75**0.5)}
VECTORS |= {"left lung": VECTORS["lung"], "pleural effusion": VECTORS["effusion"], "nodule": VECTORS["half like it"]}


def lookup(texts: Sequence[str]) -> NDArray[np.float64]:
    """An encoder with cosine 1 for equal texts, 0.5 between findings, 0 between findings and places."""
    return np.array([VECTORS[text] for text in texts])


def letters(texts: Sequence[str]) -> NDArray[np.float64]:
    """An encoder that counts letters."""
    counts = np.array([[1.0 + text.count(chr(97 + i)) for i in range(26)] for text in texts])
    return counts / np.linalg.norm(counts, axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("ours", "theirs", "weights", "expected"),
    [
        (Entity("effusion", "abnormality"), Entity("effusion", "non_abnormality"), LONG_UNTIL_MAY_2025, 0.66),
        (Entity("effusion", "abnormality"), Entity("effusion", "non_abnormality"), LONG_SINCE_MAY_2025, 0.93),
        (Entity("effusion", "abnormality"), Entity("effusion", "non_abnormality"), SHORT, 0.75),
        (Entity("effusion", "disease"), Entity("effusion", "non_disease"), LONG_UNTIL_MAY_2025, 0.72),
        (Entity("effusion", "disease"), Entity("effusion", "non_disease"), LONG_SINCE_MAY_2025, 0.95),
        (Entity("effusion", "disease"), Entity("effusion", "non_disease"), SHORT, 0.68),
        (Entity("effusion", "non_abnormality"), Entity("half like it", "non_abnormality"), LONG_UNTIL_MAY_2025, 0.998),
        (Entity("effusion", "non_abnormality"), Entity("half like it", "non_abnormality"), LONG_SINCE_MAY_2025, 0.998),
        (Entity("effusion", "non_abnormality"), Entity("half like it", "non_abnormality"), SHORT, 0.999),
        (Entity("effusion", "abnormality"), Entity("half like it", "abnormality"), LONG_UNTIL_MAY_2025, 0.70),
        (Entity("effusion", "abnormality"), Entity("half like it", "abnormality"), LONG_SINCE_MAY_2025, 0.70),
        (Entity("effusion", "abnormality"), Entity("half like it", "abnormality"), SHORT, 0.83),
    ],
)
def test_the_entity_measure_gives_the_values_of_the_published_formula(
    ours: Entity, theirs: Entity, weights: EntityWeights, expected: float
) -> None:
    measure = EntityMatch(lookup, weights=weights)
    digits = 3 if expected > 0.99 else 2
    assert round(measure.score_entities([LUNG, ours], [LUNG, theirs]), digits) == expected
    assert round(measure.score_entities([LUNG, theirs], [LUNG, ours]), digits) == expected


def test_the_entity_measure_gives_half_for_silence_and_full_marks_to_any_two_normals() -> None:
    measure = EntityMatch(lookup)
    silent = view_at(made([]), None)
    no_effusion = view_at(made([made_fact("pleural_effusion", "lung", "left", "absent")]), None)
    no_nodule = view_at(made([made_fact("nodule", "lung", "left", "absent")]), None)
    assert measure.score(silent, no_nodule) == 0.5
    score = measure.score(no_effusion, no_nodule)
    assert score is not None and score > 0.99


@laws
@given(a=cases, b=cases, spot=asked)
def test_every_labeller_is_symmetric_from_0_to_1_and_1_for_the_same_findings(
    a: CaseFindings, b: CaseFindings, spot: Place | None
) -> None:
    ours, theirs = view_at(a, spot), view_at(b, spot)
    for labeller in (LabelJaccard(), TokenOverlap(), EntityMatch(letters), EntityMatch(letters, weights=SHORT)):
        score = labeller.score(ours, theirs)
        if score is not None:
            assert score == pytest.approx(labeller.score(theirs, ours))
            assert -1e-9 <= score <= 1 + 1e-9
    assert LabelJaccard().score(ours, ours) == 1.0
    assert TokenOverlap().score(ours, ours) in (None, 1.0)


def test_label_jaccard_loses_the_side_and_counts_doubt_as_presence() -> None:
    effusion = made_fact("pleural_effusion", "pleural_space", "left")
    mass = made_fact("mass", "lung", "left", "uncertain")
    both = view_at(made([effusion, mass]), None)
    assert LabelJaccard().score(view_at(made([replace(effusion, side="right")]), None), both) == 0.5
    assert LabelJaccard().score(view_at(made([]), None), view_at(made([]), None)) == 1.0
    assert LabelJaccard().score(view_at(made([]), None), both) == 0.0


def test_token_overlap_compares_words_and_knows_no_negation() -> None:
    texts = ("Left effusion.", "no left effusion", "")
    there, gone, silent = (CaseView(facts=(), normal_anatomies=(), text=text) for text in texts)
    assert TokenOverlap().score(there, gone) == pytest.approx(4 / 5)
    assert TokenOverlap().score(there, silent) is None


def test_a_view_holds_what_is_said_of_the_place_and_its_entities() -> None:
    said = made_fact("pneumonia", "lower_lobe", "left", sentence="Left lower lobe pneumonia.")
    denied = made_fact("pneumothorax", "pleural_space", None, "absent", sentence="No pneumothorax.")
    case = made([said, denied, made_fact("nodule", "lung", "right")], normal=[place("lung", "left"), place("spine")])
    view = view_at(case, place("lung", "left"))
    assert view.facts == (said, denied)
    assert view.text == "Left lower lobe pneumonia. No pneumothorax. left lung normal"
    assert entities_of(view) == (
        Entity("left lower lobe", "anatomy"),
        Entity("pneumonia", "disease"),
        Entity("pleural space", "anatomy"),
        Entity("pneumothorax", "non_abnormality"),
        Entity("left lung", "anatomy"),
        Entity("normal", "non_abnormality"),
    )
