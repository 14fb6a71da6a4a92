"""Terms of the presets: what each compares, against closed forms on made vectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from casekin.training.losses import info_nce, scaled_cosines
from casekin.training.recipes import TERMS, Encoded, chosen_terms, loss_terms
from training.made_dual import made_preset, made_training

NUMBERS = np.arange(8, dtype=np.int64)


class Made(Encoded):
    """Vectors that are given, in place of those a network makes."""

    def __init__(self, **given: Any) -> None:
        self.__dict__.update(given)

    @property
    def tokens(self) -> Tensor:
        return torch.zeros(3, 576, 2)


class Scaled:
    """What a term asks of a network: its scale and bias."""

    scale = torch.tensor(7.0)
    bias = torch.tensor(-2.0)


def made(**given: Any) -> Made:
    return Made(network=Scaled(), preset=made_preset("evidence_aligned"), **given)


@pytest.fixture
def vectors() -> Iterator[Tensor]:
    yield torch.randn(3, 29, 5, generator=torch.Generator().manual_seed(2))


def test_a_preset_is_the_terms_it_weighs_above_zero() -> None:
    assert set(chosen_terms(made_preset("clip"))) == {"global"}
    assert set(chosen_terms(made_preset("radir"))) == {"multi", "image_triplets", "place_triplets"}
    aligned, evidence, both = (chosen_terms(made_preset(n)).keys() for n in ("aligned", "evidence", "evidence_aligned"))
    assert both == aligned | evidence and set(evidence) == {"evidence"}
    assert chosen_terms(made_preset("aligned", graded=0.0)).keys() == aligned - {"graded"}


def test_a_term_weighs_what_the_preset_says() -> None:
    one, two = (made_training(made_preset("clip", **{"global": weight})) for weight in (1.0, 3.0))
    batch = one.batch(NUMBERS, torch.Generator().manual_seed(0))
    for training in (one, two):
        training.network.eval()
    first, second = (
        float(loss_terms(training.network, batch, training.preset)["global"].detach())  # type: ignore[arg-type]
        for training in (one, two)
    )
    assert second == pytest.approx(3 * first, rel=1e-5)


def test_cosines_at_a_place_compare_the_same_place_alone(vectors: Tensor) -> None:
    batch = {"anchor_images": torch.tensor([0, 2]), "anchor_places": torch.tensor([4, 28])}
    got = made(regions=vectors, batch=batch).alike_at_place()
    for row, (image, place) in enumerate(((0, 4), (2, 28))):
        for other in range(3):
            expected = torch.cosine_similarity(vectors[image, place], vectors[other, place], dim=0)
            assert float(got[row, other]) == pytest.approx(float(expected), abs=1e-5)


def test_graded_relevance_is_met_pair_by_pair(vectors: Tensor) -> None:
    relevance = torch.tensor([[1.0, float("nan"), 0.5]])
    batch = {"anchor_images": torch.tensor([0]), "anchor_places": torch.tensor([4]), "relevance": relevance}
    encoded = made(regions=vectors, batch=batch)
    cosines = encoded.alike_at_place()[0]
    chances = torch.sigmoid(7.0 * cosines - 2.0)
    expected = -(chances[0].log() + 0.25 * chances[2].log() + 0.75 * (1 - chances[2]).log()) / 3
    assert float(TERMS["graded"].loss(encoded)) == pytest.approx(float(expected), rel=1e-4)


def test_crops_are_contrasted_with_their_own_report(vectors: Tensor) -> None:
    reports = torch.randn(3, 5, generator=torch.Generator().manual_seed(3))
    encoded = made(regions=vectors, reports=reports, batch={"crop_places": torch.tensor([1, 7, 7])})
    crops = torch.stack([vectors[0, 1], vectors[1, 7], vectors[2, 7]])
    expected = info_nce(scaled_cosines(crops, reports, scale=7.0))
    assert float(TERMS["crops"].loss(encoded)) == pytest.approx(float(expected), rel=1e-5)


def test_pointing_is_least_where_a_name_looks_evenly_over_its_place() -> None:
    weights = torch.zeros(1, 2, 24, 24)
    weights[0, 0, :2, :2] = 1.0  # the second place isn't on the image
    even = torch.full((1, 2, 576), -30.0)
    even[0, 0] = torch.where(weights[0, 0].flatten() > 0, torch.tensor(0.25).log(), torch.tensor(-30.0))
    apart = torch.full((1, 2, 576), 1 / 576).log()
    close, far = (
        float(TERMS["pointing"].loss(made(batch={"weights": weights}, looks=looks))) for looks in (even, apart)
    )
    assert close == pytest.approx(np.log(4) / 2, rel=1e-5) and far == pytest.approx(np.log(576) / 2, rel=1e-5)


def test_words_of_a_report_are_those_of_its_sentences() -> None:
    """Other reports' words must not matter: a report alone and beside others scores an image alike."""
    generator = torch.Generator().manual_seed(4)
    words = torch.randn(3, 4, 5, generator=generator)
    mask = torch.tensor([[1, 1, 1, 0], [1, 1, 0, 0], [1, 1, 1, 1]])
    from casekin.training.recipes import _words_by_report

    laid, seen = _words_by_report(words, mask, torch.tensor([0, 0, 1]), 2)
    assert seen.sum(dim=1).tolist() == [5, 4]
    assert torch.equal(laid[0, :5], torch.cat([words[0, :3], words[1, :2]])) and torch.equal(laid[1, :4], words[2])
