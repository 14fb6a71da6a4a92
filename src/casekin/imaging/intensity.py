"""From modality values to brightness: windows, VOI tables, robust ranges."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from casekin.imaging.image import MedicalImage, Pixels, Voi

# Half a percent at either end: burnt-in markers and collimator edges are smaller, lungs and mediastinum far larger.
ROBUST_PERCENTILES = (0.5, 99.5)
# A header window that leaves less than this share of pixels between black and white was meant for other values.
LEAST_SHARE_IN_WINDOW = 0.05
_PERCENTILE_SAMPLES = 2_000_000
_SAMPLED_SLICES = 8


def apply_voi(values: Pixels, voi: Voi) -> Pixels:
    """Show modality values as brightness in [0, 1] (DICOM PS3.3 C.11.2.1.2, C.11.2.1.3, C.11.1.1)."""
    asked = values if voi.mirror_sum is None else np.float32(voi.mirror_sum) - values
    if voi.function == "table":
        shown = _look_up(asked, voi)
    elif voi.function == "sigmoid":
        exponent = np.clip(-4.0 * (asked - voi.center) / voi.width, -80.0, 80.0)
        shown = (1.0 / (1.0 + np.exp(exponent))).astype(np.float32)
    else:
        low, high = voi_limits(voi)
        shown = scale_between(asked, low, high)
    return shown if voi.mirror_sum is None else np.float32(1.0) - shown


def voi_limits(voi: Voi) -> tuple[float, float]:
    """The values shown black and white before any inversion; a sigmoid's are centre ± half its width."""
    if voi.function == "table":
        table = voi.table
        return voi.first, voi.first + (0.0 if table is None else float(len(table) - 1))
    if voi.function == "linear":
        middle, half = voi.center - 0.5, (voi.width - 1.0) / 2.0
        return middle - half, middle + half
    return voi.center - voi.width / 2.0, voi.center + voi.width / 2.0


def pixel_window(voi: Voi) -> tuple[float, float]:
    """The window in the units of the pixels: the VOI's limits, mirrored where the pixels were inverted."""
    low, high = voi_limits(voi)
    return (low, high) if voi.mirror_sum is None else (voi.mirror_sum - high, voi.mirror_sum - low)


def scale_between(values: npt.NDArray[np.floating], low: float, high: float) -> Pixels:
    """Map `low..high` to 0..1 and clip; an empty range is a step at `low`."""
    if not high > low:
        return (values > low).astype(np.float32)
    return np.asarray(np.clip((np.asarray(values, dtype=np.float32) - low) / (high - low), 0.0, 1.0), dtype=np.float32)


def robust_range(values: Pixels) -> tuple[float, float]:
    """The `ROBUST_PERCENTILES` of the finite values, from at most two million evenly spaced ones."""
    flat = values.ravel()
    sample = flat[:: max(1, flat.size // _PERCENTILE_SAMPLES)]
    low, high = np.percentile(sample, ROBUST_PERCENTILES)
    return float(low), float(high)


def brightness(image: MedicalImage) -> Pixels:
    """Pixels as brightness in [0, 1]: by the header's VOI or window where it fits them, else by `robust_range`."""
    if image.voi is not None:
        shown = apply_voi(image.pixels, image.voi)
        if _shows_something(shown):
            return shown
    if image.window is not None:
        shown = scale_between(image.pixels, *image.window)
        if _shows_something(shown):
            return shown
    return scale_between(image.pixels, *robust_range(image.pixels))


def display_window(image: MedicalImage) -> tuple[float, float]:
    """The values shown black and white, by the rule of `brightness`; of a volume, by a few slices evenly apart.

    A sigmoid or a table is shown as the straight line between its ends.
    """
    values = image.pixels[:: max(1, len(image.pixels) // _SAMPLED_SLICES)] if image.is_volume else image.pixels
    if image.voi is not None and _shows_something(apply_voi(values, image.voi)):
        return pixel_window(image.voi)
    if image.window is not None and _shows_something(scale_between(values, *image.window)):
        return image.window
    return robust_range(values)


def to_uint8(shown: Pixels) -> npt.NDArray[np.uint8]:
    """Brightness in [0, 1] as bytes 0..255, rounded."""
    return np.asarray(np.rint(shown * 255.0), dtype=np.uint8)


def _look_up(values: Pixels, voi: Voi) -> Pixels:
    if voi.table is None:
        raise ValueError("a VOI table needs its table")
    index = np.clip(np.rint(values - voi.first), 0, len(voi.table) - 1).astype(np.int64)
    return np.asarray(voi.table[index], dtype=np.float32)


def _shows_something(shown: Pixels) -> bool:
    between = np.count_nonzero((shown > 0.002) & (shown < 0.998))
    return bool(between >= LEAST_SHARE_IN_WINDOW * shown.size)
