"""An image as an encoder sees it, and how what is seen there lies on the stored pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.anatomy import LOCATIONS
from casekin.errors import InputError
from casekin.imaging import FrontalMap, ImageHeader, MedicalImage
from casekin.imaging.geometry import resize
from casekin.imaging.image import content_hash
from casekin.index import StoredImage
from casekin.models import EncodedImage, ImageEncoder
from casekin.models.geometry import Array
from casekin.retrieval.encode import EncodedFile, turn_of
from casekin.types import Box


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeenImage:
    """An encoded view, and the map between its pixels and those of the stored image."""

    encoded: EncodedImage
    turn: FrontalMap


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SideMap:
    """The cells of one region `(rows, columns)` as they lie on the stored image, and the `box` that they fill there.

    The box ends at cells' borders, so it may reach beyond the image by part of a cell.
    """

    box: Box
    cells: Array


def see_file(file: EncodedFile) -> SeenImage:
    """A query's file, which was encoded at its full size."""
    return SeenImage(encoded=file.encoded, turn=file.turn)


def see_stored(image: StoredImage, encoder: ImageEncoder) -> SeenImage:
    """A stored image, encoded anew from its preview with its locations where they were found.

    What is stored of its cells is half as fine as the encoder sees, too coarse to point at a small finding.
    """
    preview = read_preview(image)
    view, turn = view_of_preview(preview, turn_of(image.turn))
    down, across = (new / old for new, old in zip(turn.frontal, turn_of(image.turn).frontal, strict=True))
    boxes = {
        place: Box(x0=box.x0 * across, y0=box.y0 * down, x1=box.x1 * across, y1=box.y1 * down)
        for place in LOCATIONS
        if (box := image.boxes.get(str(place))) is not None
    }
    return SeenImage(encoded=encoder.encode(view, regions=boxes), turn=turn)


def encode_preview(image: StoredImage, encoder: ImageEncoder) -> EncodedFile:
    """A stored image as a question: the pixels of its preview and nothing else that is stored of it.

    `image` of the result has the stored image's size, so that boxes and masks fit. Raises `InputError` for a volume,
    whose preview shows its projection alone.
    """
    if image.kind != "radiograph":
        raise InputError("search: expected a stored radiograph, got a volume whose file wasn't kept; ask with its file")
    preview = read_preview(image)
    view, turn = view_of_preview(preview, turn_of(image.turn))
    pixels = resize(preview.astype(np.float32), (image.height, image.width))
    picture = MedicalImage(
        pixels=pixels,
        window=(0.0, 255.0),
        spacing_mm=None,
        direction=None,
        origin=None,
        header=ImageHeader(),
        content_hash=content_hash(pixels),
    )
    return EncodedFile(image=picture, encoded=encoder.encode(view), turn=turn, model_version=encoder.version)


def read_preview(image: StoredImage) -> NDArray[np.uint8]:
    """The stored picture `(row, column)`, as it is shown to people."""
    return np.asarray(Image.open(io.BytesIO(image.preview)).convert("L"))


def view_of_preview(preview: NDArray[np.uint8], turn: FrontalMap) -> tuple[Array, FrontalMap]:
    """A preview of the stored image turned into its frontal view, in [0, 1], and how that lies on the stored pixels."""
    turned = preview.T if turn.transposed else preview
    turned = turned[:: -1 if turn.flip_rows else 1, :: -1 if turn.flip_columns else 1]
    scale = max(turned.shape) / max(turn.frontal)
    shape = (max(1, round(turn.frontal[0] * scale)), max(1, round(turn.frontal[1] * scale)))
    view = resize(turned.astype(np.float32) / 255.0, shape)
    return view, replace(turn, frontal=shape)


def lay_on_stored(cells: Array, inside: NDArray[np.bool_], seen: SeenImage) -> SideMap:
    """The part of a map `(n, n)` that a region covers, on the stored image."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    down, across = replace(seen.encoded.geometry, grid=len(cells)).cell_edges()
    box = Box(x0=float(across[left]), y0=float(down[top]), x1=float(across[right]), y1=float(down[bottom]))
    turn = seen.turn
    part = cells[top:bottom, left:right]
    part = part[:: -1 if turn.flip_rows else 1, :: -1 if turn.flip_columns else 1]
    return SideMap(box=turn.to_stored(box), cells=np.ascontiguousarray(part.T if turn.transposed else part))
