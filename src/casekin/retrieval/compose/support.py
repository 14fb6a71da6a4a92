"""How well each claim is supported: what similar cases state at a place, weighted by how similar they are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from casekin.errors import PlaceError
from casekin.retrieval.compose.claims import denies
from casekin.retrieval.compose.curve import Evidence, SupportCurve
from casekin.retrieval.compose.draft import Claim, Support
from casekin.retrieval.compose.neighbors import Neighbors
from casekin.retrieval.interval import wilson
from casekin.retrieval.resolve import Shown
from casekin.types import Place

_PRIOR = 1.0
"""Cases of ordinary habit that stand beside the similar ones, so that one look-alike alone proves little."""
Odds = tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """How likely each of `findings` is at each place, by a picture: the first numbers of its vectors `at` them."""

    findings: tuple[str, ...] = ()
    at: Mapping[Place, NDArray[np.floating]] = field(default_factory=dict)

    def odds(self, name: str, shares: Mapping[Place, float], ordinary: Mapping[Place, NDArray[np.float64]]) -> Odds:
        """How likely a finding is at a place, here and in an ordinary picture; None where the encoder can't tell."""
        known = {place: share for place, share in shares.items() if place in self.at and place in ordinary}
        if name not in self.findings or not known:
            return None
        column, total = self.findings.index(name), sum(known.values())
        here, usual = (sum(s * float(at[p][column]) for p, s in known.items()) / total for at in (self.at, ordinary))
        return here, usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A claim that similar cases make. `rows` number those cases among the neighbors, the most similar first.

    `weights` are theirs in (0, 1]. `evidence` speaks for a present finding; for a denial or a normal place its share
    says only how often it is put into words. `n` is the effective number of similar cases, stating it or not.
    """

    claim: Claim
    evidence: Evidence
    rows: tuple[int, ...]
    weights: tuple[float, ...]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A stated claim with how likely it is true, here and by the archive's habit alone."""

    stated: Stated
    support: Support
    usual: float

    @property
    def claim(self) -> Claim:
        return self.stated.claim


def read_claims(neighbors: Neighbors, *, presence: Presence, shown: Shown) -> tuple[Stated, ...]:
    """Every claim that a neighbor makes at a place which the question's image shows, in the claims' order."""
    rows_of: dict[Claim, list[int]] = {}
    for row, read in enumerate(neighbors.cases):
        for claim in read.claims:
            rows_of.setdefault(claim, []).append(row)
    closeness: dict[Place, NDArray[np.float64]] = {}
    found = []
    for claim in sorted(rows_of, key=lambda c: (c.finding, c.anatomy, c.side or "", c.polarity)):
        try:
            shares = shown(claim.place)
        except PlaceError:
            continue
        if shares and (not neighbors.places or any(place in neighbors.places for place in shares)):
            if claim.place not in closeness:
                closeness[claim.place] = neighbors.closeness(shares)
            told = presence.odds(claim.finding, shares, neighbors.ordinary)
            found.append(_stated(claim, rows_of[claim], closeness[claim.place], neighbors.stands_for, told))
    return tuple(found)


def judge_claims(stated: Sequence[Stated], curve: SupportCurve) -> tuple[Judged, ...]:
    """How likely each claim is: a present finding by the curve, a denial or normal place as no finding contradicts it.

    Findings that would contradict it count as if independent: 1 - p is the product of theirs.
    """
    present = [(each, curve.read(each.evidence)) for each in stated if each.claim.is_finding]
    likely = {each.claim: (p, each.evidence.habit) for each, p in present}
    judged = []
    for each in stated:
        p, usual = likely.get(each.claim, (1.0, 1.0))
        if each.claim not in likely:
            for other, there in present:
                if denies(each.claim, other.claim):
                    p, usual = p * (1.0 - there), usual * (1.0 - other.evidence.habit)
        judged.append(Judged(stated=each, support=_support(p, each.n), usual=usual))
    return tuple(judged)


def _stated(
    claim: Claim,
    rows: Sequence[int],
    closeness: NDArray[np.float64],
    stands_for: NDArray[np.float64],
    presence: Odds,
) -> Stated:
    stating = np.array(rows)
    weights = closeness * stands_for
    habit = (float(stands_for[stating].sum()) + 0.5) / (float(stands_for.sum()) + 1.0)
    share = (float(weights[stating].sum()) + _PRIOR * habit) / (float(weights.sum()) + _PRIOR)
    order = sorted(rows, key=lambda row: (-closeness[row], row))
    return Stated(
        claim=claim,
        evidence=Evidence(presence=presence, share=share, habit=habit),
        rows=tuple(order),
        weights=tuple(float(closeness[row]) for row in order),
        n=max(1, round(float(weights.sum()) ** 2 / float(np.square(weights).sum()))),
    )


def _support(p: float, n: int) -> Support:
    """`p` with Wilson's interval, as a share seen in `n` cases; it holds `p` whatever was rounded."""
    low, high = wilson(p, n)
    return Support(p=round(p, 4), n=n, interval=(round(min(p, low), 4), round(max(p, high), 4)))
