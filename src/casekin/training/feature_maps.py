"""The cache of a frozen network's maps: each training image under several frames and lights, float16 on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.errors import InputError
from casekin.models.features import GRID, INPUT_SIZE, LEVEL_CHANNELS, LEVELS
from casekin.models.image_encoder import ImageEncoder
from casekin.training.augment import AugmentSettings, augment_batch
from casekin.training.cases import TrainingCase
from casekin.training.mirror import MIRRORED_LOCATIONS, Sample, mirror_sample
from casekin.training.views import Progress, ViewCache, as_bytes, flush, open_arrays

STRIDES = {"stride8": 8, "stride16": 16, "stride32": 32}
LEVEL_SHAPES = {name: (LEVEL_CHANNELS[name], *(INPUT_SIZE // STRIDES[name],) * 2) for name in LEVELS}
"""Shape of each level of one image `(channels, rows, columns)`."""
_FLUSHED_AFTER = 16  # images that an interruption may cost


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MapCache:
    """Maps of V views of N images. `levels`: by name `(N, V, channels, n, n)` float16, view 0 the image as it is.

    `weights` `(N, V, 29, 24, 24)` uint8 are the locations' pooling weights, moved along; `mirrored` `(N, V)` says which
    views show the mirrored image, whose facts are those of `mirror_sample`. `stamp` names what is inside.
    """

    levels: dict[str, NDArray[np.float16]]
    weights: NDArray[np.uint8]
    mirrored: NDArray[np.bool_]
    stamp: str


def mirrored_cases(cases: Sequence[TrainingCase]) -> list[TrainingCase | None]:
    """Each case as its mirrored image's report would tell it; None where that can't be told truthfully."""
    pixel = np.zeros((1, 1), dtype=np.uint8)
    samples = [
        mirror_sample(Sample(image=pixel, report=case.report, facts=case.facts, normal_anatomies=case.normal_anatomies))
        for case in cases
    ]
    return [
        None if told is None else replace(case, facts=told.facts, normal_anatomies=told.normal_anatomies)
        for case, told in zip(cases, samples, strict=True)
    ]


def build_map_cache(
    views: ViewCache,
    counts: Sequence[int],
    may_mirror: Sequence[bool],
    folder: Path,
    encoder: ImageEncoder,
    settings: AugmentSettings,
    *,
    seed: int,
    progress: Progress | None = None,
) -> MapCache:
    """Open the cache, computing what isn't in it; interrupted, the next call goes on where this one was.

    It lies in a folder of its own under `folder`, named by all that it depends on. `counts` says how many views an
    image has: the first is the image as it is; every second of the others is mirrored where `may_mirror` says so.
    InputError when the encoder has no maps at strides 8, 16 and 32.
    """
    size, count = len(views.readable), max(counts)
    stamp = hashlib.sha256(
        f"maps 1 {views.stamp} {encoder.version} {asdict(settings)} {[*counts]} {seed} {[*may_mirror]}".encode()
    ).hexdigest()
    shapes = {name: ((size, count, *LEVEL_SHAPES[name]), np.float16) for name in LEVELS}
    arrays = open_arrays(
        folder / f"maps-{stamp[:12]}",
        stamp,
        {
            **shapes,
            "weights": ((size, count, len(LOCATIONS), GRID, GRID), np.uint8),
            "mirrored": ((size, count), np.bool_),
            "state": ((size,), np.uint8),
        },
    )
    state = arrays["state"]
    for row in np.flatnonzero((state == 0) & views.readable).tolist():
        generator = torch.Generator().manual_seed(_seed_of(seed, row))
        flips = np.array([may_mirror[row] and turn % 2 == 1 for turn in range(counts[row])])
        shown, weights = _shown(views, row, flips, settings, generator)
        for turn, view in enumerate(shown):
            for name, level in _maps(encoder, view).items():
                arrays[name][row, turn] = level
        arrays["weights"][row, : len(flips)], arrays["mirrored"][row, : len(flips)] = weights, flips
        state[row] = 1
        if row % _FLUSHED_AFTER == 0:
            flush(arrays)
        if progress is not None:
            progress(row + 1, size)
    flush(arrays)
    levels = {name: arrays[name] for name in LEVELS}
    return MapCache(levels=levels, weights=arrays["weights"], mirrored=arrays["mirrored"], stamp=stamp)


def _shown(
    views: ViewCache, row: int, flips: NDArray[np.bool_], settings: AugmentSettings, generator: torch.Generator
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """The views of one image `(V, H, W)` in [0, 1] and their weights; the first is the image as it is."""
    view, weight = views.views[row], views.weights[row]
    flipped = view[:, ::-1], weight[MIRRORED_LOCATIONS][..., ::-1]
    pixels = np.stack([flipped[0] if flip else view for flip in flips]).astype(np.float32) / 255.0
    places = np.stack([flipped[1] if flip else weight for flip in flips])
    if len(flips) > 1:
        changed = augment_batch(
            torch.from_numpy(pixels[1:]), torch.from_numpy(places[1:].astype(np.float32) / 255.0), settings, generator
        )
        pixels[1:] = changed[0].numpy()
        places[1:] = as_bytes(changed[1].numpy())
    return pixels, places


def _maps(encoder: ImageEncoder, view: NDArray[np.float32]) -> dict[str, NDArray[np.float16]]:
    maps = encoder.features(view).maps
    if set(LEVELS) - set(maps):
        raise InputError(
            f"encoder: expected maps at {', '.join(LEVELS)}, got {', '.join(sorted(maps)) or 'none'}; "
            "use one with EfficientNet-Lite0, such as the default"
        )
    return {name: maps[name].astype(np.float16) for name in LEVELS}


def _seed_of(seed: int, row: int) -> int:
    return int(np.random.SeedSequence([seed, row]).generate_state(1)[0])
