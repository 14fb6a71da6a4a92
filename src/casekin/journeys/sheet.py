"""The evidence of an answer as a page and a picture."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.imaging import display_uint8, read_image
from casekin.index import CaseIndex
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.sheet.page import evidence_html, evidence_png


def write_evidence(
    index: CaseIndex, answer: SearchAnswer, *, image: Path | None, html: Path | None = None, png: Path | None = None
) -> None:
    """Write the evidence sheet of an answer as HTML and/or PNG; `image` is the query's. Raises `ImageError`."""
    record = answer.as_record()
    pictures = _previews(index, answer)
    query_picture = None if image is None else display_uint8(read_image(image))
    if html is not None:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(evidence_html(record, pictures=pictures, query_picture=query_picture), encoding="utf-8")
    if png is not None:
        png.parent.mkdir(parents=True, exist_ok=True)
        png.write_bytes(evidence_png(record, pictures=pictures, query_picture=query_picture))


def _previews(index: CaseIndex, answer: SearchAnswer) -> dict[str, NDArray[np.uint8]]:
    case_ids = {hit.image_id: hit.case_id for hit in answer.hits if hit.image_id is not None}
    pictures: dict[str, Any] = {}
    for image in index.images(case_ids):
        pictures[case_ids[image.image_id]] = np.asarray(Image.open(io.BytesIO(image.preview)).convert("L"))
    return pictures
