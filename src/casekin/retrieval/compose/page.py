"""A draft as one self-contained page: each citation leads to the case's crop and its exact sentence."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from jinja2 import Environment
from PIL import Image

from casekin.look import page_environment
from casekin.retrieval.compose.draft import Cite, Draft, DraftSection, DraftSentence
from casekin.retrieval.sheet.crop import Gray, Picture, square_crop
from casekin.types import Box

_CROP_SIDE = 320
_FILM_SIDE = 480
_JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cited case's picture: its uint8 `preview`, which may be smaller than the stored image of `width` pixels."""

    preview: Gray
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """A citation as the page shows it; `number` is the case's, `anchor` that of the claim's evidence in it."""

    number: int
    anchor: str
    cite: Cite
    crop: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    sentence: DraftSentence
    evidence: tuple[_Evidence, ...]


def draft_html(draft: Draft, *, pictures: Mapping[int, Shown], film: Gray | None = None) -> str:
    """The draft as HTML without scripts; `pictures` by image id. A cited image without one is shown by its sentence.

    The impression's citations lead to the evidence of the findings that it repeats. `film` is the question's own.
    """
    cases = list(dict.fromkeys(cite.case_id for sentence in draft.sentences for cite in sentence.cites))
    rows = list(dict.fromkeys(sentence.claim for sentence in draft.sentences))
    sections: dict[DraftSection, list[_Line]] = {}
    for sentence in draft.sentences:
        evidence = tuple(
            _Evidence(
                number=cases.index(cite.case_id) + 1,
                anchor=f"s{rows.index(sentence.claim) + 1}c{cases.index(cite.case_id) + 1}",
                cite=cite,
                crop=_crop(cite, pictures) if sentence.section == "findings" else None,
            )
            for cite in sentence.cites
        )
        sections.setdefault(sentence.section, []).append(_Line(sentence=sentence, evidence=evidence))
    return (
        _environment()
        .get_template("draft.html.j2")
        .render(draft=draft, sections=sections, film=None if film is None else _data_uri(film, _FILM_SIDE))
    )


@cache
def _environment() -> Environment:
    environment = page_environment("casekin.retrieval.compose")
    environment.filters["place"] = lambda place: str(place).replace("_", " ")
    environment.filters["words"] = lambda text: str(text).replace("_", " ")
    return environment


def _crop(cite: Cite, pictures: Mapping[int, Shown]) -> str | None:
    """The place in the case's picture as a data address."""
    shown = None if cite.image_id is None else pictures.get(cite.image_id)
    if shown is None or cite.box is None:
        return None
    zoom = shown.preview.shape[1] / shown.width
    rows, columns = shown.preview.shape
    box = Box(x0=cite.box.x0 * zoom, y0=cite.box.y0 * zoom, x1=cite.box.x1 * zoom, y1=cite.box.y1 * zoom)
    crop = square_crop(Picture(pixels=shown.preview, box=box.clipped(width=columns, height=rows)))
    return None if crop is None else _data_uri(crop.pixels, _CROP_SIDE)


def _data_uri(pixels: Gray, longest: int) -> str:
    image = Image.fromarray(np.ascontiguousarray(pixels))
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=_JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(packed.getvalue()).decode("ascii")
