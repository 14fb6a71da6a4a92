"""The order of a report: FINDINGS by anatomy, what is there before what isn't; IMPRESSION by weight and certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from casekin.anatomy.tree import parents
from casekin.findings import FINDINGS
from casekin.retrieval.compose.draft import NORMAL, DraftSentence
from casekin.types import Place

_MOST_IMPRESSIONS = 6
_GROUPS = (
    ("lung", "airways"),
    ("pleura", "pleural_space", "costophrenic_angle"),
    ("cardiac_silhouette",),
    ("mediastinum",),
    ("diaphragm", "abdomen"),
    ("bones", "chest_wall"),
)
"""In reading order; a place belongs where the nearest of its wholes stands."""
_RANKS = {name: rank for rank, names in enumerate(_GROUPS) for name in names}
_WHOLE = Place(anatomy="thorax")


def arrange_findings(sentences: Sequence[DraftSentence]) -> tuple[DraftSentence, ...]:
    """Sentences by anatomy, devices last; at each the present first, then normal places, then denials."""
    return tuple(sorted(sentences, key=_place_in_findings))


def arrange_impression(sentences: Sequence[tuple[DraftSentence, str]]) -> tuple[DraftSentence, ...]:
    """The present findings in their brief wording, the surest first; without any, a chest that is called normal.

    Devices are no impression.
    """
    brief = [replace(sentence, section="impression", text=text) for sentence, text in sentences]
    present = [each for each in brief if each.claim.is_finding and FINDINGS[each.claim.finding].kind == "finding"]
    whole = [each for each in brief if each.claim.finding == NORMAL and each.claim.place == _WHOLE]
    ordered = sorted(present or whole, key=lambda each: (-each.support.p, *_place_in_findings(each)))
    return tuple(ordered[:_MOST_IMPRESSIONS])


def _place_in_findings(sentence: DraftSentence) -> tuple[int, int, float, str, str, str]:
    claim = sentence.claim
    kind = 0 if claim.is_finding else 1 if claim.finding == NORMAL else 2
    device = FINDINGS[claim.finding].kind == "device"
    group = len(_GROUPS) + 1 if device else _group(claim.anatomy)
    return group, kind, -sentence.support.p, claim.finding, claim.anatomy, claim.side or ""


@lru_cache(maxsize=1024)
def _group(anatomy: str) -> int:
    place = Place(anatomy=anatomy)
    return next((_RANKS[each.anatomy] for each in (place, *parents(place)) if each.anatomy in _RANKS), len(_GROUPS))
