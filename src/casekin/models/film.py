"""What is wrong with a film as it was stored: mirrored, turned, inverted, or no frontal chest view at all.

Judged from pixels, beside the locator and by the same small network. Nothing is turned by it: the caller is told, with
a probability, and decides. A header that says how the picture lies has been obeyed before (`imaging.frontal_view`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from casekin.errors import ModelError

Fault = Literal["mirrored", "turned_90", "turned_180", "turned_270", "inverted", "lateral", "no_chest"]

# Probability from which a fault is worth a warning: the least at which fewer than 3 % of sound films raised one, judged
# by networks that had not seen their patients (`tools/train_locator.py --folds`). And that for a picture whose header
# says how it lies: such headers err less often than pixels are misread, so pixels must be surer to contradict one.
WARN, WARN_AGAINST_HEADER = 0.7, 0.95
_ORIENTATIONS, _GREYS, _VIEWS = 8, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmState:
    """Probabilities of each fault of one view, each in [0, 1].

    `turned_90`, `_180`, `_270`: degrees anticlockwise by which the stored picture is turned. `mirrored`: the patient's
    left is on the picture's left once it stands upright. Both are 0 where the view is no frontal film. `no_chest`:
    another part of the body, or nothing of a body.
    """

    mirrored: float
    turned_90: float
    turned_180: float
    turned_270: float
    inverted: float
    lateral: float
    no_chest: float

    @classmethod
    def from_shares(cls, orientation: Sequence[float], inverted: Sequence[float], view: Sequence[float]) -> FilmState:
        """From the network's three distributions, each summing to 1.

        `orientation` (8): quarter turns anticlockwise, plus 4 where the film was mirrored first; `inverted` (2): no,
        yes; `view` (3): frontal, lateral, no chest. Raises ModelError for other lengths.
        """
        if (len(orientation), len(inverted), len(view)) != (_ORIENTATIONS, _GREYS, _VIEWS):
            raise ModelError(f"film state of {len(orientation)}, {len(inverted)}, {len(view)} shares, expected 8, 2, 3")
        frontal = float(view[0])
        turned = [frontal * (float(orientation[k]) + float(orientation[4 + k])) for k in range(4)]
        return cls(
            mirrored=frontal * float(sum(orientation[4:])),
            turned_90=turned[1],
            turned_180=turned[2],
            turned_270=turned[3],
            inverted=float(inverted[1]),
            lateral=float(view[1]),
            no_chest=float(view[2]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFault:
    """One fault that a film shows, and how likely it is."""

    fault: Fault
    probability: float


_FAULTS: tuple[Fault, ...] = ("mirrored", "turned_90", "turned_180", "turned_270", "inverted", "lateral", "no_chest")
_SAID_BY_HEADERS = frozenset(("mirrored", "turned_90", "turned_180", "turned_270"))


def film_faults(state: FilmState, *, orientation_stated: bool) -> tuple[FilmFault, ...]:
    """The faults worth a warning, likeliest first.

    `orientation_stated`: the header says along which directions of the body the picture's axes run.
    """
    found = [
        FilmFault(fault=fault, probability=probability)
        for fault in _FAULTS
        if (probability := float(getattr(state, fault))) >= warning_level(fault, orientation_stated=orientation_stated)
    ]
    return tuple(sorted(found, key=lambda one: -one.probability))


def warning_level(fault: Fault, *, orientation_stated: bool) -> float:
    """The probability from which a fault is worth a warning."""
    return WARN_AGAINST_HEADER if orientation_stated and fault in _SAID_BY_HEADERS else WARN
