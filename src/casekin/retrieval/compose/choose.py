"""What a draft says: present, absent or normal where the support is enough, and nothing that contradicts another."""

from __future__ import annotations

from collections.abc import Sequence

from casekin.anatomy import is_part_of, overlaps
from casekin.findings import FINDINGS, is_a
from casekin.retrieval.compose.claims import denies
from casekin.retrieval.compose.draft import NORMAL, Claim, Struck
from casekin.retrieval.compose.support import Judged

PRESENT_FLOOR = 0.4
"""Least probability of a finding that is stated."""
SECOND_SIDE = 0.8
"""The same for the weaker side of a finding on both, whose picture is often the stronger side's, and for another place
of a device, which is most often one."""
LEAST_CASES = 2
"""Cases that have to state a finding: one alone is an anecdote."""
ABSENT_FLOOR = 0.85
"""Least probability that a finding that is denied, or any at a place that is called normal, isn't there."""
CUSTOM = 0.1
"""Share of the similar cases that put a denial or a normal place into words; what is rarely said isn't missed."""
NEWS = 0.8
"""Of an ordinary picture's risk that a denial is false, the most that this one may have: where the encoder can't see a
finding, no picture lowers it, and denying it would only repeat how rare it is."""
FLOORS = {
    "present": PRESENT_FLOOR,
    "second_side": SECOND_SIDE,
    "absent": ABSENT_FLOOR,
    "custom": CUSTOM,
    "cases": LEAST_CASES,
    "news": NEWS,
}
"""All of them, for a draft's recipe."""
_NEARLY = 0.15
_LIKELY = 0.5
"""A finding, and a denial, at least this likely that isn't stated is listed as struck."""


def choose_claims(judged: Sequence[Judged]) -> tuple[tuple[Judged, ...], tuple[Struck, ...]]:
    """The claims to state, the most probable first, and what was near but isn't stated.

    Of two claims of which one says the other, or one denies the other, the better supported stays.
    """
    chosen: list[Judged] = []
    struck: list[Struck] = []
    for each in sorted(judged, key=lambda one: (-one.support.p, *_key(one.claim))):
        if not each.claim.is_finding and each.stated.evidence.share < CUSTOM:
            continue
        if any(_says_more(other.claim, each.claim) for other in chosen):
            continue
        reason = _short(each, chosen) or _contradicted(each.claim, chosen)
        if reason is None:
            chosen.append(each)
        elif each.support.p >= (_NEARLY if each.claim.is_finding else _LIKELY):
            struck.append(Struck(text=in_words(each.claim), reason=reason))
    return tuple(each for each in chosen if not _is_covered(each.claim, chosen)), tuple(struck)


def in_words(claim: Claim) -> str:
    """A claim in a few words: `no pleural effusion: pleural space`."""
    place = str(claim.place).replace("_", " ")
    if claim.finding == NORMAL:
        return f"normal: {place}"
    return f"{'no ' if claim.polarity == 'absent' else ''}{FINDINGS[claim.finding].name}: {place}"


def _key(claim: Claim) -> tuple[str, str, str, str]:
    return (claim.finding, claim.anatomy, claim.side or "", claim.polarity)


def _short(each: Judged, chosen: Sequence[Judged]) -> str | None:
    """Why the support isn't enough; None where it is."""
    floor = ABSENT_FLOOR
    if each.claim.is_finding:
        floor = SECOND_SIDE if any(_is_second(each.claim, other.claim) for other in chosen) else PRESENT_FLOOR
        if len(each.stated.rows) < LEAST_CASES:
            return "one similar case alone states it"
    if each.support.p < floor:
        return f"support {min(each.support.p, floor - 0.01):.2f} is below {floor:.2f}"
    if not each.claim.is_finding and 1.0 - each.support.p > NEWS * (1.0 - each.usual):
        return "no likelier than in any picture of this archive"
    return None


def _is_second(claim: Claim, chosen: Claim) -> bool:
    if not chosen.is_finding or claim.finding != chosen.finding:
        return False
    return FINDINGS[claim.finding].kind == "device" or {claim.side, chosen.side} == {"left", "right"}


def _says_more(chosen: Claim, claim: Claim) -> bool:
    """Whether a finding is stated already, at the place or within it."""
    same = chosen.finding == claim.finding and chosen.is_finding and claim.is_finding
    return same and is_part_of(chosen.place, claim.place)


def _contradicted(claim: Claim, chosen: Sequence[Judged]) -> str | None:
    others = (other.claim for other in chosen if denies(claim, other.claim) or denies(other.claim, claim))
    return next((f"contradicted by better supported {in_words(other)}" for other in others), None)


def _is_covered(claim: Claim, chosen: Sequence[Judged]) -> bool:
    """Whether a denial or normal place is said by a wider one that is chosen, too."""
    if claim.is_finding:
        return False
    return any(
        other.claim != claim
        and other.claim.polarity == claim.polarity
        and (other.claim.finding == NORMAL) == (claim.finding == NORMAL)
        and (claim.finding == NORMAL or is_a(claim.finding, other.claim.finding))
        and _says_all(other.claim, claim)
        for other in chosen
    )


def _says_all(wider: Claim, claim: Claim) -> bool:
    if not overlaps(wider.place, claim.place) or not is_part_of(claim.place, wider.place):
        return False
    return not is_part_of(wider.place, claim.place) or _key(wider) < _key(claim)
