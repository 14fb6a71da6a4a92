"""What a report says of each finding at each of the 29 locations: bags that show it, and cells that don't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, is_part_of, on_radiograph, overlaps
from casekin.errors import InputError, PlaceError
from casekin.findings import is_a
from casekin.training.cases import TrainingCase
from casekin.types import Fact, Place

_DOUBT = 0.5  # what an uncertain finding counts beside a present one
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTargets:
    """Targets of one image for F findings.

    A bag is a region that shows a finding somewhere: `bag_findings` `(n,)` its number, `bag_regions` `(n, 29)` how much
    of each location the region has, `bag_weights` `(n,)`. `absent` `(29, F)` weighs how surely a location doesn't show
    a finding: 1 where the report denies it, less where it only says nothing, 0 where it is, may be, or isn't known.
    """

    bag_findings: NDArray[np.int64]
    bag_regions: Floats
    bag_weights: Floats
    absent: Floats


def choose_findings(cases: Sequence[TrainingCase], *, least: int) -> tuple[str, ...]:
    """Findings that the reports of at least so many patients state themselves, at a place that shows; sorted.

    Raises:
        InputError: there is none.
    """
    patients: dict[str, set[str]] = {}
    for case in cases:
        for fact in case.facts:
            if fact.polarity == "present" and _shown(fact.place) is not None:
                patients.setdefault(fact.finding, set()).add(case.patient)
    chosen = tuple(sorted(name for name, found in patients.items() if len(found) >= least))
    if not chosen:
        raise InputError(
            f"archive: expected findings that {least} patients of train have, got none; give more patients or reports"
        )
    return chosen


def build_report_targets(
    facts: Sequence[Fact], findings: Sequence[str], *, elsewhere: float, silent: float
) -> ReportTargets:
    """Targets of a report's facts, absences that it implies among them.

    A finding makes a bag of its place, for itself and for its more general kinds, and one of every location around the
    place. It is denied where the report denies it or a more general kind. `elsewhere` weighs places away from where it
    is said to be, `silent` every place where the report doesn't speak of it.
    """
    bags: dict[tuple[int, bytes], tuple[Floats, float]] = {}
    absent = np.zeros((len(LOCATIONS), len(findings)), dtype=np.float32)
    for column, finding in enumerate(findings):
        stated = [f for f in facts if f.polarity != "absent" and is_a(f.finding, finding)]
        denied = [f for f in facts if f.polarity == "absent" and is_a(finding, f.finding)]
        for fact in stated:
            weight = 1.0 if fact.polarity == "present" else _DOUBT
            for region in _regions(fact.place):
                key = column, region.tobytes()
                bags[key] = region, max(weight, bags.get(key, (region, 0.0))[1])
        absent[:, column] = elsewhere if stated else silent
        for fact in denied:
            absent[_covered(fact.place), column] = 1.0
        for fact in stated:
            absent[_met(fact.place), column] = 0.0
    return ReportTargets(
        bag_findings=np.array([column for column, _ in bags], dtype=np.int64),
        bag_regions=np.array([region for region, _ in bags.values()], dtype=np.float32).reshape(-1, len(LOCATIONS)),
        bag_weights=np.array([weight for _, weight in bags.values()], dtype=np.float32),
        absent=absent,
    )


@lru_cache(maxsize=4096)
def _shown(place: Place) -> Floats | None:
    """The place as weights over the locations `(29,)`, 1 the largest; None where a frontal film doesn't show it."""
    try:
        weights = on_radiograph(place)
    except PlaceError:
        return None
    row = np.array([weights.get(location, 0.0) for location in LOCATIONS], dtype=np.float32)
    return np.asarray(row / row.max(), dtype=np.float32)


@lru_cache(maxsize=4096)
def _regions(place: Place) -> tuple[Floats, ...]:
    """Regions that show what is at the place: the place, and each location that it is a part of."""
    own = _shown(place)
    if own is None:
        return ()
    around = [n for n, location in enumerate(LOCATIONS) if is_part_of(place, location) and own[n] < own.sum()]
    rows = np.eye(len(LOCATIONS), dtype=np.float32)
    return own, *(rows[n] for n in around)


@lru_cache(maxsize=4096)
def _covered(place: Place) -> NDArray[np.bool_]:
    """Locations `(29,)` of which all is said that is said of the place."""
    own = _shown(place)
    inside = np.array([is_part_of(location, place) for location in LOCATIONS], dtype=np.bool_)
    return inside if own is None else inside | (own > 0)


@lru_cache(maxsize=4096)
def _met(place: Place) -> NDArray[np.bool_]:
    """Locations `(29,)` that share image space with the place."""
    own = _shown(place)
    near = np.array([overlaps(location, place) for location in LOCATIONS], dtype=np.bool_)
    return near if own is None else near | (own > 0)
