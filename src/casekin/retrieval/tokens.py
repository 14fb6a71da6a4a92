"""Patch tokens packed for storage: averaged to a coarser grid, 8 bits a number with one scale an image."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from casekin.errors import IndexStoreError, ModelError
from casekin.models.geometry import Array

_STEP = 2
"""Cells that are averaged a side; a region smaller than a stored cell is still pooled from the cell it lies in."""

_HEAD = struct.Struct("<HHf")


def pack_tokens(tokens: NDArray[np.floating]) -> bytes:
    """Bytes of tokens `(grid, grid, dim)`: header (grid, dim, scale), then int8 `(grid / 2, grid / 2, dim)`."""
    grid, _, dim = tokens.shape
    if grid % _STEP:
        raise ModelError(f"tokens: expected a grid divisible by {_STEP}, got {grid}; the encoder must give one")
    kept = grid // _STEP
    coarse = tokens.astype(np.float32).reshape(kept, _STEP, kept, _STEP, dim).mean(axis=(1, 3))
    scale = max(float(np.abs(coarse).max()), 1e-12) / 127
    cells = np.rint(coarse / scale).astype(np.int8).tobytes()
    return _HEAD.pack(kept, dim, scale) + bytes(cells)


def unpack_tokens(packed: bytes) -> Array:
    """Tokens `(grid, grid, dim)` float32. Raises `IndexStoreError` when the bytes don't fit their header."""
    grid, dim, scale = _HEAD.unpack_from(packed) if len(packed) >= _HEAD.size else (0, 0, 0.0)
    if grid == 0 or len(packed) != _HEAD.size + grid * grid * dim:
        raise IndexStoreError("index: stored patch tokens are damaged; ingest the case again")
    cells = np.frombuffer(packed, dtype=np.int8, offset=_HEAD.size).reshape(grid, grid, dim)
    return np.asarray(cells * np.float32(scale), dtype=np.float32)
