"""PNG and JPEG pictures."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from casekin.errors import ImageError
from casekin.imaging import ReadLimits, display_uint8, frontal_view, read_image
from casekin.imaging.raster import grey_values
from casekin.imaging.sandbox import DECODER

GREY = np.arange(256, dtype=np.uint8).reshape(16, 16)


def test_a_png_rewritten_with_other_metadata_has_the_same_hash(tmp_path: Path) -> None:
    Image.fromarray(GREY).save(tmp_path / "a.png")
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "exported again")
    Image.fromarray(GREY).save(tmp_path / "b.png", pnginfo=info, compress_level=1, dpi=(300, 300))
    a, b = read_image(tmp_path / "a.png"), read_image(tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() != (tmp_path / "b.png").read_bytes()
    assert a.content_hash == b.content_hash
    np.testing.assert_array_equal(display_uint8(a), GREY)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "LA", "CMYK"])
def test_grey_in_any_mode_equals_grey(tmp_path: Path, mode: str) -> None:
    suffix = "jpg" if mode == "CMYK" else "png"
    picture = Image.fromarray(GREY)
    converted = picture.convert("RGB").convert(mode) if mode == "CMYK" else picture.convert(mode)
    converted.save(tmp_path / f"a.{suffix}", **({"quality": 100} if mode == "CMYK" else {}))
    tolerance = 3 if mode == "CMYK" else 0
    assert np.abs(read_image(tmp_path / f"a.{suffix}").pixels - GREY).max() <= tolerance


def test_sixteen_bits_are_kept_and_shown_by_percentiles(tmp_path: Path) -> None:
    deep = (GREY.astype(np.uint16) * 16) + 7
    Image.fromarray(deep).save(tmp_path / "deep.png")
    image = read_image(tmp_path / "deep.png")
    np.testing.assert_array_equal(image.pixels, deep)
    assert image.window is None
    assert frontal_view(image).max() == 1.0


def test_one_bit_pictures_are_black_and_white(tmp_path: Path) -> None:
    Image.fromarray(GREY > 127).save(tmp_path / "bit.png")
    np.testing.assert_array_equal(read_image(tmp_path / "bit.png").pixels, np.where(GREY > 127, 255, 0))


def test_an_exif_orientation_is_applied(tmp_path: Path) -> None:
    picture = Image.fromarray(np.kron(np.array([[0, 85], [170, 255]], dtype=np.uint8), np.ones((16, 16), np.uint8)))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    picture.save(tmp_path / "turned.jpg", exif=exif, quality=100)
    np.testing.assert_allclose(read_image(tmp_path / "turned.jpg").pixels, np.asarray(picture)[::-1, ::-1], atol=2)


def test_the_name_decides_nothing(tmp_path: Path) -> None:
    Image.fromarray(GREY).save(tmp_path / "lie.dcm", "PNG")
    np.testing.assert_array_equal(read_image(tmp_path / "lie.dcm").pixels, GREY)


def test_a_picture_larger_than_the_limit_is_refused_before_decoding(tmp_path: Path) -> None:
    Image.fromarray(GREY).save(tmp_path / "a.png")
    with pytest.raises(ImageError, match="16 × 16 pixels"):
        read_image(tmp_path / "a.png", limits=ReadLimits(max_pixels=255))


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_truncated_pictures_are_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    noise = np.random.default_rng(0).integers(0, 255, (64, 64), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(ImageError, match=r"a\.(png|jpg): "):
        read_image(path)


def test_tiff_is_refused_by_name(tmp_path: Path) -> None:
    Image.fromarray(GREY).save(tmp_path / "a.tif")
    with pytest.raises(ImageError, match=r"a\.tif: is a TIFF file; expected DICOM, NIfTI, PNG or JPEG"):
        read_image(tmp_path / "a.tif")


@pytest.mark.parametrize("form", ["TIFF", "BMP", "GIF", "WEBP", "PPM", "ICO"])
def test_other_pictures_never_reach_a_decoder(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large they say that they are, and whatever they are called: what reads them is never asked."""
    packed = io.BytesIO()
    Image.new("L", (64, 64)).save(packed, form)
    path = tmp_path / "picture.png"
    path.write_bytes(packed.getvalue())
    with pytest.raises(UnidentifiedImageError):
        grey_values(packed.getvalue(), name="picture", max_pixels=10_000)
    monkeypatch.setattr(DECODER, "_decoded", lambda *_: pytest.fail("a decoder was asked"))
    with pytest.raises(ImageError):
        read_image(path)
