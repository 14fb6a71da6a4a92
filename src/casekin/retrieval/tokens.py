"""Patch tokens packed for storage: averaged to a coarser grid, 8 bits a number with one scale an image."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from casekin.errors import IndexStoreError
from casekin.models.geometry import Array

STORED_GRID = 14
"""Cells a side that are kept; a region smaller than a cell is still pooled from the cell it lies in."""

_HEAD = struct.Struct("<HHf")


def pack_tokens(tokens: NDArray[np.floating]) -> bytes:
    """Bytes of tokens `(grid, grid, dim)`: header (grid, dim, scale), then int8 `(14, 14, dim)`."""
    grid, _, dim = tokens.shape
    if grid % STORED_GRID:
        raise ValueError(f"tokens: expected a grid divisible by {STORED_GRID}, got {grid}")
    step = grid // STORED_GRID
    coarse = tokens.astype(np.float32).reshape(STORED_GRID, step, STORED_GRID, step, dim).mean(axis=(1, 3))
    scale = max(float(np.abs(coarse).max()), 1e-12) / 127
    cells = np.rint(coarse / scale).astype(np.int8).tobytes()
    return _HEAD.pack(STORED_GRID, dim, scale) + bytes(cells)


def unpack_tokens(packed: bytes) -> Array:
    """Tokens `(14, 14, dim)` float32. Raises `IndexStoreError` when the bytes don't fit their header."""
    grid, dim, scale = _HEAD.unpack_from(packed)
    if len(packed) != _HEAD.size + grid * grid * dim:
        raise IndexStoreError("index: stored patch tokens are damaged; ingest the case again")
    cells = np.frombuffer(packed, dtype=np.int8, offset=_HEAD.size).reshape(grid, grid, dim)
    return np.asarray(cells * np.float32(scale), dtype=np.float32)
