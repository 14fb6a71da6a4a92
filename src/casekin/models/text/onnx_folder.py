"""A text encoder as a folder: an ONNX network and its `tokenizer.json`, run by ONNX Runtime without torch."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.errors import ModelError
from casekin.models.adapters.card import ModelCard, make_card, recorded_card
from casekin.models.features import open_session
from casekin.models.geometry import Array
from casekin.models.text.protocol import EncodedText
from casekin.models.text.word_pieces import PieceReader, Pieces

TOKENIZER_FILE = "tokenizer.json"
_BATCH = 64
_INPUTS = frozenset(("input_ids", "attention_mask", "token_type_ids"))
_LEAST = 1e-12
_FEWEST_TOKENS = 4
NOTHING: Mapping[str, Any] = MappingProxyType({})
RunPieces = Callable[[NDArray[np.int64]], tuple[Array, Array]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRecipe:
    """How text is given: cut at `max_tokens` pieces, with `prefix` before each sentence (E5 wants "query: ").

    `vectors` and `tokens` name the network's outputs `(n, d)` and `(n, t, d)`; without `vectors` a sentence is the mean
    of its tokens, without `tokens` they are the first output of three axes.
    """

    max_tokens: int = 128
    prefix: str = ""
    vectors: str | None = None
    tokens: str | None = None


class OnnxTextEncoder:
    """Sentence and word vectors; a word's is the mean of its pieces'. Sentences of one length share a batch, so no
    padding is ever computed and none changes a vector.
    """

    def __init__(self, *, run: RunPieces, pieces: PieceReader, recipe: TextRecipe, card: ModelCard) -> None:
        self._run = run
        self._pieces = pieces
        self._recipe = recipe
        self._card = card

    @property
    def card(self) -> ModelCard:
        """Where it came from, on what terms, which bytes."""
        return self._card

    @property
    def version(self) -> str:
        """The card's name and a hash over files and recipe."""
        recipe = json.dumps(asdict(self._recipe))
        return f"{self._card.name}-{hashlib.sha256((self._card.sha256 + recipe).encode()).hexdigest()[:6]}"

    def encode(self, sentences: Sequence[str]) -> EncodedText:
        """Features of sentences of any length, the empty one included. ModelError where the network can't run."""
        pieces = [self._pieces.read(sentence, prefix=self._recipe.prefix) for sentence in sentences]
        counts = np.array([len(each.spans) for each in pieces], dtype=np.int64)
        vectors = np.zeros((len(pieces), self._card.text_dim or self._card.dim), dtype=np.float32)
        words = np.zeros((len(pieces), int(counts.max(initial=0)), self._card.dim), dtype=np.float32)
        mask = np.arange(words.shape[1]) < counts[:, None]
        for numbers in _of_one_length(pieces):
            means, tokens = self._run(np.array([pieces[n].ids for n in numbers], dtype=np.int64))
            vectors[numbers] = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), _LEAST)
            for n, states in zip(numbers, tokens, strict=True):
                words[n, : len(pieces[n].spans)] = _word_means(states, pieces[n])
        return EncodedText(vectors=vectors, words=words, mask=mask, word_spans=tuple(each.spans for each in pieces))


def load_onnx_folder(folder: Path, *, source: str, known: Mapping[str, Any] = NOTHING) -> OnnxTextEncoder:
    """The encoder of a folder with `tokenizer.json` and one ONNX file, in it or under `onnx/`.

    A `card.json` may hold name, licence, the files' hashes, and the recipe under `text`; `known` replaces fields of the
    card where a folder can't say them itself. Raises ModelError where a
    file is missing, damaged or not the recorded one, or the network takes or gives anything but pieces and vectors.
    """
    recipe = _recipe(recorded_card(folder))
    network, tokenizer = _network_file(folder), folder / TOKENIZER_FILE
    run = _runner(network, recipe)
    pieces = PieceReader(tokenizer, max_tokens=recipe.max_tokens)
    means, tokens = run(np.array([pieces.read("effusion").ids], dtype=np.int64))
    card = make_card(
        path=folder, source=source, revision=None, family="onnx-text", preprocessing=None, grid=None,
        files=[network, tokenizer, *network.parent.glob(f"{network.name}?data")],
        dim=tokens.shape[2], text_dim=means.shape[1],
    )  # fmt: skip
    return OnnxTextEncoder(run=run, pieces=pieces, recipe=recipe, card=replace(card, **known))


