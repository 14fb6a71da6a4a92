"""From query vectors and findings to ranked cases: exact scores, one case a patient, ties by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.index import CaseIndex, Term
from casekin.index.records import GLOBAL
from casekin.models import Geometry, describe, grid_weights, pool_tokens
from casekin.retrieval.resolve import FreeRegion, transfer_box
from casekin.retrieval.text import TextScore
from casekin.retrieval.tokens import unpack_tokens

_FREE_CANDIDATES = 200
"""Images whose stored tokens are pooled under a drawn region; the nearest by the locations it covers."""
_DECIMALS = 6
"""Parts are rounded to this, far below any meaning, so that the same question gives the same bytes."""
_NO_TEXT = TextScore(facts=0.0, text=0.0)

Scores = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedCase:
    """A case with its best image and the parts of its score; `also` are more cases of the same patient, best first."""

    case_no: int
    case_id: str
    image_id: int | None
    score: float
    parts: Mapping[str, float]
    also: tuple[str, ...] = ()


def rank_cases(
    index: CaseIndex,
    *,
    terms: Sequence[Term],
    text_scores: Mapping[int, TextScore],
    free: FreeRegion | None,
    allowed: NDArray[np.bool_] | None,
    group_of_case: NDArray[Any],
    limit: int,
) -> list[RankedCase]:
    """The `limit` best cases, the best one of each group (a patient), best first, ties by case id.

    Named regions are exact over the whole index. For a drawn region the locations it covers choose candidates, which
    are scored on their own tokens under the same region. `allowed` is a mask over case numbers.
    """
    kept = {no: score for no, score in text_scores.items() if allowed is None or allowed[no]}
    text_images = _images_of(index, list(kept))
    ranked: list[RankedCase] = []
    for wave in index.nearest(terms, allowed_cases=allowed):
        image_ids = np.union1d(wave.image_ids, text_images)
        scores = _image_scores(terms, index.similarities(terms, image_ids))
        if free is not None:
            words = _text_of_images(index, image_ids, kept)
            image_ids, scores = _score_on_tokens(index, free, terms, image_ids, scores, words)
        ranked = _best_of_groups(index, image_ids, scores, kept, group_of_case)
        settled = len(ranked) >= limit and (free is not None or ranked[limit - 1].score >= wave.bound)
        if settled:
            break
    return ranked[:limit]


def _images_of(index: CaseIndex, case_numbers: Sequence[int]) -> NDArray[np.int64]:
    return np.flatnonzero(np.isin(index.catalog().case_of_image, case_numbers)).astype(np.int64)


def _text_of_images(
    index: CaseIndex, image_ids: NDArray[np.int64], text_scores: Mapping[int, TextScore]
) -> NDArray[np.float64]:
    cases = (int(case_no) for case_no in index.catalog().case_of_image[image_ids])
    found = (text_scores.get(case_no, _NO_TEXT) for case_no in cases)
    return np.array([score.facts + score.text for score in found], dtype=np.float64)


def _image_scores(terms: Sequence[Term], parts: NDArray[np.float32]) -> Scores:
    is_global = np.array([term.region == GLOBAL for term in terms], dtype=bool)
    exact = parts.astype(np.float64)
    return {"global": exact[:, is_global].sum(axis=1), "region": exact[:, ~is_global].sum(axis=1)}


def _score_on_tokens(
    index: CaseIndex,
    free: FreeRegion,
    terms: Sequence[Term],
    image_ids: NDArray[np.int64],
    scores: Scores,
    words: NDArray[np.float64],
) -> tuple[NDArray[np.int64], Scores]:
    """Keep the nearest candidates and replace their region part by the similarity under the drawn region itself.

    `words` is each image's text score: it counts in choosing candidates, so that what fits both isn't left out.
    """
    weight = sum(term.weight for term in terms if term.region != GLOBAL)
    order = np.lexsort((image_ids, -(scores["global"] + scores["region"] + words)))[:_FREE_CANDIDATES]
    region = np.zeros(len(order))
    for row, image in enumerate(index.images(image_ids[order])):
        anchor = image.boxes.get(str(free.anchor))
        if anchor is None:
            continue
        height, width = image.turn["frontal"]
        tokens = unpack_tokens(image.tokens)
        geometry = Geometry(height=height, width=width, input_size=len(tokens), grid=len(tokens))
        box = transfer_box(free, anchor).clipped(width=width, height=height)
        if box is not None:
            vector = describe(pool_tokens(tokens, grid_weights(geometry, box), free.center), free.evidence)
            region[row] = weight * float(np.einsum("d,d->", vector, free.vector))
    return image_ids[order], {"global": scores["global"][order], "region": region}


def _best_of_groups(
    index: CaseIndex,
    image_ids: NDArray[np.int64],
    scores: Scores,
    text_scores: Mapping[int, TextScore],
    group_of_case: NDArray[Any],
) -> list[RankedCase]:
    """One entry a group, from its best case's best image, sorted by score, then case id."""
    catalog = index.catalog()
    images = [(int(i), int(catalog.case_of_image[i])) for i in image_ids]
    seen = {case_no for _, case_no in images}
    rows = [(case_no, image_id, row) for row, (image_id, case_no) in enumerate(images)]
    rows += [(case_no, None, None) for case_no in sorted(text_scores) if case_no not in seen]  # type: ignore[misc]
    cases = []
    for case_no, image_id, row in rows:
        words = text_scores.get(case_no, _NO_TEXT)
        parts = {
            "global": 0.0 if row is None else round(float(scores["global"][row]), _DECIMALS),
            "region": 0.0 if row is None else round(float(scores["region"][row]), _DECIMALS),
            "facts": round(words.facts, _DECIMALS),
            "text": round(words.text, _DECIMALS),
        }
        case_id = str(catalog.case_id_of_case[case_no])
        cases.append(
            RankedCase(case_no=case_no, case_id=case_id, image_id=image_id, score=sum(parts.values()), parts=parts)
        )
    cases.sort(key=lambda case: (-case.score, case.case_id))
    groups: dict[Any, list[RankedCase]] = {}
    for case in cases:
        groups.setdefault(group_of_case[case.case_no], []).append(case)
    return [_with_others(members) for members in groups.values()]


def _with_others(members: Sequence[RankedCase]) -> RankedCase:
    best = members[0]
    also = dict.fromkeys(case.case_id for case in members[1:] if case.case_id != best.case_id)
    return RankedCase(
        case_no=best.case_no,
        case_id=best.case_id,
        image_id=best.image_id,
        score=best.score,
        parts=best.parts,
        also=tuple(also),
    )
