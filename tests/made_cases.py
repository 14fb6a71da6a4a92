"""Small made cases for tests: random vectors, stated facts, pictures that look a little like a chest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.index import IndexedCase, IndexedImage
from casekin.types import Box, Fact, Place, Polarity, Severity, Side

UPRIGHT = {"stored": [100, 80], "frontal": [100, 80], "transposed": False, "flip_rows": False, "flip_columns": False}


def made_fact(
    finding: str,
    anatomy: str,
    side: Side | None = None,
    polarity: Polarity = "present",
    *,
    severity: Severity | None = None,
    sentence: str | None = None,
) -> Fact:
    """A stated finding with as little beside it as possible."""
    return Fact(finding=finding, anatomy=anatomy, side=side, polarity=polarity, severity=severity, sentence=sentence)


def unit_vector(rng: np.random.Generator, dim: int = 8) -> NDArray[np.float16]:
    """A random direction as the index stores it."""
    vector = rng.normal(size=dim)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float16)


def made_image(
    vectors: Mapping[str, NDArray[np.float16]], *, content: str = "c", boxes: Mapping[str, Box] | None = None
) -> IndexedImage:
    """An indexed image of 80 x 100 pixels with these vectors and opaque bytes beside them."""
    return IndexedImage(
        image="a.png",
        content_sha256=content,
        file_sha256=f"file {content}",
        width=80,
        height=100,
        turn=UPRIGHT,
        vectors=vectors,
        boxes=dict(boxes or {}),
        tokens=b"tokens",
        preview=b"preview",
    )


def made_case(case_id: str, *, patient: str = "p", images: Sequence[IndexedImage] = (), **values: Any) -> IndexedCase:
    """An indexed case; `values` are more of its fields."""
    return IndexedCase(
        **{
            "case_id": case_id,
            "patient_id": patient,
            "patient": patient,
            "stamp": f"stamp {case_id}",
            "model_version": "m1",
            "images": tuple(images),
            **values,
        }
    )


def place(anatomy: str, side: Side | None = None) -> Place:
    """A place in few words."""
    return Place(anatomy=anatomy, side=side)


def chest_picture(seed: int, *, size: int = 64) -> NDArray[np.uint8]:
    """Two dark lungs, a bright middle, and blobs that depend on the seed; `(size, size)` uint8."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:size, 0:size] / size
    field = np.full((size, size), 0.75)
    for center in (0.3, 0.7):
        lung = np.exp(-(((columns - center) / 0.13) ** 4) - ((rows - 0.45) / 0.3) ** 4)
        field -= 0.5 * lung
    for _ in range(3):
        row, column, width = rng.uniform(0.2, 0.8), rng.uniform(0.15, 0.85), rng.uniform(0.04, 0.12)
        field += 0.3 * np.exp(-(((rows - row) ** 2 + (columns - column) ** 2) / width**2))
    field += rng.normal(0.0, 0.02, field.shape)
    return np.asarray(np.clip(field, 0.0, 1.0) * 255, dtype=np.uint8)


def write_png(path: Path, seed: int, *, size: int = 64) -> Path:
    """A made picture as a PNG file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(chest_picture(seed, size=size)).save(path)
    return path
