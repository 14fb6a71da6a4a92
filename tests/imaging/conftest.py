"""Small DICOM files and volumes, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .samples import CT, dataset_of


@pytest.fixture
def write_dicom(tmp_path: Path) -> Callable[..., Path]:
    """Write a picture as DICOM and give its path."""

    def write(stored: np.ndarray, name: str = "image.dcm", **attributes: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        dataset_of(stored, **attributes).save_as(path, enforce_file_format=True)
        return path

    return write


@pytest.fixture
def ramp() -> np.ndarray:
    """The 16-bit values 0..4095 in a 64 × 64 picture."""
    return np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)


@pytest.fixture
def thorax() -> np.ndarray:
    """Hounsfield values `(slice from foot to head, row from front to back, column from right to left)`.

    A body of water 10 × 8 × 12 voxels with air around it, bone in the patient's upper left, a lung in the lower right.
    """
    volume = np.full((12, 12, 16), -1000, dtype=np.int16)
    volume[1:11, 2:10, 2:14] = 0
    volume[8:10, 4:8, 10:12] = 1500  # high slices = head, high columns = left
    volume[2:6, 3:9, 3:7] = -850  # low slices = foot, low columns = right
    return volume


@pytest.fixture
def write_series(tmp_path: Path) -> Callable[..., Path]:
    """Write a volume `(foot→head, front→back, right→left)` as a CT series in a folder, file names in random order."""

    def write(volume: np.ndarray, folder: str = "series", *, skip: tuple[int, ...] = (), **attributes: Any) -> Path:
        target = tmp_path / folder
        target.mkdir(parents=True, exist_ok=True)
        names = np.random.default_rng(4).permutation(len(volume))
        for index, plane in enumerate(volume):
            if index in skip:
                continue
            values = {
                "SeriesInstanceUID": "1.2.3.4",
                "ImagePositionPatient": [-8.0, -6.0, 100.0 + 2.5 * index],
                "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
                "PixelSpacing": [1.0, 1.0],
                "RescaleSlope": 1,
                "RescaleIntercept": -1024,
                "InstanceNumber": int(names[index]) + 1,
                "SOPInstanceUID": f"1.2.3.4.{index + 1}",
            } | attributes
            stored = (plane.astype(np.int32) + 1024).astype(np.uint16)
            dataset_of(stored, sop_class=CT, **values).save_as(
                target / f"{names[index]:03d}.dcm", enforce_file_format=True
            )
        return target

    return write
