"""What is usual at each place of a CT, over many volumes, and what of a region stands out beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from casekin.anatomy import overlaps, parents, parse_place
from casekin.errors import InputError, ModelError
from casekin.models.ct.evidence import MAPS, STATISTICS
from casekin.models.geometry import Array
from casekin.models.presence import logistic
from casekin.types import Place

EVIDENCE = 2 * len(MAPS)
"""Statistics that are evidence; those after them are sizes."""
SLOPE = 1.5
_THRESHOLD = 3.0  # spreads above the usual that are even odds; at 2 normal places found each other less (docs/log.md)
_FARTHEST = 20.0
# A statistic that never varied in a small archive may vary a little in the next volume.
_LEAST_SPREAD = 0.01
_LEAST_VOLUMES = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Normals:
    """Median and spread of every statistic at each place, `(len(STATISTICS),)`, over an archive's volumes."""

    medians: Mapping[Place, Array]
    spreads: Mapping[Place, Array]

    def evidence(self, statistics: Array, place: Place) -> Array:
        """What stands out: how far each of the first `EVIDENCE` statistics lies above the usual, in [0, 1].

        A place without usual values is compared with its nearest whole, or with what shares its space. Raises
        InputError where there is none.
        """
        home = home_of(place, self.medians)
        if home is None:
            raise InputError(f"{place} has no usual values; expected a place of the trunk, such as a lung or an organ")
        away = ((statistics - self.medians[home]) / self.spreads[home])[:EVIDENCE]
        return logistic(SLOPE * (np.clip(away, -_FARTHEST, _FARTHEST) - _THRESHOLD))


def fit_normals(volumes: Iterable[Mapping[Place, Array]]) -> Normals:
    """What is usual at each place over many volumes' `statistics`: medians, and half the 16th to 84th percentile.

    No label is read: findings are rare enough at any one place for the median not to see them. Places of fewer than
    three volumes are left out; InputError where that leaves none.
    """
    found: dict[Place, list[Array]] = {}
    for statistics in volumes:
        for place, values in statistics.items():
            found.setdefault(place, []).append(values)
    known = {place: np.stack(rows) for place, rows in found.items() if len(rows) >= _LEAST_VOLUMES}
    if not known:
        raise InputError(f"no place was located in {_LEAST_VOLUMES} volumes; give more chest CT volumes")
    spreads = {place: np.subtract(*np.percentile(rows, (84, 16), axis=0)) / 2 for place, rows in known.items()}
    return Normals(
        medians={place: np.median(rows, axis=0).astype(np.float32) for place, rows in known.items()},
        spreads={place: np.maximum(spread, _LEAST_SPREAD).astype(np.float32) for place, spread in spreads.items()},
    )


def save_normals(normals: Normals, path: Path) -> None:
    """Write them as an uncompressed `.npz`; the same values give the same bytes."""
    places = sorted(normals.medians, key=str)
    np.savez(
        path,
        places=np.array([str(place) for place in places]),
        statistics=np.array(STATISTICS),
        medians=np.stack([normals.medians[place] for place in places]),
        spreads=np.stack([normals.spreads[place] for place in places]),
    )


def load_normals(path: Path) -> Normals:
    """Read what `save_normals` wrote; ModelError when it is of other statistics or damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            places = [parse_place(str(name)) for name in file["places"]]
            names = tuple(map(str, file["statistics"]))
            medians, spreads = file["medians"].astype(np.float32), file["spreads"].astype(np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path.name} holds no usual values of CT regions; install casekin again") from error
    if names != STATISTICS or not medians.shape == spreads.shape == (len(places), len(names)):
        raise ModelError(f"{path.name} is of other statistics than this version measures; fit it again")
    return Normals(
        medians=dict(zip(places, medians, strict=True)),
        spreads=dict(zip(places, spreads, strict=True)),
    )


def home_of(place: Place, places: Mapping[Place, object]) -> Place | None:
    """The place itself, its nearest whole among `places`, or the first of them that shares image space with it."""
    for candidate in (place, *parents(place)):
        if candidate in places:
            return candidate
    return next((other for other in sorted(places, key=str) if overlaps(other, place)), None)
