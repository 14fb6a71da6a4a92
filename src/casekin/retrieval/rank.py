"""From query vectors and findings to ranked cases: exact scores, one case a patient, ties by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.index import CaseIndex, Catalog, Rule, Term, combine_parts
from casekin.index.records import GLOBAL, Kind
from casekin.retrieval.drawn import drawn_similarities
from casekin.retrieval.hit import ResolvedRegion
from casekin.retrieval.resolve import FreeRegion
from casekin.retrieval.text import TextScores

_FREE_CANDIDATES = 200
"""Images whose stored tokens are pooled under a drawn region; the nearest by the locations it covers."""
_DECIMALS = 6
"""Parts are rounded to this, far below any meaning, so that the same question gives the same bytes."""

_NO_PARTS = {"global": 0.0, "region": 0.0, "facts": 0.0, "text": 0.0}

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


def make_terms(
    regions: Sequence[ResolvedRegion],
    vectors: Mapping[str, NDArray[np.float32]],
    *,
    weight: float = 1.0,
    rule: Rule = "sum",
    kind: Kind = "radiograph",
) -> list[Term]:
    """Query vectors by region's name with weights that sum to `weight`, under `all` and `any` for each place asked.

    Where a region is asked, the whole image says nothing: any share of it lowered the measure (docs/log.md).
    """
    if not regions:
        return [Term(region=GLOBAL, vector=vectors[GLOBAL], weight=weight, kind=kind)]
    asked = list(dict.fromkeys(region.relaxed_from or region.place for region in regions))
    scale = weight if rule == "sum" else weight * len(asked)
    return [
        Term(
            region=str(region.place),
            vector=vectors[str(region.place)],
            weight=scale * region.weight,
            kind=kind,
            group=asked.index(region.relaxed_from or region.place),
        )
        for region in regions
    ]


def rank_cases(
    index: CaseIndex,
    *,
    terms: Sequence[Term],
    text_scores: TextScores | None,
    free: FreeRegion | None,
    allowed: NDArray[np.bool_] | None,
    group_of_case: NDArray[Any],
    limit: int,
    rule: Rule = "sum",
) -> list[RankedCase]:
    """The `limit` best cases, the best one of each group (a patient), best first, ties by case id.

    Named regions are exact over the whole index. For a drawn region the locations it covers choose candidates, which
    are scored on their own tokens under the same region. `allowed` is a mask over case numbers.
    """
    kind = terms[0].kind if terms else None
    words = None if text_scores is None else _Words.of(index, text_scores, allowed, kind)
    catalog = index.catalog()

    def ranked_by(*, exact: bool) -> list[RankedCase]:
        ranked: list[RankedCase] = []
        wanted = limit if free is None else max(limit, _FREE_CANDIDATES)
        for wave in index.nearest(terms, rule=rule, allowed_cases=allowed, wanted=wanted, exact=exact):
            image_ids, similarities = wave.image_ids, wave.parts
            if words is not None:
                image_ids = np.union1d(image_ids, words.image_ids)
                similarities = index.similarities(terms, image_ids)
            scores = _image_scores(terms, similarities, rule)
            if free is not None:
                image_ids, scores = _score_on_tokens(index, free, terms, image_ids, scores, words)
            ranked = _best_of_groups(catalog, image_ids, scores, words, group_of_case, limit)
            if len(ranked) >= limit and (free is not None or ranked[limit - 1].score >= wave.bound):
                break
        return ranked

    ranked = ranked_by(exact=False)
    if free is None and index.is_sampled(terms, allowed):
        index.note_recall(_recall(ranked, ranked_by(exact=True)))
    return ranked


def _recall(ranked: Sequence[RankedCase], exact: Sequence[RankedCase]) -> float:
    """The share of an exact list that a list holds, by score: of equal cases any will do."""
    last = exact[-1].score if exact else 0.0
    return sum(case.score >= last for case in ranked[: len(exact)]) / len(exact) if exact else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """Rounded text scores by case number `(cases,)`, the allowed cases that have any, and their images."""

    facts: NDArray[np.float64]
    text: NDArray[np.float64]
    case_numbers: NDArray[np.int64]
    image_ids: NDArray[np.int64]

    @classmethod
    def of(cls, index: CaseIndex, scores: TextScores, allowed: NDArray[np.bool_] | None, kind: Kind | None) -> _Words:
        """Where images of a `kind` are asked, images of others don't count, nor cases that have only such."""
        facts, text = np.round(scores.facts, _DECIMALS), np.round(scores.text, _DECIMALS)
        said = (facts != 0.0) | (text != 0.0)
        said = said if allowed is None else said & allowed
        case_of_image = index.catalog().case_of_image
        fits = np.ones(len(case_of_image), dtype=bool) if kind is None else index.is_of_kind(kind)
        if (others := case_of_image[~fits & (case_of_image > 0)]).size:
            said[np.setdiff1d(others, case_of_image[fits])] = False
        return cls(
            facts=facts,
            text=text,
            case_numbers=np.flatnonzero(said),
            image_ids=np.flatnonzero(said[case_of_image] & fits),
        )