def _network_file(folder: Path) -> Path:
    found = [*sorted(folder.glob("*.onnx")), *sorted((folder / "onnx").glob("model.onnx"))]
    if len(found) != 1:
        names = [file.name for file in found] or "none"
        raise ModelError(f"{folder.name}: expected one ONNX file in it or onnx/model.onnx, got {names}")
    return found[0]


def _recipe(recorded: Mapping[str, Any]) -> TextRecipe:
    try:
        recipe = TextRecipe(**recorded.get("text", {}))
    except TypeError as error:
        fields = ", ".join(TextRecipe.__dataclass_fields__)
        raise ModelError(f"card.json: `text` holds {sorted(recorded['text'])}, expected of {fields}") from error
    if not isinstance(recipe.max_tokens, int) or recipe.max_tokens < _FEWEST_TOKENS:
        raise ModelError(f"card.json: text.max_tokens is {recipe.max_tokens!r}, expected {_FEWEST_TOKENS} or more")
    return recipe


def _runner(network: Path, recipe: TextRecipe) -> RunPieces:
    """Ids `(n, t)` → sentence vectors `(n, d)`, of any length, and token vectors `(n, t, d)`."""
    session = open_session(network)
    inputs = [entry.name for entry in session.get_inputs()]
    if not set(inputs) <= _INPUTS:
        raise ModelError(f"{network.name}: inputs are {inputs}, expected input_ids and attention_mask")
    outputs = session.get_outputs()
    names = [entry.name for entry in outputs]
    shaped = next((entry.name for entry in outputs if len(entry.shape) == 3), names[0])
    wanted = [recipe.tokens or shaped, *([recipe.vectors] if recipe.vectors else [])]
    if not set(wanted) <= set(names):
        raise ModelError(f"{network.name}: outputs are {names}, expected {wanted}; name them in card.json under `text`")

    def run(ids: NDArray[np.int64]) -> tuple[Array, Array]:
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        try:
            results = session.run(wanted, {name: given[name] for name in inputs})
        except Exception as error:  # ONNX Runtime raises classes of its own, which have no common public root
            raise ModelError(f"{network.name} can't run on text: {type(error).__name__}; export it anew") from error
        tokens = np.asarray(results[0], dtype=np.float32)
        if tokens.ndim != 3:
            raise ModelError(f"{network.name}: {wanted[0]} is {tokens.shape}, expected (sentences, pieces, numbers)")
        means = results[1] if len(results) > 1 else tokens.mean(axis=1)
        return np.asarray(means, dtype=np.float32), tokens

    return run


def _of_one_length(pieces: Sequence[Pieces]) -> Iterator[list[int]]:
    """Numbers of sentences with as many pieces, in blocks."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for number, each in enumerate(pieces):
        by_length[len(each.ids)].append(number)
    for length in sorted(by_length):
        numbers = by_length[length]
        yield from (numbers[start : start + _BATCH] for start in range(0, len(numbers), _BATCH))


def _word_means(states: Array, pieces: Pieces) -> Array:
    """The mean of each word's pieces `(words, d)`."""
    held = [n for n, word in enumerate(pieces.words) if word is not None]
    words = np.array([word for word in pieces.words if word is not None], dtype=np.int64)
    sums = np.zeros((len(pieces.spans), states.shape[1]), dtype=np.float32)
    np.add.at(sums, words, states[held])
    return np.asarray(sums / np.bincount(words, minlength=len(sums))[:, None], dtype=np.float32)
