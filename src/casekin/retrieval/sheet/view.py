"""What an evidence sheet says, worked out once for page and picture: words, shares, crops, emphasised sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from casekin.retrieval.sheet.crop import Gray, Heat, Picture, inside, scaled, square_crop
from casekin.retrieval.sheet.parts import Card, Chip, Pair, Part, Seen, SheetView, Statement, Tone
from casekin.retrieval.sheet.words import case_words, emphasised, finding_words, place_words, question_words
from casekin.types import Box

PART_NAMES = ("global", "region", "facts", "text")
_SEEN_INSIDE = 0.25
"""Least chance that cells of both regions show a finding, below which it is said to be seen beside the region."""
_VERDICTS: dict[str, tuple[str, Tone]] = {
    "answered": ("answered", "good"),
    "low_confidence": ("low confidence", "caution"),
    "out_of_distribution": ("unlike anything in the archive", "bad"),
    "no_comparable_case": ("no comparable case", "caution"),
}


def view_of(
    answer: Mapping[str, Any],
    *,
    pictures: Mapping[str, Gray],
    query_picture: Gray | None,
    query_mask: npt.NDArray[np.bool_] | None = None,
) -> SheetView:
    """Work out the sheet of a search answer, whose hits may be evidence cards (`retrieval.explain.cards`).

    Boxes of hits are in stored pixels and scaled to their pictures; `query_mask` is what was drawn on the query's.
    """
    query, hits = answer["query"], answer["hits"]
    region = _main_region(query)
    picture = None
    if query_picture is not None:
        drawn = query.get("box") or (None if region is None else region.get("box"))
        box = inside(_box(drawn), query_picture.shape)
        picture = Picture(pixels=query_picture, box=box, mask=query_mask)
    verdict, tone = _VERDICTS.get(answer["verdict"], (str(answer["verdict"]).replace("_", " "), "plain"))
    full = max((_positive(hit["parts"]) for hit in hits), default=0.0) or 1.0
    return SheetView(
        question=tuple(question_words(query)),
        verdict=verdict,
        tone=tone,
        reason=str(answer.get("verdict_reason") or "").replace("_", " "),
        versions=tuple(
            (name, str(answer[key]))
            for name, key in (("index", "index_version"), ("model", "model_version"))
            if answer.get(key)
        ),
        picture=picture,
        region="" if region is None else place_words(region),
        cards=tuple(_card(hit, pictures.get(hit["case_id"]), picture, full) for hit in hits),
    )


def _main_region(query: Mapping[str, Any]) -> Mapping[str, Any] | None:
    regions: Sequence[Mapping[str, Any]] = query.get("resolved_regions") or ()
    return max(regions, key=lambda region: float(region.get("weight") or 0.0), default=None)


def _card(hit: Mapping[str, Any], pixels: Gray | None, query: Picture | None, full: float) -> Card:
    region = hit.get("region")
    whole = None if pixels is None else Picture(pixels=pixels, box=_hit_box(hit, region, pixels))
    pairs = [_pair(record, hit, pixels, query) for record in hit.get("pairs") or ()]
    if not pairs and whole is not None and whole.box is not None and region is not None:
        pairs = [Pair(region=place_words(region), query=square_crop(query), hit=square_crop(whole), note="")]
    matched, denied = [_without(fact, "by") for fact in hit.get("matched") or ()], list(hit.get("denied") or ())
    differs = hit.get("differs") or ()
    return Card(
        rank=int(hit["rank"]),
        case_id=str(hit["case_id"]),
        meta=" · ".join(filter(None, (case_words(hit.get("case") or {}), _wider(hit)))),
        score=float(hit["score"]),
        confidence=hit.get("confidence"),
        parts=tuple(
            Part(name=name, value=float(value), percent=round(max(0.0, 100.0 * float(value) / full), 2))
            for name in PART_NAMES
            if (value := hit["parts"].get(name, 0.0))
        ),
        region="" if region is None else place_words(region),
        pairs=tuple(pairs),
        whole=whole,
        matched=statements_of(matched),
        denied=statements_of(denied),
        evidence=statements_of([fact for fact in hit.get("evidence") or () if fact not in [*matched, *denied]]),
        contradictions=statements_of(hit.get("contradictions") or ()),
        by_image_alone=not any(hit["parts"].get(name) for name in ("facts", "text")),
        only_in_query=tuple(_chip(fact) for fact in differs if fact.get("in") != "case"),
        only_in_case=tuple(_chip(fact) for fact in differs if fact.get("in") == "case"),
        excerpt=tuple(str(sentence) for sentence in hit.get("excerpt") or ()),
        also=len(hit.get("also") or ()),
    )


def _wider(hit: Mapping[str, Any]) -> str:
    """Where a hit was found that nothing at the place asked for would have listed."""
    asked = hit.get("relaxed_from")
    return f"found at a wider place than {str(asked).replace('_', ' ')}" if asked else ""


def _pair(record: Mapping[str, Any], hit: Mapping[str, Any], pixels: Gray | None, query: Picture | None) -> Pair:
    asked, found, shown = record["query_region"], record["hit_region"], record["map"] or {}
    mine = theirs = None
    if query is not None:
        box = inside(_box(asked["box"]), query.pixels.shape)
        mask = query.mask if asked["source"] == "mask" else None
        mine = Picture(pixels=query.pixels, box=box, mask=mask, heat=_heat(shown.get("query"), (1.0, 1.0)))
    if pixels is not None:
        heat = _heat(shown.get("hit"), _zoom(hit, pixels))
        theirs = Picture(pixels=pixels, box=_hit_box(hit, found, pixels), heat=heat)
    note = record["map_reason"] or ("" if asked["source"] else "where the whole images are most alike")
    return Pair(
        region=place_words(asked),
        query=square_crop(mine),
        hit=square_crop(theirs),
        note=note,
        both=_seen([one for one in record["both_show"] if one["match"] >= _SEEN_INSIDE]),
        beside=_seen([one for one in record["both_show"] if one["match"] < _SEEN_INSIDE]),
        only_query=_seen(record["only_query_shows"]),
        only_hit=_seen(record["only_hit_shows"]),
    )


def _heat(side: Mapping[str, Any] | None, zoom: tuple[float, float]) -> Heat | None:
    if side is None:
        return None
    box = _box(side["box"])
    assert box is not None  # a map has a place
    return Heat(cells=np.array(side["cells"], dtype=np.float32), box=scaled(box, zoom))


def _seen(records: Sequence[Mapping[str, Any]]) -> tuple[Seen, ...]:
    return tuple(Seen(finding=finding_words(one["finding"]), query=one["query"], hit=one["hit"]) for one in records)


def _without(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != name}


def _positive(parts: Mapping[str, float]) -> float:
    """What a hit's bar is as long as; the longest bar fills its track, and negative parts are in the numbers alone."""
    return sum(max(0.0, float(value)) for value in parts.values())


