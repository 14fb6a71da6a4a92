"""A drawn region in other images: where it lies in each, what is stored of the cells there, how alike it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from casekin.index import CaseIndex
from casekin.index.records import Kind
from casekin.index.search.grids import StoredGrid
from casekin.models import Neighbour
from casekin.models.geometry import Array, box_weights
from casekin.retrieval.resolve import FreeRegion, transfer_box
from casekin.retrieval.tokens import unpack_tokens
from casekin.types import Box, Place


def drawn_similarities(
    index: CaseIndex, free: FreeRegion, image_ids: NDArray[np.int64], kind: Kind
) -> NDArray[np.float64]:
    """How alike the drawn region is in each image, `(n,)`; 0 where an image doesn't show its place."""
    names = [str(place) for place in free.shares]
    row_of = {image_id: row for row, image_id in enumerate(image_ids.tolist())}
    similarities = np.zeros(len(image_ids))
    grids = [grid for grid in index.grids(image_ids.tolist(), names, kind) if str(free.anchor) in grid.boxes]
    sizes = np.array([grid.frontal for grid in grids], dtype=np.float64).reshape(-1, 2)
    boxes = _numbers(transfer_box(free, grid.boxes[str(free.anchor)]) for grid in grids)
    is_seen = (boxes[:, 2] > 0) & (boxes[:, 3] > 0) & (boxes[:, 0] < sizes[:, 1]) & (boxes[:, 1] < sizes[:, 0])
    seen = [grid for grid, one in zip(grids, is_seen.tolist(), strict=True) if one]
    if seen:
        rows = np.array([row_of[grid.image_id] for grid in seen])
        tokens = np.stack([unpack_tokens(grid.tokens) for grid in seen])
        weights = box_weights(sizes[is_seen], boxes[is_seen], tokens.shape[1])
        near = {place: _neighbours(index, free, place, seen, image_ids[rows], weights, kind) for place in free.shares}
        similarities[rows] = np.einsum("nd,d->n", free.form.drawn(tokens, weights, near), free.vector)
    return similarities


def _neighbours(
    index: CaseIndex,
    free: FreeRegion,
    place: Place,
    grids: Sequence[StoredGrid],
    image_ids: NDArray[np.int64],
    weights: Array,
    kind: Kind,
) -> Neighbour:
    """A location that the region is like, in each image; with a share of 0 where one doesn't show it."""
    shown, vectors = index.vectors_in(str(place), image_ids, dim=len(free.vector), kind=kind)
    own = weights.copy()  # what isn't shown counts nothing; any weights do
    if shown.any():
        there = [grid for grid, is_shown in zip(grids, shown.tolist(), strict=True) if is_shown]
        sizes = np.array([grid.frontal for grid in there], dtype=np.float64)
        own[shown] = box_weights(sizes, _numbers(grid.boxes[str(place)] for grid in there), weights.shape[1])
    share = np.where(shown, np.float32(free.shares[place]), np.float32(0.0))
    return Neighbour(share=share, weights=own, vector=vectors, center=free.centers[place])


def _numbers(boxes: Iterable[Box]) -> NDArray[np.float64]:
    """Boxes as x0, y0, x1, y1, `(n, 4)`."""
    return np.array([box.as_list() for box in boxes], dtype=np.float64).reshape(-1, 4)
