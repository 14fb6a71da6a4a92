"""What the locator learns from: targets, faults, losses by hand, and a network that the product can run."""

from __future__ import annotations

import importlib
import math
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.models import Geometry
from casekin.models.features import Features
from casekin.models.locator_net import MAP_SIZE, Locator
from casekin.types import Box, Place

torch = pytest.importorskip("torch")
TOOLS = Path(__file__).parents[2] / "tools"
RIGHT = Place(anatomy="lung", side="right")


def imported(name: str) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TOOLS))  # tools import one another, as scripts of one folder do
        return importlib.import_module(name)


@pytest.fixture(scope="module")
def samples() -> ModuleType:
    return imported("locator_samples")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return imported("train_locator")


@pytest.fixture(scope="module")
def network() -> ModuleType:
    return imported("locator_network")


@pytest.fixture
def sample(samples: ModuleType) -> object:
    """Two square lungs and a heart between them that covers part of the left one's columns."""
    masks = {name: np.zeros((384, 384), dtype=bool) for name in ("right_lung", "left_lung", "cardiac_silhouette")}
    masks["right_lung"][64:256, 64:160] = True
    masks["left_lung"][64:192, 224:320] = True
    masks["cardiac_silhouette"][192:256, 160:288] = True
    return samples.Sample(
        case_id="a",
        view=np.full((384, 384), 0.5, dtype=np.float32),
        masks=masks,
        facts=[],
        boxes={RIGHT: Box(x0=64, y0=64, x1=160, y1=256)},
    )


def organ(samples: ModuleType, targets: NDArray[np.uint8], name: str) -> NDArray[np.bool_]:
    return targets[len(LOCATIONS) + samples.ORGANS.index(name)] > samples.FULL / 2


