"""Whether an encoder's pair maps say what its similarity hangs on: the checks that a map must pass to be shown.

Deletion and insertion (Petsiuk et al., "RISE", BMVC 2018): cells of the hit's region are blurred in the map's order, or
brought back, the image is encoded anew, and the regions' similarity is read each time. A good map makes it fall, or
come back, sooner than a random order does, and than the order of distance from the region's middle (what a map of the
area alone would give). Randomised weights must destroy the map (Adebayo et al., "Sanity checks for saliency maps",
NeurIPS 2018), and mirrored pictures must mirror it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casekin.anatomy import LOCATIONS, mirror
from casekin.errors import InputError
from casekin.index import CaseIndex
from casekin.models import EncodedImage, Geometry, ImageEncoder
from casekin.models.geometry import Array
from casekin.retrieval.encode import turn_of
from casekin.retrieval.explain.pair_map import LEAST_CARRIED, PairMap, RegionCells, map_pair, match_cells, region_cells
from casekin.retrieval.explain.seen import read_preview, view_of_preview
from casekin.types import Place

FEWEST_PAIRS = 20
_STEPS = (0.1, 0.25, 0.5)
"""Shares of a region's cells that are blurred, or brought back, between none and all."""
_BLUR = 1 / 12
"""Of the image's longer side: σ beyond the size of what the findings are made of, below that of the lungs."""
_RESAMPLES = 2000
MOST_RANDOMISED, LEAST_MIRRORED = 0.3, 0.7
"""Rank correlations: of a map with one by shuffled weights at most, with the mirrored pictures' at least."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckPair:
    """Two frontal views in [0, 1] that are alike at a location."""

    query: Array
    hit: Array
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The mean area under a curve for each order of cells, and how far the map's is ahead of the others' `[lo, hi]`.

    Curves are of similarity over the share of blurred (`deletion`, lower is better) or restored (`insertion`, higher)
    cells, as a share of the untouched pair's. Intervals: bootstrap over pairs, 95 %.
    """

    map: float
    random: float
    centre: float
    ahead_of_random: tuple[float, float]
    ahead_of_centre: tuple[float, float]

    @property
    def is_ahead(self) -> bool:
        return self.ahead_of_random[0] > 0.0 and self.ahead_of_centre[0] > 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCheck:
    """The outcome for one model; `randomised` and `mirrored` are mean rank correlations inside the region."""

    version: str
    pairs: int
    deletion: Ahead
    insertion: Ahead
    randomised: float
    mirrored: float

    @property
    def failed(self) -> tuple[str, ...]:
        """The checks that were not passed."""
        passed = {
            "deletion": self.deletion.is_ahead,
            "insertion": self.insertion.is_ahead,
            "randomised weights": abs(self.randomised) <= MOST_RANDOMISED,
            "mirrored pictures": self.mirrored >= LEAST_MIRRORED,
        }
        return tuple(name for name, is_passed in passed.items() if not is_passed)

    def as_record(self) -> dict[str, Any]:
        """What a model's card keeps as `pair_maps`."""
        return {"passed": not self.failed, "failed": list(self.failed), **asdict(self)}


def why_no_maps(encoder: ImageEncoder) -> str | None:
    """Why maps of this encoder may not be shown, in words; None where its card says that they passed."""
    record = encoder.pair_maps
    if not encoder.form.count:
        return f"model {encoder.version} keeps no evidence of findings"
    if record is None or record.get("version") != encoder.version:
        return f"maps of model {encoder.version} have not been checked"
    if not record.get("passed"):
        return f"maps of model {encoder.version} failed a check: {', '.join(record.get('failed', ()))}"
    return None


