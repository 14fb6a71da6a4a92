"""From a question's weighted vectors to candidate images: ever longer lists with a bound on what they leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from casekin.index.records import Kind
from casekin.index.search.matrices import Matrices
from casekin.index.search.segments import GATHERED_SHARE, Segment

_FIRST_DEPTH = 32
"""Candidates at first; where lists of several terms must meet, four times as many."""
_SPARE = 2
"""Candidates for each case wanted, since a patient may have several."""
_ROUNDING = 1e-5
"""FAISS and our exact sums round differently; a bound is loosened by this much."""


Rule = Literal["sum", "all", "any"]
"""How the groups of a question's terms make a score: their sum, the worst of them, or the best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One weighted vector of a query: similarity to the vectors of `region` of the images of a kind; `weight` ≥ 0.

    Terms of one `group` add up (the zones that stand for a lobe); a `Rule` says what the groups make together.
    """

    region: str
    vector: NDArray[np.float32]
    weight: float
    kind: Kind = "radiograph"
    group: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Images nearest to the terms; every image left out scores at most `bound` in all.

    `parts` are the images' exact weighted similarities `(n, terms)`, 0 for a region that an image doesn't show.
    """

    image_ids: NDArray[np.int64]
    parts: NDArray[np.float32]
    bound: float


def list_nearest(
    terms: Sequence[Term], segments: Sequence[Segment], *, rule: Rule, allowed: NDArray[np.bool_] | None, total: int,
    wanted: int, exact: bool, matrices: Matrices,
) -> Iterator[Candidates]:  # fmt: skip
    """Ever longer candidate lists until nothing is left out: stop when the k-th best score reaches `bound`.

    A region that an image doesn't show counts 0 for it. `segments` are the terms' in their order, `allowed` is a mask
    over case numbers; image ids are below `total`. The first list is long enough for most answers of `wanted` cases.
    """
    depth = max(_FIRST_DEPTH, _SPARE * wanted)
    if _are_added_up(segments, allowed):
        return _list_by_score(terms, segments, rule=rule, allowed=allowed, total=total, depth=depth, matrices=matrices)
    return _list_by_terms(terms, segments, rule=rule, allowed=allowed, total=total, depth=depth, exact=exact)


def go_by_codes(segments: Sequence[Segment], allowed: NDArray[np.bool_] | None) -> bool:
    """Whether candidates are named by codes in any of the segments, so that an image may be missed."""
    return not _are_added_up(segments, allowed) and any(segment.goes_by_codes(allowed) for segment in segments)


def _are_added_up(segments: Sequence[Segment], allowed: NDArray[np.bool_] | None) -> bool:
    """Whether to score every image: of several terms it beats lists that have to meet, unless few cases are allowed."""
    if len(segments) < 2 or not all(segment.fits_matrices for segment in segments):
        return False
    return allowed is None or int(np.count_nonzero(allowed)) >= GATHERED_SHARE * len(allowed)


def _list_by_score(
    terms: Sequence[Term], segments: Sequence[Segment], *, rule: Rule, allowed: NDArray[np.bool_] | None, total: int,
    depth: int, matrices: Matrices,
) -> Iterator[Candidates]:  # fmt: skip
    """Lists of the images that score best, by a product of each term with all vectors of its region."""
    last = max(int(block.image_ids[-1]) for segment in segments for block in segment.blocks)
    total = max(total, last + 1)  # images that are gone may have had higher ids
    parts = np.zeros((len(terms), total), dtype=np.float32)
    is_listed = np.zeros(total, dtype=bool)
    for part, term, segment in zip(parts, terms, segments, strict=True):
        for block, rows in segment.listed(allowed):
            part[block.image_ids] = term.weight * term.vector @ matrices.of(block)[: len(term.vector)]
            is_listed[block.image_ids] = True if rows is None else rows
    everyone = np.flatnonzero(is_listed)
    scores = combine_parts(parts.take(everyone, axis=1).T, terms, rule)
    while depth < len(everyone):
        best = np.argpartition(scores, -depth)[-depth:]
        image_ids, bound = everyone[best], float(scores[best].min()) + _ROUNDING
        yield Candidates(image_ids=image_ids, parts=score_terms(terms, segments, image_ids), bound=bound)
        depth *= 4
    yield Candidates(image_ids=everyone, parts=score_terms(terms, segments, everyone), bound=-np.inf)


def _list_by_terms(
    terms: Sequence[Term], segments: Sequence[Segment], *, rule: Rule, allowed: NDArray[np.bool_] | None, total: int,
    depth: int, exact: bool,
) -> Iterator[Candidates]:  # fmt: skip
    """Lists of the images most similar to each term.

    That is the threshold algorithm of Fagin, Lotem and Naor (PODS 2001): an image that no term lists has at most each
    term's last listed similarity, and every rule grows with each of them, so stopping there is exact.
    """
    depth = max([depth, *(segment.least_depth for segment in segments)]) * (1 if len(terms) == 1 else 4)
    while True:
        listed = [
            segment.nearest(term.vector, depth, allowed, exact=exact)
            for term, segment in zip(terms, segments, strict=True)
        ]
        limits = [term.weight * max(limit, 0.0) for term, (_, _, limit) in zip(terms, listed, strict=True)]
        exhausted = all(limit == -np.inf for _, _, limit in listed)
        if len(terms) == 1:
            image_ids, similarities, _ = listed[0]
            parts, bound = terms[0].weight * similarities[:, None], limits[0]
        else:
            image_ids = np.unique(np.concatenate([np.zeros(0, np.int64), *(ids for ids, _, _ in listed)]))
            parts = score_terms(terms, segments, image_ids)
            bound = float(combine_parts(np.array([limits]), terms, rule)[0])
        yield Candidates(image_ids=image_ids, parts=parts, bound=-np.inf if exhausted else bound + _ROUNDING)
        if exhausted or depth >= total:
            return
        depth *= 4


def score_terms(
    terms: Sequence[Term], segments: Sequence[Segment], image_ids: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Exact weighted similarity of given images to each term `(n, terms)`; `segments` are the terms' in their order."""
    columns = [
        term.weight * segment.similarity(term.vector, image_ids) for term, segment in zip(terms, segments, strict=True)
    ]
    return np.stack(columns, axis=1) if columns else np.zeros((len(image_ids), 0), dtype=np.float32)


def combine_parts(parts: NDArray[np.floating[Any]], terms: Sequence[Term], rule: Rule) -> NDArray[np.float64]:
    """The scores `(n,)` that weighted similarities `(n, terms)` make under a rule."""
    columns: dict[int, list[int]] = {}
    for column, term in enumerate(terms):
        columns.setdefault(term.group, []).append(column)
    if len(columns) < 2:
        return np.asarray(parts.sum(axis=1, dtype=np.float64))
    sums = np.stack([parts[:, own].sum(axis=1, dtype=np.float64) for _, own in sorted(columns.items())])
    if rule == "sum":
        return np.asarray(sums.sum(axis=0))
    return np.asarray(sums.min(axis=0) if rule == "all" else sums.max(axis=0))
