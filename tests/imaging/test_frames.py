"""Frames in the order of reading, whatever way a volume was stored; rendered by the display's rules, sent exactly."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from casekin.imaging import MedicalImage, display_uint8
from casekin.imaging.frames import RawFrame, frames_of, raw_frame, raw_frontal, render_frame
from casekin.imaging.image import ImageHeader, content_hash

SHAPE = (3, 4, 5)


def image_of(pixels: NDArray[np.float32], *, direction: NDArray[np.float64] | None = None) -> MedicalImage:
    spacing = (3.0, 2.0, 1.0)[-pixels.ndim :]
    return MedicalImage(
        pixels=pixels,
        window=None,
        spacing_mm=spacing,
        direction=direction,
        origin=None,
        header=ImageHeader(modality="CT" if pixels.ndim == 3 else "CR"),
        content_hash=content_hash(pixels),
    )


def values_of(raw: RawFrame, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """What a viewer makes of the bytes."""
    stored = np.frombuffer(raw.data, {"int16": "<i2", "float32": "<f4"}[raw.dtype]).astype(np.float64)
    return (stored * raw.slope + raw.intercept).reshape(shape)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_volume_stored_any_way_reads_head_first_with_the_right_on_the_left(order: tuple[int, ...]) -> None:
    """Each voxel holds where it lies along left, posterior and superior: a digit each."""
    for signs in product((1, -1), repeat=3):
        direction = np.zeros((3, 3))
        position = np.zeros(SHAPE)
        for axis, (body, sign) in enumerate(zip(order, signs, strict=True)):
            direction[axis, body] = sign
            along = np.arange(SHAPE[axis]) if sign > 0 else np.arange(SHAPE[axis])[::-1]
            position += (10**body * along).reshape([-1 if one == axis else 1 for one in range(3)])
        frames = frames_of(image_of(position.astype(np.float32), direction=direction))
        left, posterior, superior = (np.floor(frames.values / 10**body) % 10 for body in range(3))
        ways = {2: (-superior, posterior, left), 1: (posterior, -superior, left), 0: (left, -superior, posterior)}
        for axis, rising in enumerate(ways[order[0]]):
            assert (np.diff(rising, axis=axis) == 1).all()
        assert frames.edges is not None
        edges = (frames.edges.left, frames.edges.right, frames.edges.top, frames.edges.bottom)
        assert edges == {2: ("R", "L", "A", "P"), 1: ("R", "L", "H", "F"), 0: ("A", "P", "H", "F")}[order[0]]
        assert frames.spacing_mm is not None
        assert [SHAPE[(3.0, 2.0, 1.0).index(step)] for step in frames.spacing_mm] == list(frames.values.shape)


def test_a_picture_is_one_frame_as_stored_and_as_the_display_shows_it() -> None:
    pixels = np.random.default_rng(1).normal(100.0, 20.0, (30, 40)).astype(np.float32)
    turned = image_of(pixels, direction=np.array([[0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]]))
    frames = frames_of(turned)
    np.testing.assert_array_equal(frames.values[0], pixels)
    assert frames.edges is not None and (frames.edges.left, frames.edges.right) == ("L", "R")
    np.testing.assert_array_equal(render_frame(frames, 0), display_uint8(turned))
    np.testing.assert_array_equal(render_frame(frames, 0, window=frames.window), display_uint8(turned))


def test_a_window_maps_its_ends_to_black_and_white_and_a_viewport_only_shrinks() -> None:
    ramp = np.tile(np.arange(-100.0, 101.0, dtype=np.float32), (8, 1))
    frames = frames_of(image_of(ramp))
    shown = render_frame(frames, 0, window=(-50.0, 50.0))
    assert (shown[0, 0], shown[0, 50], shown[0, 100], shown[0, 150], shown[0, 200]) == (0, 0, 128, 255, 255)
    assert render_frame(frames, 0, viewport=(100, 100)).shape == (4, 100)
    assert render_frame(frames, 0, viewport=(1000, 1000)).shape == ramp.shape


@given(low=st.integers(-70_000, 70_000), span=st.integers(0, 70_000), is_whole=st.booleans(), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_values_that_were_sent_are_the_values(low: int, span: int, is_whole: bool, seed: int) -> None:
    values = np.random.default_rng(seed).uniform(low, low + span, (2, 6, 7))
    values[0, 0, 0], values[-1, -1, -1] = low, low + span
    pixels = (np.rint(values) if is_whole else values + 0.25).astype(np.float32)
    frames = frames_of(image_of(pixels))
    for number, frame in enumerate(frames.values):
        raw = raw_frame(frames, number)
        assert raw.dtype == ("int16" if is_whole and span <= 65535 else "float32")
        np.testing.assert_array_equal(values_of(raw, frame.shape), frame)


def test_a_volume_has_a_frontal_projection_where_left_and_right_are_known() -> None:
    volume = np.random.default_rng(2).normal(0.0, 300.0, (6, 7, 8)).astype(np.float32)
    direction = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    frames = frames_of(image_of(volume, direction=direction))
    assert frames.frontal is not None and frames.frontal_spacing_mm == (1.0, 1.0)
    assert frames.frontal.shape == (18, 8)  # six slices of 3 mm, made square with columns of 1 mm
    np.testing.assert_allclose(values_of(raw_frontal(frames.frontal), (18, 8)), frames.frontal, atol=1e-5)
    unknown = frames_of(image_of(volume))
    assert (unknown.frontal, unknown.edges) == (None, None)
    np.testing.assert_array_equal(unknown.values, volume)
