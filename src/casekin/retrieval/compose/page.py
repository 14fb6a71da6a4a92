"""A draft as one self-contained page: each citation leads to the case's crop and its exact sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment

from casekin.look import page_environment
from casekin.retrieval.compose.draft import Cite, Draft, DraftSection, DraftSentence
from casekin.retrieval.sheet.crop import Gray, Picture, inside, jpeg_uri, scaled, square_crop

_CROP_SIDE = 320
_FILM_SIDE = 480
_JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPicture:
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


def draft_html(draft: Draft, *, pictures: Mapping[int, CitedPicture], film: Gray | None = None) -> str:
    """The draft as HTML without scripts; `pictures` by image id. A cited image without one is shown by its sentence.

    The impression's citations lead to the evidence of the findings that it repeats. `film` is the question's own.
    """
    numbers = draft.case_numbers
    rows = list(dict.fromkeys(sentence.claim for sentence in draft.sentences))
    sections: dict[DraftSection, list[_Line]] = {}
    for sentence in draft.sentences:
        evidence = tuple(
            _Evidence(
                number=numbers[cite.case_id],
                anchor=f"s{rows.index(sentence.claim) + 1}c{numbers[cite.case_id]}",
                cite=cite,
                crop=_crop(cite, pictures) if sentence.section == "findings" else None,
            )
            for cite in sentence.cites
        )
        sections.setdefault(sentence.section, []).append(_Line(sentence=sentence, evidence=evidence))
    own = None if film is None else jpeg_uri(film, longest=_FILM_SIDE, quality=_JPEG_QUALITY)
    return _environment().get_template("draft.html.j2").render(draft=draft, sections=sections, film=own)


@cache
def _environment() -> Environment:
    environment = page_environment("casekin.retrieval.compose")
    environment.filters["place"] = lambda place: str(place).replace("_", " ")
    environment.filters["words"] = lambda text: str(text).replace("_", " ")
    return environment


def _crop(cite: Cite, pictures: Mapping[int, CitedPicture]) -> str | None:
    """The place in the case's picture as a data address."""
    shown = None if cite.image_id is None else pictures.get(cite.image_id)
    if shown is None or cite.box is None:
        return None
    zoom = shown.preview.shape[1] / shown.width
    box = inside(scaled(cite.box, (zoom, zoom)), shown.preview.shape)
    crop = square_crop(Picture(pixels=shown.preview, box=box))
    return None if crop is None else jpeg_uri(crop.pixels, longest=_CROP_SIDE, quality=_JPEG_QUALITY)
