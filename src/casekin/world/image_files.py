"""Pictures and masks as PNG and NIfTI, each written under another name first, so that no half file is ever seen.

Bytes depend on the pixels alone: compressed NIfTI carries no time.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Speed, not size, is what a simulated archive needs: level 1 is some five times faster than the default.
_COMPRESS_LEVEL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeGeometry:
    """Where a volume (slice, row, column) lies: spacing in that order, first voxel's centre in LPS mm.

    The columns of `direction` are the LPS directions of the column, row and slice axes.
    """

    spacing_mm: tuple[float, float, float]
    origin_lps: tuple[float, float, float]
    direction: NDArray[np.float64]


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file or folder beside `path`, then rename it; what was there before is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    if partial.is_dir():
        shutil.rmtree(partial)
    write(partial)
    if path.is_dir():
        shutil.rmtree(path)
    partial.replace(path)


def write_png(path: Path, pixels: NDArray[np.uint16], *, bits: int) -> None:
    """An 8-bit grey PNG of stored values with that many bits; the lower bits are dropped."""
    grey = (pixels >> max(bits - 8, 0)).astype(np.uint8)
    Image.fromarray(grey).save(path, format="PNG", compress_level=_COMPRESS_LEVEL)


def write_mask_png(path: Path, mask: NDArray[np.bool_]) -> None:
    """A 1-bit PNG: white inside."""
    Image.fromarray(mask).save(path, format="PNG", compress_level=_COMPRESS_LEVEL)


def write_volume_nifti(path: Path, volume: NDArray[np.generic], geometry: VolumeGeometry) -> None:
    """A `.nii.gz` of a volume (slice, row, column)."""
    steps = geometry.direction * np.asarray(geometry.spacing_mm)[::-1]
    affine = np.eye(4)
    # NIfTI counts (column, row, slice) and its world is RAS: x and y change sign.
    affine[:3, :3] = steps
    affine[:3, 3] = geometry.origin_lps
    affine[:2] *= -1
    _write_nifti(path, volume.transpose(2, 1, 0), affine)


def write_radiograph_nifti(path: Path, pixels: NDArray[np.uint16], *, spacing_mm: tuple[float, float]) -> None:
    """A `.nii.gz` of a frontal radiograph as a coronal slab one voxel thick, head up."""
    volume = pixels.astype(np.int32).T[:, None, ::-1]
    # Columns run to the patient's left, which is -x in RAS.
    _write_nifti(path, volume, np.diag([-spacing_mm[1], 1.0, spacing_mm[0], 1.0]))


def _write_nifti(path: Path, data: NDArray[np.generic], affine: NDArray[np.float64]) -> None:
    image = nibabel.Nifti1Image(np.asarray(data), affine)  # type: ignore[no-untyped-call]
    image.header.set_xyzt_units("mm")  # type: ignore[no-untyped-call]
    path.write_bytes(gzip.compress(image.to_bytes(), compresslevel=_COMPRESS_LEVEL, mtime=0))