def draw_pairs(index: CaseIndex, *, findings: int, count: int, seed: int) -> Iterator[CheckPair]:
    """Stored radiographs at random, each at a random location with the most similar image of another patient there.

    Only pairs that a finding carries, by the first `findings` numbers of the stored vectors; one for each patient.
    """
    rng = np.random.default_rng(seed)
    catalog = index.catalog()
    patients: set[int] = set()
    for number in rng.permutation(np.flatnonzero(index.is_of_kind("radiograph"))).tolist():
        place = LOCATIONS[int(rng.integers(len(LOCATIONS)))]
        ids, vectors = index.vectors_at(str(place))
        patient_of = catalog.patient_number_of_case[catalog.case_of_image[ids]]
        own = patient_of[ids == number]
        if not len(own) or int(own[0]) in patients:
            continue
        asked = vectors[ids == number][0].astype(np.float32)
        alike = np.where(patient_of == own[0], -np.inf, vectors.astype(np.float32) @ asked)
        best = int(np.argmax(alike))
        if (asked[:findings] * vectors[best, :findings]).max(initial=0.0) < LEAST_CARRIED:
            continue
        patients.add(int(own[0]))
        query, hit = index.images([number, int(ids[best])])
        views = (view_of_preview(read_preview(image), turn_of(image.turn))[0] for image in (query, hit))
        yield CheckPair(query=next(views), hit=next(views), place=place)
        if len(patients) == count:
            return


def check_pair_maps(
    encoder: ImageEncoder, pairs: Iterable[CheckPair], *, shuffled: ImageEncoder, seed: int
) -> MapCheck:
    """Run all checks. `shuffled` is the same model with the weights of its findings shuffled.

    Pairs that no finding carries by this encoder are left out. Raises InputError where fewer than 20 are left.
    """
    rng = np.random.default_rng(seed)
    rows = [row for pair in pairs if (row := _check(encoder, pair, shuffled, rng)) is not None]
    if len(rows) < FEWEST_PAIRS:
        raise InputError(f"pair maps: expected {FEWEST_PAIRS} pairs that share a finding, got {len(rows)}; give more")
    return MapCheck(
        version=encoder.version,
        pairs=len(rows),
        deletion=_ahead(rows, "deletion", -1.0, rng),
        insertion=_ahead(rows, "insertion", 1.0, rng),
        randomised=float(np.mean([row["randomised"] for row in rows])),
        mirrored=float(np.mean([row["mirrored"] for row in rows])),
    )


def _check(
    encoder: ImageEncoder, pair: CheckPair, shuffled: ImageEncoder, rng: np.random.Generator
) -> dict[str, float] | None:
    query, hit = encoder.encode(pair.query), encoder.encode(pair.hit)
    cells = _cells(query, pair.place), _cells(hit, pair.place)
    found = map_pair(*cells)
    if not found.shared:
        return None
    carried = cells[0].presence * cells[1].presence >= LEAST_CARRIED
    inside = cells[1].inside
    return {
        **_curves(encoder, pair, hit, found, query.region_vectors[pair.place], rng),
        "randomised": _correlation(found.hit, _shuffled_map(shuffled, pair, cells, carried), inside),
        "mirrored": _mirrored(encoder, pair, found, inside, carried),
    }


def _cells(encoded: EncodedImage, place: Place) -> RegionCells:
    presence = encoded.region_vectors[place][: encoded.form.count]
    return region_cells(encoded, encoded.weights[place], presence)


def _curves(
    encoder: ImageEncoder, pair: CheckPair, hit: EncodedImage, found: PairMap, asked: Array, rng: np.random.Generator
) -> dict[str, float]:
    """Areas under the curves by `deletion map`, `insertion random`, …; the region stays where it was found."""
    grid = len(hit.tokens)
    region = _coarse(np.asarray(_cells(hit, pair.place).inside, dtype=np.float32), grid) > 0
    cells = np.flatnonzero(region)
    away = np.indices(region.shape) - np.array(np.nonzero(region)).mean(axis=1)[:, None, None]
    orders = {
        "map": _coarse(found.hit, grid),
        "random": rng.random(region.shape),
        "centre": -np.hypot(away[0], away[1]),
    }
    blurred = ndimage.gaussian_filter(pair.hit, _BLUR * max(pair.hit.shape))

    def similarity(chosen: NDArray[np.intp]) -> float:
        share = _soft_mask(chosen, hit.geometry, pair.hit.shape)
        view = pair.hit * (1.0 - share) + blurred * share
        return float(encoder.encode(view, regions=hit.boxes).region_vectors[pair.place] @ asked)

    none, every = similarity(cells[:0]), similarity(cells)
    areas = {}
    for name, values in orders.items():
        order = cells[np.argsort(-values.ravel()[cells], kind="stable")]
        cuts = [round(step * len(order)) for step in _STEPS]
        deleted = [none, *(similarity(order[:cut]) for cut in cuts), every]
        restored = [every, *(similarity(order[cut:]) for cut in cuts), none]
        for kind, curve in (("deletion", deleted), ("insertion", restored)):
            areas[f"{kind} {name}"] = float(np.trapezoid(curve, [0.0, *_STEPS, 1.0])) / none
    return areas


