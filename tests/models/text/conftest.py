"""A tiny text encoder with random weights, as torch module and as the folder that is exported from it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from casekin.training.text import TEXT_PRESETS, train_tokenizer
from casekin.training.text.export import export_text_encoder
from casekin.training.text.network import SentenceNetwork

SENTENCES = ("Small left-sided pleural effusion, 12 mm.", "No pneumothorax.", "", "Heart w/o enlargement")


@pytest.fixture(scope="session")
def tokenizer() -> str:
    return train_tokenizer(SENTENCES, vocabulary=120)


@pytest.fixture(scope="session")
def network(tokenizer: str) -> SentenceNetwork:
    from tokenizers import Tokenizer

    torch.manual_seed(3)
    vocabulary = Tokenizer.from_str(tokenizer).get_vocab_size()
    return SentenceNetwork(TEXT_PRESETS["tiny"], vocabulary=vocabulary).eval()


@pytest.fixture(scope="session")
def folder(network: SentenceNetwork, tokenizer: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("text") / "tiny"
    return export_text_encoder(network, tokenizer, out=out, name="tiny", licence="Apache-2.0", notes="for tests")
