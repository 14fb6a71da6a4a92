"""Facets of a sentence, and the contrast that the nearest sentences decide: values in closed form."""

from __future__ import annotations

from math import exp, log

import pytest
import torch

from casekin.findings import ancestors
from casekin.training.text.facets import Facets, facets_of
from casekin.training.text.fit import TEMPERATURE, nearest_contrast
from casekin.training.text.statements import read_statement
from casekin.types import Fact


def meaning(text: str) -> tuple[Fact, ...]:
    read = read_statement(text)
    assert read is not None
    return read.meaning


def test_a_stated_finding_is_every_concept_above_it_and_a_denied_one_is_itself_alone() -> None:
    stated, denied = facets_of(meaning("Left consolidation.")), facets_of(meaning("No consolidation."))
    assert {name for name in stated if name.startswith("is ")} == {
        "is consolidation",
        "is consolidation left",
        *(f"is {name}" for name in ancestors("consolidation")),
    }
    assert {name for name in denied if name.startswith(("is ", "no "))} == {"no consolidation", "no consolidation None"}


def test_a_side_belongs_to_its_finding() -> None:
    both = facets_of(meaning("Left pneumothorax and right pleural effusion."))
    assert {"is pneumothorax left", "is pleural_effusion right"} <= both
    assert not {"is pneumothorax right", "is pleural_effusion left"} & both


def test_rows_are_marked_where_facets_occur_and_strange_ones_have_no_column() -> None:
    known = meaning("Left pneumothorax.")
    facets = Facets([known])
    assert len(facets) == len(facets_of(known))
    rows = facets.rows([known, meaning("Right pneumothorax."), meaning("No fracture.")])
    assert rows.sum(dim=1).tolist() == [len(facets_of(known)), len(facets_of(known)) - 2, 0]


def test_of_three_sentences_the_loss_is_the_odds_of_the_stranger() -> None:
    a, b, c = [1.0, 0.0], [0.8, 0.6], [0.6, 0.8]
    relevance = torch.tensor([[float("nan"), 1.0, 0.0], [1.0, float("nan"), 0.5], [0.0, 0.5, float("nan")]])
    odds_a = exp(0.6 / TEMPERATURE - 0.8 / TEMPERATURE)
    odds_b = 0.25 * exp(0.96 / TEMPERATURE - 0.8 / TEMPERATURE)  # half alike: a quarter of a stranger
    expected = (log(1 + odds_a) + log(1 + odds_b)) / 2  # the third has no sentence of its own meaning
    vectors = torch.tensor([a, b, c], dtype=torch.float64)
    assert nearest_contrast(vectors, relevance).item() == pytest.approx(expected)
