"""Backbones that learn with their decoder: inputs, gradients, rates, and resumed runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from casekin.anatomy import LOCATIONS, mirror
from casekin.errors import InputError, ModelError
from casekin.models import load_encoder
from casekin.models.features import GRID, INPUT_SIZE
from casekin.training.backbones.end_to_end import EndToEndTraining, TunedTraining
from casekin.training.dual_training import DualTraining
from casekin.training.export import export_encoder, export_model
from casekin.training.loop import LoopSettings, fit
from casekin.training.trained import load_trained
from casekin.training.views import ViewCache
from made_cases import chest_picture
from training.made_dual import CASES, made_maps, made_options, made_preset
from training.made_training import InterruptedRunError

SETTINGS = LoopSettings(epochs=2, learning_rate=1e-3, weight_decay=0.01, average=0.9)


def made_views() -> ViewCache:
    """Views of noise; in every second the right third is bright, where the first location's weights lie."""
    random = np.random.default_rng(3)
    views = random.integers(60, 90, (CASES, INPUT_SIZE, INPUT_SIZE), dtype=np.uint8)
    views[::2, 100:200, 20:120] = 250
    weights = np.zeros((CASES, len(LOCATIONS), GRID, GRID), dtype=np.uint8)
    for place in range(len(LOCATIONS)):
        weights[:, place, (place // 6) * 4 : (place // 6) * 4 + 8, (place % 6) * 3 : (place % 6) * 3 + 8] = 255
    return ViewCache(
        views=views, weights=weights, vectors=np.zeros((CASES, len(LOCATIONS), 2), dtype=np.float16),
        readable=np.ones(CASES, dtype=np.bool_), stamp="made",
    )  # fmt: skip


def options() -> dict[str, Any]:
    """Of the made cases two, since every view costs a pass through a whole network."""
    rows = np.arange(CASES, dtype=np.int64)
    return {**made_options(made_preset("evidence")), "train": rows[:2], "validation": rows[:2]}


class StoppedTraining(EndToEndTraining):
    """Raises at one call of `batch`, as a killed process would stop there."""

    def __init__(self, *, stop_at: int | None = None, **options: Any) -> None:
        self.stop_at, self.calls = stop_at, 0
        super().__init__(views=made_views(), may_mirror=[True] * CASES, backbone="convnet", **options)

    def batch(self, numbers: NDArray[np.int64], generator: torch.Generator) -> dict[str, Tensor]:
        self.calls += 1
        if self.calls == self.stop_at:
            raise InterruptedRunError
        return super().batch(numbers, generator)


def end_to_end(backbone: str) -> EndToEndTraining:
    """The first image's report can't be told mirrored, all others' can."""
    told = options()
    told["mirrored"][0] = told["mirrored_targets"][0] = None
    return EndToEndTraining(views=made_views(), may_mirror=[n > 0 for n in range(CASES)], backbone=backbone, **told)


@pytest.mark.parametrize("backbone", ["convnet", "lite0_tuned"])
def test_every_parameter_that_is_not_frozen_gets_a_gradient(backbone: str) -> None:
    torch.manual_seed(0)
    training = end_to_end(backbone)
    training.network.train()
    terms = training.loss(training.batch(np.arange(3, dtype=np.int64), torch.Generator().manual_seed(0)))
    torch.stack([*terms.values()]).sum().backward()
    for name, parameter in training.network.named_parameters():
        learnt = parameter.grad is not None and bool(parameter.grad.abs().sum() > 0)
        assert learnt == parameter.requires_grad, name
    grouped = {id(p) for group in training.groups(1.0, 0.1) for p in group["params"]}
    assert grouped == {id(p) for p in training.network.parameters() if p.requires_grad}


def test_what_began_with_learned_values_learns_slowly_and_biases_do_not_decay() -> None:
    training = end_to_end("lite0_tuned")
    names = {id(p): name for name, p in training.network.named_parameters()}
    for group in training.groups(1.0, 0.5):
        for parameter in group["params"]:
            assert group["lr"] == (0.1 if names[id(parameter)].startswith("stem.") else 1.0)
            assert group["weight_decay"] == (0.5 if parameter.ndim > 1 else 0.0)


def test_turn_0_is_the_view_itself_and_turn_1_its_mirror_with_places_swapped() -> None:
    training, views = end_to_end("convnet"), made_views()
    rows = np.array([0, 1, 2])
    plain, turned = (training.inputs(rows, np.full(3, turn)) for turn in (0, 1))
    assert np.allclose(plain["views"][:, 0] * 255, views.views[rows])
    assert torch.equal(turned["views"][0], plain["views"][0])  # a report that can't be mirrored
    assert torch.equal(turned["views"][1:], plain["views"][1:].flip(-1))
    for number, place in enumerate(LOCATIONS):
        swapped = plain["weights"][1, LOCATIONS.index(mirror(place))].flip(-1)
        assert torch.equal(turned["weights"][1, number], swapped)


def test_steps_show_new_frames_and_validation_the_views_as_they_are() -> None:
    training = end_to_end("convnet")
    rows = np.arange(3, dtype=np.int64)
    first, again, other = (training.batch(rows, torch.Generator().manual_seed(seed))["views"] for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert float(first.min()) >= 0 and float(first.max()) <= 1
    training.network.eval()
    with torch.no_grad():
        assert training.validate() == training.validate()


def test_an_interrupted_and_resumed_run_gives_the_same_bits(tmp_path: Path) -> None:
    whole = StoppedTraining(**options())
    fitted = fit(whole, SETTINGS, tmp_path / "whole", stamp="s")
    with pytest.raises(InterruptedRunError):
        fit(StoppedTraining(stop_at=2, **options()), SETTINGS, tmp_path / "cut", stamp="s")
    rest = StoppedTraining(**options())
    assert fit(rest, SETTINGS, tmp_path / "cut", stamp="s").history == fitted.history
    assert all(torch.equal(a, b) for a, b in zip(rest.network.parameters(), whole.network.parameters(), strict=True))


def test_later_stages_learn_over_kept_maps() -> None:
    torch.manual_seed(0)
    training = TunedTraining(backbone="lite0_tuned", level="stride16", maps=made_maps([False] * CASES), **options())
    training.network.train()
    terms = training.loss(training.batch(np.arange(3, dtype=np.int64), torch.Generator().manual_seed(0)))
    torch.stack([*terms.values()]).sum().backward()
    assert all(p.grad is not None and bool(p.grad.abs().sum() > 0) for p in training.network.parameters())
    rates = {group["lr"] for group in training.groups(1.0, 0.1)}
    assert rates == {0.1, 1.0}


def test_kept_maps_need_a_backbone_with_stages() -> None:
    with pytest.raises(InputError, match="lite0_tuned"):
        TunedTraining(backbone="convnet", level="stride16", maps=made_maps([False] * CASES), **options())


@pytest.mark.parametrize("backbone", ["convnet", "vit", "lite0_tuned"])
def test_what_learnt_along_is_part_of_the_decoder_of_an_encoder(backbone: str, tmp_path: Path) -> None:
    training: DualTraining = end_to_end(backbone)
    if backbone == "lite0_tuned":
        training = TunedTraining(backbone=backbone, level="stride16", maps=made_maps([False] * CASES), **options())
    with torch.no_grad():
        training.fit_presence()
    card = export_model(training, tmp_path, encoder="made", notes={"backbone": backbone})
    path = export_encoder(tmp_path, card, base="default")
    assert path is not None
    encoder, view = load_encoder(path), chest_picture(1).astype(np.float32) / 255.0
    shown = load_encoder().features(view)
    batch = {name: torch.from_numpy(level)[None] for name, level in shown.maps.items()}
    network = training.network.eval()
    with torch.no_grad():
        expected, _ = network.decode({**batch, "views": torch.from_numpy(shown.image)[None, None]})
    assert expected is not None and np.allclose(encoder.encode(view).evidence_maps, expected[0].numpy(), atol=1e-3)
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match=r"open encoder\.json with load_encoder"):
        load_trained(tmp_path)
