"""What follows from what: absences that a normal anatomy implies, and findings that can't be there together."""

from __future__ import annotations

from functools import lru_cache

from casekin.anatomy import anatomy as known_anatomy
from casekin.anatomy import is_part_of
from casekin.findings.tree import FINDINGS, by_id
from casekin.types import Place

_ALIKE_ALL_OVER = ("lung", "pleura", "bronchus", "esophagus", "rib")
"""What a normal one of these lacks, a normal part of it lacks; a normal atrium says nothing of the heart's size."""


@lru_cache(maxsize=1024)
def implied_absences(anatomy: str) -> tuple[str, ...]:
    """Findings (ids, in the data file's order) that are absent when a report calls `anatomy` (unsided id) normal.

    "The lungs are clear" leaves no consolidation, opacity or nodule, and says nothing of the pleura. The table is
    `absent_when_normal` in findings.json: what can't be there while a radiologist calls the anatomy normal; what is
    often mentioned beside a normal statement (scars, granulomas, hyperinflation) isn't in it. Empty where nothing
    follows. PlaceError when the anatomy is unknown.

    >>> "pleural_effusion" in implied_absences("costophrenic_angle"), "pleural_effusion" in implied_absences("lung")
    (True, False)
    """
    place = Place(anatomy=known_anatomy(anatomy).id)
    wholes = {whole for whole in _ALIKE_ALL_OVER if is_part_of(place, Place(anatomy=whole))} | {anatomy}
    return tuple(name for name, each in FINDINGS.items() if not wholes.isdisjoint(each.absent_when_normal))


def is_excluded_by(a: str, b: str) -> bool:
    """Whether findings `a` and `b` (ids) can't both be present at one place at one time; symmetric.

    A normal statement excludes every finding, but no device. Else only the pairs of the data file do, not their
    kinds: low lung volumes exclude hyperinflation, and emphysema, a kind of it, may still be seen with them.
    FindingError when an id is unknown.
    """
    first, second = by_id(a), by_id(b)
    return {first.kind, second.kind} == {"normal", "finding"} or b in first.excludes
