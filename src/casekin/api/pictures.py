"""Images as the service shows them: uploads and stored ones alike, decoded once and kept while they are looked at."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.api.recent import Recent
from casekin.errors import ImageError
from casekin.imaging import read_image
from casekin.imaging.frames import Frames, RawFrame, frames_of, raw_frame, raw_frontal, render_frame, render_frontal
from casekin.imaging.geometry import is_hounsfield
from casekin.imaging.image import ImageHeader, MedicalImage, Pixels
from casekin.index import StoredImage
from casekin.retrieval.explain.seen import read_preview
from casekin.site.files import KeptFiles
from casekin.site.uploads import Upload
from casekin.types import Box, Place

THUMBNAIL = (256, 256)
_MOST_BYTES = 1024**3
"""Decoded images kept in memory: three chest CTs, or some thirty large radiographs."""
_JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """An image to show and to ask with. `width` × `height` are the stored image's, in whose pixels boxes are given.

    `stored` is the index's row of a stored image; `kept` False where its preview, 8 bits and smaller, stands for it.
    `key` names the picture while the process runs.
    """

    key: str
    frames: Frames
    width: int
    height: int
    modality: str | None
    kept: bool
    stored: StoredImage | None = None

    def as_record(self) -> dict[str, Any]:
        """The description that goes with the pixels."""
        values, image = self.frames.values, self.frames.image
        hounsfield = image.is_volume and is_hounsfield(image)
        return {
            "kind": "volume" if image.is_volume else "picture",
            "modality": self.modality,
            "width": self.width,
            "height": self.height,
            "frames": len(values),
            "spacing_mm": None if self.frames.spacing_mm is None else list(self.frames.spacing_mm),
            "orientation": None if self.frames.edges is None else asdict(self.frames.edges),
            "window": list(self.frames.window),
            "value_range": list(self.frames.value_range),
            "units": "HU" if hounsfield else None,
            "pixels": _described(values[0].shape, raw_frame(self.frames, 0)),
            "frontal": None if self.frames.frontal is None else _frontal_record(self.frames, self.frames.frontal),
            "kept": self.kept,
        }

    def raw(self, frame: int | None) -> RawFrame | None:
        """The values of a frame, None for the frontal projection; None where there is no such one."""
        if frame is None:
            return None if self.frames.frontal is None else raw_frontal(self.frames.frontal)
        return raw_frame(self.frames, frame) if frame < len(self.frames.values) else None

    def render(
        self,
        frame: int | None,
        *,
        window: tuple[float, float] | None = None,
        viewport: tuple[int, int] | None = None,
    ) -> NDArray[np.uint8] | None:
        """A frame as grey values, None for the frontal projection; None where there is no such one."""
        if frame is None:
            frontal = self.frames.frontal
            return None if frontal is None else render_frontal(frontal, window=window, viewport=viewport)
        if frame >= len(self.frames.values):
            return None
        return render_frame(self.frames, frame, window=window, viewport=viewport)

    def thumbnail(self) -> NDArray[np.uint8]:
        """A small picture: of a volume its frontal projection, else its middle frame."""
        if self.frames.frontal is not None:
            return render_frontal(self.frames.frontal, viewport=THUMBNAIL)
        return render_frame(self.frames, len(self.frames.values) // 2, viewport=THUMBNAIL)


class Pictures:
    """The pictures of a tenant's uploads and stored images.

    `find` gives a case's image by number with its modality, `files` the kept copies.
    """

    def __init__(self, find: Callable[[str, int], tuple[StoredImage, str | None] | None], files: KeptFiles) -> None:
        self._find, self._files = find, files
        self._recent: Recent[Picture] = Recent(most_bytes=_MOST_BYTES, size=lambda one: one.frames.image.pixels.nbytes)

    def of_upload(self, upload: Upload) -> Picture:
        """The picture of an upload. Raises `ImageError` for what can't be read."""
        key = f"upload {upload.files[0].parent}"
        return self._recent.get(key, lambda: _as_picture(key, read_image(upload.source), None))

    def of_case(self, case_id: str, number: int) -> Picture | None:
        """The picture of a case's image, counted from 0; None where there is none."""
        found = self._find(case_id, number)
        if found is None:
            return None
        stored, modality = found
        key = f"image {stored.content_sha256} {case_id}"
        return self._recent.get(key, lambda: self._stored_picture(key, stored, modality))

    def _stored_picture(self, key: str, stored: StoredImage, modality: str | None) -> Picture:
        try:
            image = self._files.image_of(stored.case_id, stored.content_sha256)
        except ImageError:
            image = None  # damaged; the preview still shows it
        if image is not None:
            return _as_picture(key, image, stored, modality)
        frames = frames_of(_image_of_preview(read_preview(stored)))
        return Picture(
            key=key,
            frames=frames,
            width=stored.width,
            height=stored.height,
            modality=modality,
            kept=False,
            stored=stored,
        )


