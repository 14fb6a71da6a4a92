"""Near-duplicate images: the same exposure twice, cropped, windowed, scaled or exported anew.

Two films of one patient, and the films of two patients of one build, look alike without being the same picture. So
likeness isn't read from a vector or a perceptual hash: these only name candidates. Each candidate is laid over the
other by the crop that fits best (Lucas and Kanade, IJCAI 1981, with a scale and a shift an axis, from coarse to fine),
and then fine structure has to agree, contrast aside. What that finds and misses stands in docs/concepts/leaks.md.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]
Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]
Progress = Callable[[int, int], None]

SIDE = 128
"""Pixels of a picture's side: fine enough for ribs and vessels, coarser than what compression takes."""
SAME = 0.85
"""Likeness from which two pictures are one exposure: docs/concepts/leaks.md has what other values give."""
_NEIGHBOURS = 3
_BLOCK = 256
_LEAST_OVERLAP = 0.5
_LEAST_CONTRAST = 2.0  # of 255: below it is noise of compression
_MOST_SCALE, _MOST_SHIFT, _MOST_STEP = 1.6, 0.25, 0.06


class _Level(NamedTuple):
    """A step from coarse to fine: pixels of a side, blur of the contrast taken out, rounds, likeness to go on."""

    side: int
    blur: float
    rounds: int
    least: float


_LEVELS = (_Level(16, 2.0, 4, 0.75), _Level(32, 3.0, 4, 0.82), _Level(64, 4.0, 3, 0.85), _Level(128, 3.0, 2, SAME))


class ImagePair(NamedTuple):
    """Two near-duplicate images by number, `first < second`, and how well their fine structure agrees, up to 1."""

    first: int
    second: int
    likeness: float


def shrink(preview: bytes) -> Pictures:
    """An index's preview (JPEG) as `near_duplicate_pairs` takes it: uint8 `(128, 128)`."""
    from PIL import Image

    with Image.open(io.BytesIO(preview)) as image:
        image.draft("L", (SIDE, SIDE))
        return np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.uint8)


def near_duplicate_groups(
    case_ids: Sequence[str],
    pictures: Pictures,
    vectors: NDArray[np.floating],
    *,
    progress: Progress | None = None,
) -> tuple[tuple[str, ...], ...]:
    """Cases that hold a picture of one exposure, two and more a group, ids and groups sorted.

    Arguments run over images: `case_ids` `(n,)`, `pictures` uint8 `(n, 128, 128)` (see `shrink`), `vectors` `(n, dim)`
    of the whole image. The order of the images doesn't matter. `progress` as in `near_duplicate_pairs`.
    """
    order = sorted(range(len(case_ids)), key=lambda number: (case_ids[number], pictures[number].tobytes()))
    names = [case_ids[number] for number in order]
    home = {name: name for name in names}
    for pair in near_duplicate_pairs(pictures[order], vectors[order], progress=progress):
        one, other = sorted((_home(home, names[pair.first]), _home(home, names[pair.second])))
        home[other] = one
    groups: dict[str, list[str]] = {}
    for name in sorted(home):
        groups.setdefault(_home(home, name), []).append(name)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def near_duplicate_pairs(
    pictures: Pictures, vectors: NDArray[np.floating], *, progress: Progress | None = None
) -> Iterator[ImagePair]:
    """Pairs of one exposure among images; of those whose pictures are equal to the pixel each with the first alone.

    `pictures` uint8 `(n, 128, 128)`, `vectors` `(n, dim)`: the nearest three by cosine are looked at.
    `progress` is told how many of these pairs were compared.
    """
    firsts = _first_of_equals(pictures)
    for number, first in enumerate(firsts.tolist()):
        if first != number:
            yield ImagePair(first, number, 1.0)
    alone = np.unique(firsts)
    one, other = _candidates(np.asarray(vectors[alone], dtype=np.float32))
    likeness = _likeness(pictures[alone], one, other, progress)
    for i, j, value in zip(alone[one].tolist(), alone[other].tolist(), likeness.tolist(), strict=True):
        if value >= SAME:
            yield ImagePair(i, j, value)


def _home(home: dict[str, str], name: str) -> str:
    while home[name] != name:
        name = home[name]
    return name


def _first_of_equals(pictures: Pictures) -> Numbers:
    seen: dict[bytes, int] = {}
    return np.array([seen.setdefault(picture.tobytes(), n) for n, picture in enumerate(pictures)], dtype=np.intp)


def _candidates(vectors: Floats) -> tuple[Numbers, Numbers]:
    """Each image with those nearest to it: numbers `first < second`, every pair once, ascending."""
    count = min(_NEIGHBOURS, len(vectors) - 1)
    if count < 1:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    units = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    pairs = []
    for start in range(0, len(units), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(units)))
        cosines = units[rows] @ units.T
        cosines[np.arange(len(rows)), rows] = -np.inf
        near = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        pairs.append(np.stack([np.repeat(rows, count), near.ravel()], axis=1))
    unique = np.unique(np.sort(np.concatenate(pairs), axis=1), axis=0)
    return unique[:, 0], unique[:, 1]


