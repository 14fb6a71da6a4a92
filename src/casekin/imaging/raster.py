"""PNG and JPEG pictures."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from casekin.imaging.image import ImageHeader, MedicalImage, Pixels, content_hash, luminance
from casekin.imaging.limits import ReadLimits, check_file_size, check_frame, image_error
from casekin.imaging.sandbox import DECODER, DecoderError

_EIGHT_BIT = (0.0, 255.0)


def read_raster(path: Path, *, limits: ReadLimits) -> MedicalImage:
    """Read a PNG or JPEG; 8-bit pictures are shown 0..255, deeper ones by robust percentiles.

    An EXIF orientation is applied, so stored pixels are those any viewer shows; transparency is laid on black; of an
    animation the first frame counts; 16-bit colour is read with 8 bits.

    Raises:
        ImageError: larger than the limits, damaged, or of a pixel type that isn't grey, palette or colour.
    """
    check_file_size(path.name, path.stat().st_size, limits)
    try:
        values, eight_bit = DECODER.decode_picture(path.read_bytes(), name=path.name, max_pixels=limits.max_pixels)
    except DecoderError as error:
        raise image_error(
            path.name, f"can't be decoded ({error.reason})", expected="a whole picture", remedy="save it again"
        ) from None
    pixels = values.copy()
    return MedicalImage(
        pixels=pixels,
        window=_EIGHT_BIT if eight_bit else None,
        spacing_mm=None,
        direction=None,
        origin=None,
        header=ImageHeader(),
        content_hash=content_hash(pixels),
        name=path.name,
    )


def grey_values(raw: bytes, *, name: str, max_pixels: int) -> tuple[Pixels, bool]:
    """Decode a picture in this process; the child calls it. Grey float32 values, and whether they fill 8 bits.

    Raises `ImageError` for what casekin doesn't read, and whatever the decoder raises.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns at 89 Mpx; the limit below decides
        with Image.open(io.BytesIO(raw), formats=("PNG", "JPEG")) as picture:
            check_frame(name, picture.height, picture.width, ReadLimits(max_pixels=max_pixels))
            picture.load()
            return _grey(ImageOps.exif_transpose(picture), name)


def _grey(picture: Image.Image, name: str) -> tuple[Pixels, bool]:
    """Grey float32 values and whether they fill 8 bits."""
    mode = picture.mode
    if mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        return np.asarray(picture).astype(np.float32), False
    if mode in ("1", "L"):
        return np.asarray(picture.convert("L")).astype(np.float32), True
    if mode in ("LA", "PA", "RGBA", "La", "RGBa") or (mode == "P" and "transparency" in picture.info):
        layered = picture.convert("RGBA")
        ground = Image.new("RGBA", layered.size, (0, 0, 0, 255))
        return luminance(_rgb(Image.alpha_composite(ground, layered))), True
    if mode in ("P", "RGB", "CMYK", "YCbCr"):
        return luminance(_rgb(picture)), True
    raise image_error(name, f"has pixels of type {mode}", expected="grey, palette or RGB", remedy="save it as grey PNG")


def _rgb(picture: Image.Image) -> npt.NDArray[np.uint8]:
    return np.asarray(picture.convert("RGB"))
