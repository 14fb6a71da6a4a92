"""From a question that was understood to ranked cases: vectors and words, then what look-alikes' reports state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.index import CaseIndex, Rule, Term
from casekin.retrieval.counted import StatedFacts, count_stated, shown_presence
from casekin.retrieval.rank import RankedCase, make_terms, rank_cases
from casekin.retrieval.text import score_text
from casekin.retrieval.understand import Understood

LOOK_ALIKES = 100
"""Nearest cases by picture whose reports are counted; half as many or twice as many change little."""
_RULES: dict[str, Rule] = {"mean": "sum", "all_of": "all", "any_of": "any"}
"""How several places make one score; their shares sum to 1, so a sum is their mean."""


def ask_index(
    index: CaseIndex, asked: Understood, *, limit: int, among: NDArray[np.bool_] | None = None
) -> list[RankedCase]:
    """The `limit` best cases, best first; `among` narrows those allowed further (a mask over case numbers).

    Raises `InputError` where a place is asked that neither the image nor a liked case shows.
    """
    query, rule = asked.query, _RULES[asked.query.combine]
    share = asked.text_share
    shown = shown_presence(asked) if query.facts_weight > 0.0 and query.combine == "mean" else None
    ranked = rank_cases(
        index,
        terms=_terms(asked, weight=1.0 - share, rule=rule),
        rule=rule,
        text_scores=None if asked.scored is None else score_text(index, asked.scored, weight=share),
        free=asked.pointing.free,
        allowed=_both(asked.allowed, among),
        group_of_case=asked.groups,
        limit=limit if shown is None else max(limit, LOOK_ALIKES),
    )
    if shown is None:
        return ranked
    stated = StatedFacts.of(index, shown.findings).at([case.case_no for case in ranked], shown.locations)
    return count_stated(ranked, stated, shown, weight=query.facts_weight, limit=limit)


def _terms(asked: Understood, *, weight: float, rule: Rule) -> list[Term]:
    """Weighted query vectors; the weights of one question sum to 1 together with the text's."""
    if not asked.vectors:
        return []
    regions = asked.pointing.regions
    unseen = [str(region.place) for region in regions if str(region.place) not in asked.vectors]
    if unseen:
        raise InputError(f"search: expected an image or a liked case that shows {unseen[0]}, got none; name another")
    return make_terms(regions, asked.vectors, weight=weight, rule=rule, kind=asked.kind)


def _both(one: NDArray[np.bool_] | None, other: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
    return other if one is None else one if other is None else one & other
