"""Vectors as float32 matrices, kept while they are asked for: a product with one scores every row of a region."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from casekin.index.search.halves import widen
from casekin.index.search.segments import MATRIX_BYTES, Block

_KEPT_BYTES = 8 * MATRIX_BYTES
_PART_ROWS = 4096


class Matrices:
    """float32 copies of blocks; where they grow beyond 512 MiB, what wasn't asked for the longest goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[Block, NDArray[np.float32]]] = OrderedDict()

    def of(self, block: Block) -> NDArray[np.float32]:
        """The vectors of a block as columns `(padded, n)`, which a product reads in order."""
        if id(block) in self._kept:
            self._kept.move_to_end(id(block))
            return self._kept[id(block)][1]
        matrix = _widened(block.vectors)
        while self._kept and matrix.nbytes + sum(kept.nbytes for _, kept in self._kept.values()) > _KEPT_BYTES:
            self._kept.popitem(last=False)
        self._kept[id(block)] = (block, matrix)  # the block too, so that no other is given its id
        return matrix


def _widened(vectors: NDArray[np.float16]) -> NDArray[np.float32]:
    matrix = np.empty(vectors.shape[::-1], dtype=np.float32)
    for start in range(0, len(vectors), _PART_ROWS):
        matrix[:, start : start + _PART_ROWS] = widen(vectors[start : start + _PART_ROWS]).T
    return matrix
