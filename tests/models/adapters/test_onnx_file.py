"""ONNX files with a card: outputs by rank or name, one picture at a time or many, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from casekin.errors import ModelError
from casekin.models.adapters import load_backbone

from .published import write_json

Views = list[NDArray[np.float64]]
CARD: dict[str, Any] = {
    "name": "ours",
    "licence": "apache-2.0",
    "preprocessing": {"size": 32, "fit": "stretch", "mean": [0.0, 0.0, 0.0], "std": [1.0, 1.0, 1.0]},
}


def network(
    folder: Path, *, outputs: tuple[str, ...], batch: str | int = "n", card: dict[str, Any] | None = None
) -> Path:
    """Means of 8 × 8 patches as a map ("map"), as rows ("rows"), as rows behind a class token ("class"), or as one
    vector ("vector"); "second" is another vector.
    """
    weight = np.full((2, 3, 8, 8), 1 / 192, dtype=np.float32)
    weight[1] *= -1.0
    nodes = [
        helper.make_node("Conv", ["pixels", "weight"], ["map"], strides=[8, 8]),
        helper.make_node("Reshape", ["map", "flat"], ["flatmap"]),
        helper.make_node("Transpose", ["flatmap"], ["rows"], perm=[0, 2, 1]),
        helper.make_node("ReduceMean", ["rows"], ["vector"], axes=[1], keepdims=0),
        helper.make_node("ReduceMean", ["rows"], ["first"], axes=[1], keepdims=1),
        helper.make_node("Concat", ["first", "rows"], ["class"], axis=1),
        helper.make_node("Neg", ["vector"], ["second"]),
    ]
    shapes: dict[str, list[str | int]] = {
        "map": [batch, 2, 4, 4], "rows": [batch, 16, 2], "class": [batch, 17, 2], "vector": [batch, 2],
        "second": [batch, 2],
    }  # fmt: skip
    graph = helper.make_graph(
        nodes,
        "patches",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [batch, 3, 32, 32])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[name]) for name in outputs],
        [
            helper.make_tensor("weight", TensorProto.FLOAT, weight.shape, weight.ravel()),
            helper.make_tensor("flat", TensorProto.INT64, [3], [-1 if batch == "n" else 1, 2, 16]),
        ],
    )
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), folder / "net.onnx")
    if card is not None:
        write_json(folder / "card.json", card)
    return folder


def patch_means(view: NDArray[np.float64]) -> NDArray[np.float64]:
    """A second implementation for 32 × 32 views, which need no resampling: `(4, 4, 2)`."""
    means = np.round(view * 255).reshape(4, 8, 4, 8).mean(axis=(1, 3)) / 255
    return np.stack([means, -means], axis=-1)


@pytest.mark.parametrize("batch", ["n", 1])
@pytest.mark.parametrize("outputs", [("map",), ("rows",), ("class",), ("vector", "map"), ("vector", "class")])
def test_tokens_and_vectors_are_found_by_their_ranks(
    outputs: tuple[str, ...], batch: str | int, tmp_path: Path
) -> None:
    backbone = load_backbone(network(tmp_path, outputs=outputs, batch=batch, card=CARD))
    views = list(np.random.default_rng(0).random((3, 32, 32)))
    expected = np.stack([patch_means(view) for view in views])
    features = backbone.encode_views(views)
    assert features.tokens is not None
    np.testing.assert_allclose(features.tokens, expected, atol=1e-5)
    np.testing.assert_allclose(features.vectors, expected.mean(axis=(1, 2)), atol=1e-5)
    assert (backbone.card.family, backbone.card.grid, backbone.card.dim) == ("onnx", 4, 2)
    assert backbone.encode_texts(["left"]) is None


def test_a_vector_alone_gives_no_tokens(tmp_path: Path, views: Views) -> None:
    backbone = load_backbone(network(tmp_path, outputs=("vector",), card=CARD) / "net.onnx")
    features = backbone.encode_views(views)
    assert features.tokens is None
    assert features.vectors.shape == (4, 2)
    assert backbone.card.grid is None


def test_names_of_the_card_choose_between_outputs(tmp_path: Path, views: Views) -> None:
    folder = network(tmp_path, outputs=("vector", "second", "map"), card=CARD)
    with pytest.raises(ModelError, match="name one"):
        load_backbone(folder)
    write_json(folder / "card.json", {**CARD, "vectors": "second"})
    features = load_backbone(folder).encode_views(views)
    assert features.tokens is not None
    np.testing.assert_allclose(features.vectors, -features.tokens.mean(axis=(1, 2)), atol=1e-5)
    write_json(folder / "card.json", {**CARD, "vectors": "third"})
    with pytest.raises(ModelError, match="'third' is not in the file"):
        load_backbone(folder)


def test_a_file_without_preprocessing_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="doesn't say how pictures are given"):
        load_backbone(network(tmp_path, outputs=("map",)))


@pytest.mark.parametrize(
    "change", [{"size": 64}, {"mean": [0.0], "std": [1.0]}], ids=["another size", "another number of channels"]
)
def test_preprocessing_that_the_input_cant_take_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    card = {**CARD, "preprocessing": {**CARD["preprocessing"], **change}}
    with pytest.raises(ModelError, match="correct it"):
        load_backbone(network(tmp_path, outputs=("map",), card=card))