def test_a_lung_goes_on_behind_the_heart_up_to_its_own_medial_edge(samples: ModuleType, sample: object) -> None:
    left = organ(samples, samples.targets(sample), "left_lung")
    rows, columns = np.nonzero(left)
    assert (rows.min(), rows.max() + 1) == (64 // 8, 256 // 8)
    assert (columns.min(), columns.max() + 1) == (224 // 8, 320 // 8)
    assert left[28, 28]
    assert not left[28, 37]  # below the lung and beside the heart


def test_a_real_film_says_nothing_of_what_nobody_marked(samples: ModuleType, sample: object) -> None:
    real = replace(sample, facts=samples.REAL, masks={})
    targets = samples.targets(real)
    known = [i for i in range(samples.MAPS) if targets[i, 0, 0] != samples.UNKNOWN]
    assert known == [LOCATIONS.index(RIGHT)]


def test_views_say_how_they_were_turned_mirrored_and_inverted(samples: ModuleType, sample: object) -> None:
    marked = replace(sample, view=np.linspace(0, 1, 384 * 384, dtype=np.float32).reshape(384, 384))
    seen = [samples.shown(marked, np.random.default_rng(seed), framed=True) for seed in range(40)]
    orientations = {one.faults[0] for one in seen}
    assert {0, 4} < orientations <= set(range(8))
    assert {one.faults[1] for one in seen} == {0, 1}
    for one in seen:
        assert (one.targets == samples.UNKNOWN).all() == (one.faults[0] % 4 != 0)


def test_the_loss_of_a_map_is_its_cross_entropy_and_dice(network: ModuleType, samples: ModuleType) -> None:
    targets = torch.full((1, samples.MAPS, MAP_SIZE, MAP_SIZE), samples.UNKNOWN, dtype=torch.uint8)
    targets[0, 3] = samples.FULL
    logits = torch.zeros((1, samples.MAPS, MAP_SIZE, MAP_SIZE))
    cells = MAP_SIZE**2
    dice = 1 - (2 * 0.5 * cells + 1) / (1.5 * cells + 1)
    assert float(network.map_loss(logits, targets)) == pytest.approx(4 * math.log(2) + dice, rel=1e-5)


def test_a_fault_that_is_not_known_teaches_nothing(network: ModuleType, samples: ModuleType) -> None:
    logits = torch.zeros((2, 13), requires_grad=True)
    network.fault_loss(logits, torch.tensor([[samples.UNKNOWN, 1, 0], [samples.UNKNOWN] * 3])).backward()
    assert logits.grad is not None
    assert not logits.grad[0, :8].any()
    assert logits.grad[0, 8:].all()
    assert not logits.grad[1].any()


def test_disturbing_maps_keeps_where_things_are(tool: ModuleType) -> None:
    level = torch.randn((4, 5, 6, 6), generator=torch.Generator().manual_seed(0))
    out = tool.disturbed(level, torch.Generator().manual_seed(1))
    for before, after in zip(level.flatten(0, 1).flatten(1), out.flatten(0, 1).flatten(1), strict=True):
        assert float(torch.corrcoef(torch.stack([before, after]))[0, 1]) == pytest.approx(1.0, abs=1e-4)


def test_a_film_is_shown_plainly_and_with_each_fault_once(samples: ModuleType, sample: object) -> None:
    view = np.random.default_rng(0).random((384, 300), dtype=np.float32)
    stored, mirrored, turned, inverted = samples.shown_plainly(replace(sample, view=view, masks={}), turns=3)
    assert [one.faults[:2] for one in (stored, mirrored, turned, inverted)] == [(0, 0), (4, 0), (3, 0), (0, 1)]
    np.testing.assert_array_equal(stored.view, view)
    np.testing.assert_array_equal(mirrored.view, view[:, ::-1])
    np.testing.assert_array_equal(np.rot90(turned.view), view)
    np.testing.assert_allclose(inverted.view, 1 - view, atol=1e-7)
    assert (turned.targets == samples.UNKNOWN).all()
    assert not (stored.targets == samples.UNKNOWN).any()


def test_views_are_kept_until_they_would_be_others(tool: ModuleType, samples: ModuleType, tmp_path: Path) -> None:
    def views(name: str) -> object:
        targets = np.zeros((samples.MAPS, MAP_SIZE, MAP_SIZE), dtype=np.uint8)
        yield name, samples.Shown(view=np.eye(40, dtype=np.float32), targets=targets, faults=(4, 0, samples.FRONTAL))

    for name, stamp, kept in (("a", "one", "a"), ("b", "one", "a"), ("b", "two", "b")):
        data, names = tool.stored(views(name), tmp_path / "cache", stamp)
        assert names == [kept]
        assert data["faults"].tolist() == [[4, 0, samples.FRONTAL]]
        assert data["stride8"].shape == (1, 40, 48, 48)


def test_a_fit_is_the_same_twice_and_what_was_kept_is_not_fitted_again(
    tool: ModuleType, samples: ModuleType, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    data = {
        name: rng.normal(size=(16, channels, size, size)).astype(np.float16)
        for name, channels, size in (("stride8", 40, 48), ("stride16", 112, 24), ("stride32", 320, 12))
    }
    data["targets"] = rng.integers(0, 200, (16, samples.MAPS, MAP_SIZE, MAP_SIZE)).astype(np.uint8)
    data["faults"] = np.zeros((16, 3), dtype=np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tool, "FIRST_EPOCHS", 1)
        first, other = (tool.trained_on_simulated([data], tmp_path / name, 0).state_dict() for name in ("one", "two"))
        patch.setattr(tool, "train", None)
        kept = tool.trained_on_simulated([data], tmp_path / "one", 0).state_dict()
    for name, value in first.items():
        torch.testing.assert_close(other[name], value, rtol=0, atol=0)
        torch.testing.assert_close(kept[name], value, rtol=0, atol=0)


def test_the_product_runs_what_the_tool_writes_and_gets_the_same_numbers(network: ModuleType, tmp_path: Path) -> None:
    torch.manual_seed(0)
    decoder = network.LocatorNetwork().eval()
    network.export(decoder, tmp_path / "locator.onnx")
    generator = torch.Generator().manual_seed(2)
    maps = {
        name: torch.randn((channels, size, size), generator=generator)
        for name, channels, size in (("stride8", 40, 48), ("stride16", 112, 24), ("stride32", 320, 12))
    }
    features = Features.__new__(Features)
    object.__setattr__(features, "maps", {name: level.numpy() for name, level in maps.items()})
    object.__setattr__(features, "geometry", Geometry(height=300, width=400, input_size=384, grid=24))
    found, film = Locator(tmp_path / "locator.onnx").run(features)
    with torch.no_grad():
        wanted, faults = decoder(*(level[None] for level in maps.values()))
    np.testing.assert_allclose(found, torch.sigmoid(wanted)[0].numpy(), atol=1e-4)
    orientation = torch.softmax(faults[0, :8], dim=0)
    frontal = float(torch.softmax(faults[0, 10:], dim=0)[0])
    assert film is not None
    assert film.mirrored == pytest.approx(frontal * float(orientation[4:].sum()), abs=1e-4)
