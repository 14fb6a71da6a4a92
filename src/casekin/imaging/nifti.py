"""NIfTI-1 and NIfTI-2 single files, plain or gzipped; the affine is turned from RAS to LPS."""

from __future__ import annotations

import gzip
import io
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import nibabel as nib
import numpy as np
import numpy.typing as npt

from casekin.imaging.geometry import LEFT, SUPERIOR, main_axes
from casekin.imaging.image import ImageHeader, MedicalImage, Pixels, content_hash
from casekin.imaging.limits import ReadLimits, check_file_size, check_frame, check_volume, image_error

# nibabel prints header fields to stderr; what matters comes back as an exception.
logging.getLogger("nibabel.global").setLevel(logging.CRITICAL + 1)

_RAS_TO_LPS = np.array([-1.0, -1.0, 1.0])
_HEADER_BYTES = 544  # NIfTI-2 header and extension flag; NIfTI-1 needs 352
_DISCARD_BYTES = 1 << 20


def read_nifti(path: Path, *, limits: ReadLimits) -> MedicalImage:
    """Read a NIfTI file: axes (i, j, k) become (slice k, row j, column i); with an axis of one pixel it is a picture.

    A frontal picture (a radiograph) comes upright by its affine, as every viewer shows it: head up, the patient's right
    on the left. Boxes are in these pixels.

    Values are scaled by `scl_slope` and `scl_inter`. Of a time series the first volume is read. Where neither sform nor
    qform is set, `direction` and `origin` are None: the file doesn't know left from right.

    Raises:
        ImageError: a header that contradicts itself or the file's length, colour or complex values, a pair of files
            (`.hdr` + `.img`), or more than the limits allow.
    """
    check_file_size(path.name, path.stat().st_size, limits)
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw) if packed else raw)
        head = stream.read(_HEADER_BYTES)
        header = _parse_header(head, path.name)
        shape = _shape(header, path.name, limits)
        values = _read_values(stream, head, header, shape, path.name)
    pixels = _scaled(values, header).reshape(shape, order="F").transpose(2, 1, 0)
    return _as_image(pixels, header, path.name)


def _parse_header(head: bytes, name: str) -> Any:
    magic1, magic2 = head[344:348], head[4:8]
    if b"ni1\x00" in (magic1, magic2) or b"ni2\x00" in (magic1, magic2):
        raise image_error(
            name, "is half of a NIfTI pair", expected="one file with header and pixels", remedy="save it as .nii.gz"
        )
    kind: Any = nib.Nifti2Header if magic2 == b"n+2\x00" else nib.Nifti1Header
    fixed = head[: kind.template_dtype.itemsize]
    return kind.from_fileobj(io.BytesIO(fixed + bytes(4)))  # four zeros: header extensions are not read


def _shape(header: Any, name: str, limits: ReadLimits) -> tuple[int, int, int]:
    """Columns, rows and slices of the first volume, checked."""
    sizes = [int(size) for size in header.get_data_shape()]
    if len(sizes) < 2 or any(size < 1 for size in sizes):
        raise image_error(name, "declares no plane of pixels", expected="2 to 4 axes", remedy="convert it again")
    if len(sizes) > 4 and any(size > 1 for size in sizes[4:]):
        raise image_error(
            name, f"holds {len(sizes)}-axis data", expected="2 to 4 axes", remedy="export one scalar volume"
        )
    columns, rows, slices = sizes[0], sizes[1], (sizes[2] if len(sizes) > 2 else 1)
    check_frame(name, rows, columns, limits)
    check_volume(name, columns * rows * slices, limits)
    return columns, rows, slices


