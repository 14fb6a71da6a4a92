"""Caches of views and maps: decoded once, taken up where they were left, begun anew when what they hold has changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from casekin.anatomy import LOCATIONS, mirror
from casekin.errors import InputError
from casekin.models import ImageEncoder, load_encoder
from casekin.models.features import letterbox
from casekin.training.augment import AugmentSettings
from casekin.training.cases import TrainingCase
from casekin.training.feature_maps import build_map_cache, mirrored_cases
from casekin.training.views import ViewCache, build_view_cache
from casekin.types import Box, Place, StoredRegion
from made_cases import chest_picture, made_fact, write_png
from training.made_targets import training_case

LEFT, RIGHT = Place(anatomy="lung", side="left"), Place(anatomy="lung", side="right")
AUGMENT = AugmentSettings(turn=2.0, zoom=0.05, stretch=0.02, shift=0.02, light=0.1, noise=0.01)


@pytest.fixture(scope="module")
def encoder() -> ImageEncoder:
    return load_encoder()


@pytest.fixture
def cases(tmp_path: Path) -> list[TrainingCase]:
    """Three images; the second has a box for its left lung, the third can't be read."""
    made = []
    for number in range(3):
        path = write_png(tmp_path / "images" / f"c{number}.png", number)
        made.append(replace(training_case(f"c{number}", patient=f"p{number}"), image=path))
    box = StoredRegion(place=LEFT, box=Box(x0=34.0, y0=8.0, x1=58.0, y1=48.0))
    made[1] = replace(made[1], regions=(box,))
    made[2].image.write_bytes(b"no image")
    return made


def test_views_are_decoded_once_and_hold_what_the_encoder_sees(
    cases: list[TrainingCase], tmp_path: Path, encoder: ImageEncoder
) -> None:
    told: list[int] = []
    cache = build_view_cache(cases, tmp_path / "cache", encoder, progress=lambda done, _: told.append(done))
    assert told == [1, 2, 3] and cache.readable.tolist() == [True, True, False]
    view = chest_picture(0).astype(np.float32) / 255.0
    assert np.abs(cache.views[0] / 255.0 - letterbox(view)[0]).max() < 0.02
    given = encoder.encode(chest_picture(1).astype(np.float32) / 255.0, regions={LEFT: Box(x0=34, y0=8, x1=58, y1=48)})
    lung = list(LOCATIONS).index(LEFT)
    assert np.abs(cache.weights[1, lung] / 255.0 - given.weights[LEFT]).max() < 0.02
    again = build_view_cache(cases, tmp_path / "cache", encoder, progress=lambda done, _: told.append(done))
    assert len(told) == 3 and np.array_equal(again.views, cache.views) and again.stamp == cache.stamp
    write_png(cases[0].image, 9)
    changed = build_view_cache(cases, tmp_path / "cache", encoder, progress=lambda done, _: told.append(done))
    assert len(told) == 6 and changed.stamp != cache.stamp


def test_an_archive_without_a_readable_image_is_an_error(
    cases: list[TrainingCase], tmp_path: Path, encoder: ImageEncoder
) -> None:
    with pytest.raises(InputError, match="none of 1 images can be read"):
        build_view_cache(cases[2:], tmp_path / "cache", encoder)


def test_maps_hold_the_image_as_it_is_first_and_mirror_every_second_other(
    cases: list[TrainingCase], tmp_path: Path, encoder: ImageEncoder
) -> None:
    views = build_view_cache(cases[:2], tmp_path / "views", encoder)
    maps = build_map_cache(views, [3, 1], [True, True], tmp_path / "maps", encoder, AUGMENT, seed=0)
    assert maps.mirrored.tolist() == [[False, True, False], [False, False, False]]
    expected = encoder.features(views.views[0].astype(np.float32) / 255.0).maps["stride16"]
    assert np.allclose(maps.levels["stride16"][0, 0], expected, atol=0.02, rtol=0.01)
    assert np.array_equal(maps.weights[0, 0], views.weights[0]) and not maps.weights[1, 1:].any()
    still = replace(AUGMENT, turn=0.0, zoom=0.0, stretch=0.0, shift=0.0)
    flipped = build_map_cache(views, [2, 1], [True, False], tmp_path / "flipped", encoder, still, seed=0)
    swapped = [list(LOCATIONS).index(mirror(place)) for place in LOCATIONS]
    assert np.array_equal(flipped.weights[0, 1], views.weights[0][swapped][..., ::-1])


def test_maps_are_taken_up_where_they_were_left_with_the_same_bytes(
    cases: list[TrainingCase], tmp_path: Path, encoder: ImageEncoder
) -> None:
    views = build_view_cache(cases[:2], tmp_path / "views", encoder)

    def stop(done: int, _: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_map_cache(views, [2, 2], [True, True], tmp_path / "cut", encoder, AUGMENT, seed=0, progress=stop)
    told: list[int] = []
    parts = [
        build_map_cache(
            views, [2, 2], [True, True], tmp_path / name, encoder, AUGMENT, seed=0,
            progress=lambda done, _: told.append(done),
        )
        for name in ("cut", "whole")
    ]  # fmt: skip
    assert told == [2, 1, 2]
    assert all(np.array_equal(parts[0].levels[name], parts[1].levels[name]) for name in parts[0].levels)


def test_an_encoder_without_maps_is_refused(tmp_path: Path, cases: list[TrainingCase], encoder: ImageEncoder) -> None:
    class Mapless:
        version = "mapless"

        def features(self, view: object) -> object:
            return replace(encoder.features(np.zeros((8, 8), dtype=np.float32)), maps={})

    views = build_view_cache(cases[:1], tmp_path / "views", encoder)
    assert isinstance(views, ViewCache)
    with pytest.raises(InputError, match="expected maps at stride8, stride16, stride32, got none"):
        build_map_cache(views, [1], [False], tmp_path / "maps", Mapless(), AUGMENT, seed=0)  # type: ignore[arg-type]


def test_a_mirrored_case_swaps_its_facts_and_one_that_cannot_be_told_is_none() -> None:
    fact = replace(made_fact("pneumothorax", "lung", "left"), sentence="Left pneumothorax.", span=(5, 17))
    told = replace(training_case("a", patient="p", facts=(fact,)), report="Left pneumothorax.")
    untold = replace(told, facts=(replace(fact, sentence="Right pneumothorax.", side="right"),))
    swapped, none = mirrored_cases([told, untold])
    assert swapped is not None and swapped.facts[0].place == RIGHT and swapped.case_id == "a"
    assert none is None