def _likeness(pictures: Pictures, one: Numbers, other: Numbers, progress: Progress | None = None) -> Floats:
    """Agreement of each pair of pictures at its best overlay; 0 where some level tells them apart."""
    values = np.zeros(len(one), dtype=np.float32)
    for start in range(0, len(one), _BLOCK):
        block = slice(start, start + _BLOCK)
        values[block] = _overlay(pictures, one[block], other[block])
        if progress is not None:
            progress(min(block.stop, len(one)), len(one))
    return values


def _overlay(pictures: Pictures, one: Numbers, other: Numbers) -> Floats:
    values = np.zeros(len(one), dtype=np.float32)
    crops = np.tile(np.array([1, 1, 0, 0], dtype=np.float32), (len(one), 1))
    left = np.arange(len(one))
    for level in _LEVELS:
        needed, places = np.unique(np.stack([one[left], other[left]]), return_inverse=True)
        still, moved = _flatten(pictures[needed], level)[places.reshape(2, -1)]
        crops[left] = _fit(still, moved, crops[left], level.rounds)
        values[left] = _agreement(still, *_crop(moved, crops[left]))
        apart = values[left] < level.least
        values[left[apart]] = 0.0
        left = left[~apart]
        if not len(left):
            break
    return values


def _flatten(pictures: Pictures, level: _Level) -> Floats:
    """Pictures `(n, side, side)` with local brightness and contrast taken out."""
    from scipy.ndimage import gaussian_filter

    blur, sums = (0.0, level.blur, level.blur), pictures.astype(np.uint16)
    while sums.shape[1] > level.side:
        sums = sums[:, ::2, ::2] + sums[:, 1::2, ::2] + sums[:, ::2, 1::2] + sums[:, 1::2, 1::2]
    small = sums / np.float32((SIDE // level.side) ** 2)
    detail = small - gaussian_filter(small, blur, truncate=3.0)
    return np.asarray(detail / np.sqrt(gaussian_filter(detail * detail, blur, truncate=3.0) + _LEAST_CONTRAST**2))


def _fit(still: Floats, moved: Floats, crops: Floats, rounds: int) -> Floats:
    """Crops `(n, 4)` (scale across and down, shift across and down, in widths) after some Gauss-Newton steps."""
    side = still.shape[1]
    grid = (np.arange(side, dtype=np.float32) + 0.5) / side - 0.5
    least = np.array([1 / _MOST_SCALE, 1 / _MOST_SCALE, -_MOST_SHIFT, -_MOST_SHIFT], dtype=np.float32)
    most = np.array([_MOST_SCALE, _MOST_SCALE, _MOST_SHIFT, _MOST_SHIFT], dtype=np.float32)
    for _ in range(rounds):
        seen, inside = _crop(moved, crops)
        down, across = (slope * side for slope in np.gradient(seen, axis=(1, 2)))
        slopes = np.stack([across * grid, down * grid[:, None], across, down], axis=1) * inside[:, None]
        slopes = slopes.reshape(len(still), 4, -1)
        rest = ((still - seen) * inside).reshape(len(still), -1, 1)
        normal = slopes @ slopes.transpose(0, 2, 1) + 0.1 * side * np.eye(4, dtype=np.float32)
        step = np.linalg.solve(normal, slopes @ rest)[..., 0]
        crops = np.clip(crops + np.clip(step, -_MOST_STEP, _MOST_STEP), least, most)
    return crops


def _crop(pictures: Floats, crops: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Pictures as each crop shows them, bilinear, and which pixels of that view lie inside the picture."""
    side = pictures.shape[1]
    grid = (np.arange(side, dtype=np.float32) + 0.5) / side - 0.5
    numbers, seen, inside = np.arange(len(pictures))[:, None], pictures, []
    for axis in (1, 2):
        scale, shift = crops[:, 2 - axis, None], crops[:, 4 - axis, None]
        where = (scale * grid + shift + 0.5) * side - 0.5
        inside.append((where >= 0) & (where <= side - 1))
        low = np.clip(where, 0, side - 1.001).astype(np.intp)
        share = (np.clip(where, 0, side - 1.001) - low).astype(np.float32)[..., None]
        first, second = seen[numbers, low], seen[numbers, low + 1]  # whole rows: one copy each
        seen = np.ascontiguousarray((first + share * (second - first)).transpose(0, 2, 1))  # then whole columns
    return seen, inside[0][:, :, None] & inside[1][:, None, :]


def _agreement(still: Floats, seen: Floats, inside: NDArray[np.bool_]) -> Floats:
    """Correlation of two stacks of pictures over the pixels `inside`; 0 where these are less than half."""
    count = np.maximum(inside.sum(axis=(1, 2), dtype=np.float32), 1.0)
    parts = []
    for stack in (still, seen):
        mean = (stack * inside).sum(axis=(1, 2)) / count
        parts.append((stack - mean[:, None, None]) * inside)
    a, b = parts
    norm = np.sqrt((a * a).sum(axis=(1, 2)) * (b * b).sum(axis=(1, 2)))
    found = np.where(norm > 0, (a * b).sum(axis=(1, 2)) / np.maximum(norm, 1e-9), 0.0)
    return np.where(count >= _LEAST_OVERLAP * inside[0].size, found, 0.0).astype(np.float32)