def _read_values(
    stream: IO[bytes], head: bytes, header: Any, shape: tuple[int, int, int], name: str
) -> npt.NDArray[Any]:
    """The first volume's stored values, never reading more than they need from what may be a gzip bomb."""
    dtype = header.get_data_dtype()
    if dtype.names is not None or dtype.kind not in "iuf":
        raise image_error(
            name, "holds colour or complex values", expected="integers or floats", remedy="export one scalar volume"
        )
    needed = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    offset = int(header["vox_offset"])
    if not 0 <= offset <= _HEADER_BYTES + (1 << 26):
        raise image_error(name, "its pixels begin nowhere", expected="a sensible vox_offset", remedy="convert it again")
    offset = max(offset, int(header["sizeof_hdr"]))
    body = head[offset:]
    skip = max(0, offset - len(head))
    while skip > 0:
        chunk = stream.read(min(skip, _DISCARD_BYTES))
        if not chunk:
            break
        skip -= len(chunk)
    body = body[:needed] + stream.read(max(0, needed - len(body)))
    if len(body) < needed:
        raise image_error(
            name, f"holds {len(body)} bytes of pixels", expected=f"{needed} by its header", remedy="copy it again"
        )
    return np.frombuffer(body, dtype=dtype)


def _scaled(values: npt.NDArray[Any], header: Any) -> Pixels:
    slope, inter = (float(header["scl_slope"]), float(header["scl_inter"]))
    pixels = values.astype(np.float32)
    if np.isfinite(slope) and slope != 0.0:
        pixels = pixels * np.float32(slope) + np.float32(inter if np.isfinite(inter) else 0.0)
    return np.nan_to_num(pixels, nan=0.0, posinf=0.0, neginf=0.0, copy=False)


def _as_image(pixels: Pixels, header: Any, name: str) -> MedicalImage:
    pixels = np.ascontiguousarray(pixels)
    affine = np.asarray(header.get_best_affine(), dtype=np.float64)
    known = int(header["sform_code"]) > 0 or int(header["qform_code"]) > 0
    steps = affine[:3, :3].T[::-1] * _RAS_TO_LPS  # rows: the LPS step of slice, row, column
    lengths = np.linalg.norm(steps, axis=1)
    if not (np.isfinite(affine).all() and (lengths > 1e-6).all() and (lengths < 1e4).all()):
        raise image_error(name, "its affine is not usable", expected="three finite axes", remedy="convert it again")
    direction = steps / lengths[:, None]
    if known and abs(float(np.linalg.det(direction))) < 1e-3:
        raise image_error(name, "its affine is singular", expected="three independent axes", remedy="convert it again")
    placed = _Placed(pixels=pixels, spacing=lengths, direction=direction, origin=affine[:3, 3] * _RAS_TO_LPS)
    if 1 in pixels.shape:
        placed = _as_picture(placed, known=known)
    x, y, z = (float(value) for value in placed.origin)
    return MedicalImage(
        pixels=placed.pixels,
        window=None,
        spacing_mm=tuple(float(length) for length in placed.spacing),
        direction=placed.direction if known else None,
        origin=(x, y, z) if known else None,
        header=ImageHeader(),
        content_hash=content_hash(placed.pixels),
        name=name,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Placed:
    """Pixels with the spacing and LPS direction of each array axis, and the LPS position of the first pixel."""

    pixels: Pixels
    spacing: npt.NDArray[np.float64]
    direction: npt.NDArray[np.float64]
    origin: npt.NDArray[np.float64]


def _as_picture(placed: _Placed, *, known: bool) -> _Placed:
    """Drop the axis of one pixel; a frontal picture is turned upright, because NIfTI has no rows of its own to keep."""
    kept = [axis for axis in range(3) if axis != placed.pixels.shape.index(1)]
    pixels = placed.pixels.reshape([placed.pixels.shape[axis] for axis in kept])
    spacing, direction, origin = placed.spacing[kept], placed.direction[kept], placed.origin
    axes = main_axes(direction)
    if known and set(axes) == {LEFT, SUPERIOR}:
        if axes == (LEFT, SUPERIOR):
            pixels, spacing, direction = pixels.T, spacing[::-1], direction[::-1]
        for axis, wrong in ((0, direction[0][SUPERIOR] > 0), (1, direction[1][LEFT] < 0)):
            if wrong:
                pixels = np.flip(pixels, axis)
                origin = origin + direction[axis] * spacing[axis] * (pixels.shape[axis] - 1)
                direction = direction * np.array([[-1.0], [1.0]] if axis == 0 else [[1.0], [-1.0]])
    return _Placed(pixels=np.ascontiguousarray(pixels), spacing=spacing, direction=direction, origin=origin)
