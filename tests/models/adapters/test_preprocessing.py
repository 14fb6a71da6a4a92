"""Pictures are prepared as the published processors prepare them, and regions find their tokens under any fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import transformers
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from casekin.errors import ImageError, InputError, ModelError
from casekin.models import Geometry, grid_weights, pool_tokens
from casekin.models.adapters.preprocessing import Preprocessing, preprocessing_of_processor, preprocessing_of_record
from casekin.models.geometry import Fit
from casekin.types import Box

View = NDArray[np.float64]
SIZES = st.integers(min_value=24, max_value=300)
ODD_CROP = {"do_center_crop": True, "crop_size": {"height": 24, "width": 24}}
FITS: list[Fit] = ["letterbox", "crop", "stretch"]


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(height * width).integers(0, 256, (height, width), dtype=np.uint8)


@pytest.mark.parametrize("shape", [(200, 160), (160, 201), (77, 77), (20, 31)])
@pytest.mark.parametrize(
    ("processor", "settings_"),
    [
        (
            "BitImageProcessorPil",
            {"size": {"shortest_edge": 70}, "crop_size": {"height": 56, "width": 56}, "resample": 3},
        ),
        ("BitImageProcessorPil", {"size": {"shortest_edge": 56}, "crop_size": 56, "resample": 2}),
        ("SiglipImageProcessorPil", {"size": {"height": 48, "width": 48}, "resample": 3}),
    ],
)
def test_pixels_are_those_of_the_published_processor(
    processor: str, settings_: dict[str, Any], shape: tuple[int, int]
) -> None:
    mean, std = [0.5307, 0.49, 0.4], [0.2583, 0.2, 0.3]
    flags = {"do_resize": True, "do_rescale": True, "do_normalize": True, "do_convert_rgb": True}
    config = {**flags, **settings_, "image_mean": mean, "image_std": std, "rescale_factor": 1 / 255}
    if "crop_size" in settings_:
        config["do_center_crop"] = True
    pixels = noise(*shape)
    published = getattr(transformers, processor)(**config)  # named above: each is loaded, for seconds, when asked for
    expected = published(np.stack([pixels] * 3, axis=-1), return_tensors="np")["pixel_values"]
    prepared = preprocessing_of_processor(config).prepare([pixels / 255.0])
    np.testing.assert_allclose(prepared, expected, atol=1e-5)


def test_min_max_stretches_each_view_alone() -> None:
    prepared = Preprocessing(size=8, fit="stretch", mean=(0.0,), std=(1.0,), grey="min_max")
    views = [np.linspace(0.2, 0.4, 64).reshape(8, 8), np.full((8, 8), 0.7)]
    pixels = prepared.prepare(views)
    assert pixels.shape == (2, 1, 8, 8)
    assert (pixels[0].min(), pixels[0].max(), np.ptp(pixels[1])) == (0.0, 1.0, 0.0)


@pytest.mark.parametrize("fit", FITS)
@given(height=SIZES, width=SIZES, data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_bright_square_lies_in_the_input_where_the_geometry_says(
    fit: Fit, height: int, width: int, data: st.DataObject
) -> None:
    """The centre of mass of a square in the prepared picture, against the map of the geometry."""
    prepared = Preprocessing(size=64, fit=fit, shortest=72 if fit == "crop" else None, mean=(0.0,), std=(1.0,))
    geometry = prepared.geometry((height, width), 8)
    side = max(4, min(height, width) // 6)
    margin = max(height, width) - min(height, width) if fit == "crop" else 0
    lost = margin // 2 + min(height, width) // 12 + 1 if fit == "crop" else 0
    low_y, low_x = (lost if height >= width else side // 2), (lost if width >= height else side // 2)
    assume(height - side > 2 * low_y and width - side > 2 * low_x)
    y = data.draw(st.integers(low_y, height - side - low_y))
    x = data.draw(st.integers(low_x, width - side - low_x))
    view = np.zeros((height, width))
    view[y : y + side, x : x + side] = 1.0
    picture = prepared.prepare([view])[0, 0]
    rows, columns = np.mgrid[0:64, 0:64] + 0.5
    found = (float((rows * picture).sum() / picture.sum()), float((columns * picture).sum() / picture.sum()))
    told = (
        (y + side / 2) * geometry.scale_y + geometry.offset_y,
        (x + side / 2) * geometry.scale_x + geometry.offset_x,
    )
    np.testing.assert_allclose(found, told, atol=1.1)


@pytest.mark.parametrize("fit", FITS)
@given(height=SIZES, width=SIZES)
@settings(max_examples=25, deadline=None)
def test_the_cells_of_a_fit_cover_what_it_shows(fit: Fit, height: int, width: int) -> None:
    geometry = Geometry(height=height, width=width, input_size=56, grid=7, fit=fit)
    covered = geometry.content().sum()
    expected = 49 * min(height, width) / max(height, width) if fit == "letterbox" else 49
    assert covered == pytest.approx(expected, rel=1e-3)


def test_a_box_in_the_margin_that_a_crop_leaves_out_is_refused() -> None:
    geometry = Geometry(height=100, width=300, input_size=56, grid=7, fit="crop")
    with pytest.raises(InputError, match="crop leaves out"):
        grid_weights(geometry, Box(x0=0, y0=0, x1=50, y1=100))
    assert grid_weights(geometry, Box(x0=100, y0=0, x1=200, y1=100)).min() == pytest.approx(1.0)


@pytest.mark.parametrize("shape", [(90, 60), (60, 90), (64, 64)])
@pytest.mark.parametrize("fit", FITS)
def test_a_whole_square_shows_all_of_a_view_under_any_fit(fit: Fit, shape: tuple[int, int]) -> None:
    prepared = Preprocessing(size=60, fit=fit, shortest=72 if fit == "crop" else None, mean=(0.0,), std=(1.0,))
    view = np.zeros(shape)
    view[0, :] = view[-1, :] = view[:, 0] = view[:, -1] = 1.0
    picture = prepared.prepare([prepared.whole_square(view)])[0, 0]
    box = Geometry(height=shape[0], width=shape[1], input_size=60, grid=60).content() > 0.5
    outline = picture > 0.2
    assert (outline & ~np.pad(box, 1, mode="edge")[1:-1, 1:-1]).sum() <= 0.02 * box.sum()
    rows, columns = np.flatnonzero(box.any(axis=1)), np.flatnonzero(box.any(axis=0))
    for line in (picture[rows[0] : rows[0] + 2], picture[rows[-1] - 1 : rows[-1] + 1]):
        assert line.max(axis=0)[columns[1:-1]].min() > 0.2
    for line in (picture[:, columns[0] : columns[0] + 2], picture[:, columns[-1] - 1 : columns[-1] + 1]):
        assert line.max(axis=1)[rows[1:-1]].min() > 0.2


def test_a_vector_of_a_box_comes_from_its_cells_alone() -> None:
    geometry = Geometry(height=70, width=140, input_size=56, grid=7, fit="stretch")
    tokens = np.zeros((7, 7, 2), dtype=np.float32)
    tokens[2, 3] = [1.0, 2.0]
    box = Box(x0=3 * 20, y0=2 * 10, x1=4 * 20, y1=3 * 10)
    vector = pool_tokens(tokens, grid_weights(geometry, box), np.zeros(2, dtype=np.float32))
    np.testing.assert_allclose(vector, [1.0, 2.0], atol=1e-5)


def test_preprocessing_comes_back_from_its_record() -> None:
    prepared = Preprocessing(size=56, fit="crop", shortest=64, resample="bicubic", grey="min_max")
    assert preprocessing_of_record(prepared.as_record()) == prepared


@pytest.mark.parametrize(
    "record",
    [
        {"size": 56},
        {"size": 56, "fit": "crop", "colour": True},
        {"size": 56, "fit": "tile"},
        {"size": 56, "fit": "crop", "shortest": 40},
        {"size": 56, "fit": "crop", "mean": [0.5], "std": [0.0]},
        {"size": 56, "fit": "crop", "mean": [0.5, 0.5], "std": [0.5, 0.5]},
        {"size": 56, "fit": "crop", "mean": "grey"},
    ],
)
def test_a_record_that_cant_be_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="preprocessing"):
        preprocessing_of_record(record)


@pytest.mark.parametrize(
    "change",
    [{"size": {"height": 20, "width": 30}}, {"resample": 5}, {"rescale_factor": 1.0}, {"do_resize": False}, ODD_CROP],
)
def test_a_processor_that_isnt_understood_is_refused(change: dict[str, Any]) -> None:
    config = {"size": {"height": 32, "width": 32}, "resample": 3, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    assert preprocessing_of_processor(config).fit == "stretch"
    with pytest.raises(ModelError, match=r"preprocessor_config\.json"):
        preprocessing_of_processor({**config, **change})


@pytest.mark.parametrize("shape", [(4,), (2, 3, 4), (0, 5)])
def test_what_is_no_view_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ImageError, match="expected \\(rows, columns\\)"):
        Preprocessing(size=8, fit="crop").prepare([np.zeros(shape)])