def _image_scores(terms: Sequence[Term], parts: NDArray[np.float32], rule: Rule) -> Scores:
    """What the terms make of each image, under the name of the part of the score that it is."""
    return {"global" if terms and terms[0].region == GLOBAL else "region": combine_parts(parts, terms, rule)}


def _score_on_tokens(
    index: CaseIndex,
    free: FreeRegion,
    terms: Sequence[Term],
    image_ids: NDArray[np.int64],
    scores: Scores,
    words: _Words | None,
) -> tuple[NDArray[np.int64], Scores]:
    """Keep the nearest candidates and replace their region part by the similarity under the drawn region itself.

    An image's text score counts in choosing candidates, so that what fits both isn't left out.
    """
    kind = terms[0].kind
    weight = sum(term.weight for term in terms if term.region != GLOBAL)
    (totals,) = scores.values()
    if words is not None:
        cases = index.catalog().case_of_image[image_ids]
        totals = totals + (words.facts[cases] + words.text[cases])
    order = np.lexsort((image_ids, -totals))[:_FREE_CANDIDATES]
    chosen = image_ids[order]
    return chosen, {"region": weight * drawn_similarities(index, free, chosen, kind)}


def _best_of_groups(
    catalog: Catalog,
    image_ids: NDArray[np.int64],
    scores: Scores,
    words: _Words | None,
    group_of_case: NDArray[Any],
    limit: int,
) -> list[RankedCase]:
    """The best `limit` groups: one entry each, from its best case's best image, by score, then case id."""
    numbers, images = catalog.case_of_image[image_ids], image_ids
    parts = {name: values.round(_DECIMALS) for name, values in scores.items()}
    if words is not None:
        without_image = np.setdiff1d(words.case_numbers, numbers)
        numbers, images = np.concatenate([numbers, without_image]), np.append(images, np.full(len(without_image), -1))
        padding = np.zeros(len(without_image))
        parts = {name: np.concatenate([values, padding]) for name, values in parts.items()}
        parts |= {"facts": words.facts[numbers], "text": words.text[numbers]}
    totals = sum(parts.values(), start=np.zeros(len(numbers)))
    order = np.lexsort((images, catalog.id_rank[numbers], -totals))
    ordered = numbers[order]
    of_group: dict[Any, list[int]] = {}
    for place, group in enumerate(group_of_case[ordered].tolist()):
        if group in of_group:
            of_group[group].append(place)
        elif len(of_group) < limit:
            of_group[group] = [place]
    first = order[[places[0] for places in of_group.values()]]
    columns: list[NDArray[Any]] = [numbers, images, totals, *parts.values()]
    also = [dict.fromkeys(ordered[places[1:]].tolist()) if places[1:] else {} for places in of_group.values()]
    return [
        RankedCase(
            case_no=case_no,
            case_id=catalog.case_id(case_no),
            image_id=None if image_id < 0 else image_id,
            score=score,
            parts=_NO_PARTS | dict(zip(parts, own, strict=True)),
            also=tuple(catalog.case_id(other) for other in others if other != case_no),
        )
        for (case_no, image_id, score, *own), others in zip(
            zip(*(column[first].tolist() for column in columns), strict=True), also, strict=True
        )
    ]
