"""Training brings sentences of one meaning together and their opposites apart, the same way every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from casekin.training.text import TEXT_PRESETS, read_statements, train_tokenizer
from casekin.training.text.fit import TextCorpus, build_corpus, fit_text_encoder
from casekin.training.text.network import SentenceNetwork

REPORTS = [
    f"{form.format(side=side, finding=finding)}"
    for side in ("left", "right")
    for finding in ("pleural effusion", "pneumothorax", "apical scar")
    for form in (
        "There is a {side} {finding}.",
        "No {side} {finding}.",
        "{side} {finding} is seen.",
        "{side} {finding}",
    )
]
PRESET = replace(TEXT_PRESETS["tiny"], dropout=0.0, learning_rate=3e-3, steps=80, meanings=12)


@pytest.fixture(scope="module")
def corpus() -> TextCorpus:
    return build_corpus(read_statements(REPORTS), (), generator=np.random.default_rng(1))


@pytest.fixture(scope="module")
def tokenizer() -> str:
    return train_tokenizer(REPORTS, vocabulary=200)


def vectors(network: SentenceNetwork, tokenizer: str, sentences: list[str]) -> torch.Tensor:
    from tokenizers import Tokenizer

    reader = Tokenizer.from_str(tokenizer)
    with torch.no_grad():
        rows = [torch.tensor([reader.encode(sentence).ids]) for sentence in sentences]
        return torch.cat([network(row, torch.ones_like(row))[0] for row in rows])


def test_paraphrases_are_nearer_than_the_other_side_and_the_denial(corpus: TextCorpus, tokenizer: str) -> None:
    torch.set_num_threads(1)
    network = fit_text_encoder(corpus, tokenizer, preset=PRESET, seed=1)
    sentence, same, side, denied = vectors(
        network,
        tokenizer,
        ["There is a left pneumothorax.", "left pneumothorax is seen.", "There is a right pneumothorax.",
         "There is no left pneumothorax."],
    )  # fmt: skip
    assert sentence @ same > max(sentence @ side, sentence @ denied) + 0.2


def test_the_same_seed_trains_the_same_weights(corpus: TextCorpus, tokenizer: str) -> None:
    torch.set_num_threads(1)
    short = replace(PRESET, steps=3)
    first, second = (fit_text_encoder(corpus, tokenizer, preset=short, seed=5) for _ in range(2))
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)


def test_padding_changes_no_vector() -> None:
    network = SentenceNetwork(PRESET, vocabulary=50).eval()
    ids = torch.tensor([[2, 7, 9, 3]])
    padded = torch.tensor([[2, 7, 9, 3, 0, 0]])
    with torch.no_grad():
        alone, _ = network(ids, torch.ones_like(ids))
        beside, _ = network(padded, (padded > 0).long())
    torch.testing.assert_close(alone, beside)


def test_every_weight_has_a_gradient() -> None:
    network = SentenceNetwork(PRESET, vocabulary=6)
    ids = torch.tensor([[2, 4, 5, 3], [2, 5, 1, 3], [0, 1, 2, 3]])
    vectors, tokens = network(ids, torch.ones_like(ids))
    (vectors[0] @ vectors[1] + tokens.square().mean()).backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.parameters())
