"""From transmitted X-rays to stored pixels: scatter, quantum noise, detector blur, and a site's processing."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from casekin.world.arrays import Array
from casekin.world.sites import Acquisition

_SCATTER = 3.2  # scatter-to-primary behind the mediastinum is then 0.5 to 2, as measured with and without grids
_NOISE = 0.0055  # standard deviation of a pixel's relative noise at full exposure, noise 1


def expose(attenuation: Array, acquisition: Acquisition, spacing_mm: float, rng: np.random.Generator) -> Array:
    """Detector signal `(H, W)`, 1 unattenuated: Beer-Lambert, scatter, noise as the root of the signal, blur."""
    site = acquisition.site
    primary = np.exp(-attenuation)
    small = primary[::8, ::8]
    veil = ndimage.gaussian_filter(np.minimum(small, 0.35), 38.0 / (8 * spacing_mm), mode="nearest")
    rows, columns = primary.shape
    veil = ndimage.zoom(veil, (rows / veil.shape[0], columns / veil.shape[1]), order=1, mode="nearest", grid_mode=True)
    signal = primary + _SCATTER * site.scatter * veil
    sigma = _NOISE * site.noise / np.sqrt(acquisition.exposure)
    signal = signal + sigma * np.sqrt(signal) * rng.standard_normal(signal.shape, dtype=np.float32)
    blurred: Array = ndimage.gaussian_filter(signal, max(site.blur_mm / spacing_mm, 0.35))
    return np.maximum(blurred, 2e-4)


def process(signal: Array, acquisition: Acquisition, spacing_mm: float) -> Array:
    """Display values in [0, 1], bone bright: logarithm, equalization, detail enhancement, and the site's curve."""
    site, exposure = acquisition.site, acquisition.exposure
    density = -np.log(signal).astype(np.float32)
    body = density > 0.5
    inner = density[body] if body.mean() > 0.05 else density.ravel()
    flat = np.clip(density, 0.6, None)
    if site.equalize > 0:
        wide = _wide_blur(flat, 26.0 / spacing_mm)
        density = density - 0.55 * site.equalize * (wide - float(np.median(inner))) * np.clip(density / 1.2 - 0.4, 0, 1)
    fine = ndimage.gaussian_filter(flat, max(0.9 / spacing_mm, 0.6))
    if site.edge > 0:
        density = density + site.edge * (flat - fine)
    if site.local > 0:
        density = density + site.local * 0.8 * (fine - _wide_blur(flat, 7.0 / spacing_mm))
    inner = density[body] if body.mean() > 0.05 else density.ravel()
    low, high = np.percentile(inner, [2.0, 78.0])
    value = (density - low) / max(high - low, 0.5)
    # The shoulder of a film: what is denser than the heart is squeezed together.
    knee = 0.62
    value = np.where(value > knee, knee + (1 - np.exp(-(value - knee) / 0.5)) * 0.5, value)
    # What the shoulder hides, every console brings back in part: fine contrast of the dense regions.
    dense = np.clip(value / knee - 0.9, 0, 1)
    detail = fine - _wide_blur(flat, 8.0 / spacing_mm)
    value = value + (0.12 + 0.25 * min(site.local, 1.0)) * dense * detail
    value = 0.04 + 0.9 * value + 0.10 * np.log(exposure)
    slope = 4.2 * site.contrast
    middle = 1 - site.brightness
    curve = 1 / (1 + np.exp(-slope * (value - middle)))
    ends = 1 / (1 + np.exp(-slope * (np.array([-0.08, 1.06]) - middle)))
    curve = (curve - ends[0]) / (ends[1] - ends[0])
    mixed = site.shoulder * curve + (1 - site.shoulder) * value
    air = np.clip(density / 0.5, 0, 1)
    mixed = acquisition.black * air + (acquisition.white - acquisition.black * air) * mixed
    shown: Array = np.clip(mixed, 0, 1).astype(np.float32)
    return shown


def _wide_blur(image: Array, sigma: float) -> Array:
    step = max(int(sigma / 2), 1)
    small = ndimage.gaussian_filter(ndimage.uniform_filter(image, step)[::step, ::step], sigma / step, mode="nearest")
    wide: Array = ndimage.zoom(
        small,
        (image.shape[0] / small.shape[0], image.shape[1] / small.shape[1]),
        order=1,
        mode="nearest",
        grid_mode=True,
    )
    return wide


def collimate(shown: Array, acquisition: Acquisition) -> Array:
    """Black out what the collimator's leaves covered (shares of top, bottom, left, right)."""
    top, bottom, left, right = acquisition.collimation
    rows, columns = shown.shape
    result = shown.copy()
    result[: round(top * rows)] = 0
    result[rows - round(bottom * rows) :] = 0
    result[:, : round(left * columns)] = 0
    result[:, columns - round(right * columns) :] = 0
    return result


def burn_markers(shown: Array, acquisition: Acquisition, rng: np.random.Generator) -> Array:
    """Write the side letter at the patient's side and how it was taken, as lead letters and consoles do."""
    site = acquisition.site
    rows, columns = shown.shape
    canvas = Image.new("L", (columns, rows), 0)
    draw = ImageDraw.Draw(canvas)
    unit = max(columns, rows)
    jitter = rng.uniform(-0.02, 0.02, 4)
    if site.marker in ("L", "R"):
        x = (0.92 if site.marker == "L" else 0.04) + jitter[0]
        draw.text((x * columns, (0.07 + jitter[1]) * rows), site.marker, fill=255, font=_font(0.045 * unit))
    text = _view_text(acquisition) if site.text == "view" else ""
    if text:
        draw.text(
            ((0.6 + jitter[2]) * columns, (0.02 + abs(jitter[3])) * rows), text, fill=235, font=_font(0.026 * unit)
        )
    ink = np.asarray(canvas, np.float32) / 255
    return np.maximum(shown, ink * np.float32(0.97))


def _view_text(acquisition: Acquisition) -> str:
    if acquisition.view != "AP":
        return "LAT" if acquisition.view == "LATERAL" else "PA"
    return "AP SUPINE" if acquisition.supine else "AP PORTABLE" if acquisition.portable else "AP"


def _font(size: float) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(max(size, 8))


def store(shown: Array, bits: int) -> Array:
    """Stored values, uint16 with `bits` significant bits."""
    stored: Array = np.rint(np.clip(shown, 0, 1) * (2**bits - 1)).astype(np.uint16)
    return stored
