"""The evidence of an answer: a card for each hit, and the sheet that shows them as a page and a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.imaging import display_uint8
from casekin.index import CaseIndex
from casekin.models import ImageEncoder
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.encode import EncodedFile
from casekin.retrieval.explain.cards import make_cards
from casekin.retrieval.explain.pairs import Pointed
from casekin.retrieval.explain.seen import read_preview
from casekin.retrieval.sheet.page import evidence_html, evidence_png


def write_evidence(
    index: CaseIndex,
    answer: SearchAnswer,
    *,
    asked: EncodedFile | None = None,
    mask: NDArray[np.bool_] | None = None,
    encoder: ImageEncoder | None = None,
    html: Path | None = None,
    png: Path | None = None,
    cards: Path | None = None,
) -> None:
    """Write the evidence sheet of an answer as HTML and/or PNG, and/or each hit's card into the folder `cards`.

    `asked` is the question's image as `encode_query` gave it, `mask` what was drawn on it; `encoder` makes the pair
    maps, which need the model that the image was encoded with. A card is three files, `hit-001.json`, `.html`, `.png`.
    """
    record = evidence_record(index, answer, asked=asked, mask=mask, encoder=encoder)
    made = record["hits"]
    shown = {
        "pictures": _previews(index, answer),
        "query_picture": None if asked is None else display_uint8(asked.image),
        "query_mask": mask,
    }
    _write(record, shown, html=html, png=png)
    if cards is not None:
        for card in made:
            _write_card(record, card, shown, cards / f"hit-{card['rank']:03d}")


def evidence_record(
    index: CaseIndex,
    answer: SearchAnswer,
    *,
    asked: EncodedFile | None = None,
    mask: NDArray[np.bool_] | None = None,
    encoder: ImageEncoder | None = None,
) -> dict[str, Any]:
    """The answer's JSON form with a card in place of each hit: the pairs of regions, their maps, what matches."""
    pointed = None
    if asked is not None:
        pointed = Pointed(file=asked, regions=answer.resolved_regions, mask=mask, encoder=encoder)
    return {**answer.as_record(), "hits": [card.as_record() for card in make_cards(index, answer, pointed)]}


def _write_card(record: Mapping[str, Any], card: Mapping[str, Any], shown: Mapping[str, Any], path: Path) -> None:
    """One hit's card as three files beside each other, `path` without their endings."""
    _write({**record, "hits": [card]}, shown, html=path.with_suffix(".html"), png=path.with_suffix(".png"))
    kept = ("query", "verdict", "verdict_reason", "promise", "checks", "index_version", "model_version")
    text = json.dumps({**{name: record[name] for name in kept}, "hit": card}, ensure_ascii=False, sort_keys=True)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def _write(record: Mapping[str, Any], shown: Mapping[str, Any], *, html: Path | None, png: Path | None) -> None:
    if html is not None:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(evidence_html(record, **shown), encoding="utf-8")
    if png is not None:
        png.parent.mkdir(parents=True, exist_ok=True)
        png.write_bytes(evidence_png(record, **shown))


def _previews(index: CaseIndex, answer: SearchAnswer) -> dict[str, NDArray[np.uint8]]:
    case_ids = {hit.image_id: hit.case_id for hit in answer.hits if hit.image_id is not None}
    return {case_ids[image.image_id]: read_preview(image) for image in index.images(case_ids)}
