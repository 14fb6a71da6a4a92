"""Crop and embed: the part of each stored picture that shows a place, encoded as if it were a whole image."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.anatomy import on_radiograph, parse_place
from casekin.evaluation.baselines import Entry, Question
from casekin.imaging.geometry import resize
from casekin.index import CaseIndex
from casekin.index.records import StoredImage
from casekin.models import ImageEncoder
from casekin.relevance.trec import ANYWHERE
from casekin.retrieval.encode import turn_of
from casekin.types import Box

_LEAST_SIDE = 8
"""Pixels of a crop's side: a smaller one shows nothing, and the case has none."""
Vectors = dict[str, NDArray[np.float32]]


def asked_places(questions: Sequence[Question]) -> tuple[str, ...]:
    """Places that are cropped, ascending; the whole image needs no crop."""
    return tuple(sorted({question.place for question in questions} - {ANYWHERE}))


def with_crops(
    archive: CaseIndex,
    entries: Sequence[Entry],
    *,
    images: Mapping[str, int],
    places: Sequence[str],
    encoder: ImageEncoder,
    folder: Path,
    stamp: str,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Entry, ...]:
    """The entries with a vector of the crop at each place, and of the whole image at `*`.

    A crop is the smallest box around the locations that show the place, as stored with the first image, cut from its
    preview. Crops of `folder` with the same `stamp` aren't encoded again; a case's are kept as soon as they are made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for done, entry in enumerate(entries, start=1):
        crops: Vectors = {} if entry.vector is None else {ANYWHERE: entry.vector}
        if entry.case_id in images:
            (image,) = archive.images([images[entry.case_id]])
            file = hashlib.sha256(entry.case_id.encode()).hexdigest()[:24]
            crops |= _kept(folder / f"{file}.npz", image, places, encoder, stamp)
        made.append(replace(entry, crops=crops))
        if progress is not None:
            progress(done * len(places), len(entries) * len(places))
    return tuple(made)


def _kept(path: Path, image: StoredImage, places: Sequence[str], encoder: ImageEncoder, stamp: str) -> Vectors:
    """Crops of a file of this stamp, else made and kept; the file has its name once it is whole."""
    if path.is_file():
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["stamp"]) == stamp:
                return {name: kept[name] for name in kept.files if name != "stamp"}
    crops = _encode_crops(image, places, encoder)
    partial = path.with_name(f".{path.stem}.partial.npz")
    np.savez(partial, allow_pickle=False, stamp=np.array(stamp), **crops)
    partial.replace(path)
    return crops


def _encode_crops(image: StoredImage, places: Sequence[str], encoder: ImageEncoder) -> Vectors:
    view = _view(image)
    rows, columns = view.shape
    height, width = turn_of(image.turn).frontal
    crops: Vectors = {}
    for place in places:
        box = _box(image, place)
        if box is None:
            continue
        x0, x1 = (round(x * columns / width) for x in (box.x0, box.x1))
        y0, y1 = (round(y * rows / height) for y in (box.y0, box.y1))
        cut = view[max(y0, 0) : y1, max(x0, 0) : x1]
        if min(cut.shape) >= _LEAST_SIDE:
            crops[place] = encoder.encode(cut).global_vector
    return crops


def _view(image: StoredImage) -> NDArray[np.float32]:
    """The preview turned as the frontal view is, float32 in [0, 1]; its pixels stay as large as stored."""
    with Image.open(io.BytesIO(image.preview)) as picture:
        shown = np.asarray(picture.convert("L"), dtype=np.float32) / np.float32(255)
    turn = turn_of(image.turn)
    shown = shown.T if turn.transposed else shown
    shown = shown[:: -1 if turn.flip_rows else 1, :: -1 if turn.flip_columns else 1]
    height, width = turn.frontal
    scale = max(shown.shape) / max(height, width)
    return resize(shown, (max(round(height * scale), 1), max(round(width * scale), 1)))


def _box(image: StoredImage, place: str) -> Box | None:
    """Around the stored boxes of the locations that show the place; None where there is none."""
    names = [str(location) for location in on_radiograph(parse_place(place))]
    boxes = [image.boxes[name] for name in names if name in image.boxes]
    return Box.around(boxes) if boxes else None
