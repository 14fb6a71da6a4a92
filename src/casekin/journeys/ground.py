"""ground: where in an image the phrases of a person or the sentences of a report are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casekin.errors import InputError, ModelError
from casekin.imaging import FrontalMap, display_uint8
from casekin.models import EncodedImage, Geometry, ImageEncoder
from casekin.models.geometry import Array
from casekin.models.grounding import EvidenceMaps, GroundedPhrase, ReadPhrase, ground_phrase
from casekin.models.phrase import Asked, read_phrase
from casekin.reports import SILENT_SECTIONS, read_report
from casekin.retrieval.encode import EncodedFile, encode_file
from casekin.types import Box

SCALE = "2 p - 1, p the probability that a pixel shows what the phrase says: 1 certain, 0 even odds, -1 certain not"
MOST_PHRASES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPhrase:
    """A phrase on the stored image: `heat` `(rows, columns)` float32 in [-1, 1] by pixel, and its brightest spot.

    `peak` is x, y of the spot's centre. `box` surrounds the pixels above 0 that hang together with it, None where
    the spot itself isn't above 0: the phrase is then not seen in the image.
    """

    grounded: GroundedPhrase
    heat: Array
    peak: tuple[float, float]
    box: Box | None

    def as_record(self) -> dict[str, Any]:
        """The JSON form, without the map itself."""
        grounded = self.grounded
        return {
            "phrase": grounded.condition.text,
            "asked": [_asked_record(asked) for asked in grounded.condition.asked],
            "unseen": list(grounded.unseen),
            "value": float(self.heat.max()),
            "peak": list(self.peak),
            "box": None if self.box is None else self.box.as_list(),
            "words": [
                {"word": word.word, "span": [word.start, word.end], "share": word.share} for word in grounded.words
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounding:
    """Phrases on one image, whose displayed pixels are `picture` `(rows, columns)` uint8."""

    image: str
    picture: NDArray[np.uint8]
    phrases: tuple[ShownPhrase, ...]
    model_version: str

    def maps(self) -> Array:
        """All maps `(phrases, rows, columns)`."""
        return np.stack([phrase.heat for phrase in self.phrases])

    def as_record(self) -> dict[str, Any]:
        """The JSON form."""
        rows, columns = self.picture.shape
        return {
            "image": self.image,
            "width": columns,
            "height": rows,
            "scale": SCALE,
            "model_version": self.model_version,
            "phrases": [phrase.as_record() for phrase in self.phrases],
        }


def ground_phrases(
    image: Path, texts: Sequence[str], *, encoder: ImageEncoder, read: ReadPhrase = read_phrase
) -> Grounding:
    """Where each phrase is in the image: encode once, then a map for each.

    Raises:
        InputError: no phrase, or more than 64.
        ImageError: the image can't be read.
        ModelError: the encoder keeps no maps of evidence.
    """
    if not 0 < len(texts) <= MOST_PHRASES:
        raise InputError(f"ground: expected 1 to {MOST_PHRASES} phrases, got {len(texts)}; ask for fewer")
    file = encode_file(image, encoder)
    evidence = evidence_of(file.encoded)
    return Grounding(
        image=image.name,
        picture=display_uint8(file.image),
        phrases=tuple(_shown(ground_phrase(text, evidence, read=read), file) for text in texts),
        model_version=encoder.version,
    )


def report_phrases(report: str) -> tuple[str, ...]:
    """The sentences of a report that speak of this image, each once, in its order: those that ask for anything."""
    sentences = [each.text for each in read_report(report).sentences if each.section not in SILENT_SECTIONS]
    return tuple(text for text in dict.fromkeys(sentences) if read_phrase(text).asked)


def evidence_of(encoded: EncodedImage) -> EvidenceMaps:
    """The evidence maps that an encoder gave. ModelError where it gives none."""
    findings = encoded.form.findings
    if not findings:
        raise ModelError("ground: this model keeps no maps of findings; choose one that was trained with evidence")
    return EvidenceMaps(findings=findings, logits=encoded.evidence_maps, places=encoded.weights)


def heat_on_image(heat: Array, geometry: Geometry, turn: FrontalMap) -> Array:
    """A map over the encoder's square `(n, n)` as pixels of the stored image: bilinear between the cells' centres."""
    rows, columns = (turn.stored[1], turn.stored[0]) if turn.transposed else turn.stored
    cell = geometry.input_size / len(heat)
    down = (np.arange(rows) + 0.5) * (geometry.height / rows) * geometry.scale_y + geometry.offset_y
    across = (np.arange(columns) + 0.5) * (geometry.width / columns) * geometry.scale_x + geometry.offset_x
    grid = np.meshgrid(down / cell - 0.5, across / cell - 0.5, indexing="ij")
    turned = ndimage.map_coordinates(heat, grid, order=1, mode="nearest")
    turned = turned[:: -1 if turn.flip_rows else 1, :: -1 if turn.flip_columns else 1]
    return np.ascontiguousarray(turned.T if turn.transposed else turned, dtype=np.float32)


def _shown(grounded: GroundedPhrase, file: EncodedFile) -> ShownPhrase:
    heat = heat_on_image(grounded.heat, file.encoded.geometry, file.turn)
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    return ShownPhrase(
        grounded=grounded,
        heat=heat,
        peak=(float(column) + 0.5, float(row) + 0.5),
        box=_box_around(heat, int(row), int(column)),
    )


def _box_around(heat: Array, row: int, column: int) -> Box | None:
    if heat[row, column] <= 0:
        return None
    parts, _ = ndimage.label(heat > 0)
    rows, columns = np.nonzero(parts == parts[row, column])
    return Box(x0=float(columns.min()), y0=float(rows.min()), x1=float(columns.max() + 1), y1=float(rows.max() + 1))


def _asked_record(asked: Asked) -> dict[str, Any]:
    return {
        "finding": asked.finding,
        "polarity": asked.polarity,
        "places": {str(place): weight for place, weight in asked.places.items()},
        "placed": asked.placed,
        "source": asked.source,
    }