def _hit_box(hit: Mapping[str, Any], region: Mapping[str, Any] | None, pixels: Gray) -> Box | None:
    """A region of the hit in pixels of its preview."""
    box = _box((region or {}).get("box"))
    return None if box is None or not hit.get("image") else inside(scaled(box, _zoom(hit, pixels)), pixels.shape)


def _zoom(hit: Mapping[str, Any], pixels: Gray) -> tuple[float, float]:
    """Pixels of the preview that one of the stored image takes, across and down."""
    size = hit["image"]
    return pixels.shape[1] / float(size["width"]), pixels.shape[0] / float(size["height"])


def statements_of(facts: Sequence[Mapping[str, Any]]) -> tuple[Statement, ...]:
    """Facts grouped by the sentence that states them, in the order of their first fact."""
    by_sentence: dict[str, list[Mapping[str, Any]]] = {}
    for fact in facts:
        by_sentence.setdefault(" ".join(str(fact.get("sentence") or "").split()), []).append(fact)
    return tuple(
        Statement(
            chips=tuple(dict.fromkeys(_chip(fact) for fact in stated)),
            quote=emphasised(sentence, list(dict.fromkeys(str(fact["finding"]) for fact in stated))),
        )
        for sentence, stated in by_sentence.items()
    )


def _chip(fact: Mapping[str, Any]) -> Chip:
    return Chip(
        finding=finding_words(str(fact["finding"])),
        place=place_words(fact),
        polarity=str(fact["polarity"]),
        severity=fact.get("severity"),
    )


def _box(values: Sequence[float] | None) -> Box | None:
    return None if not values else Box.from_list(values)
