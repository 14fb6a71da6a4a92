"""Keywords in any order: the finding, its place and its severity, and what is left to the report reader."""

from __future__ import annotations

import random

import pytest

from casekin.retrieval.keywords import read_keywords
from casekin.retrieval.words import forms, search_words, stem

ASKED = [
    ("base left opacity lung", "lung_opacity", "left_lung_base", None),
    ("effusion pleural bilateral small", "pleural_effusion", "bilateral_pleural_space", "mild"),
    ("calcified granuloma lung right upper lobe", "calcified_granuloma", "right_upper_lobe", None),
    ("hernia hiatal large", "hiatal_hernia", "mediastinum", "severe"),
    ("aorta tortuous mild", "tortuous_aorta", "aorta", "mild"),
    ("diaphragm elevated left", "elevated_hemidiaphragm", "left_hemidiaphragm", None),
    ("calcinosis lymph nodes hilum left", "calcified_lymph_node", "left_hilar_structures", None),
    ("thoracic vertebrae degenerative", "degenerative_change", "thoracic_spine", None),
    ("severe cardiomegaly", "cardiomegaly", "cardiac_silhouette", "severe"),
    ("pneumothorax right apical", "pneumothorax", "right_apical_zone", None),
]


@pytest.mark.parametrize("text, finding, place, severity", ASKED)
def test_keywords_mean_the_same_in_any_order(text: str, finding: str, place: str, severity: str | None) -> None:
    words = text.split()
    for seed in range(6):
        random.Random(seed).shuffle(words)
        asked = read_keywords(" ".join(words))
        assert asked is not None, words
        fact = asked.fact
        assert (fact.finding, str(fact.place), fact.polarity, fact.severity) == (finding, place, "present", severity)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nodule in the left upper lobe",
        "no pneumothorax",
        "the heart is enlarged",
        "left effusion right pneumothorax",
        "consolidation pleural effusion",
        "zebra",
        "left lower lobe",
        "right",
        "chronic",
        "opacity " * 13,
    ],
)
def test_prose_and_several_findings_are_left_to_the_reader(text: str) -> None:
    assert read_keywords(text) is None


def test_a_finding_without_a_place_is_asked_for_anywhere() -> None:
    bare, placed = read_keywords("cardiomegaly"), read_keywords("opacity lung left")
    assert bare is not None and bare.anywhere
    assert placed is not None and not placed.anywhere


def test_a_part_of_a_name_stands_for_the_shortest_name_that_has_it() -> None:
    asked = read_keywords("bronchovascular markings")
    assert asked is not None and asked.fact.finding == "increased_lung_markings"


def test_words_of_one_stem_are_searched_together() -> None:
    assert {"calcified", "calcification", "calcific"} <= set(forms("calcification"))
    assert {"aorta", "aortic"} <= set(forms("aortic"))
    assert stem("scoliotic") == stem("scoliosis") != stem("stenosis")
    assert forms("zebra") == ("zebra",)


def test_the_words_of_a_question_are_its_own_without_stop_words() -> None:
    assert search_words("The opacity of a LEFT lung, the opacity") == ("opacity", "left", "lung")
