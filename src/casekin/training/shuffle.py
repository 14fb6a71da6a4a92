"""A model whose trained weights are shuffled: what still shows in it was never learned."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from casekin.errors import ModelError
from casekin.models.weights import checked_file, file_entry, find_card

ROLE = "decoder"


def shuffle_decoder(name_or_path: str | Path, *, out: Path, seed: int) -> Path:
    """Write a model beside itself into `out`, every filter of its decoder with its weights in random order.

    Their distribution, and all other parts, stay as they are. Gives the new card's path. Raises ModelError where the
    model has no decoder or a file doesn't fit its card.
    """
    folder, card = find_card(name_or_path)
    if ROLE not in card["files"]:
        raise ModelError(f"shuffle: model {card.get('short_name')} has no decoder, expected one; choose another")
    out.mkdir(parents=True, exist_ok=True)
    for role, entry in card["files"].items():
        path = checked_file(folder, entry["name"], entry["sha256"])
        if role == ROLE:
            (out / path.name).write_bytes(_shuffled(path, seed))
            card["files"][ROLE] = file_entry(out / path.name)
        else:
            (out / path.name).write_bytes(path.read_bytes())
    (out / "shuffled.json").write_text(json.dumps(card), encoding="utf-8")
    return out / "shuffled.json"


def _shuffled(path: Path, seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    model = onnx.load(str(path))
    for tensor in model.graph.initializer:
        weights = numpy_helper.to_array(tensor)
        if weights.ndim >= 2:
            mixed = rng.permutation(weights.ravel()).reshape(weights.shape)
            tensor.CopyFrom(numpy_helper.from_array(mixed, tensor.name))
    return bytes(model.SerializeToString())
