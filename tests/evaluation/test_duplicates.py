"""Near-duplicate images: another export of a picture is found, another picture of the same build is not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates

from casekin.evaluation.duplicates import SAME, SIDE, near_duplicate_groups, near_duplicate_pairs, shrink
from casekin.evaluation.duplicates import _crop as crop_stack

Pixels = NDArray[np.float64]


def build(rng: np.random.Generator, common: Pixels) -> Pixels:
    """A picture `(256, 256)` in [0, 1]: the build that all share, and fine structure of its own."""
    own = sum(gaussian_filter(rng.normal(size=(256, 256)), s) * s for s in (2, 4, 8))
    picture = common + 0.25 * own / own.std()
    return (picture - picture.min()) / np.ptp(picture)


def jpeg(picture: Pixels, *, quality: int = 85) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray((255 * picture).astype(np.uint8)).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def films() -> list[Pixels]:
    """Twenty pictures of one build."""
    rng = np.random.default_rng(11)
    common = gaussian_filter(rng.normal(size=(256, 256)), 30)
    return [build(rng, common / common.std()) for _ in range(20)]


def describe(previews: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Pictures, and as vectors their coarse brightness."""
    pictures = np.stack([shrink(preview) for preview in previews])
    vectors = pictures.reshape(len(pictures), 16, 8, 16, 8).mean(axis=(2, 4)).reshape(len(pictures), -1)
    return pictures, vectors - vectors.mean(axis=1, keepdims=True)


EXPORTS = {
    "cropped": lambda film: film[15:240, 10:250],
    "darker": lambda film: film**2.2,
    "smaller, compressed hard": lambda film: np.asarray(Image.fromarray(film).resize((150, 150))),
    "with a label": lambda film: np.where(np.add.outer(np.arange(256), np.arange(256)) < 40, 1.0, film),
    "cropped and brighter": lambda film: film[:235, 12:] ** 0.6,
}


@pytest.mark.parametrize("export", EXPORTS)
def test_another_export_of_a_film_is_found_among_films_of_the_same_build(films: list[Pixels], export: str) -> None:
    again = EXPORTS[export](films[7])
    pictures, vectors = describe([*map(jpeg, films), jpeg(again, quality=40)])
    (pair,) = near_duplicate_pairs(pictures, vectors)
    assert (pair.first, pair.second) == (7, 20)
    assert SAME <= pair.likeness <= 1


def test_films_of_one_build_and_a_mirrored_film_are_no_duplicates(films: list[Pixels]) -> None:
    pictures, vectors = describe([*map(jpeg, films), jpeg(films[7][:, ::-1])])
    assert not list(near_duplicate_pairs(pictures, vectors))


def test_groups_hold_cases_once_and_do_not_depend_on_the_order_of_the_images(films: list[Pixels]) -> None:
    previews = [*map(jpeg, films[:8]), *(jpeg(films[n][10:, 5:]) for n in (1, 2, 3)), jpeg(films[1]), jpeg(films[5])]
    names = [*"abcdefgh", "y", "x", "d", "m", "f"]  # the crop of d's film and the copy of f's are of d and f
    pictures, vectors = describe(previews)
    expected = (("b", "m", "y"), ("c", "x"))
    assert near_duplicate_groups(names, pictures, vectors) == expected
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(names))
        shuffled = near_duplicate_groups([names[n] for n in order], pictures[order], vectors[order])
        assert shuffled == expected


def test_copies_are_one_group_however_many_there_are_and_whatever_their_vectors(films: list[Pixels]) -> None:
    pictures, vectors = describe([jpeg(films[0])] * 30 + [jpeg(films[1])])
    vectors = np.random.default_rng(0).normal(size=vectors.shape)
    names = [f"case-{n:02}" for n in range(31)]
    assert near_duplicate_groups(names, pictures, vectors) == (tuple(names[:30]),)


def test_pictures_without_structure_are_duplicates_only_of_their_equals() -> None:
    levels = np.array([0, 0, 90, 200], dtype=np.uint8)
    pictures = np.broadcast_to(levels[:, None, None], (4, SIDE, SIDE)).copy()
    vectors = np.zeros((4, 5))
    assert near_duplicate_groups(list("abcd"), pictures, vectors) == (("a", "b"),)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_images_are_no_special_case(films: list[Pixels], count: int) -> None:
    pictures = np.zeros((count, SIDE, SIDE), dtype=np.uint8)
    pictures[:] = [shrink(jpeg(film)) for film in films[:count]] if count else pictures
    vectors = np.random.default_rng(0).normal(size=(count, 3))
    assert near_duplicate_groups(list("ab")[:count], pictures, vectors) == ()


def test_a_crop_shows_what_interpolation_at_its_coordinates_shows() -> None:
    rng = np.random.default_rng(2)
    stack = rng.normal(size=(3, 20, 20)).astype(np.float32)
    crops = np.array([[1, 1, 0, 0], [0.8, 1.1, 0.05, -0.1], [1.3, 0.9, -0.2, 0.02]], dtype=np.float32)
    seen, inside = crop_stack(stack, crops)
    grid = (np.arange(20) + 0.5) / 20 - 0.5
    for picture, shown, within, (across, down, right, below) in zip(stack, seen, inside, crops, strict=True):
        rows, columns = (down * grid + below + 0.5) * 20 - 0.5, (across * grid + right + 0.5) * 20 - 0.5
        expected = map_coordinates(picture, np.meshgrid(rows, columns, indexing="ij"), order=1, mode="nearest")
        assert np.array_equal(
            within, np.logical_and.outer((rows >= 0) & (rows <= 19), (columns >= 0) & (columns <= 19))
        )
        assert shown[within] == pytest.approx(expected[within], abs=5e-3)