def draw_overlay(shape: tuple[int, int], boxes: Mapping[Place, Box], asked: Iterable[Place]) -> str:
    """Boxes as SVG that lies over an image of `shape` (height, width); all of them where none is `asked` for."""
    wanted = set(asked)
    parts = [
        f'<rect x="{box.x0:.1f}" y="{box.y0:.1f}" width="{box.x1 - box.x0:.1f}" height="{box.y1 - box.y0:.1f}" '
        f'fill="none" stroke="#ffb000" stroke-width="2" vector-effect="non-scaling-stroke">'
        f"<title>{escape(str(place).replace('_', ' '))}</title></rect>"
        for place, box in boxes.items()
        if not wanted or place in wanted
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {shape[1]} {shape[0]}">'
    return f"{head}{''.join(parts)}</svg>\n"


def pack_picture(pixels: NDArray[np.uint8], *, form: Literal["png", "jpeg"]) -> bytes:
    """Grey values as PNG or JPEG."""
    packed = io.BytesIO()
    if form == "png":
        Image.fromarray(pixels).save(packed, "PNG", compress_level=1)
    else:
        Image.fromarray(pixels).save(packed, "JPEG", quality=_JPEG_QUALITY)
    return packed.getvalue()


def read_mask(mask: Path) -> NDArray[np.bool_]:
    """A drawn region `(height, width)`: where the picture isn't black. Raises `ImageError`."""
    return np.asarray(read_image(mask).pixels > 0)


def _as_picture(key: str, image: MedicalImage, stored: StoredImage | None, modality: str | None = None) -> Picture:
    frames = frames_of(image)
    height, width = frames.values[0].shape
    return Picture(
        key=key,
        frames=frames,
        width=width,
        height=height,
        modality=modality or image.header.modality,
        kept=True,
        stored=stored,
    )


def _image_of_preview(pixels: NDArray[np.uint8]) -> MedicalImage:
    return MedicalImage(
        pixels=np.asarray(pixels, dtype=np.float32),
        window=(0.0, 255.0),
        spacing_mm=None,
        direction=None,
        origin=None,
        header=ImageHeader(),
        content_hash="",
    )


def _described(shape: tuple[int, ...], raw: RawFrame) -> dict[str, Any]:
    return {"dtype": raw.dtype, "width": shape[1], "height": shape[0], "slope": raw.slope, "intercept": raw.intercept}


def _frontal_record(frames: Frames, frontal: Pixels) -> dict[str, Any]:
    """How a volume's projection is described."""
    return {
        "width": frontal.shape[1],
        "height": frontal.shape[0],
        "spacing_mm": None if frames.frontal_spacing_mm is None else list(frames.frontal_spacing_mm),
        "window": [0.0, 1.0],
        "value_range": [float(frontal.min()), float(frontal.max())],
        "pixels": _described(frontal.shape, raw_frontal(frontal)),
    }
