"""What the retrieval benchmarks share: reading the real radiographs, floors and intervals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.evaluation.statistics import PatientTotals, bootstrap_means
from casekin.imaging import frontal_view, read_image

Row = dict[str, Any]
BINS = 9  # unsigned gradient directions, Dalal and Triggs, CVPR 2005


def read_rows(folder: Path) -> list[Row]:
    """Rows of `cxr/manifest.jsonl` under the folder with real data, in file order."""
    with (folder / "cxr" / "manifest.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read_gray(path: Path) -> NDArray[np.float32]:
    """An image as the product reads it: `(rows, columns)` in [0, 1], bright = dense."""
    return frontal_view(read_image(path))


def read_mask(path: Path) -> NDArray[np.bool_]:
    with Image.open(path) as image:
        return np.asarray(image.convert("L")) > 0


def hog(image: NDArray[np.float32], *, size: int = 128, cell: int = 8) -> NDArray[np.float32]:
    """Histogram of oriented gradients with 2x2 blocks, length 1; the image is resized to `size` squared."""
    picture = np.asarray(Image.fromarray(image).resize((size, size), Image.Resampling.BILINEAR), dtype=np.float32)
    down, across = np.gradient(picture)
    strength = np.hypot(down, across)
    turn = (np.arctan2(down, across) % np.pi) / np.pi * BINS
    low = np.floor(turn).astype(int) % BINS
    share = turn - np.floor(turn)
    planes = np.zeros((BINS, size, size), dtype=np.float32)
    rows, columns = np.mgrid[0:size, 0:size]
    np.add.at(planes, (low, rows, columns), strength * (1 - share))
    np.add.at(planes, ((low + 1) % BINS, rows, columns), strength * share)
    n = size // cell
    cells = planes.reshape(BINS, n, cell, n, cell).sum(axis=(2, 4))
    blocks = np.stack([cells[:, i : n - 1 + i, j : n - 1 + j] for i in (0, 1) for j in (0, 1)])
    flat = blocks.reshape(4 * BINS, -1)
    flat = np.minimum(flat / (np.sqrt((flat**2).sum(axis=0)) + 1e-3), 0.2)
    flat = flat / (np.sqrt((flat**2).sum(axis=0)) + 1e-3)
    vector = flat.ravel()
    return (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)


def patient_interval(values: Sequence[float], patients: Sequence[str]) -> dict[str, Any]:
    """Mean over queries with its 95 % interval by patient: `mean`, `lo`, `hi`, `n`, `patients`."""
    totals = PatientTotals.by_query(values, patients)
    (interval,) = bootstrap_means(totals, generator=np.random.default_rng(0))
    return interval.as_record()
