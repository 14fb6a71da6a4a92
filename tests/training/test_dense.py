"""The shipped decoder's training: views keep truth and pixels together, the file gives the numbers that torch gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, mirror
from casekin.models.features import GRID, INPUT_SIZE, LEVEL_CHANNELS, LEVELS, Features
from casekin.models.geometry import Geometry
from casekin.training.dense import (
    INPUTS,
    DenseDecoder,
    DenseTraining,
    dense_loss,
    export_decoder,
    mean_average_precision,
    rarity_weights,
)
from casekin.training.dense_views import FINE, MAP_SIZE, DenseSample, DenseViews, build_dense_views
from casekin.training.feature_maps import STRIDES
from casekin.types import Place

FINDINGS = ("mass", "nodule")
RIGHT = LOCATIONS.index(Place(anatomy="lung", side="right"))
LEFT = LOCATIONS.index(Place(anatomy="lung", side="left"))


class FlatNet:
    """A network whose maps are the view's mean brightness, and which counts its views."""

    channels = LEVEL_CHANNELS["stride16"]

    def __init__(self) -> None:
        self.shown = 0

    def __call__(self, view: NDArray[np.floating]) -> Features:
        self.shown += 1
        maps = {
            name: np.full((LEVEL_CHANNELS[name], *(INPUT_SIZE // STRIDES[name],) * 2), view.mean(), dtype=np.float32)
            for name in LEVELS
        }
        return Features(
            image=view.astype(np.float32),
            cells=np.zeros((GRID, GRID, self.channels), dtype=np.float32),
            maps=maps,
            geometry=Geometry(height=INPUT_SIZE, width=INPUT_SIZE, input_size=INPUT_SIZE, grid=GRID),
        )


def sample(number: int, *, split: str = "train") -> DenseSample:
    """A bright square with a nodule's mask on it, in the right lung."""
    image = np.full((INPUT_SIZE, INPUT_SIZE), 40, dtype=np.uint8)
    image[96:160, 64:128] = 250
    mask = np.zeros((FINE, FINE), dtype=np.uint8)
    mask[24:40, 16:32] = 255
    weights = np.zeros((len(LOCATIONS), GRID, GRID), dtype=np.uint8)
    weights[RIGHT, 4:14, 2:10] = 255
    labels = np.zeros((len(LOCATIONS), len(FINDINGS)), dtype=np.uint8)
    labels[RIGHT, 1] = 1
    return DenseSample(
        case_id=f"c{number}", split=split, image=image, masks={"nodule": mask}, weights=weights, labels=labels
    )


def build(folder: Path, net: FlatNet, *, views: int = 6) -> DenseViews:
    samples = [sample(0), sample(1), sample(2, split="validation")]
    return build_dense_views(samples, 3, FINDINGS, folder, net, views=views, seed=3, stamp="made")


def test_masks_weights_and_labels_move_with_the_pixels_and_swap_sides_when_mirrored(tmp_path: Path) -> None:
    views = build(tmp_path, FlatNet())
    assert views.train.tolist() == [True, True, False]
    mirrored = 0
    for turn in range(6):
        mask = views.masks[0, turn, 1].astype(bool)
        assert not views.masks[0, turn, 0].any()
        bright = views.images[0, turn].reshape(MAP_SIZE, 8, MAP_SIZE, 8).mean(axis=(1, 3))
        if mask.any():  # what is under the mask is the bright square, however the view is framed and relit
            assert bright[mask].mean() > bright[~mask].mean() + 30
        (side,) = np.flatnonzero(views.labels[0, turn, :, 1] == 1)
        assert side in (RIGHT, LEFT)
        other = LOCATIONS.index(mirror(LOCATIONS[side]))
        assert views.weights[0, turn, side].any() and not views.weights[0, turn, other].any()
        mirrored += side == LEFT
    assert 0 < mirrored < 6
    np.testing.assert_array_equal(views.images[0, 0], sample(0).image)


def test_a_cache_goes_on_where_it_stopped_and_is_not_read_again_when_whole(tmp_path: Path) -> None:
    net = FlatNet()

    def broken() -> object:
        yield sample(0)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_dense_views(broken(), 3, FINDINGS, tmp_path, net, views=2, seed=3, stamp="made")  # type: ignore[arg-type]
    assert net.shown == 2
    again = build(tmp_path, net, views=2)
    assert net.shown == 6
    whole = build(tmp_path / "whole", FlatNet(), views=2)
    np.testing.assert_array_equal(again.images, whole.images)
    build(tmp_path, net, views=2)
    assert net.shown == 6


def test_loss_falls_to_nothing_where_cells_and_places_are_right() -> None:
    masks = torch.zeros(2, 1, MAP_SIZE, MAP_SIZE)
    masks[0, 0, 4:12, 4:12] = 1
    weights = torch.zeros(2, len(LOCATIONS), GRID, GRID)
    weights[:, RIGHT, 2:6, 2:6] = 1
    labels = torch.zeros(2, len(LOCATIONS), 1, dtype=torch.uint8)
    labels[0, RIGHT] = 1
    right = dense_loss((masks * 2 - 1) * 30, masks, weights, labels, sharpness=2.0)
    wrong = dense_loss((1 - masks * 2) * 30, masks, weights, labels, sharpness=2.0)
    assert set(right) == {"cells", "overlap", "places", "image"}
    assert all(float(value) < 0.01 for name, value in right.items())
    assert all(float(wrong[name]) > 0.5 for name in right)


def test_places_that_are_unclear_or_unseen_do_not_count() -> None:
    logits = torch.zeros(1, 1, MAP_SIZE, MAP_SIZE, requires_grad=True)
    masks, labels = torch.zeros(1, 1, MAP_SIZE, MAP_SIZE), torch.full((1, len(LOCATIONS), 1), 2, dtype=torch.uint8)
    unclear = dense_loss(logits, masks, torch.ones(1, len(LOCATIONS), GRID, GRID), labels, sharpness=2.0)
    unseen = dense_loss(logits, masks, torch.zeros(1, len(LOCATIONS), GRID, GRID), labels * 0, sharpness=2.0)
    assert float(unclear["places"].detach()) == float(unseen["places"].detach()) == 0.0
    torch.stack([*unclear.values()]).sum().backward()
    assert logits.grad is not None and bool(logits.grad.abs().sum() > 0)


def test_mean_average_precision_is_that_of_ranking_places() -> None:
    labels = np.zeros((1, 4, 2), dtype=np.uint8)
    labels[0, :, 0] = [1, 0, 1, 2]
    evidence = np.array([[[3.0, 0], [2.0, 0], [1.0, 0], [9.0, 0]]])
    assert mean_average_precision(evidence, labels) == pytest.approx((1 + 2 / 3) / 2)


def test_films_with_rare_findings_are_shown_more_and_empty_ones_less() -> None:
    there = np.zeros((100, 2), dtype=bool)
    there[:30, 0] = there[0, 1] = True
    weights = rarity_weights(there)
    assert weights[0] > weights[1] == 1.0 > weights[50]


@pytest.fixture(scope="module")
def network() -> DenseDecoder:
    torch.manual_seed(0)
    return DenseDecoder(2, width=16, fine=8).eval()


def test_the_exported_decoder_gives_what_torch_gives(network: DenseDecoder, tmp_path: Path) -> None:
    export_decoder(network, tmp_path / "decoder.onnx")
    rng = np.random.default_rng(0)
    shapes = {"image": (1, INPUT_SIZE, INPUT_SIZE)}
    shapes |= {name: (LEVEL_CHANNELS[name], *(INPUT_SIZE // STRIDES[name],) * 2) for name in LEVELS}
    inputs = {name: rng.random((2, *shapes[name])).astype(np.float32) for name in INPUTS}
    (got,) = ort.InferenceSession(str(tmp_path / "decoder.onnx")).run(["evidence"], inputs)
    with torch.no_grad():
        expected = network(*(torch.from_numpy(inputs[name]) for name in INPUTS)).numpy()
    assert got.shape == (2, 2, MAP_SIZE, MAP_SIZE)
    np.testing.assert_allclose(got, expected, atol=1e-4)


def test_a_batch_holds_truth_and_maps_of_train_alone_and_every_part_learns(tmp_path: Path) -> None:
    cache = build(tmp_path, FlatNet(), views=2)
    training = DenseTraining(
        findings=FINDINGS,
        caches=[cache],
        patients=[["a", "b", "c"]],
        settings={"width": 16, "batch_size": 2, "sharpness": 2.0},
        seed=0,
    )
    assert training.draw_epoch(0).max() < 2  # row 2 is of validation
    batch = training.batch(np.array([0, 1]), torch.Generator().manual_seed(0))
    torch.stack([*training.loss(batch).values()]).sum().backward()
    assert all(p.grad is not None and bool(p.grad.abs().sum() > 0) for p in training.network.parameters())
    training.network.eval()
    with torch.no_grad():
        found = training.evidence(cache, ~cache.train, (0.5, 4.0))
        assert set(training.validate()) == {"mAP"}
    assert found[0.5].shape == (1, len(LOCATIONS), len(FINDINGS))
    assert (found[4.0] >= found[0.5] - 1e-5).all()  # sharper pooling is nearer to the largest cell
