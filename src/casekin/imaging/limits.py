"""What one image may cost: bounds checked before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from casekin.errors import ImageError, NotComparableError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """Upper bounds of one read.

    `max_pixels` bounds one 2D frame (a 10 000 × 10 000 picture; the largest radiographs hold a fifth of it);
    `max_volume_bytes` bounds the float32 pixels of a volume (2 GiB: 2048 slices of 512 × 512);
    `max_file_bytes` bounds what is read from disk for one file, `max_series_files` the files of one series.
    """

    max_pixels: int = 100_000_000
    max_volume_bytes: int = 2 * 1024**3
    max_file_bytes: int = 4 * 1024**3
    max_series_files: int = 8192


def image_error(name: str, reason: str, *, expected: str, remedy: str) -> ImageError:
    """Build the error every reader raises: base name, reason, expectation, remedy, in one sentence each."""
    return ImageError(f"{name}: {reason}; expected {expected}; {remedy}")


def not_comparable(name: str, reason: str, *, expected: str, remedy: str) -> NotComparableError:
    """The same for a sound file that is left out."""
    return NotComparableError(str(image_error(name, reason, expected=expected, remedy=remedy)))


def check_frame(name: str, rows: int, columns: int, limits: ReadLimits) -> None:
    """Refuse a frame without pixels or with more than `limits.max_pixels`."""
    if rows < 1 or columns < 1:
        raise image_error(
            name, f"has {rows} × {columns} pixels", expected="at least one row and column", remedy="export it again"
        )
    if rows * columns > limits.max_pixels:
        raise image_error(
            name,
            f"has {rows} × {columns} pixels",
            expected=f"at most {limits.max_pixels} pixels in a frame",
            remedy="store a smaller copy or raise ReadLimits.max_pixels",
        )


def check_volume(name: str, voxels: int, limits: ReadLimits) -> None:
    """Refuse a volume whose float32 pixels would need more than `limits.max_volume_bytes`."""
    if voxels * 4 > limits.max_volume_bytes:
        raise image_error(
            name,
            f"would decode to {voxels * 4} bytes",
            expected=f"at most {limits.max_volume_bytes} bytes of float32",
            remedy="split the volume or raise ReadLimits.max_volume_bytes",
        )


def check_file_size(name: str, size: int, limits: ReadLimits) -> None:
    """Refuse an empty file or one longer than `limits.max_file_bytes`."""
    if size == 0:
        raise image_error(name, "the file is empty", expected="an image file", remedy="copy it again")
    if size > limits.max_file_bytes:
        raise image_error(
            name,
            f"the file has {size} bytes",
            expected=f"at most {limits.max_file_bytes}",
            remedy="raise ReadLimits.max_file_bytes",
        )