def _coarse(cells: Array, grid: int) -> Array:
    step = len(cells) // grid
    return np.asarray(cells.reshape(grid, step, grid, step).max(axis=(1, 3)))


def _soft_mask(chosen: NDArray[np.intp], geometry: Geometry, shape: tuple[int, ...]) -> Array:
    """Cells as a mask of the view with borders a quarter of a cell wide: hard ones would look like lines and tubes."""
    flat = np.zeros(geometry.grid**2, dtype=np.float32)
    flat[chosen] = 1.0
    rows, columns = geometry.cell_edges()
    down = np.clip(np.searchsorted(rows, np.arange(shape[0]) + 0.5) - 1, 0, geometry.grid - 1)
    across = np.clip(np.searchsorted(columns, np.arange(shape[1]) + 0.5) - 1, 0, geometry.grid - 1)
    hard = flat.reshape(geometry.grid, geometry.grid)[np.ix_(down, across)]
    return np.asarray(ndimage.gaussian_filter(hard, geometry.cell / 4))


def _shuffled_map(
    shuffled: ImageEncoder, pair: CheckPair, cells: tuple[RegionCells, RegionCells], carried: NDArray[np.bool_]
) -> Array:
    """The map of the same findings by shuffled weights, in the regions that the right ones found."""
    chances = [_cells(shuffled.encode(view), pair.place).chances for view in (pair.query, pair.hit)]
    other = [
        RegionCells(findings=one.findings, chances=found, inside=one.inside, presence=one.presence)
        for one, found in zip(cells, chances, strict=True)
    ]
    return match_cells(other[1], other[0], carried)


def _mirrored(
    encoder: ImageEncoder, pair: CheckPair, found: PairMap, inside: NDArray[np.bool_], carried: NDArray[np.bool_]
) -> float:
    """How alike the map is that the mirrored pictures give at the mirrored place, mirrored back."""
    query, hit = (
        _cells(encoder.encode(np.ascontiguousarray(view[:, ::-1])), mirror(pair.place))
        for view in (pair.query, pair.hit)
    )
    return _correlation(found.hit, match_cells(hit, query, carried)[:, ::-1], inside & hit.inside[:, ::-1])


def _correlation(one: Array, other: Array, where: NDArray[np.bool_]) -> float:
    """Spearman's; 0 where either map is flat or nothing is left to compare."""
    from scipy import stats  # heavy, and a service imports this module for the rest

    a, b = one[where], other[where]
    return float(stats.spearmanr(a, b).statistic) if len(a) > 2 and np.ptp(a) > 0 and np.ptp(b) > 0 else 0.0


def _ahead(rows: Sequence[Mapping[str, float]], kind: str, sign: float, rng: np.random.Generator) -> Ahead:
    areas = {name: np.array([row[f"{kind} {name}"] for row in rows]) for name in ("map", "random", "centre")}
    drawn = rng.integers(len(rows), size=(_RESAMPLES, len(rows)))

    def interval(other: str) -> tuple[float, float]:
        low, high = np.percentile((sign * (areas["map"] - areas[other]))[drawn].mean(axis=1), (2.5, 97.5))
        return float(low), float(high)

    return Ahead(
        map=float(areas["map"].mean()),
        random=float(areas["random"].mean()),
        centre=float(areas["centre"].mean()),
        ahead_of_random=interval("random"),
        ahead_of_centre=interval("centre"),
    )
