"""The cache of an archive's views: pixels, places and the encoder's vectors, decoded once, in memory-mapped files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.errors import CasekinError, InputError
from casekin.imaging import frontal_map, frontal_view, read_image
from casekin.models.features import GRID, INPUT_SIZE, letterbox
from casekin.models.image_encoder import ImageEncoder
from casekin.training.cases import TrainingCase
from casekin.types import Box, Place

Progress = Callable[[int, int], None]
_TO_DO, _DONE, _UNREADABLE = 0, 1, 2
_FLUSHED_AFTER = 64  # rows that an interruption may cost


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ViewCache:
    """Rows in the order of the cases. `views` `(N, 384, 384)` uint8, letterboxed; `weights` `(N, 29, 24, 24)` uint8.

    Weights are those with which the encoder pools each location, 255 for 1. `vectors` `(N, 29, dim)` float16 are its
    region vectors. `readable` `(N,)` bool: rows of images that can't be read are 0. `stamp` names what is inside.
    """

    views: NDArray[np.uint8]
    weights: NDArray[np.uint8]
    vectors: NDArray[np.float16]
    readable: NDArray[np.bool_]
    stamp: str


def build_view_cache(
    cases: Sequence[TrainingCase], folder: Path, encoder: ImageEncoder, *, progress: Progress | None = None
) -> ViewCache:
    """Open the cache, decoding what isn't in it; interrupted, the next call goes on where this one was.

    It lies in a folder of its own under `folder`, named by cases, files and encoder. Regions that the manifest gives as
    boxes replace the located ones. InputError when no image at all can be read.
    """
    stamp = _stamp(cases, encoder)
    size = len(cases)
    arrays = open_arrays(
        folder / f"views-{stamp[:12]}",
        stamp,
        {
            "views": ((size, INPUT_SIZE, INPUT_SIZE), np.uint8),
            "weights": ((size, len(LOCATIONS), GRID, GRID), np.uint8),
            "vectors": ((size, len(LOCATIONS), encoder.dim), np.float16),
            "state": ((size,), np.uint8),
        },
    )
    state = arrays["state"]
    for row in np.flatnonzero(state == _TO_DO).tolist():
        try:
            view, weights, vectors = _read(cases[row], encoder)
        except (CasekinError, OSError):
            state[row] = _UNREADABLE
        else:
            arrays["views"][row], arrays["weights"][row], arrays["vectors"][row] = view, weights, vectors
            state[row] = _DONE
        if row % _FLUSHED_AFTER == 0 or row == size - 1:
            flush(arrays)
        if progress is not None:
            progress(row + 1, size)
    flush(arrays)
    readable = np.asarray(state == _DONE)
    if not readable.any():
        raise InputError(f"archive: none of {size} images can be read; casekin ingest lists the reasons")
    return ViewCache(
        views=arrays["views"], weights=arrays["weights"], vectors=arrays["vectors"], readable=readable, stamp=stamp
    )


def open_arrays(folder: Path, stamp: str, shapes: Mapping[str, tuple[tuple[int, ...], Any]]) -> dict[str, Any]:
    """Memory-mapped arrays of a cache folder; new and zero where the folder holds none or those of another stamp."""
    told = folder / "cache.json"
    try:
        known = json.loads(told.read_text(encoding="utf-8"))["stamp"] == stamp
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    folder.mkdir(parents=True, exist_ok=True)
    if not known:
        told.unlink(missing_ok=True)
        for name, (shape, dtype) in shapes.items():
            flush({name: open_memmap(folder / f"{name}.npy", mode="w+", dtype=dtype, shape=shape)})
        told.write_text(json.dumps({"stamp": stamp}) + "\n", encoding="utf-8")
    return {name: open_memmap(folder / f"{name}.npy", mode="r+") for name in shapes}


def flush(arrays: Mapping[str, Any]) -> None:
    """Write what is in memory to disk, what was filled last of all: `state`, which says what is whole."""
    for name in sorted(arrays, key=lambda name: name == "state"):
        arrays[name].flush()


def _read(
    case: TrainingCase, encoder: ImageEncoder
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float16]]:
    image = read_image(case.image)
    turn = frontal_map(image)
    given: dict[Place, Box] = {
        region.place: turn.to_frontal(region.box)
        for region in case.regions
        if region.place in LOCATIONS and region.box is not None
    }
    view = frontal_view(image)
    encoded = encoder.encode(view, regions=given)
    weights = np.stack([encoded.weights[place] for place in LOCATIONS])
    vectors = np.stack([encoded.region_vectors[place] for place in LOCATIONS])
    return as_bytes(letterbox(view)[0]), as_bytes(weights), vectors.astype(np.float16)


def as_bytes(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Values in [0, 1] as 0 to 255."""
    return np.asarray(np.clip(np.round(values * 255.0), 0, 255), dtype=np.uint8)


def _stamp(cases: Sequence[TrainingCase], encoder: ImageEncoder) -> str:
    digest = hashlib.sha256(f"views 1 {encoder.version}".encode())
    for case in cases:
        try:
            status = case.image.stat()
            told = f"{status.st_size} {status.st_mtime_ns}"
        except OSError:
            told = "missing"
        digest.update(f"\n{case.case_id} {case.image.name} {told} {case.regions}".encode())
    return digest.hexdigest()
