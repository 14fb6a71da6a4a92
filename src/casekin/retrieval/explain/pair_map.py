"""The pair map: which cells of two regions show the finding that makes the regions alike.

Two regions are scored by the findings that both show (`models.region`). A finding *carries* a pair where the product
of its presences, which is its summand in the regions' similarity, is at least `LEAST_CARRIED`. A cell's value is the
chance that it shows a carrying finding, times the greatest chance in the other region: that the cell and its best
partner show the same. It lies in [0, 1] whatever the pictures are; nothing is stretched: an unlike pair has a dark map.

Cosines of the cells' tokens were tried and fail: they light up wherever two lungs are lungs (decision 31).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.errors import ModelError
from casekin.models import EncodedImage
from casekin.models.geometry import Array
from casekin.models.presence import logistic

LEAST_CARRIED = 0.1
"""Least summand of a finding that is said to carry a pair: below it two findings are as likely chance."""
LEAST_ALONE = 0.4
"""Least chance that a finding is present in one region and absent in the other, from which it is named."""
_INSIDE = 0.25
"""Share of the greatest weight from which a cell belongs to a region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFinding:
    """A finding and how likely each region as a whole shows it; `product` is its summand in their similarity.

    `match` is the greatest chance that a cell of each shows it: small where a finding belongs to the place but is seen
    beside it, as fluid in the pleural space is at the base.
    """

    finding: str
    query: float
    hit: float
    match: float

    @property
    def product(self) -> float:
        return self.query * self.hit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionCells:
    """What a region shows: `chances` `(F, n, n)` that a cell shows each of `findings`, `inside` `(n, n)` the region's
    cells, `presence` `(F,)` of the region as a whole, as its vector has it.
    """

    findings: tuple[str, ...]
    chances: Array
    inside: NDArray[np.bool_]
    presence: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairMap:
    """Two regions' cells `(n, n)` float32 in [0, 1], 0 outside the region, and what carries the pair, the most first.

    `only_query` and `only_hit` are findings that one region shows and the other doesn't; none of them carries the pair.
    """

    query: Array
    hit: Array
    shared: tuple[SeenFinding, ...]
    only_query: tuple[SeenFinding, ...]
    only_hit: tuple[SeenFinding, ...]


def region_cells(encoded: EncodedImage, weights: Array, presence: Array) -> RegionCells:
    """The cells of a region under its `weights` `(grid, grid)`, with its vector's presence `(F,)`.

    Raises ModelError where the encoder keeps no evidence of findings.
    """
    if not encoded.form.count:
        raise ModelError("pair map: this model keeps no evidence of findings; choose one that was trained with it")
    factor = encoded.evidence_maps.shape[1] // len(weights)
    inside = weights > _INSIDE * float(weights.max())
    return RegionCells(
        findings=encoded.form.findings,
        chances=logistic(encoded.evidence_maps),
        inside=inside.repeat(factor, axis=0).repeat(factor, axis=1),
        presence=presence,
    )


def map_pair(query: RegionCells, hit: RegionCells) -> PairMap:
    """The map of two regions by one encoder."""
    product = query.presence * hit.presence
    carried = product >= LEAST_CARRIED
    return PairMap(
        query=match_cells(query, hit, carried),
        hit=match_cells(hit, query, carried),
        shared=_named(query, hit, product, LEAST_CARRIED),
        only_query=_named(query, hit, np.where(carried, 0.0, query.presence - product), LEAST_ALONE),
        only_hit=_named(query, hit, np.where(carried, 0.0, hit.presence - product), LEAST_ALONE),
    )


def match_cells(region: RegionCells, other: RegionCells, findings: NDArray[np.bool_]) -> Array:
    """The chance `(n, n)` that a cell and its best partner in the other region show the same of `findings` `(F,)`."""
    best = _peaks(other) * findings
    same = (region.chances * best[:, None, None]).max(axis=0, initial=0.0)
    return np.asarray(np.where(region.inside, same, 0.0), dtype=np.float32)


def _named(query: RegionCells, hit: RegionCells, values: Array, least: float) -> tuple[SeenFinding, ...]:
    match = _peaks(query) * _peaks(hit)
    order = np.argsort(-values, kind="stable")
    return tuple(
        SeenFinding(
            finding=query.findings[number],
            query=float(query.presence[number]),
            hit=float(hit.presence[number]),
            match=float(match[number]),
        )
        for number in order.tolist()
        if values[number] >= least
    )


def _peaks(region: RegionCells) -> Array:
    """The greatest chance of a cell to show each finding `(F,)`."""
    return np.asarray(region.chances[:, region.inside].max(axis=1, initial=0.0))
