"""The exported folder gives what the torch module gives, words stand where they are, and damage is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from casekin.errors import ModelError
from casekin.models.text import load_text_encoder
from casekin.training.text.network import SentenceNetwork
from models.text.conftest import SENTENCES


def change_card(folder: Path, **recipe: object) -> None:
    card = json.loads((folder / "card.json").read_text())
    card["text"] |= recipe
    (folder / "card.json").write_text(json.dumps(card))


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_vectors_and_words_are_those_of_the_torch_module(
    folder: Path, network: SentenceNetwork, tokenizer: str
) -> None:
    encoded = load_text_encoder(folder).encode(SENTENCES)
    assert encoded.words is not None
    reader = Tokenizer.from_str(tokenizer)
    for row, sentence in enumerate(SENTENCES):
        pieces = reader.encode(sentence)
        ids = torch.tensor([pieces.ids])
        with torch.no_grad():
            vector, tokens = network(ids, torch.ones_like(ids))
        np.testing.assert_allclose(encoded.vectors[row], vector[0].numpy(), atol=1e-5)
        for number in range(len(encoded.word_spans[row])):
            own = [n for n, word in enumerate(pieces.word_ids) if word == number]
            np.testing.assert_allclose(encoded.words[row, number], tokens[0, own].mean(dim=0).numpy(), atol=1e-5)


def test_spans_cut_the_words_out_of_the_sentence(folder: Path) -> None:
    text = "Small  left-sided EFFUSION w/ 12 mm. "
    encoded = load_text_encoder(folder).encode([text, "No"])
    words = ["Small", "left", "-", "sided", "EFFUSION", "w", "/", "1", "2", "mm", "."]
    assert [text[start:end] for start, end in encoded.word_spans[0]] == words
    assert encoded.mask.tolist() == [[True] * 11, [True] + [False] * 10]
    assert encoded.words is not None and not encoded.words[1, 1:].any()


def test_no_vector_depends_on_what_else_is_encoded(folder: Path) -> None:
    encoder = load_text_encoder(folder)
    together = encoder.encode(SENTENCES)
    for row, sentence in enumerate(SENTENCES):
        np.testing.assert_allclose(encoder.encode([sentence]).vectors[0], together.vectors[row], atol=1e-6)
    np.testing.assert_array_equal(encoder.encode(SENTENCES).vectors, together.vectors)
    np.testing.assert_allclose(np.linalg.norm(together.vectors, axis=1), 1.0, atol=1e-6)


def test_nothing_to_encode_gives_no_rows_and_long_text_is_cut(folder: Path) -> None:
    encoder = load_text_encoder(folder)
    assert encoder.encode([]).vectors.shape == (0, 16)
    encoded = encoder.encode(["effusion " * 500])
    assert 1 <= len(encoded.word_spans[0]) <= 96
    assert encoded.word_spans[0][-1][1] <= 9 * 96


def test_the_card_names_files_and_the_version_follows_weights_and_recipe(copied: Path) -> None:
    encoder = load_text_encoder(copied)
    assert sorted(encoder.card.files) == ["model.onnx", "tokenizer.json"]
    assert (encoder.card.name, encoder.card.licence_tier, encoder.card.text_dim) == ("tiny", "A", 16)
    change_card(copied, max_tokens=20)
    assert load_text_encoder(copied).version != encoder.version


def test_a_prefix_is_given_to_the_network_and_is_no_word(copied: Path) -> None:
    plain = load_text_encoder(copied)
    change_card(copied, prefix="heart left ")
    prefixed = load_text_encoder(copied)
    encoded, whole = prefixed.encode(["No effusion"]), plain.encode(["heart left No effusion"])
    np.testing.assert_array_equal(encoded.vectors, whole.vectors)
    assert encoded.word_spans == (((0, 2), (3, 11)),)
    assert encoded.words is not None and whole.words is not None
    np.testing.assert_array_equal(encoded.words[0], whole.words[0, 2:])


def test_without_a_vectors_output_a_sentence_is_the_mean_of_its_tokens(copied: Path) -> None:
    named = load_text_encoder(copied).encode(["No effusion"])
    change_card(copied, vectors=None)
    np.testing.assert_allclose(load_text_encoder(copied).encode(["No effusion"]).vectors, named.vectors, atol=1e-6)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), "is no tokenizer"),
        (lambda folder: (folder / "model.onnx").write_bytes(b"no"), "can't be opened"),
        (lambda folder: (folder / "model.onnx").unlink(), "expected one ONNX file"),
        (lambda folder: shutil.copy(folder / "model.onnx", folder / "other.onnx"), "expected one ONNX file"),
        (lambda folder: change_card(folder, tokens="none"), "outputs are"),
        (lambda folder: change_card(folder, tokens="vectors"), "expected \\(sentences, pieces, numbers\\)"),
        (lambda folder: change_card(folder, pooling="cls"), "expected of max_tokens"),
        (lambda folder: change_card(folder, max_tokens=1), "expected 4 or more"),
        (lambda folder: change_card(folder, max_tokens=5000), None),
    ],
)
def test_damage_is_named(copied: Path, damage: Callable[[Path], object], said: str | None) -> None:
    damage(copied)
    if said is None:  # longer text than the network has positions for
        with pytest.raises(ModelError, match="can't run on text"):
            load_text_encoder(copied).encode(["effusion " * 500])
        return
    with pytest.raises(ModelError, match=said):
        load_text_encoder(copied)


def test_other_weights_than_the_recorded_ones_are_refused(copied: Path) -> None:
    text = (copied / "tokenizer.json").read_text()
    (copied / "tokenizer.json").write_text(text + "\n")
    with pytest.raises(ModelError, match="not the recorded one"):
        load_text_encoder(copied)
