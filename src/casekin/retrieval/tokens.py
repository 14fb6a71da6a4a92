"""Patch tokens packed for storage: pooled to a coarser grid, 8 bits a number with one scale a channel."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from casekin.errors import IndexStoreError, ModelError
from casekin.models import VectorForm
from casekin.models.decoder import coarsen
from casekin.models.geometry import Array

_STEP = 2
"""Cells that are pooled a side; a region smaller than a stored cell is still pooled from the cell it lies in."""

_HEAD = struct.Struct("<HH")


def pack_tokens(tokens: NDArray[np.floating], form: VectorForm) -> bytes:
    """Bytes of tokens `(grid, grid, F + D)`: header (grid, channels), scales, then int8 `(grid / 2, grid / 2, F + D)`.

    Evidence is pooled as a region's is, looks are averaged.
    """
    grid, _, dim = tokens.shape
    if grid % _STEP:
        raise ModelError(f"tokens: expected a grid divisible by {_STEP}, got {grid}; the encoder must give one")
    kept, cells = grid // _STEP, tokens.astype(np.float32)
    evidence = coarsen(cells[..., : form.count].transpose(2, 0, 1), kept, sharpness=form.sharpness)
    looks = cells[..., form.count :].reshape(kept, _STEP, kept, _STEP, -1).mean(axis=(1, 3))
    coarse = np.concatenate([evidence, looks], axis=2)
    scales = np.maximum(np.abs(coarse).max(axis=(0, 1)), 1e-12).astype("<f4") / np.float32(127)
    parts = (_HEAD.pack(kept, dim), scales.tobytes(), np.rint(coarse / scales).astype(np.int8).tobytes())
    return b"".join(parts)


def unpack_tokens(packed: bytes) -> Array:
    """Tokens `(grid, grid, F + D)` float32. Raises `IndexStoreError` when the bytes don't fit their header."""
    grid, dim = _HEAD.unpack_from(packed) if len(packed) >= _HEAD.size else (0, 0)
    if grid == 0 or len(packed) != _HEAD.size + 4 * dim + grid * grid * dim:
        raise IndexStoreError("index: stored patch tokens are damaged; ingest the case again")
    scales = np.frombuffer(packed, dtype="<f4", count=dim, offset=_HEAD.size)
    cells = np.frombuffer(packed, dtype=np.int8, offset=_HEAD.size + 4 * dim).reshape(grid, grid, dim)
    return np.asarray(cells * scales, dtype=np.float32)
