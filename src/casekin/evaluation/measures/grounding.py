"""Pointing at a finding: contrast, overlap and hits of a heat map with a mask, under named protocols.

Published figures differ by how maps are made comparable more than by method, so a protocol is named with every figure.
Pixels that a model never saw are NaN in a map and are left out of everything.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casekin.errors import InputError
from casekin.evaluation.judgements import Floats
from casekin.evaluation.measures.chance import log_choose, miss_probability
from casekin.types import Box

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundingProtocol:
    """How a model's grid of similarities becomes a map of the image, and what of it is scored.

    `smoothing`: σ of a Gaussian on the grid, in cells. `upsampling`: `nearest` or `bilinear` to the image. `rescaled`:
    whether each map is stretched to [-1, 1] by its least and greatest pixel. `thresholds`: a pixel above one belongs to
    the predicted mask; overlaps are averaged over them. `empty`: what an empty prediction scores; `drop` makes it NaN.
    `source`: where it is coded so; `unknown`: what the sources leave open and is decided here.
    """

    name: str
    smoothing: float
    upsampling: Literal["nearest", "bilinear"]
    rescaled: bool
    thresholds: tuple[float, ...]
    empty: Literal["drop", "zero"]
    source: str
    unknown: str


_DIGITS = 12  # of a similarity: what interpolation leaves behind them would make a flat map hilly, and break ties
_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5)
GROUNDING_PROTOCOLS: Mapping[str, GroundingProtocol] = {
    protocol.name: protocol
    for protocol in (
        GroundingProtocol(
            name="biovil",
            smoothing=1.5,
            upsampling="nearest",
            rescaled=False,
            thresholds=_THRESHOLDS,
            empty="drop",
            source="model cards and released code of BioViL and BioViL-T (ECCV 2022, CVPR 2023)",
            unknown="whether an empty prediction is dropped; the map is thresholded as the cosine that it is",
        ),
        GroundingProtocol(
            name="kaf",
            smoothing=1.5,
            upsampling="bilinear",
            rescaled=True,
            thresholds=_THRESHOLDS,
            empty="zero",
            source="released evaluation code of KAF-Ground (2026)",
            unknown="variance of CNR biased or unbiased; here biased (below 0.1 % apart for masks of 1,000 pixels)",
        ),
    )
}


def prepare_map(
    grid: Floats, *, shape: tuple[int, int], protocol: GroundingProtocol, seen: Box | None = None
) -> Floats:
    """The map `(rows, columns)` of an image from a model's grid of similarities, as the protocol makes it.

    `seen` is the part of the image that the grid covers (pixels; all when None); outside it the map is NaN.
    InputError when the grid isn't a finite matrix or `seen` holds no pixel.
    """
    if grid.ndim != 2 or not grid.size or not np.isfinite(grid).all():
        raise InputError(f"grid: expected a finite matrix of similarities, got shape {grid.shape}")
    box = Box(x0=0, y0=0, x1=shape[1], y1=shape[0]) if seen is None else seen
    rows = np.arange(max(0, round(box.y0)), min(shape[0], round(box.y1)))
    columns = np.arange(max(0, round(box.x0)), min(shape[1], round(box.x1)))
    if not (len(rows) and len(columns)):
        raise InputError(
            f"seen: expected a box inside the image of {shape[1]} x {shape[0]} pixels, got {box.as_list()}"
        )
    smooth = ndimage.gaussian_filter(grid.astype(np.float64), protocol.smoothing, mode="nearest")
    y = (rows + 0.5 - box.y0) / (box.y1 - box.y0) * grid.shape[0] - 0.5
    x = (columns + 0.5 - box.x0) / (box.x1 - box.x0) * grid.shape[1] - 0.5
    order = 0 if protocol.upsampling == "nearest" else 1
    values = ndimage.map_coordinates(smooth, np.meshgrid(y, x, indexing="ij"), order=order, mode="nearest")
    values = np.round(values, _DIGITS)
    if protocol.rescaled:
        low, high = float(values.min()), float(values.max())
        values = 2.0 * (values - low) / (high - low) - 1.0 if high > low else np.full_like(values, -1.0)
    heat = np.full(shape, np.nan)
    heat[np.ix_(rows, columns)] = values
    return heat


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundingMeasure(ABC):
    """A measure of one map and mask, both `(rows, columns)`; NaN where it can't be said (see each).

    The random map is this map with its pixels in any order alike.
    """

    protocol: GroundingProtocol

    label: ClassVar[str]
    plain: ClassVar[str]

    @property
    def name(self) -> str:
        """`CNR(protocol='biovil')`."""
        return f"{self.label}(protocol={self.protocol.name!r})"

    def value(self, heat: Floats, mask: Bools) -> float:
        """The value of a map; NaN where no pixel in the mask, or none outside, was seen. InputError on other shapes."""
        inside, outside = _parts(heat, mask)
        return self._value(inside, outside) if len(inside) and len(outside) else float("nan")

    def expected_by_chance(self, heat: Floats, mask: Bools) -> float:
        """The expected value of the same pixels in random order."""
        inside, outside = _parts(heat, mask)
        return self._expected(inside, outside) if len(inside) and len(outside) else float("nan")

    @abstractmethod
    def _value(self, inside: Floats, outside: Floats) -> float: ...

    @abstractmethod
    def _expected(self, inside: Floats, outside: Floats) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastToNoise(GroundingMeasure):
    """CNR = (μ_in - μ_out) / √(σ²_in + σ²_out), signed and with biased variances, as released code has it.

    NaN where the map is flat inside and outside. By chance 0: exactly where values lie symmetrically about their mean
    or the mask covers half of the map, to first order else.
    Source: Boecking et al., ECCV 2022 (in absolute value there).
    """

    label: ClassVar[str] = "CNR"
    plain: ClassVar[str] = "How clearly the map is brighter inside the radiologist's outline than outside."

    def _value(self, inside: Floats, outside: Floats) -> float:
        noise = float(np.sqrt(inside.var() + outside.var()))
        return float(inside.mean() - outside.mean()) / noise if noise > 0 else float("nan")

    def _expected(self, inside: Floats, outside: Floats) -> float:
        return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overlap(GroundingMeasure):
    """An overlap of the mask with the pixels above a threshold, averaged over the protocol's thresholds.

    A threshold that no pixel passes scores 0 or is left out of the mean (`protocol.empty`); NaN where all are left out.
    """

    def _value(self, inside: Floats, outside: Floats) -> float:
        parts = [((inside > t).sum(), (outside > t).sum()) for t in self.protocol.thresholds]
        return self._mean([self._overlap(float(hit), float(hit + false), len(inside)) for hit, false in parts])

    def _expected(self, inside: Floats, outside: Floats) -> float:
        pixels = len(inside) + len(outside)
        drawn = [int((inside > t).sum() + (outside > t).sum()) for t in self.protocol.thresholds]
        return self._mean([self._expected_overlap(count, len(inside), pixels) for count in drawn])

    def _expected_overlap(self, drawn: int, inside: int, pixels: int) -> float:
        """Over the hypergeometric number of hits among `drawn` pixels, exactly."""
        if not drawn:
            return self._overlap(0.0, 0.0, inside)
        hits = np.arange(max(0, drawn + inside - pixels), min(drawn, inside) + 1, dtype=np.float64)
        ways = log_choose(inside, hits) + log_choose(pixels - inside, drawn - hits)
        chances = np.exp(ways - log_choose(pixels, drawn))
        return float(sum(p * self._overlap(hit, drawn, inside) for hit, p in zip(hits, chances, strict=True) if p > 0))

    def _mean(self, values: Sequence[float]) -> float:
        known = [value for value in values if not np.isnan(value)]
        return float(np.mean(known)) if known else float("nan")

    def _overlap(self, hit: float, predicted: float, inside: int) -> float:
        if not predicted:
            return 0.0 if self.protocol.empty == "zero" else float("nan")
        return self._of(hit, predicted, inside)

    @abstractmethod
    def _of(self, hit: float, predicted: float, inside: int) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanIoU(_Overlap):
    """mIoU = mean over thresholds of |predicted ∩ mask| / |predicted ∪ mask|; empty predictions as the protocol says.

    By chance: exact, over the hypergeometric number of hits. Source: Boecking et al., ECCV 2022; Jaccard (1912).
    """

    label: ClassVar[str] = "mIoU"
    plain: ClassVar[str] = "How much the marked area and the radiologist's outline share, of both together."

    def _of(self, hit: float, predicted: float, inside: int) -> float:
        return hit / (predicted + inside - hit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dice(_Overlap):
    """Dice = mean over thresholds of 2 |predicted ∩ mask| / (|predicted| + |mask|); empty ones as the protocol says.

    By chance: exact, over the hypergeometric number of hits. Source: Dice, Ecology 26 (1945) 297.
    """

    label: ClassVar[str] = "Dice"
    plain: ClassVar[str] = "Shared area of mark and outline, twice over, of the sum of both."

    def _of(self, hit: float, predicted: float, inside: int) -> float:
        return 2.0 * hit / (predicted + inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing(GroundingMeasure):
    """Pointing = 1 where a greatest pixel of the map lies in the mask, else 0; of tied pixels any one will do.

    By chance: 1 - C(N - m, t) / C(N, t) for m pixels of the mask, t tied ones. Source: the pointing game, Zhang et al.,
    IJCV 126 (2018) 1084.
    """

    label: ClassVar[str] = "Pointing"
    plain: ClassVar[str] = "Whether the brightest spot of the map lies inside the radiologist's outline."

    def _value(self, inside: Floats, outside: Floats) -> float:
        return float(inside.max() >= outside.max())

    def _expected(self, inside: Floats, outside: Floats) -> float:
        top = max(inside.max(), outside.max())
        tied = int((inside == top).sum() + (outside == top).sum())
        return 1.0 - float(miss_probability(len(inside) + len(outside), len(inside), tied))


GROUNDING_MEASURES: Mapping[str, type[GroundingMeasure]] = {
    kind.label: kind for kind in (ContrastToNoise, MeanIoU, Dice, Pointing)
}
"""Kinds of grounding measures by label."""


def macro_mean(values: Floats, findings: Sequence[str]) -> float:
    """Mean over findings of the mean over their pairs, NaN left out: how both protocols average.

    `findings` names the finding of each value. A plain mean weighs frequent findings more; say which one is printed.
    """
    names = np.asarray(findings)
    of_finding = [values[(names == name) & ~np.isnan(values)] for name in sorted(set(findings))]
    means = [float(known.mean()) for known in of_finding if len(known)]
    return float(np.mean(means)) if means else float("nan")


def _parts(heat: Floats, mask: Bools) -> tuple[Floats, Floats]:
    """Seen pixels inside and outside the mask."""
    if heat.shape != mask.shape:
        raise InputError(f"mask: expected the map's shape {heat.shape}, got {mask.shape}")
    seen = ~np.isnan(heat)
    return heat[seen & mask], heat[seen & ~mask]
